"""Dealing out hours of outreach: each next visit goes where it is expected to prevent most.

Each further visit to a school prevents less than the one before it (`plan.py`); therefore giving visits one by one to
the school that gains most is the best that can be done under the assumption, floors and all (A. Federgruen and H.
Groenevelt, Operations Research 34(6), 1986). It proposes. A person decides.
"""

import heapq
from collections.abc import Iterable
from copy import deepcopy
from math import ceil

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linprog

from analysis.sharing_hours.plan import Floor, Impossible, Kind, Mask, Plan, check
from analysis.targeting.constants import Numbers
from analysis.wording import amount

_TOO_MUCH = (
    "The floors, the ceiling and a visit to each school that comes first cannot all be had with these hours: lower one."
)


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
        left = 1 - plan.assumption.reached(plan.there_already(schools))
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
    least = {floor: (floor.of(schools), visits) for floor, visits in _visits(plan).items()}
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
