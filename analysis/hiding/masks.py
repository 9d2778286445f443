"""What is hidden of each linked table of an authority: `disclosure.py` put to every table that measures are parts of.

Figures are linked: terms add up to years, schools to phases and phases to the authority, tiers to all placements. So
what is hidden is decided once for each whole linked table of a whole authority, whoever asks, and looked up by every
page, period, filter, file and command line: no two answers that are laid side by side give a third away.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analysis.hiding.disclosure import Table, protect, small
from analysis.hiding.linked import HEADLINE_PHASES, LA, SUM, Cells, Rows, in_district
from analysis.records import NOT_DFE, Records, counted_by_dfe, open_on, within
from data_model.codes import PexStatus
from data_model.terms import Period, Term, periods_of

OPEN_CASES, OPEN_PLACEMENTS = "open_cases", "open_placements"
"""Counts of their own, without a measure: outreach cases and placements of any tier that are open."""
DECIDED = "decided"

_NONE = "none"
_TERMS = tuple(str(term) for term in Term)
_OFTEN = {"two_plus_suspension_rate": 1, "three_plus_suspension_rate": 2}
_EXCLUSIONS = ("permanent_exclusions_decided_rate", "permanent_exclusion_rate")
_STATUSES = [str(status) for status in PexStatus]


def linked(records: Records, measure: str, period: Period, threshold: int) -> tuple[Cells, str]:
    """The hidden cells of the linked table that a measure's figures of a period stand in, and their column in it."""
    when = str(period.term) if period.term else SUM
    year = Period(period.year)
    if measure.startswith("ap_started"):
        tier = measure[-1]
        return _kept(records, ("started", tier, year), lambda: _started(records, tier, year, threshold)), when
    if measure.startswith("ap_open") or measure == OPEN_PLACEMENTS:
        column = SUM if measure == OPEN_PLACEMENTS else measure[-1]
        day = last_day(records, period)
        return _kept(records, ("open placements", day), lambda: _open_placements(records, day, threshold)), column
    if measure == OPEN_CASES:
        day = last_day(records, period)
        return _kept(records, ("open cases", day), lambda: _open_cases(records, day, threshold)), SUM
    if measure.startswith("permanent"):
        masks = _kept(records, ("exclusions", year), lambda: _exclusions(records, year, threshold))
        return masks[0 if "decided" in measure else 1], when
    masks = _kept(records, ("suspensions", year), lambda: _suspensions(records, year, threshold))
    return masks[_OFTEN.get(measure, 0)], when


def _kept(records: Records, key: tuple[object, ...], made: Callable[[], Any]) -> Any:
    if ("hidden", *key) not in records.kept:
        records.kept["hidden", *key] = made()
    return records.kept["hidden", *key]


def last_day(records: Records, period: Period) -> date:
    """The period's last day, or the last day in the data where that is earlier."""
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
    frame = _by_term(records.suspensions, "start_date", year)
    rows = Rows(frame, _TERMS, records.districts, whole=False, summed=True)
    once, twice, thrice = (rows.pupils(least) for least in (1, 2, 3))
    again = rows.counts() - once
    first = protect(rows.table(once), threshold, hide=again == 1)
    second = first | protect(
        rows.table(twice, summed=False), threshold, first | small(once - twice, threshold) | (again - twice == 1)
    )
    third = second | protect(rows.table(thrice, summed=False), threshold, second | small(twice - thrice, threshold))
    return [rows.named(mask) for mask in (first, second & (once > 0), third & (once > 0))]


def _exclusions(records: Records, year: Period, threshold: int) -> list[Cells]:
    """Of a year by term: what is hidden of the permanent exclusions decided, and of those that DfE counts.

    Those that it does not count are nowhere shown, but are the difference: what is hidden of them must be hidden of one
    of the two, and of those decided where there is nothing else.
    """
    every = _by_term(records.permanent_exclusions, "head_decision_date", year)
    rows = Rows(every, _TERMS, records.districts, whole=False, summed=True)
    is_theirs = every.index.isin(counted_by_dfe(records.permanent_exclusions).index)
    theirs, others = rows.pupils(only=is_theirs), rows.pupils(only=~is_theirs)
    decided = upheld = left = told = np.zeros(theirs.shape, dtype=bool)
    while True:
        decided = protect(rows.table(rows.pupils()), threshold, decided | (told & (theirs == 0)))
        upheld = protect(rows.table(theirs), threshold, decided | upheld | left)
        left = protect(rows.table(others), threshold, decided | upheld | left)
        told = left & ~decided & ~upheld
        if not told.any():
            return [rows.named(decided), rows.named(upheld)]


