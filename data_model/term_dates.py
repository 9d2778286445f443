"""Term dates: the school days that clocks and checks count."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from data_model import codes
from data_model.columns import AcademicYear, Also, Area, Closures, Day
from data_model.dataset import Dataset, Row, Rule
from data_model.rules import in_order, where
from data_model.severity import Severity
from data_model.terms import year_bounds


class TermDates(Row):
    """One term of one academic year, for the whole LA or for one school."""

    applies_to: Annotated[
        Area,
        Field(title="LA or school", description="A three-digit LA code, or the URN of a school with dates of its own"),
        Also("la code", "la_code", "urn", "la", "school urn"),
    ]
    academic_year: AcademicYear
    term: Annotated[codes.SchoolTerm, Field(description="AUT, SPR or SUM: the school's own term", examples=["AUT"])]
    first_day: Annotated[Day, Field(examples=["2025-09-02"]), Also("start date", "term start")]
    last_day: Annotated[Day, Field(examples=["2025-12-19"]), Also("end date", "term end")]
    closures: (
        Annotated[
            Closures,
            Field(description="Half term, INSET days: days or first/last, separated by semicolons"),
            Also("holidays", "inset days"),
        ]
        | None
    ) = None


def _outside_year(rows: pd.DataFrame) -> "pd.Series[bool]":
    years = {year: year_bounds(year) for year in rows["academic_year"].dropna().unique()}
    first = pd.to_datetime(rows["academic_year"].astype(object).map(lambda year: years[year][0], na_action="ignore"))
    last = pd.to_datetime(rows["academic_year"].astype(object).map(lambda year: years[year][1], na_action="ignore"))
    return (rows["first_day"] < first) | (rows["last_day"] > last)


TERM_DATES = Dataset(
    name="term_dates",
    title="Term dates",
    plain="First and last day of each term and the closures between, for the LA and for schools that differ",
    row=TermDates,
    key=("applies_to", "academic_year", "term"),
    area="applies_to",
    rules=(
        in_order(
            "first_day",
            "last_day",
            "The term ends on {last_day}, before it starts on {first_day}. Correct one of them.",
        ),
        Rule(
            code="E-OUTSIDE-YEAR",
            severity=Severity.ERROR,
            columns=("first_day", "last_day", "academic_year"),
            message="{first_day} to {last_day} is not inside the academic year {academic_year} (1 August to 31 July).",
            broken_by=where(_outside_year),
            plain="A term lies inside its academic year",
        ),
    ),
)
