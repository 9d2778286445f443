"""What was sent and what was not: school by term, open queries, what is stale."""

import pandas as pd
from sqlalchemy import Connection

from access.scope import Scope
from analysis import queries
from analysis.denominators import open_at
from analysis.records import Records
from data_model.catalogue import DATASETS
from data_model.labelled import Labelled
from data_model.terms import Period, Term


class Sent(Labelled):
    """What came from one school for one term."""

    ROWS = "rows", "Rows were sent"
    NIL = "nil", "A nil return: nothing happened"
    NOTHING = "nothing", "In no file: not sent, or nothing to send"
    NOT_OPEN = "not_open", "The school was not open"


_COLUMNS = ["urn", "school_name", "phase", "year", "term", "rows", "sent"]


def grid(records: Records, dataset: str, la: int) -> pd.DataFrame:
    """For each school of the LA and each term that anything was sent for, oldest first: what was sent.

    Columns: `urn, school_name, phase, year, term, rows, sent` (a value of Sent). One row a school and term. `rows` is
    missing where small numbers are hidden.
    """
    own = records.by_la.get(la)
    if own is None:
        return pd.DataFrame(columns=_COLUMNS)
    files = own.sent[own.sent["dataset"].eq(dataset)]
    terms = sorted({Period(str(year), Term(str(term))) for year, term in files[["academic_year", "term"]].to_numpy()})
    parts = [_of_term(own, files, period) for period in terms]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_COLUMNS)
    # How many rows a school sent is how many events there were.
    return found if own.protection is None else found.assign(rows=pd.array([pd.NA] * len(found), dtype="Int64"))


def _of_term(records: Records, files: pd.DataFrame, period: Period) -> pd.DataFrame:
    here = files[files["academic_year"].eq(period.year) & files["term"].eq(str(period.term))]
    rows = here.groupby("urn")["rows"].sum()
    schools = records.current_schools[["urn", "school_name", "phase"]]
    sent = schools["urn"].map(rows)
    whole_la = 0 in rows.index
    last = min(period.bounds[1], records.now or period.bounds[1])
    open_urns = records.schools.loc[open_at(records.schools, last), "current_urn"]
    state = pd.Series(str(Sent.NIL if whole_la else Sent.NOTHING), index=schools.index)
    state[~schools["urn"].isin(open_urns)] = str(Sent.NOT_OPEN)
    state[sent.eq(0)] = str(Sent.NIL)
    state[sent.gt(0)] = str(Sent.ROWS)
    return schools.assign(year=period.year, term=str(period.term), rows=sent.fillna(0).astype(int), sent=state)


def staleness(connection: Connection, scope: Scope) -> pd.DataFrame:
    """For each dataset in the order of loading: `dataset, title, files, last_upload, last_day, days_behind`.

    `last_day` is the last day that its rows tell of (missing for datasets that are not events), and `days_behind` how
    many days that is before the last day of any dataset. Datasets that were never loaded have 0 files.
    """
    files = queries.last_uploads(connection, scope).astype({"dataset": "str"})
    days = queries.last_days(connection, scope)
    last = pd.DataFrame({"dataset": list(days), "last_day": list(days.values())}, dtype="object")
    table = pd.DataFrame({"dataset": list(DATASETS), "title": [dataset.title for dataset in DATASETS.values()]})
    table = table.merge(files, on="dataset", how="left").merge(last, on="dataset", how="left")
    table["files"] = table["files"].fillna(0).astype(int)
    table["last_day"] = pd.to_datetime(table["last_day"])
    table["days_behind"] = (table["last_day"].max() - table["last_day"]).dt.days.astype("Int64")
    return table
