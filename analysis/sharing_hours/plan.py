"""What a local authority decides and assumes before hours are shared out, and why a plan cannot be carried out.

What hours of outreach do is not known, so it is ASSUMED, openly: a part of the suspensions that a school would have in
the year ahead can be prevented, half of that part by the first so many hours, half of the rest by as many again. The
same hours prevent the same share at every school, so they prevent most where most is expected.
"""

from dataclasses import dataclass, replace
from math import isfinite

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.targeting.constants import Numbers
from analysis.wording import amount, counted
from data_model.codes import Phase
from data_model.labelled import Labelled

Mask = npt.NDArray[np.bool_]

MOST_VISITS = 200_000
"""More are refused: nobody has them, and working them out takes minutes."""


class Impossible(ValueError):
    """What was asked for cannot be done. Its message is the sentence for whoever asked."""


@dataclass(frozen=True)
class Assumption:
    """What is assumed of outreach. Nobody has measured it: these are to be moved, and the range is wide on purpose.

    `most` is the share of a school's suspensions of a year that outreach could prevent, however long it stays; it is
    thought to be between `low` and `high`. With `half` hours half of it is reached, with twice as many three quarters.
    """

    most: float = 0.25
    low: float = 0.10
    high: float = 0.40
    half: float = 60.0

    def reached(self, hours: Numbers | float) -> Numbers:
        """How much of what outreach could prevent at a school so many hours prevent, from 0 to 1."""
        share: Numbers = 1 - 2 ** (-np.asarray(hours, dtype=np.float64) / self.half)
        return share


class Kind(Labelled):
    """What a floor is for; also the column that says which schools."""

    PHASE = "phase", "phase"
    DISTRICT = "district", "district"


@dataclass(frozen=True)
class Floor:
    """At least this share of the hours, from 0 to 1, for the schools of a phase or of a district."""

    kind: Kind
    name: str
    share: float

    @property
    def words(self) -> str:
        """Whom it is for."""
        return f"{Phase(self.name).label.lower()} schools" if self.kind is Kind.PHASE else f"schools in {self.name}"

    def of(self, schools: pd.DataFrame) -> Mask:
        """Which rows of `schools` it is for."""
        there: Mask = schools[self.kind].eq(self.name).fillna(False).to_numpy(dtype=bool)
        return there


@dataclass(frozen=True)
class Plan:
    """What the local authority decides before anything is worked out.

    `hours` are given out in visits of `visit` hours. `ceiling` is the most that one school gets. With `on_top` the
    hours that schools had lately count as there already, and these come on top of them.
    """

    hours: float
    visit: float = 3.0
    floors: tuple[Floor, ...] = ()
    ceiling: float | None = None
    on_top: bool = False
    assumption: Assumption = Assumption()

    @property
    def visits(self) -> int:
        """How many whole visits there are."""
        return int(self.hours / self.visit + 1e-9)

    @property
    def visits_a_school(self) -> int:
        """How many visits one school gets at most."""
        return self.visits if self.ceiling is None else min(self.visits, int(self.ceiling / self.visit + 1e-9))

    @property
    def freely(self) -> "Plan":
        """The same hours without floors and ceiling."""
        return replace(self, floors=(), ceiling=None)

    def there_already(self, schools: pd.DataFrame) -> Numbers:
        """The hours of each row of `schools` that these come on top of."""
        if not self.on_top:
            return np.zeros(len(schools))
        hours: Numbers = schools["hours_now"].fillna(0).to_numpy(dtype=np.float64)
        return hours


def check(schools: pd.DataFrame, plan: Plan) -> None:
    """Raises Impossible where a plan cannot be carried out, whatever the figures say."""
    if schools.empty:
        raise Impossible("There is no school with figures to share hours out to.")
    _check_hours(plan)
    _check_assumption(plan.assumption)
    _check_floors(schools, plan)
    first = int(schools["first"].sum())
    if first > plan.visits:
        raise Impossible(
            f"{counted(first, 'school')} come first and need a visit each: that is {amount(first * plan.visit)} hours, "
            f"and there are {amount(plan.hours)}."
        )


def _check_hours(plan: Plan) -> None:
    if not (isfinite(plan.hours) and plan.hours > 0):
        raise Impossible("There are no hours to share out: give a number above 0.")
    if not (isfinite(plan.visit) and plan.visit > 0):
        raise Impossible("A visit takes some time: give a number of hours above 0.")
    if plan.hours < plan.visit:
        raise Impossible(f"{amount(plan.hours)} hours are less than one visit of {amount(plan.visit)} hours.")
    if plan.hours / plan.visit > MOST_VISITS:
        raise Impossible(f"That is more than {MOST_VISITS:,} visits: give fewer hours or longer visits.")
    if plan.ceiling is not None and not plan.ceiling >= plan.visit:
        raise Impossible(
            f"The most for one school is less than one visit of {amount(plan.visit)} hours: nobody would get any."
        )


def _check_assumption(assumed: Assumption) -> None:
    if not 0 < assumed.low <= assumed.most <= assumed.high <= 1:
        raise Impossible(
            "What outreach could prevent is a share above 0% and up to 100%, and lies within its own range."
        )
    if not (isfinite(assumed.half) and assumed.half > 0):
        raise Impossible("Outreach takes some hours to work: give a number above 0.")


def _check_floors(schools: pd.DataFrame, plan: Plan) -> None:
    for floor in plan.floors:
        if not 0 < floor.share <= 1:
            raise Impossible(f"The floor for {floor.words} is not a share above 0% and up to 100%.")
        if not floor.of(schools).any():
            raise Impossible(f"No hours can be kept for {floor.words}: there are none with figures.")
    for kind in Kind:
        floors = [floor for floor in plan.floors if floor.kind is kind]
        if len({floor.name for floor in floors}) < len(floors):
            raise Impossible(f"Two floors are for the same {kind.label}.")
        shares = sum(floor.share for floor in floors)
        if shares > 1 + 1e-9:
            raise Impossible(
                f"The floors for {kind.label}s come to {round(100 * shares)}% of the hours: 100% is all there is."
            )
