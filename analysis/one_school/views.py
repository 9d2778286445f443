"""One school's figures in the shape that its page shows."""

import pandas as pd

from analysis import choices
from analysis.completeness import Sent, grid
from analysis.every_school.figures import NO_RATE, SMALL
from analysis.hiding.masks import OPEN_CASES, OPEN_PLACEMENTS
from analysis.hiding.protection import HIDDEN, HIDDEN_MARK, hidden_rows, is_hidden, withheld
from analysis.measures import MEASURES
from analysis.one_school import figures as school
from analysis.one_school import profile as school_profile
from analysis.overview.views import STATUSES
from analysis.reconciliation import reconciliation
from analysis.records import Records, open_on
from analysis.sources import CENSUS, LOCAL, PUBLISHED, SOURCES, kinds
from analysis.wording import counted
from analysis.year_before import is_running
from data_model.terms import Period, Term, academic_year

TILES = {
    "suspension_rate": "Suspensions",
    "one_plus_suspension_rate": "Pupils suspended",
    "days_lost_rate": "Days lost",
    "permanent_exclusions_decided_rate": "Permanent exclusions decided",
}
_SENT_DATASETS = {
    "suspensions": "Suspensions",
    "permanent_exclusions": "Permanent exclusions",
    "ap_placements": "AP placements",
    "outreach_referrals": "Outreach referrals",
    "outreach_cases": "Outreach cases",
}
_FIGURES = ["count", "out_of", "rate", "phase_count", "phase_out_of", "phase_rate"]
_SHORT = {SOURCES[LOCAL]: "notified", SOURCES[CENSUS]: "census", SOURCES[PUBLISHED]: "DfE"}


def over_time(records: Records, key: int, by_term: bool = False, measure: str | None = None) -> pd.DataFrame:
    """`school.over_time`, of published figures alone where the school is not in the register.

    Adds `period` (a Period), its `label`, `series` (the source in words), `running` (the data ends within the period)
    and `note` (`small number`, or `no denominator`).
    """
    row = choices.schools(records).set_index("key").loc[key]
    if row["registered"]:
        table = school.over_time(records, key, by_term, measure)
    else:
        table = _printed(records, row, by_term)
        table = table[table["measure"].eq(measure)] if measure else table
    pairs = table[["year", "term"]].astype("str").itertuples(index=False)
    periods = [Period(year, Term(term) if by_term else None) for year, term in pairs]
    running = {period: is_running(records, int(row["la_code"]), period) for period in set(periods)}
    return table.assign(
        period=periods,
        label=[period.label for period in periods],
        series=kinds(table["source"]).map(SOURCES),
        running=[running[period] for period in periods],
        note=_notes(table),
    )


def _printed(records: Records, row: "pd.Series", by_term: bool) -> pd.DataFrame:
    own = records.by_la[int(row["la_code"])]
    return school.published_over_time(own, int(row["laestab"]), str(row["phase"]), by_term)


def tiles(records: Records, key: int, period: Period) -> pd.DataFrame:
    """One row a tile: `label, note, per` (100 pupils) and `count, out_of, rate` of it and of its phase (`phase_`), the
    authority's own if there are any."""
    row = choices.schools(records).set_index("key").loc[key]
    printed = _printed(records, row, period.term is not None)
    printed = printed[printed["year"].eq(period.year) & printed["term"].fillna("").eq(str(period.term or ""))]
    parts = [school.notified(records, key, period, tuple(TILES)), printed] if row["registered"] else [printed]
    found = pd.concat(parts, ignore_index=True).drop_duplicates("measure")
    shown = found.assign(note=_notes(found)).set_index("measure").reindex(list(TILES))
    rates = shown[[*_FIGURES, "note", HIDDEN]].assign(
        hidden=shown[HIDDEN].fillna(""),
        label=list(TILES.values()),
        per=[MEASURES[measure].per for measure in TILES],
    )
    return pd.concat([rates, _open_now(records, key, row["registered"])])


