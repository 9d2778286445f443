"""The first page's figures in the shape that its tiles, charts and tables show."""

import pandas as pd

from analysis import choices
from analysis.every_school.figures import SMALL
from analysis.hiding.masks import OPEN_CASES, OPEN_PLACEMENTS
from analysis.hiding.protection import HIDDEN
from analysis.loaded import schools_open, schools_sent
from analysis.measures import MEASURES, OUTREACH_COVERAGE
from analysis.overview.figures import Headlines, share_curve
from analysis.records import Records
from analysis.slices import By
from analysis.so_far import TOTAL
from analysis.table import table_of
from data_model.codes import PexStatus, Phase, Tier
from data_model.terms import Period

PHASES = {str(phase): phase.label for phase in Phase} | {TOTAL: "All but alternative provision"}
DECIDED, UPHELD = "permanent_exclusions_decided_rate", "permanent_exclusion_rate"
"""This term's decisions are still under review: only the decided can be compared with last year's."""
TILES = {
    "suspension_rate": "Suspensions",
    "one_plus_suspension_rate": "Pupils suspended",
    "days_lost_rate": "Days lost",
    DECIDED: "Permanent exclusions decided",
    OPEN_PLACEMENTS: "AP placements open",
    OPEN_CASES: "Outreach cases open",
}
"""The six figures at the top of the page, in the order in which they stand there."""

REACHED = ("Had outreach", "Had none")

STATUSES = {
    PexStatus.UPHELD: "Upheld",
    PexStatus.NOT_RECORDED: "No outcome recorded",
    PexStatus.PENDING: "Under review",
    PexStatus.REINSTATED: "Reinstated",
    PexStatus.WITHDRAWN: "Withdrawn",
}


def tiles(headlines: Headlines) -> pd.DataFrame:
    """One row a tile, in the order of TILES: `label, count, count_before, hidden`, missing where nothing is loaded.

    Where only published figures are there, permanent exclusions are those upheld: decisions are not published.
    """
    total = headlines.rows[headlines.rows["phase"].eq(TOTAL)].drop_duplicates("measure").set_index("measure")
    shown = TILES
    if DECIDED not in total.index and UPHELD in total.index:
        shown = {UPHELD if each is DECIDED else each: label for each, label in TILES.items()}
        shown[UPHELD] = "Permanent exclusions"
    tiles = total.reindex(list(shown))[["count", "count_before", HIDDEN]]
    return tiles.assign(label=list(shown.values()), hidden=tiles[HIDDEN].fillna(""))


def by_phase(headlines: Headlines, measure: str) -> pd.DataFrame:
    """One row a phase and one for the total: `phase` in words, `count, out_of, rate`, the same of the year before
    (`_before`), and `note` (`small number`: one child can move a rate)."""
    rows = headlines.rows[headlines.rows["measure"].eq(measure)]
    ordered = rows.set_index("phase").reindex([phase for phase in PHASES if phase in set(rows["phase"])])
    names = ["count", "out_of", "rate"]
    figures = ordered[[*names, *(f"{name}_before" for name in names), HIDDEN]]
    few = figures[["count", "count_before"]].lt(MEASURES[measure].minimum).any(axis=1)
    named = figures.assign(
        phase=[PHASES[str(phase)] for phase in figures.index], note=few.map({True: SMALL, False: ""})
    )
    return named.reset_index(drop=True)


def now_and_before(table: pd.DataFrame, now: str, before: str) -> pd.DataFrame:
    """The counts of `by_phase` one below the other: `phase, when, count`; the total is left out of a chart of parts."""
    parts = table[table["phase"].ne(PHASES[TOTAL])]
    series = {now: parts["count"], before: parts["count_before"]}
    known = {when: counts for when, counts in series.items() if counts.notna().any()}
    frames = [pd.DataFrame({"phase": parts["phase"], "when": when, "count": counts}) for when, counts in known.items()]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["phase", "when", "count"])


def apart(exclusions: pd.DataFrame) -> pd.DataFrame:
    """The phases of `exclusions_by_status` that have any; the total where there is nothing else."""
    phases = exclusions if exclusions["phase"].eq(TOTAL).all() else exclusions[exclusions["phase"].ne(TOTAL)]
    return phases[phases["decided"].ne(0)]


def exclusion_parts(table: pd.DataFrame) -> pd.DataFrame:
    """`exclusions_by_status` one status a row: `phase, status` in words, `count`; phases without any are left out."""
    some = apart(table)
    long = some.melt("phase", list(map(str, STATUSES)), "status", "count")
    words = {str(status): label for status, label in STATUSES.items()}
    return long.assign(phase=long["phase"].map(PHASES), status=long["status"].map(words))


def with_phase_names(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with its phases in words."""
    return table.assign(phase=table["phase"].map(PHASES))


def with_tier_names(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with its tiers in words."""
    return table.assign(tier=table["tier"].map({str(tier): tier.label for tier in Tier}))


def placement_parts(table: pd.DataFrame) -> pd.DataFrame:
    """`placements_by_tier` one figure a row: `tier` in words, `what, count`."""
    long = with_tier_names(table).melt("tier", ["open", "started"], "what", "count")
    return long.assign(what=long["what"].map({"open": "Open now", "started": "Started in the period"}))


def schools_heard_from(
    records: Records, la: int, period: Period, dataset: str = "suspensions"
) -> tuple[int, int] | None:
    """How many schools are in the files for a period, and how many were open; None where no file says."""
    own = records.by_la.get(la)
    sent = schools_sent(own, dataset, period) if own else None
    if own is None or sent is None:
        return None
    last = min(period.bounds[1], own.now or period.bounds[1])
    schools = schools_open(own, last, None)
    return int(schools["urn"].isin(sent).sum()), len(schools)


def few_schools(records: Records, la: int, period: Period, most: int = 10) -> pd.DataFrame:
    """The `most` schools with the most suspensions: `key, school_name, count, total`, `percent` (the running share)."""
    curve = share_curve(records, la, period)
    rows = curve.rows.head(most)
    names = choices.schools(records, la).drop_duplicates("key").set_index("key")["school_name"]
    keys = rows["urn"].fillna(rows["laestab"]).astype("int64")
    named = rows["school_name"].where(rows["school_name"].notna(), keys.map(names))
    return rows[["count"]].assign(key=keys, school_name=named, total=curve.total, percent=100 * rows["share_of_total"])


def coverage(records: Records, la: int, period: Period) -> pd.DataFrame:
    """Outreach in the highest-rate schools by phase: `phase` in words, `count, out_of, rate`; empty without cases."""
    rows = table_of(records, OUTREACH_COVERAGE.id, By.PHASE, period, la=la).rows.dropna(subset=["out_of"])
    return with_phase_names(rows[["phase", "count", "out_of", "rate", HIDDEN]])


def coverage_parts(table: pd.DataFrame) -> pd.DataFrame:
    """`coverage` one figure a row: `phase, reached` (a word of REACHED), `schools`."""
    counts = {REACHED[0]: table["count"], REACHED[1]: table["out_of"] - table["count"]}
    parts = [pd.DataFrame({"phase": table["phase"], "reached": word, "schools": each}) for word, each in counts.items()]
    return pd.concat(parts, ignore_index=True)


def whole(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `over_time` whose period is over: a term so far on a line would look like a fall."""
    return table[~table["running"].astype(bool)]
