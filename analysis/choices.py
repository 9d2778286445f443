"""What there is to choose from: local authorities, periods, schools."""

import pandas as pd

from analysis.records import Records
from data_model.local_authorities import la_name
from data_model.terms import Period, Term


def authorities(records: Records) -> dict[int, str]:
    """The name of every local authority with anything loaded, by its code: those with events of their own first."""
    names = {code: la_name(code) for code in records.by_la}
    return dict(sorted(names.items(), key=lambda item: (records.by_la[item[0]].now is None, item[1])))


def periods(records: Records, la: int) -> tuple[Period, ...]:
    """Every term and year that the authority has figures for, newest year first: its year, then its terms.

    The newest term comes before all: it is the one that people ask about. Empty where nothing is loaded.
    """
    own = records.by_la.get(la)
    if own is None:
        return ()
    terms = frozenset().union(*own.loaded.values())
    published = {_period(str(year), str(term)) for year, term in _published(own)}
    known = {*terms, *(Period(term.year) for term in terms), *published}
    newest = max((each for each in known if each.term), key=lambda each: each.bounds[1], default=None)
    ordered = sorted(known - {newest}, key=lambda each: (each.year, each.term is None, each.bounds[1]), reverse=True)
    return ((newest,) if newest else ()) + tuple(ordered)


def _published(own: Records) -> list[tuple[object, object]]:
    pairs = own.published[["academic_year", "term"]].drop_duplicates()
    return list(pairs.itertuples(index=False, name=None))


def _period(year: str, term: str) -> Period:
    return Period(year, Term(term) if term else None)


def schools(records: Records, la: int | None = None) -> pd.DataFrame:
    """Every school that the dashboard can show: `urn, laestab, la_code, school_name, phase, status, registered, key,
    numbers`.

    `registered` ones are in the schools file. `key` is the URN, or the LAESTAB where no URN is known: that of a school
    in older published statistics. `numbers` are all that mean it, with spaces between: a school that converted is one,
    and its older URN means it too.
    """
    columns = ["urn", "laestab", "la_code", "school_name", "phase", "status"]
    ours = records.current_schools[columns].astype({"urn": "Int64", "school_name": "str", "phase": "str"})
    ours["registered"] = True
    printed = _only_published(records, ours)
    both = pd.concat([ours, printed], ignore_index=True) if len(ours) else printed
    both["key"] = both["urn"].fillna(both["laestab"]).astype("int64")
    older = records.schools.groupby("current_urn")["urn"].agg(lambda urns: " ".join(map(str, urns)))
    urns = both["urn"].map(older).astype("object").fillna(both["urn"].astype("str"))
    both["numbers"] = urns.fillna("") + " " + both["laestab"].astype("str")
    return both if la is None else both[both["la_code"].eq(la)].reset_index(drop=True)


def _only_published(records: Records, ours: pd.DataFrame) -> pd.DataFrame:
    rows = records.published[records.published["geographic_level"].eq("school")]
    rows = rows.sort_values("academic_year", key=lambda years: years.astype("str"), kind="stable")
    latest = rows.drop_duplicates("laestab", keep="last")
    known = {*records.schools["laestab"], *ours["laestab"]}
    latest = latest[~latest["laestab"].isin(known)].reset_index(drop=True)
    names = latest["school_name"].astype("str")
    unnamed = "School " + latest["laestab"].astype("str")
    return pd.DataFrame(
        {
            "urn": latest["urn"].astype("Int64"),
            "laestab": latest["laestab"].astype("int64"),
            "la_code": latest["la_code"].astype("int64"),
            "school_name": names.where(names.notna() & names.ne(""), unnamed),
            "phase": latest["phase"].astype("str"),
            "status": pd.Series(None, index=latest.index, dtype="str"),
            "registered": False,
        }
    )
