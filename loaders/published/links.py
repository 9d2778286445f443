"""Links between schools, as rows to keep."""

from typing import Any

import numpy as np

from data_model.published import school_links
from loaders.published.cells import LeftOut, day, whole
from loaders.published.kinds import Kind, places
from loaders.published.reading import Reading, Sieve
from loaders.text_table import TextTable

_URN = whole(100_000, 999_999, "A URN")
_LINKS = {"merg": "merged", "amalgamat": "amalgamated", "split": "split"}


def read_links(table: TextTable, kind: Kind) -> Reading:
    """GIAS links as newer school and predecessor, each pair once, though GIAS lists it from both sides.

    `linked_on` is the later of the two sides' dates: the older school's closing day and the newer one's first.
    """
    sieve = Sieve(table)
    texts = {name: sieve.text(place) for name, place in places(kind, table.headers).items()}
    link = texts["link_type"].map(_link)
    sieve.leave_out(link)
    urns = {name: texts[name].map(_URN) for name in ("urn", "link_urn")}
    for name, cells in urns.items():
        sieve.reject_wrong(cells, texts[name], name)
        sieve.reject(
            sieve.kept & cells.are(None), texts[name], name, "E-BLANK", "A link needs the URN of both schools."
        )
    columns = [urns["urn"], urns["link_urn"], link]
    if "linked_on" in texts:
        dates = texts["linked_on"].map(day)
        sieve.reject_wrong(dates, texts["linked_on"], "linked_on")
        columns.append(dates.blanked())
    rows = np.flatnonzero(sieve.kept)
    pairs: dict[tuple[int, int], tuple[str, Any]] = {}
    for urn, other, (newer_first, link_type), *dated in zip(*(cells.take(rows) for cells in columns), strict=True):
        key = (urn, other) if newer_first else (other, urn)
        before_type, before_day = pairs.get(key, ("replaced", None))
        days = [found for found in (*dated, before_day) if found]
        pairs[key] = (link_type if link_type != "replaced" else before_type, max(days, default=None))
    if len(pairs) < len(rows):
        sieve.notes.append(f"{len(rows):,} links are {len(pairs):,} pairs of schools: GIAS lists most from both sides.")
    return sieve.reading_of(school_links, [(*key, *pairs[key]) for key in sorted(pairs)])


def _link(text: str) -> tuple[bool, str] | LeftOut:
    """Whether the row's own URN is the newer school, and the type of link."""
    plain = text.casefold()
    link_type = next((name for part, name in _LINKS.items() if part in plain), "replaced")
    if plain.startswith("predecessor"):
        return True, link_type
    if plain.startswith("successor"):
        return False, link_type
    return LeftOut(f"the link {text!r} does not say that one school took over from another")
