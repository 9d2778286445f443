"""What casework is read from: referrals, cases, contacts and posts of one authority, and all that follows one case."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, select

from access.reach import columns_in, of_area
from access.scope import Scope
from analysis import queries
from analysis.casework.rows import pupil_rows
from analysis.frames import read
from data_model.agency_involvement import AGENCY_INVOLVEMENT
from data_model.dataset import Dataset
from data_model.outcome_measures import OUTCOME_MEASURES
from data_model.outreach import OUTREACH_CASES, OUTREACH_CONTACTS, OUTREACH_REFERRALS
from data_model.school_days import SchoolDays
from data_model.workforce import WORKFORCE


@dataclass(frozen=True, eq=False)
class Casework:
    """The rows of one authority, as far as the scope sees them: the columns of the datasets, `pupil_ref` and `urn`.

    Rows that name no school are here too. `posts` are those of the workforce, `names` the schools' by URN.
    """

    referrals: pd.DataFrame
    cases: pd.DataFrame
    contacts: pd.DataFrame
    posts: pd.DataFrame
    calendar: SchoolDays
    names: dict[int, str]


@dataclass(frozen=True, eq=False)
class CaseRows:
    """Everything that is saved about one case: `case` and `referral` by column, and a frame for all that follows it.

    `referral` is empty where the case names none that is saved.
    """

    case: dict[str, Any]
    referral: dict[str, Any]
    contacts: pd.DataFrame
    measures: pd.DataFrame
    agencies: pd.DataFrame


def casework(connection: Connection, scope: Scope, *, la: int) -> Casework:
    """The casework of an authority. Raises OutOfScope where the scope has no rows about pupils."""
    schools = queries.schools(connection, scope.within(la))
    urns = set(schools["urn"])

    def own(dataset: Dataset) -> pd.DataFrame:
        rows = _plain(pupil_rows(connection, scope, dataset, with_nobody=True))
        return rows[rows["urn"].isin(urns) | rows["urn"].isna()].reset_index(drop=True)

    dates = queries.term_dates(connection, scope)
    return Casework(
        referrals=own(OUTREACH_REFERRALS),
        cases=own(OUTREACH_CASES),
        contacts=own(OUTREACH_CONTACTS),
        posts=posts(connection, scope, la=la),
        calendar=SchoolDays.of(dates[dates["applies_to"].isin({la, *urns})]),
        names={int(urn): str(name) for urn, name in zip(schools["urn"], schools["school_name"], strict=True)},
    )


def posts(connection: Connection, scope: Scope, *, la: int) -> pd.DataFrame:
    """The posts of an authority's workforce: the columns of the dataset that the scope may read."""
    table = WORKFORCE.table.c
    statement = select(*(table[name] for name in columns_in(scope, WORKFORCE)))
    own = statement.where(of_area(scope, table.la_code), table.la_code == la)
    return _plain(read(connection, own.order_by(table.worker_ref, table.start_date)))


def case_rows(connection: Connection, scope: Scope, *, case_id: str) -> CaseRows | None:
    """All that is saved about a case; None where there is no such case within the scope."""
    cases = _plain(pupil_rows(connection, scope, OUTREACH_CASES, with_nobody=True))
    found = _row(cases[cases["case_id"].eq(case_id)])
    if not found:
        return None
    pupil = found.get("pupil_ref")
    only = None if pupil is None else [str(pupil)]

    def own(dataset: Dataset, key: str) -> pd.DataFrame:
        rows = _plain(pupil_rows(connection, scope, dataset, pupils=only, with_nobody=only is None))
        return rows[rows[key].eq(found.get(key))].reset_index(drop=True)

    return CaseRows(
        case=found,
        referral=_row(own(OUTREACH_REFERRALS, "referral_id")),
        contacts=own(OUTREACH_CONTACTS, "case_id"),
        measures=own(OUTCOME_MEASURES, "case_id"),
        agencies=own(AGENCY_INVOLVEMENT, "case_id"),
    )


def _row(rows: pd.DataFrame) -> dict[str, Any]:
    """The first row without its missing cells."""
    return {
        str(name): value for row in rows.head(1).to_dict("records") for name, value in row.items() if pd.notna(value)
    }


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    """The same with text as text: of a few thousand rows categories save nothing, and they refuse what is new."""
    categories = rows.select_dtypes("category").columns
    return rows.astype(dict.fromkeys(categories, object))
