"""A measure's table: a row for every school, phase or local authority, with its count, denominator, rate and source."""

from dataclasses import dataclass
from datetime import timedelta

import pandas as pd
from sqlalchemy import Connection

from access.scope import Scope
from analysis import published_table, queries
from analysis.breaks import PANDEMIC
from analysis.denominators import HEADLINE
from analysis.hiding.linked import LA
from analysis.hiding.protection import HIDDEN, hidden_rows, withheld
from analysis.hiding.protection import in_words as hidden_in_words
from analysis.loaded import completeness_note, is_loaded, missing_terms_note
from analysis.measures import AVERAGE_SUSPENSIONS, MEASURES, OUTREACH_COVERAGE, Measure
from analysis.records import Records
from analysis.slices import By, Slice, slice_of
from analysis.sources import LOCAL, PUBLISHED, own_source
from data_model.codes import Phase
from data_model.local_authorities import la_name
from data_model.terms import Period, in_words, year_label

COLUMNS = {
    "la_code": "str",
    "la_name": "str",
    "urn": "Int64",
    "laestab": "Int64",
    "school_name": "str",
    "phase": "str",
    "year": "str",
    "term": "str",
    "count": "float64",
    "out_of": "float64",
    "rate": "float64",
    "source": "str",
}
ORIGINS = (LOCAL, PUBLISHED)
"""What `source` may force."""
_HOLIDAY = timedelta(days=14)
"""Data that ends so short before a term is over may well be all there is: schools have broken up by then."""


@dataclass(frozen=True, eq=False)
class MeasureTable:
    """One measure for one period.

    `rows` has the columns of COLUMNS and `hidden` (protection.py): `la_code` three digits; `urn`, `laestab` and
    `school_name` of schools, else missing; `phase` missing for a whole LA; `term` missing for a year; `out_of` missing
    where there is no denominator; `rate` unrounded, missing where it has none or it is 0. `notes` are sentences to show
    with the rows.
    """

    measure_id: str
    rows: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def measure(self) -> Measure:
        """The measure that this is the table of."""
        return MEASURES[self.measure_id]


def measure_table(
    connection: Connection,
    scope: Scope,
    measure: str,
    by: str,
    period: Period,
    phase: str | None = None,
    la: int | None = None,
    source: str | None = None,
) -> MeasureTable:
    """The table of a measure, read from the database: see `table_of`. Only what it needs is read."""
    reached = scope if la is None else scope.within(la)
    records = queries.records(connection, reached, published_year=period.year)
    return table_of(records, measure, by, period, phase, la, source)


def table_of(
    records: Records,
    measure: str,
    by: str,
    period: Period,
    phase: str | None = None,
    la: int | None = None,
    source: str | None = None,
) -> MeasureTable:
    """The table of a measure (by its id) from records that were read before.

    `by` is school, phase or la. Each authority's rows come from one source, which `source` (local or published) forces:
    local where the measure's data is loaded for that LA and year, else published. By LA without `phase` the row is the
    headline total: primary, secondary and special schools.
    """
    chosen = MEASURES[measure]
    tables, notes = [], []
    authorities = {code: own for code, own in records.by_la.items() if la in (None, code)}
    for la_code, own in authorities.items():
        origin = source or _usual_source(own, chosen, period)
        rows_of = _local if origin == LOCAL else published_table.rows_of
        rows, said = rows_of(own, chosen, la_code, By(by), period, phase)
        tables.append(rows)
        notes += [f"{la_name(la_code)}: {note}" if len(authorities) > 1 else note for note in said]
    if not authorities:
        notes.append("Nothing is loaded for this question.")
    if period.year in PANDEMIC:
        notes.append(f"Schools were closed to most pupils for part of {year_label(period.year)}: compare with caution.")
    return MeasureTable(measure, _finished(tables, chosen, period), tuple(dict.fromkeys(notes)))


def _usual_source(records: Records, measure: Measure, period: Period) -> str:
    is_printed = measure.published is not None and len(records.published) > 0
    loaded = is_loaded(records, measure.datasets, Period(period.year))
    return PUBLISHED if is_printed and not loaded else LOCAL


