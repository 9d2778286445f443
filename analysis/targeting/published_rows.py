"""DfE's rows of schools as lists read them: where a file has terms alone, with the years that they add up to."""

import pandas as pd

from analysis.published_table import of_schools
from data_model.terms import Term

_SCHOOL_YEAR = ["laestab", "phase", "academic_year"]


def rows_of_schools(published: pd.DataFrame) -> pd.DataFrame:
    """The rows of schools, one for each LAESTAB, phase and period; of whole years, too, that only terms are known of.

    DfE's file by term has no years. A year is added up where all three terms of the authority are there and the year
    is not. Its suspensions are those of its terms, missing where those of one are; its headcount is January's, as in
    DfE's own years.
    """
    rows = of_schools(published)
    lacking = _years_of_terms(rows)
    if lacking.empty:
        return rows
    plain = rows.astype({"academic_year": "str", "term": "str", "phase": "str"})
    terms = plain.merge(lacking, on=["la_code", "academic_year"]).sort_values("term", kind="stable")
    return pd.concat([plain, _added_up(terms)], ignore_index=True)


def _years_of_terms(rows: pd.DataFrame) -> pd.DataFrame:
    """The authorities and years, `la_code, academic_year`, that have all three terms and no year."""
    periods = rows[["la_code", "academic_year", "term"]].drop_duplicates().astype({"academic_year": "str"})
    known = periods.groupby(["la_code", "academic_year"])["term"].agg(lambda terms: set(terms) == set(map(str, Term)))
    return known[known].reset_index()[["la_code", "academic_year"]]


def _added_up(terms: pd.DataFrame) -> pd.DataFrame:
    """A row for each school and year of these terms, which are in order."""
    latest = terms.drop_duplicates(_SCHOOL_YEAR, keep="last").set_index(_SCHOOL_YEAR)
    each = terms.groupby(_SCHOOL_YEAR)["suspensions"]
    whole = each.sum().where(each.count().eq(each.size()))
    january = terms[terms["term"].eq(str(Term.SPR))].set_index(_SCHOOL_YEAR)["headcount"]
    return latest.assign(term="", suspensions=whole, headcount=january, suspensions_marker="").reset_index()