def profile(
    records: Records,
    name: str,
    split: Callable[[pd.DataFrame], pd.DataFrame],
    phase: str,
    year: Period,
    threshold: int,
) -> Cells:
    """What is hidden of a phase's suspensions of a year, split: the row and the part.

    `split`, called `name`, makes of suspensions a frame with a row `urn, phase, pupil, column` for each and its part.
    Of rows whose total is hidden every part is, so that not even a 0 says anything of it.
    """

    def made() -> Cells:
        there = within(records.suspensions, "start_date", year)
        frame = split(there[there["phase"].eq(phase)])
        rows = Rows(frame, tuple(sorted(frame["column"].unique())), records.districts, whole=False, summed=True)
        totals, column = linked(records, "suspension_rate", year, threshold)
        gone = np.array([(key, column) in totals for key in rows.keys])
        pupils = rows.pupils()
        shown = np.zeros(pupils.shape, dtype=bool)
        shown[:, -1] = ~gone
        hide = np.broadcast_to(gone[:, None], pupils.shape)
        return rows.named(protect(rows.table(pupils, shown=shown), threshold, hide) | hide)

    found: Cells = _kept(records, ("profile", name, phase, year), made)
    return found


def statuses(records: Records, year: Period, threshold: int) -> Cells:
    """What is hidden of a year's permanent exclusions by where they stand, of the authority and of each district.

    The column is a status, or DECIDED for all. Statuses that DfE counts add up to a figure of their own, and all of
    them to those decided: of whom one of these is hidden every status is, so that not even a 0 says anything of it.
    """
    keys = [LA, *(in_district(LA, district) for district in sorted(records.districts.dropna().unique()))]
    decided, upheld = (
        {key for key in keys if (key, column) in cells}
        for cells, column in (linked(records, measure, year, threshold) for measure in _EXCLUSIONS)
    )
    told = [] if LA in decided | upheld else [key for key in keys if key not in decided | upheld]
    mute = {(key, status) for key in keys if key not in told for status in _STATUSES}
    return frozenset(mute | {(key, DECIDED) for key in decided} | _hidden_statuses(records, year, told, threshold))


def _hidden_statuses(records: Records, year: Period, told: list[str], threshold: int) -> Cells:
    """The statuses that are hidden of those (LA and districts) whose sums are all shown."""
    frame = within(records.permanent_exclusions, "head_decision_date", year)
    frame = frame[frame["phase"].isin(HEADLINE_PHASES)]
    status = frame["status"].astype("str")
    whose = frame["urn"].map(records.districts).map(lambda name: in_district(LA, name), na_action="ignore")
    parts = pd.crosstab(status, whose.where(whose.isin(told), _NONE)).reindex(_STATUSES, fill_value=0)
    alone = list(parts) if len(parts.columns) == 1 else []  # one that has all is the authority
    parts = parts.drop(columns=alone).assign(**{LA: status.value_counts().reindex(_STATUSES, fill_value=0)})
    by_dfe = np.array([each not in NOT_DFE for each in _STATUSES])
    figures = parts.to_numpy(dtype=np.int64)
    pupils = np.vstack([figures, figures[by_dfe].sum(axis=0), figures[~by_dfe].sum(axis=0), figures.sum(axis=0)])
    parent = np.array([*np.where(by_dfe, 5, 6), 7, 7, -1])
    shown = np.broadcast_to((np.arange(8) >= 5)[:, None], pupils.shape)
    hide = np.broadcast_to([key == _NONE for key in parts], pupils.shape)  # what is left nobody is shown apart
    total = len(parts.columns) - 1 if len(parts.columns) > 1 else None
    mask = protect(Table(pupils, parent, total, shown), threshold, hide)
    found = [(_STATUSES[row], list(parts)[column]) for row, column in np.argwhere(mask[:5])]
    return frozenset((each, name) for name, key in found for each in ([*alone, key] if key == LA else [key]))


def _started(records: Records, tier: str, year: Period, threshold: int) -> Cells:
    placed = records.placements[records.placements["tier"].eq(tier)]
    rows = Rows(_by_term(placed, "start_date", year), _TERMS, records.districts, whole=True, summed=True)
    return rows.named(protect(rows.table(rows.pupils()), threshold))


def _open_placements(records: Records, day: date, threshold: int) -> Cells:
    there = open_on(records.placements, day)
    tiers = there["tier"].astype("str").where(there["tier"].notna(), _NONE)
    frame = there[["urn", "phase", "pupil"]].assign(column=tiers)
    rows = Rows(frame, ("1", "2", "3", _NONE), records.districts, whole=True, summed=True)
    return rows.named(protect(rows.table(rows.pupils()), threshold))


def _open_cases(records: Records, day: date, threshold: int) -> Cells:
    frame = open_on(records.cases, day)[["urn", "phase", "pupil"]].assign(column=SUM)
    rows = Rows(frame, (SUM,), records.districts, whole=True, summed=False)
    return rows.named(protect(rows.table(rows.pupils()), threshold))
