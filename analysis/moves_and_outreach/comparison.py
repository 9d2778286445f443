"""The difference between pupils who moved and pupils like them who had outreach, or why there is none to be told.

Within each kind of pupils (one phase, suspended about as often and as lately) the two groups are compared, and what
else was known of them (how many suspensions, needs, sex, year, attendance) is evened out: least squares with one level
for each kind, and ranges that hold where pupils vary unequally (HC3; J. G. MacKinnon and H. White, Journal of
Econometrics 29, 1985). The groups were not drawn by lot, so this is no effect of moving: what is not on file is not
evened out.

Three things are compared at once. Each range is so wide that in 95 of 100 such pages all of them hold (Bonferroni).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import t as student

from analysis.moves_and_outreach import case_mix, follow_up
from analysis.moves_and_outreach.follow_up import JUDGED
from analysis.moves_and_outreach.starts import Group
from analysis.statistics.intervals import LEVEL
from analysis.wording import counted
from data_model.labelled import Labelled
from data_model.settings import settings

FEWEST = 15
"""Pupils of each group who are due and have others like them."""
FEWEST_LIKE = 0.5
"""The share of the pupils who moved that others must be like: a comparison of the few says nothing of the most."""
FEWEST_KNOWN = 0.8
"""The share of the pupils of each group of whom a fact must be known: otherwise nobody can tell if they were alike."""
FEWEST_EITHER_WAY = 5
"""Pupils of each group for whom it turned out well, and for whom it did not: ranges of shares need both."""
_FREE = 10  # pupils more than what is evened out

Numbers = npt.NDArray[np.float64]


class Outcome(Labelled):
    """What stands for re-engagement with learning."""

    NOT_SUSPENDED = "not_suspended", "No new suspension or permanent exclusion"
    IN_MAINSTREAM = "in_mainstream", "In a mainstream school"
    ATTENDANCE = "attendance", "Attendance"


LEVEL_OF_EACH = 1 - (1 - LEVEL) / len(Outcome)


@dataclass(frozen=True)
class Difference:
    """By how many points pupils who moved stand above pupils with outreach, with its range.

    `moved` and `outreach` are how many were compared. Where `refused` is a sentence the figures are missing.
    """

    outcome: Outcome
    points: float = np.nan
    low: float = np.nan
    high: float = np.nan
    moved: int = 0
    outreach: int = 0
    refused: str = ""

    @property
    def is_clear(self) -> bool:
        """Whether the range leaves no doubt about which group stands higher."""
        return not self.refused and (self.low > 0 or self.high < 0)


def outcome_of(rows: pd.DataFrame, outcome: Outcome, weeks: int = JUDGED) -> "pd.Series[float]":
    """How it was after so many school weeks: 1 or 0, or points of attendance; missing where that is not known."""
    if outcome is Outcome.ATTENDANCE:
        return rows["attendance_change"]
    if outcome is Outcome.IN_MAINSTREAM:
        return rows[follow_up.in_mainstream(weeks)]
    return (~rows["suspended_after"].le(weeks)).astype("float64").where(follow_up.is_due(rows, weeks))


def difference(rows: pd.DataFrame, outcome: Outcome) -> Difference:
    """The difference in one outcome. rows: those of `follow_up.followed`."""
    due = rows[outcome_of(rows, outcome).notna() & rows["group"].isin([Group.OUTREACH, Group.MOVED])]
    counts = due["group"].value_counts()
    moved, outreach = int(counts.get(str(Group.MOVED), 0)), int(counts.get(str(Group.OUTREACH), 0))
    if min(moved, outreach) < FEWEST:
        return Difference(outcome, moved=moved, outreach=outreach, refused=_too_few(outcome, moved, outreach))
    known = case_mix.described(due)
    unknown = _unknown(known)
    if unknown:
        return Difference(outcome, moved=moved, outreach=outreach, refused=unknown)
    alike = due[case_mix.have_likes(known)]
    own = alike["group"].value_counts()
    like, others = int(own.get(str(Group.MOVED), 0)), int(own.get(str(Group.OUTREACH), 0))
    if min(like, others) < FEWEST or like < FEWEST_LIKE * moved:
        return Difference(outcome, moved=moved, outreach=outreach, refused=_no_overlap(like, moved))
    design = _design(alike)
    if len(alike) < design.shape[1] + _FREE:
        return Difference(outcome, moved=moved, outreach=outreach, refused=_no_overlap(like, moved))
    values = outcome_of(alike, outcome).to_numpy(dtype=np.float64)
    if outcome is not Outcome.ATTENDANCE and _is_one_sided(values, design[:, 0]):
        return Difference(outcome, moved=moved, outreach=outreach, refused=_ONE_SIDED)
    points, error, free = _least_squares(design, values)
    scale = 1.0 if outcome is Outcome.ATTENDANCE else 100.0
    half = float(student.ppf((1 + LEVEL_OF_EACH) / 2, free)) * error
    return Difference(outcome, scale * points, scale * (points - half), scale * (points + half), like, others)


def _design(alike: pd.DataFrame) -> Numbers:
    """What an outcome is explained by: first whether the pupil moved, then the kind, then what else was known."""
    known = case_mix.described(alike)
    levels = pd.get_dummies(known[list(case_mix.KIND)].agg("|".join, axis=1), dtype="float64")
    columns: list[Numbers] = [alike["group"].eq(str(Group.MOVED)).to_numpy(dtype=np.float64), *levels.to_numpy().T]
    facts = [
        np.log1p(alike["suspended_before"].to_numpy(dtype=np.float64)),
        np.log1p(alike["suspended_lately"].to_numpy(dtype=np.float64)),
        _shares(alike["sen"], "K"),
        _shares(alike["sen"], "E"),
        _shares(alike["sex"], "M"),
        _filled(case_mix.years(alike["year_group"])),
        _filled(alike["attendance_before"]),
    ]
    # What does not vary explains nothing, and would leave the sums without an answer.
    return np.column_stack([*columns, *(each for each in facts if np.ptp(each) > 0)])


def _unknown(known: pd.DataFrame) -> str:
    """Which fact is known of too few, in a sentence; blank where each is known of enough."""
    for fact in case_mix.FACTS:
        shares = known[fact.id].ne(case_mix.NOT_KNOWN).groupby(known["group"]).mean()
        for group, who in ((Group.MOVED, "who moved"), (Group.OUTREACH, "with outreach")):
            if shares[str(group)] < FEWEST_KNOWN:
                return (
                    f"Not comparable: {fact.title[0].lower()}{fact.title[1:].removesuffix(', %')} is known of too few "
                    f"pupils {who}, so nobody can tell whether the groups were alike."
                )
    return ""


def _is_one_sided(values: Numbers, moved: Numbers) -> bool:
    groups = (values[moved == 1], values[moved == 0])
    return any(min(each.sum(), len(each) - each.sum()) < FEWEST_EITHER_WAY for each in groups)


_ONE_SIDED = (
    "Not comparable: it turned out alike for nearly all pupils of one group, and so few exceptions tell no difference."
)


def _shares(codes: pd.Series, code: str) -> Numbers:
    found: Numbers = codes.astype("object").eq(code).to_numpy(dtype=np.float64)
    return found


def _filled(numbers: "pd.Series[float]") -> Numbers:
    known = numbers.astype("float64")
    filled: Numbers = known.fillna(known.mean() if known.notna().any() else 0.0).to_numpy(dtype=np.float64)
    return filled


def _least_squares(design: Numbers, values: Numbers) -> tuple[float, float, int]:
    """The first coefficient, its standard error (HC3) and the degrees of freedom."""
    inverse = np.linalg.pinv(design.T @ design)
    coefficients = inverse @ design.T @ values
    leverage = np.clip(np.einsum("ij,jk,ik->i", design, inverse, design), 0.0, 0.999)
    residual = (values - design @ coefficients) / (1 - leverage)
    spread = (inverse @ (design.T * residual**2) @ design @ inverse)[0, 0]
    return float(coefficients[0]), float(np.sqrt(max(spread, 0.0))), len(values) - int(np.linalg.matrix_rank(design))


def _too_few(outcome: Outcome, moved: int, outreach: int) -> str:
    what = f"how things were after {JUDGED} school weeks"
    if outcome is Outcome.ATTENDANCE:
        what = f"attendance in the 6 school weeks before and the {JUDGED} after"
    who, number = ("moved", moved) if moved < FEWEST else ("had outreach", outreach)
    least = settings().small_number
    said = counted(number, "pupil") if number >= least or not number else f"fewer than {least} pupils"
    return f"Not comparable: {what} is known of {said} who {who}, and a comparison takes {FEWEST}."


def _no_overlap(like: int, moved: int) -> str:
    # How many exactly is not said: taken from all who moved, what is left could be a small number.
    number = f"fewer than half of the {moved}" if like < FEWEST_LIKE * moved else f"fewer than {FEWEST} of the {moved}"
    return (
        f"Not comparable: {number} pupils who moved are like enough pupils with outreach (same phase, suspended about "
        "as often and as lately). The groups were different from the start."
    )
