"""The first page's figures: headline numbers by phase, which few schools make up most, where exclusions stand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from analysis.denominators import HEADLINE
from analysis.hiding.linked import LA as WHOLE_LA
from analysis.hiding.masks import OPEN_CASES, OPEN_PLACEMENTS
from analysis.hiding.protection import (
    HIDDEN,
    hidden_rows,
    hidden_statuses,
    is_hidden,
    with_hidden_before,
    withheld,
)
from analysis.loaded import is_loaded, missing_terms_note
from analysis.measures import MEASURES
from analysis.records import Records, open_on
from analysis.slices import By, slice_of
from analysis.so_far import TOTAL
from analysis.sources import LOCAL, kinds
from analysis.table import table_of
from analysis.year_before import records_then, year_before
from data_model.codes import PexStatus, Phase
from data_model.terms import Period

HEADLINES = (
    "suspension_rate",
    "one_plus_suspension_rate",
    "days_lost_rate",
    "permanent_exclusion_rate",
    "permanent_exclusions_decided_rate",
    "ap_open_tier_1",
    "ap_open_tier_2",
    "ap_open_tier_3",
)
_OPEN = {OPEN_CASES: "outreach_cases", OPEN_PLACEMENTS: "ap_placements"}


@dataclass(frozen=True, eq=False)
class Headlines:
    """`rows`: `measure, phase` (`total` for the headline), `count, out_of, rate, source`, and the year before's
    `count_before, out_of_before, rate_before`, missing where there are none or they come from another source; `hidden`.
    `notes` to show. `measure` is also open_cases and open_placements: those open of any tier, without a rate."""

    rows: pd.DataFrame
    notes: tuple[str, ...]


def headlines(records: Records, la: int, period: Period) -> Headlines:
    """The headline measures of one LA by phase, beside a year before, and its open placements and outreach cases.

    While the period still runs it stands beside the same school day a year before (`year_before.py` says which).
    """
    own = records.by_la.get(la, records)
    now, notes = _all_of(lambda dataset: own, la, period)
    before = year_before(own, la, period).period
    then, _ = _all_of(partial(records_then, own, la, period), la, before)
    notes += missing_terms_note(own, "suspensions", before)
    now["kind"], then["kind"] = kinds(now["source"]), kinds(then["source"])
    earlier = then[["measure", "phase", "kind", "count", "out_of", "rate", HIDDEN]]
    rows = with_hidden_before(now.merge(earlier, on=["measure", "phase", "kind"], how="left", suffixes=("", "_before")))
    figures = ["count", "out_of", "rate"]
    columns = ["measure", "phase", *figures, "source", *(f"{figure}_before" for figure in figures), HIDDEN]
    return Headlines(rows[columns], tuple(dict.fromkeys(notes)))


def _all_of(records_of: Callable[[str], Records], la: int, period: Period) -> tuple[pd.DataFrame, list[str]]:
    tables = [
        table_of(records_of(MEASURES[measure].datasets[0]), measure, by, period, la=la)
        for measure in HEADLINES
        for by in (By.LA, By.PHASE)
    ]
    parts = [table.rows.assign(measure=table.measure_id) for table in tables]
    parts += [_open(records_of(dataset), la, period, name, dataset) for name, dataset in _OPEN.items()]
    rows = pd.concat(parts, ignore_index=True)
    # Of a measure without figures the tile says so: its note would deny what another measure has from DfE.
    notes = [note for table in tables if len(table.rows) for note in table.notes]
    return rows.assign(phase=rows["phase"].fillna(TOTAL)), notes


def _open(own: Records, la: int, period: Period, name: str, dataset: str) -> pd.DataFrame:
    if not is_loaded(own, (dataset,), period):
        return pd.DataFrame({"phase": [], "count": [], "measure": [], "source": [], HIDDEN: []})
    frame = own.cases if name == OPEN_CASES else own.placements
    there = open_on(frame, slice_of(own, la, period, By.LA).last_day)
    by_phase = there["phase"].astype("str").value_counts()
    counts = {str(phase): int(by_phase.get(phase, 0)) for phase in Phase} | {TOTAL: len(there)}
    rows = pd.DataFrame({"phase": list(counts), "count": list(counts.values())}).assign(measure=name, source=LOCAL)
    keys = rows["phase"].replace(TOTAL, WHOLE_LA)
    return withheld(rows, keys.isin(hidden_rows(own, name, period, keys)), ["count"])


@dataclass(frozen=True, eq=False)
class ShareCurve:
    """`rows`: schools by count, most first: `urn, laestab, school_name, phase, count, place, share` (of the schools, up
    to and with this one) and `share_of_total`. `half` is the smallest number of schools that hold half of the total.
    `schools` are those of `rows` and those whose count is hidden, which is in `total` all the same."""

    rows: pd.DataFrame
    total: float
    half: int
    sentence: str
    schools: int


def share_curve(
    records: Records, la: int, period: Period, measure: str = "suspension_rate", phase: str | None = None
) -> ShareCurve:
    """Which few schools make up most of a measure's count. Schools whose count is withheld or missing are left out."""
    table = table_of(records, measure, By.SCHOOL, period, phase, la)
    there = table.rows if phase else table.rows[table.rows["phase"].isin([str(p) for p in HEADLINE])]
    known = there.dropna(subset=["count"])
    rows = known.sort_values(["count", "urn"], ascending=[False, True], ignore_index=True)
    withheld_too = _total_of(records, la, period, measure, phase) if is_hidden(there, "count").any() else None
    total = float(rows["count"].sum() if withheld_too is None else withheld_too)
    rows = rows[["urn", "laestab", "school_name", "phase", "count"]].assign(place=range(1, len(rows) + 1))
    rows["share"] = rows["place"] / max(len(rows), 1)
    rows["share_of_total"] = rows["count"].cumsum() / total if total else 0.0
    if withheld_too is None:
        half = schools_for_half(rows["count"])
        return ShareCurve(rows, total, half, _sentence(half, len(rows), measure), len(rows))
    half = int((rows["share_of_total"] < 0.5).sum()) + 1 if rows["share_of_total"].max() >= 0.5 else 0
    schools = len(known) + int(is_hidden(there, "count").sum())
    return ShareCurve(rows, total, half, _sentence_of_shown(rows, half, schools, measure), schools)


