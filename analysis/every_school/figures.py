"""Every school of an authority for one measure and period: its figure, the change, outreach now, what it is."""

from dataclasses import dataclass

import pandas as pd

from analysis import choices
from analysis.denominators import HEADLINE
from analysis.hiding.masks import OPEN_CASES
from analysis.hiding.protection import HIDDEN, HIDDEN_MARK, hidden_rows, is_hidden, with_hidden_before, withheld
from analysis.loaded import missing_terms_note
from analysis.measures import MEASURES, OUTREACH_COVERAGE, SUSPENSION_RATE, Measure
from analysis.records import Records, open_on
from analysis.slices import By
from analysis.sources import kinds
from analysis.table import table_of
from analysis.wording import amount
from analysis.year_before import YearBefore, records_then, year_before
from data_model.codes import Phase
from data_model.terms import Period

TOP, ABOVE, BELOW = "Highest fifth of its phase", "Above the middle of its phase", "The middle of its phase or below"
REACHED, NOT_REACHED = "Had outreach", "Had no outreach"
SMALL, NO_RATE, WITHHELD = "small number", "no denominator", "withheld or not available"
_REGISTER = ["district", "trust_name", "easting", "northing"]


@dataclass(frozen=True, eq=False)
class EverySchool:
    """`rows`, the highest rate first: `key` (URN, or LAESTAB where none is known), `urn, laestab, school_name, phase,
    count, out_of, headcount, rate, source`, `count_before, out_of_before, rate_before, change` (missing without both),
    `small` (below the measure's minimum: one child can move the rate), `band` (one of `bands`, missing without a rate),
    `open_cases` (on the last day in the data, missing where no cases are loaded), `district, trust_name, easting,
    northing`, `hidden`, and in words `phase_name, said` (the figure), `note` (what is wrong with it) and `note_before`.
    `before` says what the change is against, `notes` what to know.
    """

    measure_id: str
    period: Period
    before: YearBefore
    rows: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def measure(self) -> Measure:
        """The measure."""
        return MEASURES[self.measure_id]

    @property
    def bands(self) -> tuple[str, ...]:
        """The bands of `rows`, the one to look at first."""
        return (NOT_REACHED, REACHED) if self.measure is OUTREACH_COVERAGE else (TOP, ABOVE, BELOW)


def every_school(
    records: Records,
    la: int,
    measure: str,
    period: Period,
    phase: str | None = None,
    district: str | None = None,
    trust: str | None = None,
) -> EverySchool:
    """Each school's figure for a measure (by its id), of one phase, district and trust where they are given.

    Bands are worked out within each phase before districts and trusts are chosen: they say where a school stands among
    all schools of its phase.
    """
    own = records.by_la.get(la, records)
    before = year_before(own, la, period)
    table = table_of(own, measure, By.SCHOOL, period, phase, la)
    then = table_of(records_then(own, la, period, MEASURES[measure].datasets[0]), measure, By.SCHOOL, before.period)
    rows = _with_before(_keyed(table.rows), _keyed(then.rows))
    rows = _with_names(rows, choices.schools(own))
    rows["headcount"] = rows["key"].map(_headcounts(own, la, period, measure, rows))
    rows["small"] = rows["count"].lt(MEASURES[measure].minimum)
    rows["note_before"] = rows["count_before"].lt(MEASURES[measure].minimum).map({True: SMALL, False: ""})
    rows["band"] = _bands(rows, MEASURES[measure])
    rows = _with_open_cases(own, rows)
    rows = _in_words(rows)
    rows = _with_register(rows, own)
    for column, chosen in (("district", district), ("trust_name", trust)):
        rows = rows[rows[column].eq(chosen)] if chosen else rows
    if MEASURES[measure] is OUTREACH_COVERAGE:
        rows = rows[rows["count"].notna() | is_hidden(rows, "count")]
    ordered = rows.sort_values(["rate", "count", "school_name"], ascending=[False, False, True], na_position="last")
    notes = (*table.notes, *missing_terms_note(own, MEASURES[measure].datasets[0], before.period))
    return EverySchool(measure, period, before, ordered.reset_index(drop=True), notes)


def drawn(found: EverySchool, phase: str | None) -> pd.DataFrame:
    """The rows of a chart: those with a rate. Without a phase they are by phase, those whose rate is hidden are there
    too (`withheld`), and alternative provision is left out: its rates would press all others together.
    """
    rated = found.rows.dropna(subset=["rate"])
    if phase or rated.empty:
        return rated
    hidden = is_hidden(found.rows, "rate")
    rated = found.rows.assign(withheld=hidden)[found.rows["rate"].notna() | hidden]
    place = rated["phase"].map({str(each): number for number, each in enumerate(HEADLINE)})
    return rated.assign(place=place).dropna(subset=["place"]).sort_values("place", kind="stable")