def _notes(table: pd.DataFrame) -> pd.Series:
    note = pd.Series("", index=table.index, dtype="str").mask(table["count"].lt(_minimum(table)), SMALL)
    note = note.mask(is_hidden(table, "count"), HIDDEN_MARK)
    return note.mask(table["count"].notna() & ~table["out_of"].gt(0), NO_RATE)


def _minimum(table: pd.DataFrame) -> "pd.Series[float]":
    return table["measure"].map({measure.id: measure.minimum for measure in MEASURES.values()}).astype("float64")


def _open_now(records: Records, key: int, registered: bool) -> pd.DataFrame:
    """Placements and outreach cases open on the last day in the data; missing where none are loaded."""
    counts = {
        "AP placements open now": ("placements", "ap_placements"),
        "Outreach cases open now": ("cases", "outreach_cases"),
    }
    table = pd.DataFrame({"label": list(counts)} | dict.fromkeys(_FIGURES, float("nan")))
    la = records.schools.loc[records.schools["urn"].eq(key), "la_code"]
    own = records.by_la[int(la.iloc[0])] if len(la) else records
    for place, (frame, dataset) in enumerate(counts.values()):
        if registered and own.loaded[dataset] and own.now:
            there = open_on(getattr(own, frame), own.now)
            table.loc[place, "count"] = float(there["urn"].eq(key).sum())
    hidden = [_is_hidden_now(own, measure, key) for measure in (OPEN_PLACEMENTS, OPEN_CASES)]
    return withheld(table.assign(note="", per=0), pd.Series(hidden), ["count"])


def _is_hidden_now(own: Records, measure: str, key: int) -> bool:
    return own.now is not None and bool(hidden_rows(own, measure, Period.of(own.now), [str(key)]))


def every_measure(table: pd.DataFrame) -> pd.DataFrame:
    """`over_time` with its measures in words, in the order of the measures and of time."""
    places = {measure: place for place, measure in enumerate(MEASURES)}
    ordered = table.assign(place=table["measure"].map(places)).sort_values(["place", "period"], kind="stable")
    return ordered.assign(measure=ordered["measure"].map({each.id: each.name for each in MEASURES.values()}))


def lines(table: pd.DataFrame, name: str, phase: str) -> pd.DataFrame:
    """`over_time` of one measure as lines: `period, rate, line`, the school's and its phase's, each source its own, and
    `small`, where one child can move a rate.

    Periods that are not over are left out: a term so far would look like a fall.
    """
    whole = table[~table["running"].astype(bool)]
    several = whole["series"].nunique() > 1
    parts = []
    for series, rows in whole.groupby("series", sort=False):
        suffix = f" ({_SHORT[series]})" if several else ""
        for who, column in ((name, "rate"), (f"All {phase.lower()} schools", "phase_rate")):
            part = pd.DataFrame({"period": rows["period"], "rate": rows[column], "line": who + suffix})
            parts.append(part.assign(small=rows[column.replace("rate", "count")].lt(_minimum(rows))))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["period", "rate", "line", "small"])


def beside_phase(table: pd.DataFrame, label: str, share: str, name: str, phase: str) -> pd.DataFrame:
    """A profile as columns side by side: `label, who, percent`, the school's share and its phase's."""
    parts = {name: table[share], f"All {phase.lower()} schools": table["phase_share"]}
    frames = [
        pd.DataFrame({"label": table[label], "who": who, "percent": (100 * each).round()})
        for who, each in parts.items()
    ]
    return pd.concat(frames, ignore_index=True)


def in_percent(table: pd.DataFrame) -> pd.DataFrame:
    """A profile with its shares in percent."""
    shares = [column for column in table.columns if "share" in column]
    return table.assign(**{column: 100 * table[column] for column in shares})


def recorded(table: pd.DataFrame) -> pd.DataFrame:
    """The reasons that the school recorded: those of its phase alone are left out of a chart."""
    return table[table["reasons"].gt(0)]


