"""Who has how many open cases, against what the post carries: the staff's range and no ranking of people."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from access.scope import Scope
from analysis.caseload.queries import Casework, posts
from analysis.records import open_on
from data_model.casework_codes import WorkerRole
from data_model.codes import YesNo

_CARRIES_CASES = frozenset({str(WorkerRole.OUTREACH_WORKER), str(WorkerRole.SENIOR)})
FEWEST_WORKERS = 5
"""Of fewer the range between workers would be single people's."""
_COLUMNS = {"worker_ref": "str", "role": "str", "fte": "float64", "open_cases": "int64", "capacity": "Int64"}


@dataclass(frozen=True)
class CaseloadRatio:
    """The measure `caseload`: open cases for each full-time worker. `count` cases, `out_of` full-time equivalents.

    `low` and `high` are those of the worker with the fewest and the most for their hours; None of fewer than
    FEWEST_WORKERS, which say nothing of a service and too much of a person. `ratio` is None without any hours.
    """

    count: int
    out_of: float
    ratio: float | None
    low: float | None
    high: float | None
    workers: int


def in_post(every: pd.DataFrame, on: date) -> pd.DataFrame:
    """The posts that carry outreach cases and are filled on a day: rows of the workforce."""
    return _of_outreach(every, on, vacant=False)


def vacancies(every: pd.DataFrame, on: date) -> pd.DataFrame:
    """The posts that carry outreach cases and are vacant on a day."""
    return _of_outreach(every, on, vacant=True)


def by_worker(rows: Casework, on: date) -> pd.DataFrame:
    """The open cases of each worker on a day, by the worker's reference: `worker_ref, role, fte, open_cases, capacity`.

    Those without a post of their own are here too, with `fte` and `capacity` missing; cases of nobody have no
    `worker_ref` and come last. Nothing where the scope does not say who works.
    """
    cases, filled = open_on(rows.cases, on), in_post(rows.posts, on)
    if "worker_ref" not in cases or "worker_ref" not in filled:
        return pd.DataFrame(columns=list(_COLUMNS)).astype(_COLUMNS)
    own = filled.drop_duplicates("worker_ref", keep="last").set_index("worker_ref")
    workers = sorted({*own.index, *cases["worker_ref"].dropna()})
    every = pd.Index([*workers, *([None] if cases["worker_ref"].isna().any() else [])], dtype=object)
    found = pd.DataFrame({"worker_ref": every})
    held = cases["worker_ref"].value_counts()
    return found.assign(
        role=own["role"].reindex(every).to_numpy(),
        fte=own["fte"].reindex(every).to_numpy(),
        open_cases=[int(held.get(each, 0)) if each else int(cases["worker_ref"].isna().sum()) for each in every],
        capacity=own["capacity_cases"].reindex(every).astype("Int64").to_numpy(),
    ).astype(_COLUMNS)


def caseload_ratio(cases: pd.DataFrame, every: pd.DataFrame, on: date) -> CaseloadRatio:
    """The measure `caseload` on a day. `cases`: `start_date, end_date` and, for the range, `worker_ref`; `every`: rows
    of the workforce, posts that are over or to come too."""
    still_open, filled = open_on(cases, on), in_post(every, on)
    hours = float(filled["fte"].fillna(0).sum())
    low, high = _between_workers(still_open, filled)
    return CaseloadRatio(
        count=len(still_open),
        out_of=hours,
        ratio=len(still_open) / hours if hours else None,
        low=low,
        high=high,
        workers=len(filled),
    )


def _between_workers(cases: pd.DataFrame, filled: pd.DataFrame) -> tuple[float | None, float | None]:
    if "worker_ref" not in cases or "worker_ref" not in filled:
        return None, None
    own = filled[filled["fte"].gt(0)].groupby("worker_ref")["fte"].sum()
    if len(own) < FEWEST_WORKERS:
        return None, None
    each = cases["worker_ref"].value_counts().reindex(own.index).fillna(0) / own
    return float(each.min()), float(each.max())


def _of_outreach(every: pd.DataFrame, on: date, *, vacant: bool) -> pd.DataFrame:
    now = open_on(every, on)
    carries = now["role"].isin(_CARRIES_CASES) | now["capacity_cases"].gt(0) & now["role"].isna()
    return now[carries & (now["vacancy"].eq(str(YesNo.YES)) == vacant)]


def workers(connection: Connection, scope: Scope, *, la: int, on: str) -> dict[str, str]:
    """Who may be given a case on a day, `on` as ISO text: each worker's reference with the role. Empty where the scope
    does not say who works."""
    filled = in_post(posts(connection, scope, la=la), date.fromisoformat(on))
    if "worker_ref" not in filled:
        return {}
    roles = {str(role): role.label for role in WorkerRole}
    named = zip(filled["worker_ref"], filled["role"], strict=True)
    return {str(worker): f"{worker}, {roles[role].lower()}" if role in roles else str(worker) for worker, role in named}