def in_need(coverage: EverySchool, suspensions: EverySchool) -> pd.DataFrame:
    """The rows of `outreach_coverage`, those that outreach did not reach first and the highest suspension rate first.

    Adds `suspension_rate`, `suspensions` and `pupils` from the same schools' rows of `suspension_rate`, and what is
    wrong with that as `note`.
    """
    figures = suspensions.rows.drop_duplicates("key").set_index("key")
    rows = coverage.rows.assign(
        suspension_rate=coverage.rows["key"].map(figures["rate"]),
        suspensions=coverage.rows["key"].map(figures["count"]),
        pupils=coverage.rows["key"].map(figures["out_of"]),
        note=coverage.rows["key"].map(figures["note"]),
    )
    rows = withheld(rows, is_hidden(rows, "count"), ["suspension_rate", "suspensions", "note"])
    ordered = rows.sort_values(["count", "suspension_rate", "school_name"], ascending=[True, False, True])
    return ordered.reset_index(drop=True)


def districts(records: Records, la: int) -> tuple[str, ...]:
    """The districts of an authority's schools, in the order of the alphabet."""
    return _distinct(records, la, "district")


def trusts(records: Records, la: int) -> tuple[str, ...]:
    """The trusts of an authority's schools, in the order of the alphabet."""
    return _distinct(records, la, "trust_name")


def _distinct(records: Records, la: int, column: str) -> tuple[str, ...]:
    schools = records.current_schools
    return tuple(sorted(schools.loc[schools["la_code"].eq(la), column].astype("str").dropna().unique()))


def _keyed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(key=rows["urn"].fillna(rows["laestab"]).astype("int64"))


def _with_before(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Adds the year before's figures, of the same kind of source only, and the change of the rate."""
    now, then = (rows.assign(kind=kinds(rows["source"])) for rows in (now, then))
    # One row a school: a published school of two phases has two, and a change between them would be nobody's.
    earlier = then.drop_duplicates(["key", "phase"])[["key", "phase", "kind", "count", "out_of", "rate", HIDDEN]]
    both = with_hidden_before(now.merge(earlier, on=["key", "phase", "kind"], how="left", suffixes=("", "_before")))
    changes = both.assign(change=both["rate"] - both["rate_before"]).drop(columns="kind")
    return withheld(changes, is_hidden(both, "rate") | is_hidden(both, "rate_before"), ["change"])


def _with_names(rows: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    names = schools.drop_duplicates("key").set_index("key")["school_name"]
    named = rows["key"].map(names).astype("str")
    return rows.assign(school_name=rows["school_name"].where(rows["school_name"].notna(), named))


def _headcounts(own: Records, la: int, period: Period, measure: str, rows: pd.DataFrame) -> pd.Series:
    """Pupils on roll by key: what most rates are out of, so they are looked up only for the others."""
    if MEASURES[measure].out_of is not SUSPENSION_RATE.out_of:
        rows = _keyed(table_of(own, SUSPENSION_RATE.id, By.SCHOOL, period, la=la).rows)
    return rows.drop_duplicates("key").set_index("key")["out_of"]


def _bands(rows: pd.DataFrame, measure: Measure) -> pd.Series:
    if measure is OUTREACH_COVERAGE:
        return rows["count"].map({1.0: REACHED, 0.0: NOT_REACHED})
    by_phase = rows.groupby("phase", observed=True)["rate"]
    place = by_phase.rank(method="min", ascending=False)
    fifth = -(-by_phase.transform("count") // 5)
    band = pd.Series(BELOW, index=rows.index, dtype="str")
    band[rows["rate"].gt(by_phase.transform("median"))] = ABOVE
    band[place.le(fifth) & rows["rate"].gt(0)] = TOP
    return band.where(rows["rate"].notna())


def _with_open_cases(own: Records, rows: pd.DataFrame) -> pd.DataFrame:
    if not own.loaded["outreach_cases"] or own.now is None:
        return rows.assign(open_cases=pd.Series(pd.NA, index=rows.index, dtype="Int64"))
    counts = open_on(own.cases, own.now)["urn"].value_counts()
    counted = rows.assign(open_cases=rows["key"].map(counts).fillna(0).astype("Int64"))
    keys = rows["key"].astype("str")
    return withheld(counted, keys.isin(hidden_rows(own, OPEN_CASES, Period.of(own.now), keys)), ["open_cases"])


def _in_words(rows: pd.DataFrame) -> pd.DataFrame:
    said = [
        f"{amount(rate)} ({amount(count)} / {amount(out_of)})" if pd.notna(rate) else NO_RATE
        for rate, count, out_of in zip(rows["rate"], rows["count"], rows["out_of"], strict=True)
    ]
    hidden = is_hidden(rows, "count")
    note = rows["small"].map({True: SMALL, False: ""}).where(rows["rate"].notna(), NO_RATE)
    missing = rows["count"].isna()
    return rows.assign(
        phase_name=rows["phase"].map({str(phase): phase.label for phase in Phase}),
        said=pd.Series(said, index=rows.index, dtype="str").where(~hidden, HIDDEN_MARK),
        note=note.where(~missing, WITHHELD).where(~hidden, HIDDEN_MARK),
    )


def _with_register(rows: pd.DataFrame, own: Records) -> pd.DataFrame:
    register = own.current_schools[["urn", *_REGISTER]].astype({"district": "str", "trust_name": "str"})
    return rows.merge(register.rename(columns={"urn": "key"}), on="key", how="left")
