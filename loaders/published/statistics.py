"""DfE's suspensions and permanent exclusions, in the current and the older layout, as rows to keep."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from data_model.published import COUNTS, RATES, published_statistics
from data_model.severity import Severity
from data_model.terms import year_label
from loaders.published import labels
from loaders.published.cells import (
    Cells,
    Wrong,
    academic_year,
    choose,
    constant,
    day,
    marker_of,
    number,
    text_or_none,
    value_of,
    whole,
)
from loaders.published.kinds import Kind, places
from loaders.published.reading import Reading, Sieve, in_key_order, refuse_repeats
from loaders.published.recompute import check_rates
from loaders.text_table import TextTable

_KEY = tuple(column.name for column in published_statistics.primary_key)


def read_statistics(table: TextTable, kind: Kind) -> Reading:
    """The rows of one of DfE's statistics files, with an error for each row that cannot be read, and a query for each
    published school or LA rate that its own count and headcount do not give."""
    sieve = Sieve(table)
    texts = {name: sieve.text(place) for name, place in places(kind, table.headers).items()}
    columns = _period_and_phase(sieve, texts)
    level = columns["geographic_level"]
    _leave_out_parts(sieve, texts, level)
    columns |= _places(sieve, texts, level) | _described(sieve, texts)
    numbers = {name: texts[name].map(number) for name in ("num_schools", *COUNTS, *RATES) if name in texts}
    for name, cells in numbers.items():
        sieve.reject_wrong(cells, texts[name], name)
    columns["area_code"] = _apart_by_urn(sieve, columns)
    key = [columns[name] for name in _KEY]
    message = "An earlier line has the figures of this place, phase and period already. Keep one of the two rows."
    refuse_repeats(sieve, key, texts["phase"], "phase", message)
    check_rates(sieve, numbers, (level.are("school") | level.are("la")) & sieve.kept, texts)
    for name, cells in numbers.items():
        columns |= {name: cells.map(value_of), f"{name}_marker": cells.map(marker_of)}
    rows, _ = in_key_order(sieve, key)
    return sieve.reading(published_statistics, columns, rows, _periods(sieve, columns, rows))


def _period_and_phase(sieve: Sieve, texts: Mapping[str, Cells]) -> dict[str, Cells]:
    """The key columns but for the area; leaves out the rows that they say are not wanted, rejects the unreadable."""
    found = {}
    for name, typed, read in (
        ("geographic_level", "geographic_level", labels.level),
        ("phase", "phase", labels.phase),
        ("academic_year", "time_period", academic_year),
        ("term", "time_identifier", labels.term),
    ):
        cells = texts[typed].map(read)
        sieve.leave_out(cells)
        sieve.reject_wrong(cells, texts[typed], name)
        found[name] = cells
    return found


def _leave_out_parts(sieve: Sieve, texts: Mapping[str, Cells], level: Cells) -> None:
    """Leave out the rows of areas that are for one academy type or part of a phase: kept, they would pass for all."""
    areas = level.rows(lambda name: name in labels.AREA_LEVELS)
    if "academy_type" in texts:
        parts = texts["academy_type"].rows(lambda text: labels.academy_type(text) is not None)
        sieve.leave_out_rows(areas & parts, "an area's figures for one type of academy are not used")
    parts = texts["phase"].rows(labels.is_part_of_a_phase)
    sieve.leave_out_rows(areas & parts, "an area's figures for part of a phase are not used")


def _places(sieve: Sieve, texts: Mapping[str, Cells], level: Cells) -> dict[str, Cells]:
    """The columns that say which school or area a row is for; rejects the rows that do not say."""
    rows = len(sieve.table)
    nothing = constant("", rows)
    typed = {name: texts.get(name, nothing) for name in ("laestab", "la_code", "region_code", "country_code")}
    laestab = typed["laestab"].map(whole(1_000_000, 9_999_999, "The LAESTAB"))
    la_code = typed["la_code"].map(whole(100, 999, "The LA code"))
    region = typed["region_code"].map(text_or_none)
    school, la = level.are("school"), level.are("la")
    areas = {
        "laestab": (school, laestab),
        "la_code": (school | la, la_code),
        "region_code": (level.are("region"), region),
        "country_code": (level.are("country"), typed["country_code"].map(text_or_none)),
    }
    message = "The row does not say which school or area it is for. Download the file again."
    for name, (meant, cells) in areas.items():
        sieve.reject_wrong(cells, typed[name], name, meant)
        sieve.reject(meant & cells.are(None), typed[name], name, "E-BLANK", message)
    return {
        "area_code": choose([(meant, cells.map(_as_text)) for meant, cells in areas.values()], rows),
        "la_code": choose([(school | la, la_code)], rows),
        "laestab": choose([(school, laestab)], rows),
        "region_code": region,
    }


def _as_text(value: Any) -> str | None:
    return None if value is None else str(value)


def _described(sieve: Sieve, texts: Mapping[str, Cells]) -> dict[str, Cells]:
    """The columns that describe a school or area. A URN or date that cannot be read is a query and left blank."""
    readers = {
        "la_name": text_or_none,
        "region_name": text_or_none,
        "school_name": text_or_none,
        "trust_name": text_or_none,
        "academy_type": labels.academy_type,
        "academy_open_date": day,
        "urn": _urn,
    }
    columns = {}
    for name, read in readers.items():
        if name in texts:
            cells = texts[name].map(read)
            sieve.reject_wrong(cells, texts[name], name)
            columns[name] = cells.blanked()
    return columns


def _urn(text: str) -> int | Wrong | None:
    urn = whole(100_000, 999_999, "The URN")(text)
    message = "This is not a URN (six digits), so it was left blank."
    return Wrong("Q-URN", message, Severity.QUERY) if isinstance(urn, Wrong) else urn


def _apart_by_urn(sieve: Sieve, columns: Mapping[str, Cells]) -> Cells:
    """The area codes, with `-URN` added for all but the newest of schools that share LAESTAB, phase and period."""
    area = columns["area_code"]
    if "urn" not in columns:
        return area
    urn = columns["urn"].numbers()
    key = [columns[name].place for name in _KEY]
    values, place = list(area.values), area.place.copy()
    newest: dict[tuple[int, ...], float] = {}
    for row in _sharing(sieve, columns, urn):
        first = newest.setdefault(tuple(int(part[row]) for part in key), urn[row])
        if first > urn[row]:
            place[row] = len(values)
            values.append(f"{area.values[area.place[row]]}-{urn[row]:.0f}")
    return Cells(place, values)


def _sharing(sieve: Sieve, columns: Mapping[str, Cells], urn: npt.NDArray[np.float64]) -> list[int]:
    """The kept rows whose area code some row repeats for the same phase and period, the newest URN first."""
    _, repeats = in_key_order(sieve, [columns[name] for name in _KEY])
    codes = set(columns["area_code"].take(repeats))
    rows = np.flatnonzero(columns["area_code"].rows(codes.__contains__) & sieve.kept)
    found: list[int] = rows[np.argsort(-np.nan_to_num(urn[rows]), kind="stable")].tolist()
    return found


def _periods(sieve: Sieve, columns: Mapping[str, Cells], rows: npt.NDArray[np.int64]) -> tuple[str, ...]:
    """The periods of the kept rows such as 201617 or 201617-AUT; adds a note that says which years they are."""
    pairs = sorted(set(zip(columns["academic_year"].take(rows), columns["term"].take(rows), strict=True)))
    if pairs:
        first, last = year_label(pairs[0][0]), year_label(pairs[-1][0])
        years = first if first == last else f"{first} to {last}"
        sieve.notes.append(f"The figures are for {years}.")
    return tuple(f"{year}-{term}" if term else year for year, term in pairs)
