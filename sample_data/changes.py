"""What happens to schools over the years: one secondary becomes an academy, two primaries merge, one primary closes."""

from typing import Any

import numpy as np

from sample_data import names
from sample_data.arrays import Array
from sample_data.figures import PRIMARY, SECONDARY
from sample_data.sites import Sites

_ENOUGH_SCHOOLS = 30
_PREMISES = ("easting", "northing", "ward", "district", "low_age", "high_age", "capacity", "admissions_policy")
_Row = dict[str, Any]


def there_is_room(schools: int, years: int) -> bool:
    """Whether an LA is large enough, and the years long enough, for schools to change."""
    return schools >= _ENOUGH_SCHOOLS and years > 1


def rows_to_come(counts: Array) -> tuple[int, int]:
    """The rows of the schools that open during the years: the last primary (by merger) and the last secondary."""
    return int(counts[PRIMARY]) - 1, int(counts[PRIMARY] + counts[SECONDARY]) - 1


def make(rows: list[_Row], row_of: Array, sites: Sites, counts: Array, first_year: int) -> None:
    """Make all three changes: in the register's rows, and in which row teaches each site in each year."""
    years = row_of.shape[1]
    merged, converted = rows_to_come(counts)
    _convert(rows, row_of, int(counts[PRIMARY]), converted, first_year, max(1, years - 2))
    _merge(rows, row_of, sites, merged, first_year, max(1, years // 2))
    closing = int(np.flatnonzero(sites.closes < years)[0])
    rows[int(row_of[closing, 0])] |= _closed(first_year + int(sites.closes[closing]))


def _convert(rows: list[_Row], row_of: Array, old: int, new: int, first_year: int, year: int) -> None:
    """The first secondary was maintained, and goes on as an academy with a URN of its own."""
    row_of[np.flatnonzero(row_of[:, 0] == old), year:] = new
    rows[new] |= {name: rows[old][name] for name in _PREMISES}
    rows[new] |= _opened(first_year + year, rows[old]["urn"], "converter")
    rows[new] |= {"school_name": f"{rows[old]['ward']} Academy", "trust_name": names.TRUSTS[0]}
    rows[new] |= {"establishment_type": "Academy converter", "establishment_type_group": "Academies"}
    rows[old] |= _maintained("Foundation school") | _closed(first_year + year)
    rows[old]["school_name"] = f"{rows[old]['ward']} School"


def _merge(rows: list[_Row], row_of: Array, sites: Sites, new: int, first_year: int, year: int) -> None:
    """The two smallest primaries of the first district become one new school."""
    years = row_of.shape[1]
    candidates = np.flatnonzero((sites.phase == PRIMARY) & (sites.district == 0) & (sites.closes == years))
    merging = candidates[np.argsort(sites.intake[candidates], kind="stable")[:2]]
    olds = [rows[int(row_of[site, 0])] for site in merging]
    row_of[merging, year:] = new
    rows[new] |= {name: olds[0][name] for name in _PREMISES}
    rows[new] |= _maintained("Community school") | _opened(first_year + year, olds[0]["urn"], "merger")
    rows[new] |= {"capacity": sum(old["capacity"] for old in olds), "ward": olds[0]["ward"]}
    for old in olds:
        old |= _closed(first_year + year)


def _maintained(establishment_type: str) -> _Row:
    return {
        "establishment_type": establishment_type,
        "establishment_type_group": "Local authority maintained schools",
        "trust_name": None,
        "open_date": None,
    }


def _opened(year: int, predecessor_urn: int, link_type: str) -> _Row:
    return {"open_date": f"{year}-09-01", "predecessor_urn": predecessor_urn, "link_type": link_type}


def _closed(year: int) -> _Row:
    return {"status": "closed", "close_date": f"{year}-08-31"}
