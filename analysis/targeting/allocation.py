"""How this term's outreach hours could be shared out: each next visit goes where it is expected to prevent most.

What hours of outreach do is not known, so it is ASSUMED, openly: a part of the suspensions that a school would have in
the year ahead can be prevented, half of that part by the first so many hours, half of the rest by as many again. The
same hours prevent the same share at every school, so they prevent most where most is expected. Each further visit to
a school prevents less than the one before it; therefore giving visits one by one to the school that gains most is the
best that can be done under the assumption, floors and all (A. Federgruen and H. Groenevelt, Operations Research 34(6),
1986). It proposes. A person decides.
"""

import heapq
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, replace
from math import ceil, isfinite

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linprog

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


def share_out(schools: pd.DataFrame, plan: Plan) -> Numbers:
    """The hours proposed for each row of `schools`, in their order: whole visits, never more than there are.

    `schools` has `phase, district, next_count` (suspensions expected in the year ahead, steadied), `first` (whether the
    authority has decided that outreach goes there: at least one visit) and `hours_now`. Raises Impossible.
    """
    check(schools, plan)
    hand = _Hand(schools, plan)
    hand.give(np.flatnonzero(schools["first"].to_numpy(dtype=bool)))
    for there, visits in _floors(schools, plan, hand):
        hand.deal(visits - int(hand.visits[there].sum()), there)
    hand.deal(plan.visits - int(hand.visits.sum()), np.ones(len(schools), dtype=bool))
    return hand.visits.astype(np.float64) * plan.visit


class _Hand:
    """Deals visits, each to the school where it is worth most; of equal ones to the first."""

    def __init__(self, schools: pd.DataFrame, plan: Plan) -> None:
        self.visits = np.zeros(len(schools), dtype=np.int64)
        self._most = plan.visits_a_school
        self._fades = float(2 ** (-plan.visit / plan.assumption.half))
        now = schools["hours_now"].fillna(0).to_numpy(dtype=np.float64) if plan.on_top else np.zeros(len(schools))
        left = 1 - plan.assumption.reached(now)
        self._first_worth = schools["next_count"].to_numpy(dtype=np.float64) * left * (1 - self._fades)

    def give(self, schools: npt.NDArray[np.int64]) -> None:
        """A visit to each of these schools."""
        self.visits[schools] += 1

    def deal(self, number: int, there: Mask) -> list[float]:
        """Gives out so many visits among the schools that are `there`, fewer where all have their most.

        Returns what each was worth, as a share of what outreach can prevent at all.
        """
        worth = self._first_worth * self._fades**self.visits
        heap = [(-float(worth[place]), int(place)) for place in np.flatnonzero(there & (self.visits < self._most))]
        heapq.heapify(heap)
        given: list[float] = []
        while heap and len(given) < number:
            minus, place = heapq.heappop(heap)
            given.append(-minus)
            self.visits[place] += 1
            if self.visits[place] < self._most:
                heapq.heappush(heap, (minus * self._fades, place))
        return given


def _floors(schools: pd.DataFrame, plan: Plan, hand: _Hand) -> list[tuple[Mask, int]]:
    """Groups of schools that do not overlap, and the visits that each gets at least. Raises Impossible."""
    least = {floor: (_of(floor, schools), visits) for floor, visits in _visits(plan).items()}
    for floor, (there, visits) in least.items():
        room = int(there.sum()) * plan.visits_a_school
        if visits > room:
            raise Impossible(
                f"The floor for {floor.words} is {amount(visits * plan.visit)} hours, and with the ceiling they can "
                f"have {amount(room * plan.visit)} at most."
            )
    if len({floor.kind for floor in plan.floors}) > 1:
        return _crossing(schools, plan, hand, list(least.values()))
    needed = sum(max(visits, int(hand.visits[there].sum())) for there, visits in least.values())
    elsewhere = ~np.logical_or.reduce([there for there, _ in least.values()] or [np.zeros(len(schools), dtype=bool)])
    if needed + int(hand.visits[elsewhere].sum()) > plan.visits:
        raise Impossible(_TOO_MUCH)
    return list(least.values())


_TOO_MUCH = (
    "The floors, the ceiling and a visit to each school that comes first cannot all be had with these hours: lower one."
)


def _of(floor: Floor, schools: pd.DataFrame) -> Mask:
    there: Mask = schools[floor.kind].eq(floor.name).fillna(False).to_numpy(dtype=bool)
    return there


def _visits(plan: Plan) -> dict[Floor, int]:
    """The whole visits of each floor: at least its share, unless rounding up makes those of a kind more than all."""
    found: dict[Floor, int] = {}
    for kind in Kind:
        floors = [floor for floor in plan.floors if floor.kind is kind]
        exact = {floor: floor.share * plan.hours / plan.visit for floor in floors}
        whole = {floor: ceil(share - 1e-9) for floor, share in exact.items()}
        while sum(whole.values()) > plan.visits:
            over = max(floors, key=lambda floor: whole[floor] - exact[floor])
            whole[over] -= 1
        found |= whole
    return found


def _crossing(
    schools: pd.DataFrame, plan: Plan, hand: _Hand, least: Iterable[tuple[Mask, int]]
) -> list[tuple[Mask, int]]:
    """Where floors of phases and of districts cross: the schools of each phase in each district, and their visits.

    How many visits each gets is a linear programme. Its equations are those of a transport problem, so its best corner
    is in whole visits (A. Hoffman and J. Kruskal, 1956).
    """
    cells = schools.groupby(list(Kind), observed=True, dropna=False).ngroup().to_numpy()
    groups: list[Mask] = [cells == cell for cell in range(cells.max() + 1)]
    left = plan.visits - int(hand.visits.sum())
    worth = [deepcopy(hand).deal(left, there) for there in groups]
    of_group = np.repeat(np.arange(len(groups)), [len(each) for each in worth])
    rows = [[there[group].all() for group in groups] for there, _ in least]
    needs = [visits - int(hand.visits[there].sum()) for there, visits in least]
    found = linprog(
        -np.concatenate(worth),
        A_ub=-np.array(rows, dtype=np.float64)[:, of_group],
        b_ub=-np.array(needs, dtype=np.float64),
        A_eq=np.ones((1, len(of_group))),
        b_eq=[min(left, len(of_group))],
        bounds=(0, 1),
        method="highs-ds",
    )
    if not found.success:
        raise Impossible(_TOO_MUCH)
    each = np.rint(np.bincount(of_group, weights=found.x, minlength=len(groups))).astype(int)
    return [(there, int(more) + int(hand.visits[there].sum())) for there, more in zip(groups, each, strict=True)]


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
            "What outreach could prevent is a share above 0 % and up to 100 %, and lies within its own range."
        )
    if not (isfinite(assumed.half) and assumed.half > 0):
        raise Impossible("Outreach takes some hours to work: give a number above 0.")


def _check_floors(schools: pd.DataFrame, plan: Plan) -> None:
    for floor in plan.floors:
        if not 0 < floor.share <= 1:
            raise Impossible(f"The floor for {floor.words} is not a share above 0 % and up to 100 %.")
        if not _of(floor, schools).any():
            raise Impossible(f"No hours can be kept for {floor.words}: there are none with figures.")
    for kind in Kind:
        floors = [floor for floor in plan.floors if floor.kind is kind]
        if len({floor.name for floor in floors}) < len(floors):
            raise Impossible(f"Two floors are for the same {kind.label}.")
        shares = sum(floor.share for floor in floors)
        if shares > 1 + 1e-9:
            raise Impossible(
                f"The floors for {kind.label}s come to {round(100 * shares)} % of the hours: 100 % is all there is."
            )
