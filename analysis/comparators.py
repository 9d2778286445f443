"""What an LA is compared with: England, its region and its statistical neighbours, as published."""

from collections.abc import Iterator

import pandas as pd
from sqlalchemy import Connection

from access.scope import Scope
from analysis import published_queries
from analysis.measures import MEASURES
from data_model.local_authorities import la_name
from data_model.published import ENGLAND
from data_model.reference import REGION_CODES, local_authorities
from data_model.terms import Period

COLUMNS = ["area", "kind", "year", "term", "rate", "count", "out_of", "areas", "source"]
STATISTICS = "DfE, Suspensions and permanent exclusions in England"
LA_TOOL = "DfE, LA interactive tool"
NOT_PUBLISHED = "not published"
_RATES = {
    "suspension_rate": "suspension_rate",
    "permanent_exclusion_rate": "permanent_exclusion_rate",
    "one_plus_suspension_rate": "one_plus_rate",
}
"""The published rate of each measure that DfE prints one of."""


def comparators(
    connection: Connection, scope: Scope, la: int, measure: str, period: Period, phase: str | None = None
) -> pd.DataFrame:
    """England, the LA's region and its statistical neighbours: the latest published figure of the same term.

    Columns: `area, kind` (country, region, neighbours or neighbour), `year, term, rate, areas` (how many a mean is of),
    `source`, and the `count` and `out_of` that a rate is of where they are printed too. The year is the period's own or
    the latest before it. The neighbours' row is their plain mean. Where nothing is published `rate` and `year` are
    missing and `source` says so. Region and England are as printed.
    """
    if la not in scope.authorities:
        return pd.DataFrame(columns=COLUMNS)
    figures = pd.concat(_sources(connection, scope, la, measure, period, phase or "total"), ignore_index=True)
    authority = local_authorities().get(la)
    region = authority.region if authority else ""
    rows = [_area(figures, ENGLAND, "England", "country")]
    if region:
        rows.append(_area(figures, REGION_CODES[region], region, "region"))
    rows += _neighbours(figures, published_queries.neighbours(connection, scope, la))
    return pd.DataFrame(rows, columns=COLUMNS).assign(term=str(period.term) if period.term else None)


def _sources(
    connection: Connection, scope: Scope, la: int, measure: str, period: Period, phase: str
) -> Iterator[pd.DataFrame]:
    """`area_code, year, rate, count, out_of, source` of every area, the fuller publication first."""
    areas = published_queries.published_areas(connection, scope, la)
    chosen = areas[areas["phase"].eq(phase) & areas["term"].eq(str(period.term or ""))]
    yield _figures(chosen, _printed(chosen, measure), period, STATISTICS, MEASURES[measure].published or ("", ""))
    if period.term is None:
        rates = published_queries.published_rates(connection, scope, la)
        chosen = rates[rates["phase"].eq(phase) & rates["measure"].eq(_RATES.get(measure, ""))]
        yield _figures(chosen, chosen["value"], period, LA_TOOL)


def _printed(rows: pd.DataFrame, measure: str) -> pd.Series:
    if measure in _RATES:
        return rows[_RATES[measure]]
    columns = MEASURES[measure].published
    if columns is None:
        return pd.Series(float("nan"), index=rows.index)
    count, out_of = rows[columns[0]], rows[columns[1]]
    return (count / out_of).where(out_of > 0) * MEASURES[measure].per


def _figures(
    rows: pd.DataFrame, rate: pd.Series, period: Period, source: str, of: tuple[str, str] = ("count", "out_of")
) -> pd.DataFrame:
    printed = rows.reindex(columns=list(of)).astype("float64")
    table = pd.DataFrame(
        {
            "area_code": rows["area_code"].astype("str"),
            "year": rows["academic_year"].astype("str"),
            "rate": rate.astype("float64"),
            "count": printed[of[0]],
            "out_of": printed[of[1]],
            "source": pd.Series(source, index=rows.index, dtype="str"),
        }
    )
    return table[table["year"].le(period.year) & table["rate"].notna()]


def _area(figures: pd.DataFrame, code: str, name: str, kind: str) -> dict[str, object]:
    own = figures[figures["area_code"].eq(code)]
    if own.empty:
        return {"area": name, "kind": kind, "areas": 1, "source": NOT_PUBLISHED}
    latest = own.sort_values("year", kind="stable").drop_duplicates("year", keep="first").iloc[-1]
    return {"area": name, "kind": kind, "areas": 1, **latest[["year", "rate", "count", "out_of", "source"]]}


def _neighbours(figures: pd.DataFrame, neighbours: pd.DataFrame) -> list[dict[str, object]]:
    codes = [int(code) for code in neighbours["neighbour_code"]]
    each = [_area(figures, f"{code:03d}", la_name(code), "neighbour") for code in codes]
    years = [str(row["year"]) for row in each if "year" in row]
    if not years:
        return [_no_mean(len(codes)), *each] if codes else []
    # A mean over different years would be nobody's: it is of those that have the latest year.
    latest = [row for row in each if row.get("year") == max(years)]
    mean = sum(float(str(row["rate"])) for row in latest) / len(latest)
    name = f"Mean of {len(latest)} of {len(codes)} statistical neighbours"
    source = str(latest[0]["source"])
    return [
        {"area": name, "kind": "neighbours", "year": max(years), "rate": mean, "areas": len(latest), "source": source},
        *each,
    ]


def _no_mean(neighbours: int) -> dict[str, object]:
    name = f"Mean of {neighbours} statistical neighbours"
    return {"area": name, "kind": "neighbours", "areas": neighbours, "source": NOT_PUBLISHED}
