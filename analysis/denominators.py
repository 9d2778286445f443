"""What counts are divided by: headcounts above all.

An annual rate takes the January census, a termly one its own term's; they are never mixed, and three termly rates do
not add up to the year's (DfE, suspensions and permanent exclusions methodology).
"""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from analysis.records import Records
from data_model.codes import Phase, SchoolStatus
from data_model.terms import Period, Term, year_label

HEADLINE = (Phase.PRIMARY, Phase.SECONDARY, Phase.SPECIAL)
"""The phases of an authority's headline totals: alternative provision is shown on its own (DfE, since 2024/25)."""

_ORDER = {str(term): place for place, term in enumerate(Term)}
_FIRST_OF_MONTH = {Term.AUT: 10, Term.SPR: 1, Term.SUM: 5}


@dataclass(frozen=True, eq=False)
class OutOf:
    """A denominator for each group by the slice's key; missing means none, and `notes` say why.

    A group that is not in `values` has `absent`. `only_these`: the measure is about the groups in `values` alone, and
    has no count for others either.
    """

    values: pd.Series
    notes: tuple[str, ...] = ()
    provisional: bool = False
    absent: float = float("nan")
    only_these: bool = False


def census_of(period: Period) -> Term:
    """The census whose headcount a period's rates take: January's for a whole year."""
    return period.term or Term.SPR


def census_day(year: str, term: Term) -> date:
    """DfE's census day: the first Thursday of October, the third of January and the third of May."""
    month = _FIRST_OF_MONTH[term]
    first = date(int(year[:4]) + (month < 8), month, 1)
    thursday = first + timedelta(days=(3 - first.weekday()) % 7)
    return thursday if term is Term.AUT else thursday + timedelta(days=14)


def headcounts_at(records: Records, period: Period) -> tuple[pd.Series, bool]:
    """The headcount of each school by URN at the period's census, of one LA's records, and whether it is provisional.

    While the latest year in the data has no January headcount at all, a census that nobody has is stood in for by the
    latest headcount of each school that is open now: that is what provisional means.
    """
    year, term = period.year, census_of(period)
    rows = records.headcounts
    at_census = rows[rows["academic_year"].eq(year) & rows["census_term"].eq(term)]
    if len(at_census) or not _january_is_to_come(records, year):
        return at_census.set_index("urn")["headcount"].astype("float64"), False
    assert records.now is not None
    here = records.schools.loc[open_at(records.schools, records.now), "current_urn"]
    before = rows[rows["academic_year"].astype("str").le(year) & rows["urn"].isin(here)]
    return latest_headcounts(before), True


def latest_headcounts(headcounts: pd.DataFrame) -> pd.Series:
    """The latest headcount of each school by URN."""
    ordered = headcounts.assign(place=census_order(headcounts)).sort_values("place", kind="stable")
    return ordered.drop_duplicates("urn", keep="last").set_index("urn")["headcount"].astype("float64")


def census_order(headcounts: pd.DataFrame) -> pd.Series:
    """Of each row a text by which censuses stand in the order of time."""
    terms = headcounts["census_term"].astype("str").map(_ORDER).astype("str")
    return headcounts["academic_year"].astype("str") + terms


def _january_is_to_come(records: Records, year: str) -> bool:
    rows = records.headcounts
    has_january = (rows["academic_year"].eq(year) & rows["census_term"].eq(Term.SPR)).any()
    return records.now is not None and Period.of(records.now).year == year and not has_january


def open_at(schools: pd.DataFrame, day: date) -> pd.Series:
    """Which of these schools were open on a day, by status and dates. A closed school without a date was not."""
    when = pd.Timestamp(day)
    opened = schools["open_date"].isna() | schools["open_date"].le(when)
    closed_undated = schools["status"].eq(SchoolStatus.CLOSED) & schools["close_date"].isna()
    going = schools["close_date"].isna() | schools["close_date"].gt(when)
    return opened & going & ~closed_undated & schools["status"].ne(SchoolStatus.PROPOSED_TO_OPEN)


def schools_without_headcount(records: Records, period: Period, headcounts: pd.Series) -> pd.DataFrame:
    """The schools that were open at the period's census and have no headcount: their phase has no denominator."""
    day = census_day(period.year, census_of(period))
    carried = records.schools.loc[open_at(records.schools, day), "current_urn"]
    current = records.current_schools
    return current[current["urn"].isin(carried) & ~current["urn"].isin(headcounts.index)]


def missing_note(schools: pd.DataFrame, period: Period, provisional: bool) -> str:
    """The sentence that says which schools have no headcount."""
    census = {Term.AUT: "October", Term.SPR: "January", Term.SUM: "May"}[census_of(period)]
    when = "any headcount" if provisional else f"a headcount at the {census} census of {year_label(period.year)}"
    names = [f"{name} ({urn})" for name, urn in zip(schools["school_name"], schools["urn"], strict=True)]
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    verb = "has" if len(names) == 1 else "have"
    return f"No denominator: {', '.join(names[:5])}{more} {verb} not {when}."
