"""LA rates and statistical neighbours, as rows to keep."""

from collections.abc import Mapping

import numpy as np

from data_model.published import ENGLAND, published_la_rates, statistical_neighbours
from data_model.reference import REGION_CODES, region_name
from loaders.layout import normalise_header
from loaders.published.cells import (
    Cells,
    LeftOut,
    Wrong,
    academic_year,
    choose,
    constant,
    marker_of,
    number,
    text_or_none,
    value_of,
    whole,
)
from loaders.published.kinds import Kind, places
from loaders.published.reading import Reading, Sieve, in_key_order, refuse_repeats
from loaders.text_table import TextTable

_LA_CODE = whole(100, 999, "The LA code")
_MEASURES = {"fixedex": "suspension_rate", "permex": "permanent_exclusion_rate", "pupfixedex": "one_plus_rate"}
_PHASES = {"pri": "primary", "sec": "secondary", "spec": "special", "tot": "total", "total": "total"}
_INDICATORS = {
    f"{short}{indicator}": (measure, phase)
    for short, phase in _PHASES.items()
    for indicator, measure in _MEASURES.items()
}
_RANKS = range(1, 11)


def read_la_rates(table: TextTable, kind: Kind) -> Reading:
    """The rates of DfE's LA interactive tool that are of suspensions and exclusions, known by their short description:
    the long one is blank after a series' first year, and misspelt."""
    sieve = Sieve(table)
    texts = {name: sieve.text(place) for name, place in places(kind, table.headers).items()}
    indicator = texts["indicator"].map(_indicator)
    sieve.leave_out(indicator)
    year, value = texts["year"].map(academic_year), texts["value"].map(number)
    sieve.reject_wrong(year, texts["year"], "academic_year")
    sieve.reject_wrong(value, texts["value"], "value")
    columns = {
        "measure": indicator.map(lambda found: found[0]),
        "phase": indicator.map(lambda found: found[1]),
        "academic_year": year,
        "value": value.map(value_of),
        "value_marker": value.map(marker_of),
        **_areas(sieve, texts),
    }
    key = [columns[column.name] for column in published_la_rates.primary_key]
    message = "An earlier line has this area's rate for the same year already. Keep one of the two rows."
    refuse_repeats(sieve, key, texts["area_name"], "area_name", message)
    rows, _ = in_key_order(sieve, key)
    return sieve.reading(published_la_rates, columns, rows, tuple(sorted(set(year.take(rows)))))


def _areas(sieve: Sieve, texts: Mapping[str, Cells]) -> dict[str, Cells]:
    """The columns that say which area a rate is of; rejects the rows of an LA without a number."""
    rows = len(sieve.table)
    la_number = texts["la_number"].map(_LA_CODE)
    area = texts["area_name"].map(_area)
    of_la = area.rows(lambda found: found[0] == "la")
    sieve.reject_wrong(la_number, texts["la_number"], "la_code", of_la)
    message = "The row has no LA number. Download the file again."
    sieve.reject(of_la & la_number.are(None), texts["la_number"], "la_code", "E-BLANK", message)
    columns = {
        "area_code": choose([(of_la, la_number.map(str)), (~of_la, area.map(lambda found: found[2]))], rows),
        "geographic_level": area.map(lambda found: found[0]),
        "area_name": area.map(lambda found: found[1]),
        "la_code": choose([(of_la, la_number)], rows),
    }
    if "region_name" in texts:
        columns["region_name"] = texts["region_name"].map(_region)
    return columns


def _indicator(text: str) -> tuple[str, str] | LeftOut:
    found = _INDICATORS.get(normalise_header(text))
    return found or LeftOut(f"{text!r} is not a rate of suspensions or permanent exclusions")


def _area(text: str) -> tuple[str, str, str | None]:
    """The level, name and E-code of an area; an LA has none here."""
    name = region_name(text)
    if name == "England":
        return "country", name, ENGLAND
    return ("region", name, REGION_CODES[name]) if name in REGION_CODES else ("la", name, None)


def _region(text: str) -> str | None:
    return None if text_or_none(text) is None else region_name(text)


def read_neighbours(table: TextTable, kind: Kind) -> Reading:
    """Each LA's statistical neighbours by rank. How close each is stands in the column after it, whose name repeats."""
    sieve = Sieve(table)
    found = places(kind, table.headers)
    la_texts = sieve.text(found["la_code"])
    la_code = la_texts.map(_la_or_heading)
    sieve.leave_out(la_code)
    sieve.reject_wrong(la_code, la_texts, "la_code")
    refuse_repeats(sieve, [la_code], la_texts, "la_code", "An earlier line has this LA's neighbours already.")
    neighbours = {rank: sieve.text(found[f"neighbour_{rank}"]) for rank in _RANKS}
    codes = {rank: cells.map(_LA_CODE) for rank, cells in neighbours.items()}
    for rank, cells in codes.items():
        sieve.reject_wrong(cells, neighbours[rank], "neighbour_code")
    rows = np.flatnonzero(sieve.kept)
    ranked = [
        (la, rank, code, close)
        for rank in _RANKS
        for la, code, close in zip(
            la_code.take(rows),
            codes[rank].take(rows),
            _closeness(sieve, found[f"neighbour_{rank}"] + 1).take(rows),
            strict=True,
        )
        if code is not None
    ]
    return sieve.reading_of(statistical_neighbours, sorted(ranked))


def _la_or_heading(text: str) -> int | Wrong | LeftOut:
    return _LA_CODE(text) or LeftOut("a heading, with no LA number")


def _closeness(sieve: Sieve, place: int) -> Cells:
    """Very close, Close and so on, if the column at this place says so: some rows have capitals throughout."""
    headers = sieve.table.headers
    if place < len(headers) and normalise_header(headers[place]).startswith("snp"):
        return sieve.text(place).map(lambda text: text.capitalize() or None)
    return constant(None, len(sieve.table))
