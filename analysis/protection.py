"""What is hidden of the figures of one scope: `disclosure.py` put to every table that its measures are parts of.

Figures are linked: terms add up to years, schools to phases and phases to the authority, tiers to all placements. So
what is hidden is decided once for each whole linked table, and every page, period, filter, file and command line looks
it up here: two answers that are laid side by side never give a third away.

A row of a linked table is a school by the text of its URN, a phase by its code, or LA.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from analysis.denominators import HEADLINE
from analysis.disclosure import Mask, Table, Whole, protect, small
from analysis.records import Records, counted_by_dfe, open_on, within
from data_model.codes import PexStatus, Phase
from data_model.terms import Period, Term, periods_of

Cells = frozenset[tuple[str, str]]
"""Rows and columns of what is hidden of a linked table."""

LA = "la"
OPEN_CASES, OPEN_PLACEMENTS = "open_cases", "open_placements"
"""Counts of their own, without a measure: outreach cases and placements of any tier that are open."""

_ALL, _NONE = "", "none"
_TERMS = [str(term) for term in Term]
_PHASES = [str(phase) for phase in Phase]
_HEADLINE = [str(phase) for phase in HEADLINE]
_SUSPENDED = ("suspension_rate", "one_plus_suspension_rate", "days_lost_rate")
_OFTEN = {"two_plus_suspension_rate": 1, "three_plus_suspension_rate": 2}


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a linked table: schools with the phase of each, phases, and the authority.

    `whole`: the authority's row is everything, also what belongs to no school; else the headline phases.
    """

    frame: pd.DataFrame
    columns: tuple[str, ...]
    whole: bool
    summed: bool

    @cached_property
    def keys(self) -> list[str]:
        """The rows' keys in order."""
        return [*self._schools.astype("str").tolist(), *_PHASES, LA]

    @cached_property
    def _schools(self) -> pd.Index:
        own = self.frame if self.whole else self.frame[self.frame["phase"].notna()]
        return pd.Index(sorted(own["urn"].unique()))

    @cached_property
    def _phases(self) -> Whole:
        """The place of each row's phase among the phases, -1 for none."""
        return _whole_numbers(self.frame["phase"].astype("str").map({phase: n for n, phase in enumerate(_PHASES)}), -1)

    @cached_property
    def parent(self) -> Whole:
        """The place of the row that each is a part of, -1 for none."""
        schools, phases = len(self._schools), len(_PHASES)
        above = np.full(schools + phases + 1, schools + phases, dtype=np.int64)
        place = self._schools.get_indexer(self.frame["urn"])
        within_phase = (place >= 0) & (self._phases >= 0)
        above[place[within_phase]] = schools + self._phases[within_phase]
        outside = [number for number, phase in enumerate(_PHASES) if not (self.whole or phase in _HEADLINE)]
        above[[schools + number for number in outside] + [-1]] = -1
        return above

    def pupils(self, least: int = 1) -> Whole:
        """How many pupils each cell has with at least so many rows in it; the last column is over all, if summed."""
        return self._counted(self.frame["pupil"].to_numpy() + 1, least)

    def counts(self) -> Whole:
        """How many rows of the frame each cell has."""
        return self._counted(np.arange(len(self.frame)), 1)

    def _counted(self, what: Whole, least: int) -> Whole:
        """How many different values of `what` each cell has at least so many times."""
        schools, phases = len(self._schools), len(_PHASES)
        inside = np.ones(len(what), dtype=bool)
        if not self.whole:
            inside = np.isin(self._phases, [_PHASES.index(phase) for phase in _HEADLINE])
        levels = (
            self._schools.get_indexer(self.frame["urn"]),
            np.where(self._phases >= 0, self._phases + schools, -1),
            np.where(inside, schools + phases, -1),
        )
        columns = [_whole_numbers(self.frame["column"].map({name: n for n, name in enumerate(self.columns)}), -1)]
        if self.summed:
            columns.append(np.full(len(what), len(self.columns), dtype=np.int64))
        table = np.zeros((schools + phases + 1, len(self.columns) + self.summed), dtype=np.int64)
        different = int(what.max(initial=0)) + 1
        for row, column in product(levels, columns):
            there = (row >= 0) & (column >= 0)
            cells = row[there] * table.shape[1] + column[there]
            found, times = np.unique(cells * different + what[there], return_counts=True)
            table += np.bincount(found[times >= least] // different, minlength=table.size).reshape(table.shape)
        return table

    def table(self, pupils: Whole, summed: bool | None = None, shown: Mask | None = None) -> Table:
        """The linked table of so many pupils; its columns add up unless that is said to be otherwise."""
        adds_up = self.summed if summed is None else summed
        return Table(pupils, self.parent, total=pupils.shape[1] - 1 if adds_up else None, shown=shown)

    def named(self, mask: Mask) -> Cells:
        """The row and the column of every cell that is hidden."""
        keys, columns = self.keys, [*self.columns, _ALL]
        return frozenset((keys[row], columns[column]) for row, column in np.argwhere(mask))


def _whole_numbers(values: "pd.Series | pd.DataFrame", missing: int = 0) -> Whole:
    numbers: Whole = values.astype("float64").fillna(missing).to_numpy(dtype=np.int64)
    return numbers


HIDDEN_MARK = "[c]"
"""What stands where a figure is hidden (Analysis Function, symbols in tables)."""
HIDDEN = "hidden"
"""The column of a frame that names, with spaces between, the row's columns that are hidden: they are missing there."""


def withheld(frame: pd.DataFrame, rows: "pd.Series[bool]", columns: Iterable[str]) -> pd.DataFrame:
    """The frame with these columns missing in these rows, and named in the column HIDDEN."""
    given = [column for column in columns if column in frame.columns]
    hidden = pd.Series(" ".join(given), index=frame.index, dtype="str").where(rows, "")
    before = frame[HIDDEN] if HIDDEN in frame.columns else pd.Series("", index=frame.index, dtype="str")
    cells = {column: frame[column].where(~rows) for column in given}
    return frame.assign(**cells, **{HIDDEN: (before + " " + hidden).str.strip()})


def is_hidden(frame: pd.DataFrame, column: str) -> "pd.Series[bool]":
    """In which rows a column is hidden."""
    if HIDDEN not in frame.columns:
        return pd.Series(False, index=frame.index)
    return frame[HIDDEN].fillna("").str.split().map(lambda names: column in names).astype(bool)


def is_marked(row: "pd.Series", column: str) -> bool:
    """Whether a column is hidden in one row."""
    return column in str(row.get(HIDDEN) or "").split()


def with_hidden_before(merged: pd.DataFrame) -> pd.DataFrame:
    """A merge of now and before (`_before`) with one column HIDDEN of the names in both."""
    before = (
        merged[f"{HIDDEN}_before"].fillna("").map(lambda names: " ".join(f"{name}_before" for name in names.split()))
    )
    both = (merged[HIDDEN].fillna("") + " " + before).str.strip()
    return merged.drop(columns=f"{HIDDEN}_before").assign(**{HIDDEN: both})


def in_words(threshold: int) -> str:
    """What `[c]` means."""
    return f"{HIDDEN_MARK}: fewer than {threshold} pupils, or hidden to protect such a figure"


def hidden_rows(records: Records, measure: str, period: Period, keys: Iterable[str]) -> frozenset[str]:
    """Which of these rows have a figure of a measure (by its id) that is hidden; `records` are those of one LA."""
    threshold = records.protection
    if threshold is None:
        return frozenset()
    if records.whole is not None:
        return _hidden_so_far(records, records.whole, measure, period, frozenset(keys), threshold)
    if measure == "outreach_coverage":
        # That a school is among the highest says something of its rate; how many there are says nothing.
        schools = [key for key in keys if key not in (*_PHASES, LA)]
        return hidden_rows(records, "suspension_rate", period, schools)
    cells, column = _linked(records, measure, period, threshold)
    return frozenset(key for key in keys if (key, column) in cells)


def _linked(records: Records, measure: str, period: Period, threshold: int) -> tuple[Cells, str]:
    """The hidden cells of the linked table that a measure's figures of a period stand in, and their column in it."""
    when = str(period.term) if period.term else _ALL
    year = Period(period.year)
    if measure.startswith("ap_started"):
        return _kept(
            records, ("started", measure[-1], year), lambda: _started(records, measure[-1], year, threshold)
        ), when
    if measure.startswith("ap_open") or measure == OPEN_PLACEMENTS:
        column = _ALL if measure == OPEN_PLACEMENTS else measure[-1]
        day = _last_day(records, period)
        return _kept(records, ("open placements", day), lambda: _open_placements(records, day, threshold)), column
    if measure == OPEN_CASES:
        day = _last_day(records, period)
        return _kept(records, ("open cases", day), lambda: _open_cases(records, day, threshold)), _ALL
    if measure.startswith("permanent"):
        masks = _kept(records, ("exclusions", year), lambda: _exclusions(records, year, threshold))
        return masks[0 if "decided" in measure else 1], when
    masks = _kept(records, ("suspensions", year), lambda: _suspensions(records, year, threshold))
    return masks[_OFTEN.get(measure, 0)], when


def _kept(records: Records, key: tuple[object, ...], made: Callable[[], Any]) -> Any:
    if ("hidden", *key) not in records.kept:
        records.kept["hidden", *key] = made()
    return records.kept["hidden", *key]


def _last_day(records: Records, period: Period) -> date:
    last = period.bounds[1]
    return min(last, records.now or last)


def _by_term(frame: pd.DataFrame, day: str, year: Period) -> pd.DataFrame:
    there = within(frame, day, year)
    return there[["urn", "phase", "pupil"]].assign(column=periods_of(there[day])["term"].astype("str"))


def _suspensions(records: Records, year: Period, threshold: int) -> list[Cells]:
    """Of a year by term: what is hidden of those suspended at all, twice or more, and three times or more.

    Suspensions, days and averages are hidden with those suspended at all. So is a figure where only one suspension was
    not its pupil's first: it would say that exactly one pupil was suspended twice. Twice or more is hidden where it is
    small or leaves few who were suspended once, and so on.
    """
    rows = Rows(_by_term(records.suspensions, "start_date", year), tuple(_TERMS), whole=False, summed=True)
    once, twice, thrice = (rows.pupils(least) for least in (1, 2, 3))
    again = rows.counts() - once
    first = protect(rows.table(once), threshold, hide=again == 1)
    second = first | protect(
        rows.table(twice, summed=False), threshold, first | small(once - twice, threshold) | (again - twice == 1)
    )
    third = second | protect(rows.table(thrice, summed=False), threshold, second | small(twice - thrice, threshold))
    return [rows.named(mask) for mask in (first, second & (once > 0), third & (once > 0))]


def _exclusions(records: Records, year: Period, threshold: int) -> list[Cells]:
    """Of a year by term: what is hidden of the permanent exclusions decided, and of those that DfE counts."""
    frame = records.permanent_exclusions
    every = _by_term(frame, "head_decision_date", year)
    rows = Rows(every, tuple(_TERMS), whole=False, summed=True)
    decided = protect(rows.table(rows.pupils()), threshold)
    upheld = Rows(every[every.index.isin(counted_by_dfe(frame).index)], rows.columns, whole=False, summed=True)
    counts = _aligned(upheld.pupils(), upheld.keys, rows.keys)
    left = rows.counts() - _aligned(upheld.counts(), upheld.keys, rows.keys)
    hide = decided | small(left, threshold)
    return [rows.named(decided), rows.named(protect(rows.table(counts), threshold, hide))]


def hidden_profile(records: Records, name: str, phase: str, year: Period, split: pd.DataFrame) -> Cells:
    """The school (or phase) and the part of every figure that is hidden of a phase's suspensions of a year, split.

    `split`, called `name`, has a row `urn, phase, pupil, column` for each suspension of the phase and its part. Of
    schools whose total is hidden every part is.
    """
    threshold = records.protection
    if threshold is None:
        return frozenset()
    hidden: Cells = _kept(records, ("profile", name, phase, year), lambda: _profile(records, year, split, threshold))
    return hidden


def _profile(records: Records, year: Period, split: pd.DataFrame, threshold: int) -> Cells:
    rows = Rows(split, tuple(sorted(split["column"].unique())), whole=False, summed=True)
    pupils = rows.pupils()
    totals = hidden_rows(records, "suspension_rate", year, rows.keys)
    gone = np.array([key in totals for key in rows.keys])
    shown = np.zeros(pupils.shape, dtype=bool)
    shown[:, -1] = ~gone
    return rows.named(protect(rows.table(pupils, shown=shown), threshold, np.broadcast_to(gone[:, None], pupils.shape)))


def hidden_statuses(records: Records, year: Period) -> list[str]:
    """Which statuses of the authority's permanent exclusions of a year are hidden, and `decided` if it is.

    Those that DfE counts add up to a figure of their own, and all of them to those decided.
    """
    if records.protection is None:
        return []
    frame = within(records.permanent_exclusions, "head_decision_date", year)
    frame = frame[frame["phase"].isin(_HEADLINE)]
    status = frame["status"].astype("str")
    by_dfe = set(counted_by_dfe(frame)["status"].astype("str")) | {str(PexStatus.UPHELD), str(PexStatus.NOT_RECORDED)}
    statuses = [str(each) for each in PexStatus]
    parts = [int((status == each).sum()) for each in statuses]
    upheld = sum(number for each, number in zip(statuses, parts, strict=True) if each in by_dfe)
    parent = [5 if each in by_dfe else 6 for each in statuses] + [7, 7, -1]
    pupils = np.array([[number] for number in [*parts, upheld, sum(parts) - upheld, sum(parts)]])
    decided_too = bool(hidden_rows(records, "permanent_exclusions_decided_rate", year, [LA]))
    upheld_too = bool(hidden_rows(records, "permanent_exclusion_rate", year, [LA]))
    shown = np.array([[False]] * 5 + [[not upheld_too]] * 2 + [[not decided_too]])
    hide = np.full((8, 1), decided_too) | np.array([[False]] * 5 + [[upheld_too]] * 2 + [[False]])
    mask = protect(Table(pupils, np.array(parent), shown=shown), records.protection, hide)
    return [each for each, no in zip([*statuses, "decided"], [*mask[:5, 0], decided_too], strict=True) if no]


def _aligned(figures: Whole, keys: list[str], rows: list[str]) -> Whole:
    return _whole_numbers(pd.DataFrame(figures, index=keys).reindex(rows))


def _started(records: Records, tier: str, year: Period, threshold: int) -> Cells:
    placed = records.placements[records.placements["tier"].eq(tier)]
    rows = Rows(_by_term(placed, "start_date", year), tuple(_TERMS), whole=True, summed=True)
    return rows.named(protect(rows.table(rows.pupils()), threshold))


def _open_placements(records: Records, day: date, threshold: int) -> Cells:
    there = open_on(records.placements, day)
    tiers = there["tier"].astype("str").where(there["tier"].notna(), _NONE)
    frame = there[["urn", "phase", "pupil"]].assign(column=tiers)
    rows = Rows(frame, ("1", "2", "3", _NONE), whole=True, summed=True)
    return rows.named(protect(rows.table(rows.pupils()), threshold))


def _open_cases(records: Records, day: date, threshold: int) -> Cells:
    frame = open_on(records.cases, day)[["urn", "phase", "pupil"]].assign(column=_ALL)
    rows = Rows(frame, (_ALL,), whole=True, summed=False)
    return frozenset((key, _ALL) for key, _ in rows.named(protect(rows.table(rows.pupils()), threshold)))


def _hidden_so_far(
    then: Records, whole: Records, measure: str, period: Period, keys: frozenset[str], threshold: int
) -> frozenset[str]:
    """What is hidden of a term or year cut at a day: also what the rest of it would say beside the whole.

    No school's part of a period is shown. Those of the phases are shown together or not at all.
    """
    if measure in _SUSPENDED:
        safe = _safe_parts(then.suspensions, whole.suspensions, "start_date", period, threshold)
    elif measure == "permanent_exclusions_decided_rate":
        frames = then.permanent_exclusions, whole.permanent_exclusions
        safe = _safe_parts(*frames, "head_decision_date", period, threshold)
    elif measure in (OPEN_CASES, OPEN_PLACEMENTS):
        frame = then.cases if measure == OPEN_CASES else then.placements
        pupils = open_on(frame, _last_day(then, period))["pupil"].nunique()
        safe = frozenset() if 0 < pupils < threshold else frozenset({LA})
    else:
        return keys
    safe -= hidden_rows(whole, measure, period, (*_PHASES, LA))
    shown = safe if safe.issuperset(_PHASES) else safe & {LA}
    return keys - shown


def _safe_parts(then: pd.DataFrame, whole: pd.DataFrame, day: str, period: Period, threshold: int) -> frozenset[str]:
    """The phases (and LA) of which neither the part up to a day nor the rest of the period is about few pupils."""
    there = within(whole, day, period)
    early = there.index.isin(then.index)
    frame = there[["urn", "phase", "pupil"]].assign(column=np.where(early, "early", "late"))
    rows = Rows(frame, ("early", "late"), whole=False, summed=True)
    pupils, counts = rows.pupils(), rows.counts()
    first, rest, both = pupils.T
    few = small(first, threshold) | small(rest, threshold) | small(both - first, threshold)
    one_again = (counts - pupils == 1).any(axis=1)
    return frozenset(key for key, no in zip(rows.keys, few | one_again, strict=True) if not no)