def _local(
    records: Records, measure: Measure, la_code: int, by: By, period: Period, phase: str | None
) -> tuple[pd.DataFrame, list[str]]:
    if not is_loaded(records, measure.datasets, period):
        missing = " and ".join(name.replace("_", " ") for name in measure.datasets)
        return pd.DataFrame(), [f"No {missing} are loaded for {period.label}."]
    slice_ = slice_of(records, la_code, period, by, phase)
    rows = _groups(slice_)
    out_of = measure.out_of(slice_)
    denominators = _by_text(out_of.values).reindex(rows.index, fill_value=out_of.absent)
    counts = _by_text(measure.counts(slice_)).reindex(rows.index).fillna(0)
    rows = rows.assign(
        count=counts.where(denominators.notna()) if out_of.only_these else counts,
        out_of=denominators,
        source=own_source(records, measure, out_of.provisional),
    )
    notes = _notes(slice_, measure, out_of.provisional, out_of.notes)
    return _protected(rows.assign(la_code=la_code), slice_, measure, notes)


def _protected(rows: pd.DataFrame, slice_: Slice, measure: Measure, notes: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """The rows with small numbers hidden, and what else is hidden to protect them; a sentence more where any is."""
    records = slice_.records
    if records.protection is None:
        return rows, notes
    keys = rows.index if slice_.by is not By.LA else [slice_.phase or LA]
    hidden = pd.Series(list(keys), index=rows.index, dtype="str").isin(
        hidden_rows(records, measure.id, slice_.period, keys)
    )
    # That a school is not among those that a measure is of is no figure.
    hidden &= rows["count"].notna() | (measure is OUTREACH_COVERAGE)
    figures = ("count", "out_of", "rate") if measure in (AVERAGE_SUSPENSIONS, OUTREACH_COVERAGE) else ("count", "rate")
    said = [f"{hidden_in_words(records.protection)}."] if hidden.any() else []
    return withheld(rows.assign(rate=float("nan")), hidden, figures), [*notes, *said]


def _by_text(values: pd.Series) -> pd.Series:
    """Groups by their text, so that codes, URNs and categories are looked up alike."""
    return values.set_axis(values.index.astype("str"))


def _groups(slice_: Slice) -> pd.DataFrame:
    """What there is a row for, by the text of its key: schools, phases that the LA has schools of, or the LA."""
    match slice_.by:
        case By.SCHOOL:
            schools = slice_.schools[["urn", "laestab", "school_name", "phase"]].astype({"phase": "str"})
            return schools.set_index(schools["urn"].astype("str"))
        case By.PHASE:
            there = set(slice_.records.current_schools["phase"].astype("str"))
            phases = [str(p) for p in Phase if p in there and slice_.phase in (None, p)]
            return pd.DataFrame({"phase": phases}, index=pd.Index(phases, dtype="str"))
        case By.LA:
            return pd.DataFrame({"phase": [slice_.phase]}, index=[str(slice_.la_code)])


def _notes(slice_: Slice, measure: Measure, provisional: bool, notes: tuple[str, ...]) -> list[str]:
    now, period = slice_.records.now, slice_.period
    said = list(notes)
    if provisional:
        said.append(
            f"Until a January headcount of {year_label(period.year)} is loaded, each school's latest stands in."
        )
    if now and now < period.bounds[1] - _HOLIDAY:
        said.append(f"The data ends on {in_words(now)}, before {period.label} does.")
    if measure.datasets[0] == "suspensions":  # of the other datasets most schools have none, term after term
        said += missing_terms_note(slice_.records, "suspensions", period)
        said += completeness_note(slice_.records, "suspensions", period, slice_.phase)
    if slice_.by is By.LA and not slice_.phase and Phase.AP in set(slice_.records.current_schools["phase"]):
        said.append(f"The total is that of {', '.join(HEADLINE[:-1])} and {HEADLINE[-1]} schools.")
    return said


def _finished(tables: list[pd.DataFrame], measure: Measure, period: Period) -> pd.DataFrame:
    """The rows of all LAs in the columns of the table, with their rates."""
    filled = [table for table in tables if len(table)]
    if not filled:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in (COLUMNS | {HIDDEN: "str"}).items()})
    rows = pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0].reset_index(drop=True)
    codes = rows["la_code"].astype("int64")
    every = codes.unique()
    given = {
        "la_code": codes.map({code: f"{code:03d}" for code in every}),
        "la_name": codes.map({code: la_name(code) for code in every}),
        "year": period.year,
        "term": str(period.term) if period.term else None,
        "rate": (rows["count"] / rows["out_of"]).where(rows["out_of"] > 0) * measure.per,
    }
    cells = {name: given[name] if name in given else rows.get(name) for name in COLUMNS}
    table = pd.DataFrame({name: pd.Series(cells[name], index=rows.index, dtype=COLUMNS[name]) for name in COLUMNS})
    return table.assign(**{HIDDEN: rows[HIDDEN].fillna("") if HIDDEN in rows.columns else ""})
