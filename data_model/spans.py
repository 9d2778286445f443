"""Spans of days and running totals over the rows of a file together with those that are saved."""

import numpy as np
import pandas as pd

from data_model.rules import with_year


def overlapping(spans: pd.DataFrame, of: list[str]) -> pd.DataFrame:
    """The rows of a file that share a day with another of the same `of`: indexed by row, with the day it lasts `until`.

    `spans` has `start_date`, `end_date` (the last day that counts) and `row`: the row's place in the file, -1 for a
    saved one. Of two rows of the file the later is told; a saved row cannot be, so the file's own is.
    """
    spans = spans.sort_values([*of, "start_date"], kind="stable")
    alike = spans.groupby(of)
    before = alike["end_date"].cummax().groupby([spans[name] for name in of]).shift()
    after = alike[["start_date", "end_date", "row"]].shift(-1)
    late = spans["start_date"] <= before
    early = (after["row"] < 0) & (spans["end_date"] >= after["start_date"])
    found = spans.assign(until=before.where(late, after["end_date"]))[(late | early) & (spans["row"] >= 0)]
    return found.set_index("row")[["until"]]


def passing(rows: pd.DataFrame, saved: pd.DataFrame, keys: list[str], limit: int) -> pd.DataFrame:
    """The suspensions with which a pupil's counted sessions first pass `limit` in each group, with the `days` so far.

    Groups are by `keys`, of `pupil, academic_year, term`. Saved rows count first, whatever their dates: what passes
    the limit is then a row that this file brings.
    """
    columns = ["start_date", "urn", "sessions", "category"]
    pupils = rows["pupil_ref"].astype("category").cat
    known = pupils.categories.get_indexer(saved["pupil_ref"])
    own = rows[columns].assign(pupil=pupils.codes, row=rows.index)
    used = pd.concat([saved[columns].assign(pupil=known, row=-1), own]) if len(saved) else own
    used = used[
        used["pupil"].ge(0) & used["category"].ne("LNCH") & used[["start_date", "sessions"]].notna().all(axis=1)
    ]
    used = _over(used, used["pupil"], limit)
    if used.empty:
        return rows.iloc[:0]
    used = with_year(used.assign(brought=used["row"] >= 0), "start_date")
    used["group"] = used.groupby(keys, observed=True, sort=False).ngroup()
    used = _over(used, used["group"], limit)
    used = used.sort_values(["brought", "start_date", "urn"], kind="stable")  # whatever the order of the file's rows
    used["total"] = used.groupby("group")["sessions"].cumsum()
    passed = used[(used["total"] > limit) & (used["total"] - used["sessions"] <= limit) & (used["row"] >= 0)]
    passed = passed.set_index("row")
    return rows.loc[passed.index].assign(days=passed["total"].astype(float) / 2)


def _over(used: pd.DataFrame, group: pd.Series, limit: int) -> pd.DataFrame:
    totals = np.bincount(group, weights=used["sessions"].to_numpy(np.int64), minlength=1)
    return used[totals[group] > limit]
