"""What pupils are grouped by where it is asked who is suspended more often, and how many of them that takes."""

from collections.abc import Mapping
from dataclasses import dataclass

from data_model.codes import CharacteristicGroup, Ethnicity, SenProvision

FEWEST_SUSPENDED, FEWEST_ON_ROLL = 10, 30
"""Pupils of a group, and of all others, below which nothing is said of it."""

_UNKNOWN = ("REFU", "NOBT")


@dataclass(frozen=True)
class Characteristic:
    """One way to group pupils.

    `groups` has what each group is called, by the value that rows carry; other values say nothing of a pupil. `group`
    is what headcounts call it, None where the census does not count it. `drawn` are the groups that a picture shows:
    of two that make up all pupils, one says what the other does.
    """

    id: str
    title: str
    groups: Mapping[str, str]
    group: str | None
    drawn: tuple[str, ...]


CHARACTERISTICS: dict[str, Characteristic] = {
    each.id: each
    for each in (
        Characteristic(
            id="sen_provision",
            title="Special educational needs",
            groups={
                str(SenProvision.PLAN): "Pupils with an EHC plan",
                str(SenProvision.SUPPORT): "Pupils with SEN support",
                str(SenProvision.NONE): "Pupils without SEN provision",
            },
            group=str(CharacteristicGroup.SEN_PROVISION),
            drawn=(str(SenProvision.PLAN), str(SenProvision.SUPPORT)),
        ),
        Characteristic(
            id="free_meals",
            title="Free school meals",
            groups={"Y": "Pupils eligible for free meals", "N": "Pupils not eligible for free meals"},
            group=str(CharacteristicGroup.FREE_SCHOOL_MEALS),
            drawn=("Y",),
        ),
        Characteristic(
            id="care",
            title="Care",
            groups={"Y": "Looked-after pupils", "N": "Pupils not looked after"},
            group=None,
            drawn=("Y",),
        ),
        Characteristic(
            id="sex",
            title="Sex",
            groups={"M": "Boys", "F": "Girls"},
            group=str(CharacteristicGroup.SEX),
            drawn=("M",),
        ),
        Characteristic(
            id="ethnicity",
            title="Ethnic group",
            groups={str(code): f"{code.label} pupils" for code in Ethnicity if code not in _UNKNOWN},
            group=str(CharacteristicGroup.ETHNICITY),
            drawn=tuple(str(code) for code in Ethnicity if code not in _UNKNOWN),
        ),
    )
}
"""Every characteristic by its id, in the order in which people read them."""
