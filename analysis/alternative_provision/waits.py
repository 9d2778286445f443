"""How long pupils wait for a place: from the panel's decision for one to its start, those still waiting included."""

from datetime import date

import pandas as pd

from analysis.alternative_provision.queries import Provision
from analysis.statistics.survival import Time, TooFew, kaplan_meier, observed
from analysis.wording import amount, counted
from data_model.casework_codes import PanelDecision
from data_model.codes import Tier

FEWEST = 10
"""Decisions, below which nothing is said of a wait."""
FOR_A_PLACE = {PanelDecision.TIER_2: Tier.TIME_LIMITED, PanelDecision.TIER_3: Tier.TRANSITIONAL}
FIGURES = [
    *("decided", "started", "waiting", "median", "median_low", "median_high", "most", "most_low", "most_high"),
    *("median_words", "most_words"),
]


def waits(found: Provision, first: date, last: date, *, apart: bool = True) -> pd.DataFrame:
    """The waits for places that panels decided on from one day to another, by tier (or `apart` false, all
    together): `group, decided, started, waiting`,
    the days by which half had started (`median`) and nine in ten (`most`), each with its range (missing where fewer had
    started by the longest wait seen) and in words (`_words`), and a `note`.
    """
    rows = waited(found, first, last)
    parts = (
        [(tier.label, rows[rows["tier"].eq(str(tier))]) for tier in FOR_A_PLACE.values()] if apart else [("All", rows)]
    )
    parts = [(label, own) for label, own in parts if len(own)]
    return pd.DataFrame([{"group": label, **_row(own)} for label, own in parts], columns=["group", *FIGURES, "note"])


def waited(found: Provision, first: date, last: date) -> pd.DataFrame:
    """One row a decision for a place: `pupil, tier, meeting_date, started_on` (missing while waiting), `days` and
    `over`, as known on the last day in the data.

    A place is taken with the pupil's first placement (but for tier 1) that starts on the day of the meeting or later,
    and before the panel's next decision for a place for the same pupil.
    """
    wanted = {str(decision): str(tier) for decision, tier in FOR_A_PLACE.items()}
    rows = found.decisions[found.decisions["decision"].astype("str").isin(wanted)]
    rows = rows.sort_values(["pupil", "meeting_date"], kind="stable").reset_index(drop=True)
    rows = rows.assign(
        tier=rows["decision"].astype("str").map(wanted),
        until=rows.groupby("pupil")["meeting_date"].shift(-1).fillna(pd.Timestamp("2200-01-01")),
    )
    end = min(last, found.now) if found.now else date.min
    rows = rows[rows["meeting_date"].between(pd.Timestamp(first), pd.Timestamp(max(first, end)))]
    if found.now is None or found.now < first:
        rows = rows.iloc[:0]
    placed = found.placements[~found.placements["tier"].astype("str").eq(str(Tier.TARGETED_SUPPORT))]
    joined = rows.reset_index(names="row").merge(placed[["pupil", "start_date"]], on="pupil")
    theirs = joined["start_date"].ge(joined["meeting_date"]) & joined["start_date"].lt(joined["until"])
    started = joined[theirs].groupby("row")["start_date"].min().reindex(rows.index)
    days, over = observed(rows["meeting_date"], started, found.now or first)
    return rows.assign(started_on=started, days=days, over=over).reset_index(drop=True)


def _row(own: pd.DataFrame) -> dict[str, object]:
    known = {"decided": len(own), "started": int(own["over"].sum()), "waiting": int((~own["over"]).sum()), "note": ""}
    try:
        curve = kaplan_meier(own["days"], own["over"], minimum=FEWEST)
    except TooFew as refused:
        return {**known, "note": str(refused)}
    return {**known, **_time("median", curve.quantile(0.5)), **_time("most", curve.quantile(0.9))}


def _time(name: str, found: Time) -> dict[str, object]:
    given = {name: found.time, f"{name}_low": found.low, f"{name}_high": found.high}
    return given | {f"{name}_words": _in_words(found)}


def _in_words(found: Time) -> str:
    if found.time is None:
        return "not yet"
    ends = (
        f"{amount(found.low or 0)} to {amount(found.high)}"
        if found.high is not None
        else f"{amount(found.low or 0)} or more"
    )
    return f"{counted(found.time, 'day')} ({ends})"
