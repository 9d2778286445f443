"""Who the pupils of each group were, side by side, and which of them have pupils like them in the other group.

Pupils are alike here who go to schools of one phase, were suspended about as often in the year before, and both lately
or both not: what says most about what follows. Only where both groups have two such pupils or more can their difference
be anything but that of who they were.
"""

from dataclasses import dataclass

import pandas as pd

from analysis.moves_and_outreach.starts import Group
from data_model.codes import Phase, SenProvision, Sex

NOT_KNOWN = "Not known"
TOGETHER = 2
"""Pupils of each group that a kind of pupils needs, to be compared."""
_BANDS = ((0, "None"), (2, "1 or 2"), (5, "3 to 5"))
_MANY = "6 or more"
BANDS = (*(name for _, name in _BANDS), _MANY)
KIND = ("phase", "band", "lately")
"""The facts in which pupils of one kind are alike."""
_KEY_STAGES = ((6, "Up to Year 6"), (9, "Years 7 to 9"), (99, "Years 10 and above"))
_ATTENDANCE = ((80, "Below 80"), (90, "80 to below 90"), (95, "90 to below 95"), (101, "95 and above"))
_PHASES = {str(each): each.label for each in Phase}
_SEN = {str(each): each.label for each in SenProvision}
_SEX = {str(Sex.FEMALE): Sex.FEMALE.label, str(Sex.MALE): Sex.MALE.label}


@dataclass(frozen=True)
class Fact:
    """Something that was known of a pupil at the start, and the values it is shown by, in order."""

    id: str
    title: str
    values: tuple[str, ...]


FACTS = (
    Fact("phase", "Phase", tuple(_PHASES.values())),
    Fact("years", "Year group", tuple(name for _, name in _KEY_STAGES)),
    Fact("band", "Suspensions in the year before", BANDS),
    Fact("lately", "Suspended in the 12 weeks before", ("Yes", "No")),
    Fact("sen", "Special educational needs", tuple(_SEN.values())),
    Fact("sex", "Sex", tuple(_SEX.values())),
    Fact("attendance", "Attendance in the 6 school weeks before, %", tuple(name for _, name in _ATTENDANCE)),
)


def described(rows: pd.DataFrame) -> pd.DataFrame:
    """What each start is shown by: `pupil, group` and a column for each of FACTS, of its values or NOT_KNOWN.

    rows: those of `follow_up.followed`.
    """
    return pd.DataFrame(
        {
            "pupil": rows["pupil"],
            "group": rows["group"],
            "phase": rows["phase"].map(_PHASES),
            "years": _banded(years(rows["year_group"]), _KEY_STAGES),
            "band": band(rows["suspended_before"]),
            "lately": rows["suspended_lately"].gt(0).map({True: "Yes", False: "No"}),
            "sen": rows["sen"].astype("object").map(_SEN),
            "sex": rows["sex"].astype("object").map(_SEX),
            "attendance": _banded(rows["attendance_before"], _ATTENDANCE, below=True),
        },
        index=rows.index,
    ).fillna(NOT_KNOWN)


def band(suspensions: "pd.Series[int]") -> "pd.Series[str]":
    """About how often somebody was suspended: one of BANDS."""
    return _banded(suspensions.astype("float64"), _BANDS, _MANY)


def side_by_side(known: pd.DataFrame) -> pd.DataFrame:
    """How many pupils of each group there are by each value: `fact, title, value`, counts for each Group.

    known: rows of `described`. Values that nobody has are left out.
    """
    parts = []
    for fact in FACTS:
        counts = known.groupby(["group", fact.id]).size().unstack(0, fill_value=0)
        counts = counts.reindex(index=[*fact.values, NOT_KNOWN], columns=list(map(str, Group)), fill_value=0)
        found = counts[counts.sum(axis=1) > 0].rename_axis("value").reset_index()
        parts.append(found.assign(fact=fact.id, title=fact.title))
    return pd.concat(parts, ignore_index=True)[["fact", "title", "value", *map(str, Group)]]


def kinds(known: pd.DataFrame) -> pd.DataFrame:
    """The kinds of pupils: `phase, band, lately, outreach, moved` (how many of each group), `comparable`."""
    pair = known[known["group"].isin([Group.OUTREACH, Group.MOVED])]
    counts = pair.groupby([*KIND, "group"]).size().unstack(fill_value=0)
    columns = [str(Group.OUTREACH), str(Group.MOVED)]
    counts = counts.reindex(columns=columns, fill_value=0).reset_index()
    order = {name: place for place, name in enumerate([*_PHASES.values(), *BANDS, "Yes", "No"])}
    counts = counts.sort_values(list(KIND), key=lambda names: names.map(order), ignore_index=True)
    both = counts[columns].ge(TOGETHER).all(axis=1) & counts["phase"].ne(NOT_KNOWN)
    return counts.rename_axis(columns=None).assign(comparable=both)


def have_likes(known: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows of `described` are of a kind that can be compared."""
    found = kinds(known)
    whose = pd.MultiIndex.from_frame(found.loc[found["comparable"], list(KIND)])
    rows = pd.MultiIndex.from_frame(known[list(KIND)])
    in_pair = known["group"].isin([Group.OUTREACH, Group.MOVED])
    return in_pair & pd.Series(rows.isin(whose), index=known.index)


def years(year_group: pd.Series) -> "pd.Series[float]":
    """A year group as a number: reception and below are 0."""
    text = year_group.astype("object")
    number = pd.to_numeric(text, errors="coerce")
    return number.mask(text.isin(["R", "N1", "N2", "E1", "E2"]), 0.0).astype("float64")


def _banded(
    numbers: "pd.Series[float]", ends: tuple[tuple[int, str], ...], above: str = NOT_KNOWN, *, below: bool = False
) -> "pd.Series[str]":
    """The name of the first end that a number does not pass (with `below`: that it is below)."""
    found = pd.Series(above, index=numbers.index, dtype="object")
    for end, name in reversed(ends):
        found = found.mask(numbers.lt(end) if below else numbers.le(end), name)
    return found.mask(numbers.isna(), NOT_KNOWN)
