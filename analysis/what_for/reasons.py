"""Which groups of reasons are recorded for suspensions, and how sure their shares are."""

import pandas as pd

from analysis.hiding.protection import HIDDEN, withheld
from analysis.one_school.profile import split_by_reason
from analysis.records import Records
from analysis.statistics.intervals import bootstrap_by_pupil, ratio
from analysis.what_for.suspended import LEAST_PUPILS, hidden, suspensions_of, there_at_all
from data_model.terms import Period

_NAME = "reasons"
COLUMNS = ["group", "reasons", "own_of", "share", "low", "high", "share_words", HIDDEN]


def reasons(records: Records, la: int, year: Period, phase: str | None = None) -> pd.DataFrame:
    """One row a group of reasons, most first, of an academic year: COLUMNS.

    `reasons` of `own_of` recorded, `share` in percent with its range of 95 %, pupils drawn anew (`low, high`), and the
    three as `share_words`. Up to three reasons are recorded for a suspension: shares are of reasons. Empty where fewer
    than LEAST_PUPILS pupils were suspended, or none are loaded.
    """
    own = records.by_la.get(la)
    if own is None:
        return pd.DataFrame(columns=COLUMNS)
    each = split_by_reason(suspensions_of(own, year, phase))
    by_pupil = each.groupby(["pupil", "column"]).size().unstack(fill_value=0)
    if len(by_pupil) < LEAST_PUPILS:
        return pd.DataFrame(columns=COLUMNS)
    groups = sorted(there_at_all(own, split_by_reason, year, phase))
    by_pupil = by_pupil.reindex(columns=groups, fill_value=0)
    every = by_pupil.sum(axis=1)
    rows = [_row(group, by_pupil[group], every) for group in groups]
    table = pd.DataFrame(rows, columns=COLUMNS[:-1]).assign(**{HIDDEN: ""})
    if own.protection is not None:
        few = table["group"].isin(hidden(own, _NAME, split_by_reason, year, phase))
        table = withheld(table, few, ["reasons", "share", "low", "high", "share_words"])
        table = withheld(table, pd.Series(bool(few.all()), index=table.index), ["own_of"])
    return table.sort_values("reasons", ascending=False, kind="stable", ignore_index=True)


def _row(group: str, counts: "pd.Series[int]", every: "pd.Series[int]") -> tuple[object, ...]:
    count, of = int(counts.sum()), int(every.sum())
    share = 100 * count / of
    digits = 1 if share < 1 else 0
    ends = bootstrap_by_pupil(pd.concat([counts, every], axis=1).to_numpy(), ratio)
    # Rounded: more would be noise, and would tell of single pupils where small numbers are hidden.
    low, high = (round(100 * end, digits) for end in ends)
    return group, count, of, share, low, high, f"{share:.{digits}f}% ({low:.{digits}f}% to {high:.{digits}f}%)"
