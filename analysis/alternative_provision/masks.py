"""What is hidden of an authority's alternative provision from who may not see small numbers.

The same placements stand in many figures: by year and in years together, by group and all together, at 6, 12 and 24
school weeks, on the Overview, and on the command line. So what is hidden is decided once for all years, and a page, a
file and the command line look it up: no two answers laid side by side give a third away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.alternative_provision.queries import Provision
from analysis.alternative_provision.returns import FEWEST, MARKS
from analysis.alternative_provision.stays import ALL_TOGETHER, NOT_KNOWN, Ending, Split, groups, stays
from analysis.alternative_provision.sustained import JUDGED, SCHOOL_WEEKS
from analysis.alternative_provision.waits import FOR_A_PLACE, waited
from analysis.alternative_provision.went_wrong import Sign, counted
from analysis.hiding.disclosure import Mask, Whole
from analysis.hiding.in_years import counted_in_years, few_in_years, hidden_in_years, hidden_years
from analysis.hiding.linked import LA
from analysis.hiding.masks import linked
from analysis.hiding.parts import shown_beside_each_other
from analysis.records import Records
from analysis.statistics.survival import OPEN
from data_model.codes import Phase, PlacementReason, Tier
from data_model.terms import Period, academic_year

_MEDICAL = (PlacementReason.MENTAL_HEALTH.label, PlacementReason.PHYSICAL_HEALTH.label)
_TIERS = {tier.label: tier for tier in Tier}
_PHASES = {phase.label: str(phase) for phase in Phase}


@dataclass(frozen=True, eq=False)
class Hidden:
    """Which of some rows are hidden: rows by years, and one column more for the years that are told together."""

    names: tuple[str, ...]
    mask: Mask
    years: tuple[str, ...]

    def of(self, chosen: Sequence[str]) -> frozenset[str]:
        """The names of those that are hidden in a year, or in the years that are told together."""
        column = self.years.index(chosen[0]) if len(chosen) == 1 else -1
        return frozenset(name for name, gone in zip(self.names, self.mask[:, column], strict=True) if gone)


@dataclass(frozen=True, eq=False)
class Hides:
    """What is hidden in each of `years` (oldest first), the last `several` of which are told together too.

    `judged` are all returns as they are judged at each of SCHOOL_WEEKS (`sustained.held`), `records` what the Overview
    is counted from; fewer than `threshold` pupils are hidden.
    """

    found: Provision
    judged: dict[int, pd.DataFrame]
    records: Records
    years: tuple[str, ...]
    several: int
    threshold: int

    def returns(self, split: str) -> Hidden:
        """The groups of a split of which is hidden how many placements started, and how many of them returned."""
        names = self._names(split)
        if split == Split.ALL:
            return Hidden(names, self._whole, self.years)
        parts, few = self._counted(self._stays, "start_date", split, names, self._back)
        few |= self._few(self._stays, "start_date", split, names, [self._stays["ends"].ge(OPEN)])
        few |= self._on_overview(split, names)[0]
        return Hidden(names, self._hide(parts, few, told=~self._whole[0]), self.years)

    def not_returned(self) -> Hidden:
        """Whether is hidden how many of all placements are open, and how many ended otherwise than by a return."""
        return Hidden((ALL_TOGETHER,), self._whole_ends, self.years)

    def started(self, split: str) -> Hidden:
        """Those of which is hidden how many placements started, also on the Overview."""
        hidden = self.returns(split)
        return Hidden(hidden.names, hidden.mask & ~self._on_overview(split, hidden.names)[1], self.years)

    def curve(self, split: str) -> dict[float, Hidden]:
        """The groups whose curve is not read out at each of MARKS."""
        names = self._names(split)
        whole = self.curve(Split.ALL) if split != Split.ALL else None
        own = [[self._in(part, place) for place in self._periods] for _, part in groups(self._stays, split)]
        steps = [[_steps(part, self.threshold) for part in parts] for parts in own]
        gone = np.array([[[each[2] for each in step] for step in line] for line in steps])
        read = np.array([[[each[:2] for each in step] for step in line] for line in steps], dtype=np.int64)
        rows = self.returns(split).mask
        found = {}
        for place, week in enumerate(MARKS):
            told = None if whole is None else ~whole[week].mask[0]
            mask = self._hide(read[:, :-1, place], gone[:, :, place] | rows, told=told)
            found[week] = Hidden(names, mask, self.years)
        return found

    def endings(self) -> Hidden:
        """The ways of ending of which is hidden how many placements ended so."""
        names = tuple(ending.label for ending in Ending)
        told = ~self._whole_ends[0]
        back = np.array([[ending is Ending.RETURNED] for ending in Ending]) & ~self._whole[0]
        every = [self._of_all(self._stays, self._ways(ending)) for ending in Ending]
        parts = np.concatenate([counts[:, :, :1] for counts, _ in every])
        few = np.concatenate([few for _, few in every]) & ~back
        return Hidden(names, self._hide(parts, few, told=told, shown=back), self.years)

    def sign(self, sign: Sign) -> Hidden:
        """Whether a sign is hidden, by its label."""
        if sign is Sign.BROKE_DOWN:
            endings = self.endings()
            mask = endings.mask[[endings.names.index(Ending.BROKE_DOWN.label)]]
            return Hidden((sign.label,), mask, self.years)
        has, among = counted(self.found, self._stays, sign)
        parts, few = self._of_all(self._stays, [has & among, among & ~has], [among, ~among])
        few = few | self._whole
        if sign is Sign.MEDICAL:
            reasons = self.returns(Split.REASON)
            few = few | reasons.mask[[name in _MEDICAL for name in reasons.names]].any(axis=0)
        return Hidden((sign.label,), self._hide(parts, few), self.years)

    def lasted(self, weeks: int) -> Hidden:
        """Whether is hidden how many returns lasted so many school weeks (JUDGED before others)."""
        rows = self.judged[weeks]
        parts, few = self._of_all(rows, _judged(rows), [rows["due"]], day="end_date")
        few = few | self._apart[SCHOOL_WEEKS.index(weeks)]
        return Hidden((str(weeks),), self._hide(parts, few), self.years)

    def not_judged(self) -> Hidden:
        """Whether is hidden how many returns are not due yet, and of how many attendance is not known.

        However many school weeks it is asked of: those due and those not due are the same returns.
        """
        every = [self._of_all(rows, _not_judged(rows), day="end_date") for rows in self.judged.values()]
        few = np.any([small | self.lasted(weeks).mask for weeks, (_, small) in zip(self.judged, every, strict=True)], 0)
        parts = np.concatenate([counts for counts, _ in every], axis=2)
        return Hidden((ALL_TOGETHER,), self._hide(parts, few), self.years)

    def lasted_by(self, split: str) -> Hidden:
        """The groups of a split of which is hidden how many returns lasted JUDGED school weeks."""
        whole, rows = self.lasted(JUDGED), self.judged[JUDGED]
        names = tuple(label for label, _ in groups(rows, split))
        if split == Split.ALL:
            return Hidden(names, whole.mask[: len(names)], self.years)
        parts, few = self._counted(rows, "end_date", split, names, _judged(rows))
        few |= self._few(rows, "end_date", split, names, [rows["due"]])
        return Hidden(names, self._hide(parts, few, told=~whole.mask[0]), self.years)

    def waits(self, *, apart: bool) -> Hidden:
        """The decisions for a place, by the label of their tier or all together, of which the wait is hidden."""
        rows = waited(self.found, Period(self.years[0]).bounds[0], Period(self.years[-1]).bounds[1])
        over = [rows["over"], ~rows["over"]]
        parts, few = self._of_all(rows, over, day="meeting_date")
        whole = self._hide(parts, few)
        if not apart:
            return Hidden(("All",), whole, self.years)
        rows = rows.assign(tier=rows["tier"].map({str(tier): tier.label for tier in Tier}))
        names = tuple(tier.label for tier in FOR_A_PLACE.values())
        parts, few = self._counted(rows, "meeting_date", "tier", names, over)
        return Hidden(names, self._hide(parts, few, told=~whole[0]), self.years)

    def on_overview(self, measure: str, year: str) -> frozenset[str]:
        """The rows (phases by their code, and LA) that the Overview hides of a measure in a year."""
        cells, column = linked(self.records.deciding, measure, Period(year), self.threshold)
        return frozenset(key for key, at in cells if at == column)

    @property
    def _together(self) -> list[int]:
        return list(range(len(self.years)))[-self.several :]

    @property
    def _periods(self) -> list[list[int]]:
        return [*([place] for place in range(len(self.years))), self._together]

    @cached_property
    def _stays(self) -> pd.DataFrame:
        return stays(self.found)

    @cached_property
    def _back(self) -> "list[pd.Series[bool]]":
        back = self._stays["ends"].eq(Ending.RETURNED.number)
        return [back, ~back]

    @cached_property
    def _whole(self) -> Mask:
        """Where is hidden how many of all placements returned. The Overview tells the tiers: they add up to all."""
        rows = self._stays
        parts, few = self._of_all(rows, self._back, [rows["ends"].ge(OPEN), rows["tier"].eq(NOT_KNOWN)])
        return self._hide(parts, few | self._on_overview(Split.ALL, (ALL_TOGETHER,))[0])

    @cached_property
    def _whole_ends(self) -> Mask:
        """Where is hidden how many of all are open. The Overview tells how many are, whenever they started."""
        still = self._stays["ends"].eq(OPEN)
        parts, few = self._of_all(self._stays, [still, ~still & self._back[1]])
        return hidden_years(parts[0], (few | self._whole)[0], self._together, self.threshold)[None, :]

    @cached_property
    def _apart(self) -> Mask:
        """Where what lasted is too near to what lasted shorter or longer: SCHOOL_WEEKS by years and one."""
        counts = np.stack([self._of_all(rows, _judged(rows), day="end_date")[0][0] for rows in self.judged.values()])
        counts = np.concatenate([counts, counts[:, self._together].sum(axis=1, keepdims=True)], axis=1)
        pairs = np.moveaxis(np.stack([counts[:, :, 0], counts[:, :, 0] + counts[:, :, 1]], axis=2), 1, 0)
        first = SCHOOL_WEEKS.index(JUDGED)
        shown = [shown_beside_each_other([(int(a), int(b)) for a, b in each], first, self.threshold) for each in pairs]
        found: Mask = ~np.array(shown).T
        return found

    def _names(self, split: str) -> tuple[str, ...]:
        return tuple(label for label, _ in groups(self._stays, split))

    def _ways(self, ending: Ending) -> "list[pd.Series[bool]]":
        """The placements that ended in one way, the others, and the others that ended."""
        ends = self._stays["ends"]
        return [ends.eq(ending.number), ends.ne(ending.number), ends.ne(ending.number) & ends.gt(OPEN)]

    def _in(self, rows: pd.DataFrame, places: list[int]) -> pd.DataFrame:
        return rows[self._year_of(rows, "start_date").isin(places)]

    def _year_of(self, rows: pd.DataFrame, day: str) -> pd.Series:
        return rows[day].map({each: self._place(each) for each in rows[day].drop_duplicates()}).astype("int64")

    def _place(self, day: pd.Timestamp) -> int:
        year = academic_year(day.date())
        return self.years.index(year) if year in self.years else -1

    def _of_all(
        self,
        rows: pd.DataFrame,
        parts: "Sequence[pd.Series[bool]]",
        behind: "Sequence[pd.Series[bool]]" = (),
        day: str = "start_date",
    ) -> tuple[Whole, Mask]:
        """How many of all rows are in each part by year, and where few pupils are in one, or in one of `behind`."""
        rows = rows.assign(all=ALL_TOGETHER)
        counts, few = self._counted(rows, day, "all", (ALL_TOGETHER,), parts)
        return counts, few | self._few(rows, day, "all", (ALL_TOGETHER,), behind)

    def _counted(
        self, rows: pd.DataFrame, day: str, by: str, names: Sequence[str], parts: "Sequence[pd.Series[bool]]"
    ) -> tuple[Whole, Mask]:
        where, size = self._where(rows, day, by, names), (len(names), len(self.years))
        return counted_in_years(where, size, parts), self._few(rows, day, by, names, parts)

    def _few(
        self, rows: pd.DataFrame, day: str, by: str, names: Sequence[str], has: "Sequence[pd.Series[bool]]"
    ) -> Mask:
        where, size = self._where(rows, day, by, names), (len(names), len(self.years))
        return few_in_years(rows["pupil"], where, size, has, self._together, self.threshold)

    def _where(self, rows: pd.DataFrame, day: str, by: str, names: Sequence[str]) -> tuple[Whole, Whole]:
        return pd.Index(names).get_indexer(rows[by]).astype(np.int64), self._year_of(rows, day).to_numpy()

    def _hide(self, parts: Whole, few: Mask, told: Mask | None = None, shown: Mask | None = None) -> Mask:
        return hidden_in_years(parts, few, self._together, self.threshold, told=told, shown=shown)

    def _on_overview(self, split: str, names: Sequence[str]) -> tuple[Mask, Mask]:
        """Where the Overview hides how many placements of a group started, and where it tells it."""
        gone = np.zeros((len(names), len(self.years) + 1), dtype=bool)
        told = gone.copy()
        if split not in (Split.TIER, Split.PHASE, Split.ALL):
            return gone, told
        every = split == Split.TIER or not self._stays["tier"].eq(NOT_KNOWN).any()
        for place, year in enumerate(self.years):
            hidden = {tier: self.on_overview(f"ap_started_tier_{tier}", year) for tier in Tier}
            for at, name in enumerate(names):
                keys = [hidden[_TIERS[name]]] if name in _TIERS else list(hidden.values())
                gone[at, place] = name != NOT_KNOWN and any(_PHASES.get(name, LA) in each for each in keys)
                told[at, place] = name != NOT_KNOWN and every and not gone[at, place]
        # Of years that are told one by one, the sum tells what one of them hides.
        gone[:, -1] = gone[:, self._together].any(axis=1)
        told[:, -1] = told[:, self._together].all(axis=1)
        return gone, told


def _judged(rows: pd.DataFrame) -> "list[pd.Series[bool]]":
    """The returns that held of those due, and those that did not."""
    return [rows["due"] & rows["held"], rows["due"] & ~rows["held"]]


def _not_judged(rows: pd.DataFrame) -> "list[pd.Series[bool]]":
    """Those that are not due, and of those due the ones of whom attendance is not known, and is."""
    due, unknown = rows["due"], rows["attended"].isna()
    return [~due, due & unknown, due & ~unknown]


def _steps(own: pd.DataFrame, threshold: int) -> list[tuple[int, int, bool]]:
    """At each of MARKS how many had returned, how many were still there, and whether that is hidden.

    Hidden is a step in which fewer pupils than may be seen returned or left the curve since the last that is shown, or
    at which fewer are left; and what no curve is drawn of.
    """
    weeks, back = own["weeks"], own["ends"].eq(Ending.RETURNED.number)
    known_to = weeks.max() if own["ends"].eq(OPEN).any() else np.inf
    steps = []
    last_ended, last_left = 0, len(own)
    for week in MARKS:
        ended, left = int((back & weeks.le(week)).sum()), int(weeks.ge(week).sum())
        few = any(0 < part < threshold for part in (ended - last_ended, left, last_left - left))
        hidden = few or len(own) < FEWEST or week > known_to
        steps.append((ended, left, hidden))
        if not hidden:
            last_ended, last_left = ended, left
    return steps