def _total_of(records: Records, la: int, period: Period, measure: str, phase: str | None) -> float:
    """The authority's own figure, which holds the schools that are hidden too; missing where it is hidden itself."""
    return float(table_of(records, measure, By.LA, period, phase, la).rows["count"].iloc[0])


def _sentence_of_shown(rows: pd.DataFrame, half: int, schools: int, measure: str) -> str:
    total = "all suspensions" if measure == "suspension_rate" else "the total"
    if rows.empty or rows["share_of_total"].isna().any():
        return "Too few pupils to say which schools make up most."
    if not half:
        share = f"{100 * rows['share_of_total'].iloc[-1]:.0f}%"
        return f"The {len(rows)} of {schools} schools whose figures can be shown make up {share} of {total}."
    return f"{half} of {schools} schools {'makes' if half == 1 else 'make'} up half of {total}."


def schools_for_half(counts: Sequence[float]) -> int:
    """The smallest number of schools that hold half of the total, from their counts, most first; 0 of nothing."""
    so_far = pd.Series(counts, dtype="float64").cumsum()
    total = so_far.iloc[-1] if len(so_far) else 0
    return int((so_far * 2 < total).sum()) + 1 if total else 0


def _sentence(half: int, schools: int, measure: str) -> str:
    total = "all suspensions" if measure == "suspension_rate" else "the total"
    if not half:
        return "There are none in this period."
    if schools == 1:
        return f"The only school has {total}."
    return f"{half} of {schools} schools {'makes' if half == 1 else 'make'} up half of {total}."


def exclusions_by_status(records: Records, la: int, period: Period) -> pd.DataFrame:
    """Permanent exclusions decided in the period by where they stand: each is in one status, and they add up.

    Columns: `phase` (with a `total` of primary, secondary and special), `decided`, then one for each status: `upheld,
    not_recorded, pending, reinstated, withdrawn`. Empty where none are loaded for the period. Where small numbers are
    hidden there is the total of the whole academic year alone: terms and phases would give each other away.
    """
    statuses = [str(status) for status in PexStatus]
    own = records.by_la.get(la)
    if own is None or not is_loaded(own, ("permanent_exclusions",), period):
        return pd.DataFrame(columns=["phase", "decided", *statuses])
    if own.protection is not None:
        return _statuses_of_year(own, la, Period(period.year), statuses)
    there = slice_of(own, la, period, By.PHASE).permanent_exclusions
    table = pd.crosstab(there["phase"].astype("str"), there["status"].astype("str"))
    table = table.reindex(index=[str(phase) for phase in Phase], columns=statuses, fill_value=0)
    table.loc[TOTAL] = table.loc[[str(phase) for phase in HEADLINE]].sum()
    table = table.rename_axis(index="phase", columns=None).reset_index()
    table.insert(1, "decided", table[statuses].sum(axis=1))
    return table


def _statuses_of_year(own: Records, la: int, year: Period, statuses: list[str]) -> pd.DataFrame:
    there = slice_of(own, la, year, By.LA).permanent_exclusions
    counts = there["status"].astype("str").value_counts().reindex(statuses).fillna(0)
    row = {"phase": TOTAL, "decided": float(counts.sum())} | counts.to_dict()
    table = pd.DataFrame([row])[["phase", "decided", *statuses]]
    return withheld(table, pd.Series([True]), hidden_statuses(own, year))


def placements_by_tier(records: Records, la: int, period: Period) -> pd.DataFrame:
    """Placements open on the period's last day and started in it: `tier, open, started`; empty where none are loaded.

    These are the placements notified here. DfE's three January collections overlap, and are not added to them.
    """
    parts = {}
    for tier in "123":
        tables = [
            table_of(records, f"ap_{what}_tier_{tier}", By.LA, period, la=la).rows for what in ("open", "started")
        ]
        if all(len(rows) for rows in tables):
            parts[tier] = [rows["count"].iloc[0] for rows in tables]
    table = pd.DataFrame.from_dict(parts, orient="index", columns=["open", "started"])
    shown = table.rename_axis("tier").reset_index()
    if records.protection is None:
        return shown.astype({"open": int, "started": int})
    return withheld(shown, shown["open"].isna(), ["open"]).pipe(withheld, shown["started"].isna(), ["started"])
