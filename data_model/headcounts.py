"""Headcounts: the denominators."""

from typing import Annotated

import pandas as pd
from pydantic import AfterValidator, Field

from data_model import codes
from data_model.columns import AcademicYear, Also, Day, ShortText, Urn, WholeNumber
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.rules import known_school
from data_model.severity import Severity
from data_model.terms import previous_year

_CENSUS = ["urn", "academic_year", "census_term"]


def _one_spelling(text: str) -> str:
    """Total, or the value in capitals as codes are: rows that differ in nothing else are one row."""
    return "Total" if text.casefold() == "total" else text.upper()


class Headcount(Row):
    """Pupils on roll at one school on one census day: sole and dual main registrations."""

    urn: Urn
    academic_year: AcademicYear
    census_term: Annotated[
        codes.CensusTerm,
        Field(description="AUT October, SPR January (annual rates use it), SUM May", examples=["SPR"]),
        Also("term", "census", "time identifier"),
    ]
    characteristic_group: Annotated[codes.CharacteristicGroup, Field(description="Total for the whole roll")]
    characteristic: Annotated[
        ShortText,
        AfterValidator(_one_spelling),
        Field(description="Total, or the value within the group, read in capitals", examples=["Total"]),
    ]
    headcount: Annotated[
        WholeNumber,
        Field(ge=0, le=20_000, description="Sole and dual main registrations (C + M)", examples=["412"]),
        Also("number on roll", "nor", "roll", "pupils on roll", "number of pupils", "pupils"),
    ]
    census_date: Day | None = None


def _no_total(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    saved = surroundings.saved("headcounts")
    keys = [*_CENSUS, "characteristic_group"]
    both = pd.concat([rows[keys].astype(object), saved[keys].astype(object)])
    totals = both[both["characteristic_group"].eq("Total")][_CENSUS].drop_duplicates()
    found = rows[_CENSUS].astype(object).merge(totals, on=_CENSUS, how="left", indicator=True)["_merge"].eq("both")
    return rows[~found.to_numpy() & rows[_CENSUS].notna().all(axis=1).to_numpy()]


def _parts_differ(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    plain = (
        rows[[*_CENSUS, "characteristic_group"]].astype(object).assign(headcount=rows["headcount"].astype("Float64"))
    )
    parts = plain[plain["characteristic_group"].ne("Total")]
    sums = parts.groupby([*_CENSUS, "characteristic_group"])["headcount"].sum(skipna=False).rename("parts")
    sums = sums.reset_index().astype(dict.fromkeys(_CENSUS, object))
    totals = plain[plain["characteristic_group"].eq("Total")].assign(row=lambda frame: frame.index)
    both = totals.drop(columns="characteristic_group").merge(sums, on=_CENSUS)
    off = both[both["headcount"].ne(both["parts"]).fillna(False)].drop_duplicates("row").set_index("row")
    return rows.loc[off.index].assign(parts=off["parts"].astype("Int64"), group=off["characteristic_group"])


def _jump(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    columns = [*_CENSUS, "characteristic_group", "headcount"]
    both = pd.concat([surroundings.saved("headcounts")[columns].astype(object), rows[columns].astype(object)])
    totals = both[both["characteristic_group"].eq("Total")].dropna().drop_duplicates(_CENSUS, keep="last")
    before = totals.set_index(_CENSUS)["headcount"]
    now = rows[rows["characteristic_group"].eq("Total") & rows[columns].notna().all(axis=1)]
    keys = pd.MultiIndex.from_arrays(
        [
            now["urn"].astype(object),
            now["academic_year"].astype(object).map(previous_year),
            now["census_term"].astype(object),
        ]
    )
    was = pd.Series(before.reindex(keys).to_numpy(), index=now.index, dtype="Float64")
    change = (now["headcount"].astype("Float64") - was).abs() / was.where(was > 0)
    # Columns first: pandas gives a frame without rows those of a column that it is assigned.
    return now.assign(was=was.astype("Int64"))[(change > 0.15).fillna(False)]


HEADCOUNTS = Dataset(
    name="headcounts",
    title="Headcounts",
    plain="Pupils on roll at each school at each census: without them there are counts but no rates",
    row=Headcount,
    key=("urn", "academic_year", "census_term", "characteristic_group", "characteristic"),
    school="urn",
    rules=(
        known_school("urn"),
        Rule(
            code="E-NO-TOTAL",
            severity=Severity.ERROR,
            columns=("characteristic_group", "urn", "academic_year", "census_term"),
            message="There is no Total row for this school at this census. Add one: characteristic group Total, characteristic Total.",
            broken_by=_no_total,
            plain="Each school has a Total row at each census",
        ),
        Rule(
            code="Q-PARTS-DIFFER",
            severity=Severity.QUERY,
            columns=("headcount", "urn", "academic_year", "census_term", "characteristic_group"),
            message="The headcount is {headcount}, but the rows by {group} add up to {parts}. Check them.",
            broken_by=_parts_differ,
            plain="The parts of each group add up to the total",
        ),
        Rule(
            code="Q-HEADCOUNT-JUMP",
            severity=Severity.QUERY,
            columns=("headcount", "urn", "academic_year", "census_term", "characteristic_group"),
            message="{headcount} pupils, when the same census a year before had {was}: more than 15% apart. Is that right?",
            broken_by=_jump,
            plain="The roll is within 15% of the same census a year before",
        ),
    ),
)