def exclusions(records: Records, urn: int) -> pd.DataFrame:
    """The school's permanent exclusions by academic year and where they stand: `year, status` in words, `count`.

    Empty where small numbers are hidden: hardly any of these is not one.
    """
    if records.protection is not None:
        return pd.DataFrame(columns=["year", "status", "count"])
    own = records.permanent_exclusions[records.permanent_exclusions["urn"].eq(urn)]
    years = [Period(academic_year(day.date())).label for day in own["head_decision_date"]]
    words = {str(status): label for status, label in STATUSES.items()}
    counts = pd.DataFrame({"year": years, "status": own["status"].astype("str").map(words).to_numpy()}).value_counts()
    return counts.rename("count").reset_index().sort_values("year", ascending=False, kind="stable", ignore_index=True)


def outreach_by_term(records: Records, urn: int) -> pd.DataFrame:
    """Outreach at the school in each term that has any, oldest first: `period, label` and the columns of `outreach`.

    Where small numbers are hidden only cases open at the end are left: what began and ended would tell them.
    """
    la = int(records.schools.loc[records.schools["urn"].eq(urn), "la_code"].iloc[0])
    terms = sorted(records.by_la[la].loaded["outreach_cases"])
    rows = [
        school_profile.outreach(records, urn, term).to_dict() | {"label": term.label, "period": term} for term in terms
    ]
    table = pd.DataFrame(rows)
    if records.protection is None or table.empty:
        return table
    few = pd.Series(bool(hidden_rows(records.by_la[la], OPEN_CASES, term, [str(urn)])) for term in terms)
    every = pd.Series(True, index=table.index)
    others = [column for column in table if column not in ("label", "period", "cases_open")]
    return withheld(table, few, ["cases_open"]).pipe(withheld, every, others)


def sent(records: Records, la: int, most: int = 6) -> pd.DataFrame:
    """What every school sent, dataset by dataset, for the last `most` terms: `urn, dataset, label, rows, sent`."""
    parts = [grid(records, name, la).assign(dataset=title) for name, title in _SENT_DATASETS.items()]
    table = pd.concat([part for part in parts if len(part)] or [pd.DataFrame()], ignore_index=True)
    if table.empty:
        return pd.DataFrame(columns=["urn", "dataset", "label", "rows", "sent"])
    periods = [Period(str(year), Term(term)) for year, term in table[["year", "term"]].itertuples(index=False)]
    table = table.assign(label=[period.label for period in periods])
    last = set(sorted(set(periods))[-most:])
    return table.loc[[period in last for period in periods], ["urn", "dataset", "label", "rows", "sent"]]


def sent_by_dataset(table: pd.DataFrame) -> pd.DataFrame:
    """One school's rows of `sent`, a row a dataset and a column a term: `dataset` and each term's label, in words."""
    words = {str(each): each.label for each in Sent} | {str(Sent.NOTHING): "nothing", str(Sent.NIL): "nil return"}
    rows = table["rows"].map(lambda rows: counted(rows, "row"), na_action="ignore").astype("str")
    said = rows.fillna("sent").where(table["sent"].eq(str(Sent.ROWS)))
    cells = table.assign(said=said.fillna(table["sent"].map(words)))
    wide = cells.pivot_table(index="dataset", columns="label", values="said", aggfunc="first", sort=False)
    return wide.rename_axis(columns=None).reset_index().fillna("nothing")


def reconciled(records: Records, urn: int) -> pd.DataFrame:
    """What was notified of the school beside what DfE published: `label, measure, local, published, difference`."""
    la = int(records.schools.loc[records.schools["urn"].eq(urn), "la_code"].iloc[0])
    table = reconciliation(records, la)
    own = table[table["urn"].eq(urn)]
    labels = [
        Period(str(year), Term(term) if pd.notna(term) else None).label
        for year, term in own[["year", "term"]].itertuples(index=False)
    ]
    names = own["measure"].map(
        {measure.id: measure.unit.partition(" per ")[0].capitalize() for measure in MEASURES.values()}
    )
    figures = own[["local", "published", "difference", HIDDEN]]
    return figures.assign(label=labels, measure=names).reset_index(drop=True)
