"""An authority's own figure beside those of England, its region and its statistical neighbours, each with its year."""

from dataclasses import dataclass

import pandas as pd

from analysis.comparators import NOT_PUBLISHED
from analysis.hiding.protection import HIDDEN, is_hidden
from analysis.measures import MEASURES
from analysis.records import Records
from analysis.slices import By
from analysis.sources import LOCAL, PUBLISHED, SOURCES, kinds
from analysis.table import table_of
from analysis.wording import amount
from analysis.year_before import is_running, year_before
from data_model.local_authorities import la_name
from data_model.terms import Period, Term

WITHOUT_ROLL = "published without pupils on roll"


@dataclass(frozen=True, eq=False)
class BesideOthers:
    """`rows`: `area, period` (`not published` without one), `name` of both, `rate` (missing then), the `count` and
    `out_of` that it is of, `note` (WITHOUT_ROLL where DfE does not print both), `source, own`."""

    rows: pd.DataFrame
    sentence: str

    @property
    def sources(self) -> str:
        """Where the figures come from, in words."""
        known = self.rows.loc[self.rows["rate"].notna(), "source"]
        return "; ".join(dict.fromkeys(known)) or NOT_PUBLISHED

    @property
    def others_are_missing(self) -> bool:
        """Whether nothing is published to compare with."""
        return bool(self.rows.loc[~self.rows["own"].astype(bool), "rate"].isna().all())

    @property
    def own(self) -> tuple[str, ...]:
        """The names of the authority's own rows."""
        return tuple(self.rows.loc[self.rows["own"], "name"])


def whole_year(records: Records, la: int, period: Period) -> Period:
    """The academic year of a period, or where the data ends within it the year before."""
    return fair_period(records, la, Period(period.year))


def fair_period(records: Records, la: int, period: Period) -> Period:
    """The period itself, or where the data ends within it the same one a year before: whole ones are compared."""
    return year_before(records, la, period).period if is_running(records, la, period) else period


def own_figures(records: Records, la: int, measure: str, period: Period, phase: str | None = None) -> pd.DataFrame:
    """The authority's figure for a period from each source that has it: `area, year, term, rate, count, out_of, source,
    own`."""
    name = la_name(la)
    tables = [table_of(records, measure, By.LA, period, phase, la, source).rows for source in (LOCAL, PUBLISHED)]
    filled = [rows for rows in tables if len(rows)] or tables[:1]
    rows = pd.concat(filled, ignore_index=True)[["year", "term", "rate", "count", "out_of", "source", HIDDEN]]
    return rows.assign(area=name, source=kinds(rows["source"]).map(SOURCES), own=True)


def beside_others(own: pd.DataFrame, others: pd.DataFrame, measure: str, period: Period) -> BesideOthers:
    """What `own_figures` found for a measure (by its id) beside what `comparators` did."""
    both = pd.concat([own, others.assign(own=False)], ignore_index=True).reindex(
        columns=["area", "year", "term", "rate", "count", "out_of", "source", "own", "kind", HIDDEN]
    )
    alone = both["rate"].notna() & both["out_of"].isna()
    both["note"] = alone.map({True: WITHOUT_ROLL, False: ""})
    both["period"] = [_period(year, period.term) for year in both["year"]]
    named = both["area"] + ", " + both["period"]
    return BesideOthers(both.assign(name=named), _sentence(both, measure, period))


def _period(year: object, term: Term | None) -> str:
    return Period(str(year), term).label if pd.notna(year) else NOT_PUBLISHED


def _sentence(rows: pd.DataFrame, measure: str, period: Period) -> str:
    unit = MEASURES[measure].unit
    own = rows[rows["own"] & rows["rate"].notna()]
    england = rows[rows["kind"].eq("country") & rows["rate"].notna()]
    if own.empty and is_hidden(rows, "rate").any():
        return f"Too few pupils to show the authority’s rate for {period.label}."
    if own.empty:
        return f"No rate can be worked out for {period.label}, so there is nothing to compare."
    first = f"{amount(own['rate'].iloc[0])} {unit} in {period.label}"
    if england.empty:
        return f"{first}; England’s figure is not published."
    there = england.iloc[0]
    when = f"{there['period']}, the latest published" if there["period"] != period.label else "the same period"
    return f"{first}; England had {amount(there['rate'])} in {when}."
