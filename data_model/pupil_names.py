"""What pupils are called: apart from all else, encrypted, and never counted. Optional."""

from typing import Annotated

import pandas as pd
from pydantic import Field, StringConstraints

from data_model.columns import Also, EventDay, Group, PupilRef, Sealed, Sensitive, Urn, Withheld
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.rules import known_school, pupil_rules
from data_model.severity import Severity

_Name = Annotated[str, StringConstraints(max_length=100), Sensitive(Group.NAMES), Withheld(), Sealed()]
_TOLD_IN = (
    "pupils",
    "suspensions",
    "permanent_exclusions",
    "ap_placements",
    "outreach_referrals",
    "outreach_cases",
    "fap_referrals",
    "transitions",
)


class PupilName(Row):
    """What one pupil is called."""

    pupil_ref: PupilRef
    forename: Annotated[_Name, Field(examples=["Robin"]), Also("first name", "legal forename", "preferred forename")]
    surname: Annotated[_Name, Field(examples=["Fictional"]), Also("last name", "family name", "legal surname")]
    date_of_birth: (
        Annotated[
            EventDay,
            Field(description="To tell two children of one name apart", examples=["2012-05-17"]),
            Also("dob", "birth date"),
            Sensitive(Group.NAMES),
            Withheld(),
            Sealed(),
        ]
        | None
    ) = None
    urn: Urn | None = None


def _of_nobody(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    told = [surroundings.saved(name, of_every_year=True) for name in _TOLD_IN]
    known = {reference for each in told if "pupil_ref" in each for reference in each["pupil_ref"].dropna().unique()}
    return rows[~rows["pupil_ref"].isin(known)]


PUPIL_NAMES = Dataset(
    name="pupil_names",
    title="Pupils’ names",
    plain="What pupils are called. Kept encrypted, apart from all else; shown to caseworkers and panels alone, and in no figure",
    row=PupilName,
    key=("pupil_ref",),
    school="urn",
    pupil="pupil_ref",
    optional=True,
    rules=(
        known_school("urn"),
        *pupil_rules(known=False),
        Rule(
            code="Q-NAME-OF-NOBODY",
            severity=Severity.QUERY,
            columns=("pupil_ref",),
            message="Nothing else that is loaded is about this reference. Check it, or leave the row out: a name is kept only where somebody works with the child.",
            broken_by=_of_nobody,
            plain="A name belongs to a pupil whom something else is about",
        ),
    ),
)
