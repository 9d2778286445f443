"""GIAS establishments as a table of the schools dataset, so that they are checked and saved as any schools file is."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date

import numpy as np
import pyarrow as pa
from pydantic import ValidationError

from data_model.schools import SCHOOLS
from loaders.layout import normalise_header
from loaders.published.cells import Cells, Wrong, day, marker, text_cells
from loaders.published.kinds import GIAS_SCHOOLS, places
from loaders.text_table import TextTable

_AP_TYPES = frozenset(
    {
        "pupilreferralunit",
        "academyalternativeprovisionconverter",
        "academyalternativeprovisionsponsorled",
        "freeschoolsalternativeprovision",
    }
)
_SPECIAL_TYPES = frozenset(
    {
        "communityspecialschool",
        "foundationspecialschool",
        "nonmaintainedspecialschool",
        "academyspecialconverter",
        "academyspecialsponsorled",
        "freeschoolsspecial",
    }
)
# City technology colleges are state-funded, though GIAS groups them with independent schools.
_STATE_FUNDED_TYPES = frozenset({"citytechnologycollege"})
_STATE_FUNDED_GROUPS = frozenset({"academies", "freeschools", "localauthoritymaintainedschools", "specialschools"})
_PHASES = {
    "primary": "primary",
    "middledeemedprimary": "primary",
    "secondary": "secondary",
    "middledeemedsecondary": "secondary",
    "allthrough": "secondary",
    "16plus": "secondary",
}
_STATUSES = {
    "open": "open",
    "closed": "closed",
    "openbutproposedtoclose": "open_proposed_close",
    "proposedtoopen": "proposed_open",
}
_DATES = ("open_date", "close_date")
_AS_IT_STANDS = ("urn", "school_name", "establishment_type", "establishment_type_group")
_OPTIONAL = (
    "trust_name",
    "low_age",
    "high_age",
    "capacity",
    "admissions_policy",
    "district",
    "ward",
    "easting",
    "northing",
)


def schools_table(table: TextTable, la_codes: Collection[int] = ()) -> TextTable:
    """The state-funded schools of a GIAS extract, under the schools dataset's own headers and with the file's lines.

    Phases are DfE's grouping, by type of establishment first. Establishments that these statistics do not have
    (nurseries, independent schools, colleges, children's centres ...), and LAs not in `la_codes` where any is given,
    are left out and counted in the notes. A cell of an optional column that does not fit is left blank, and counted.
    """
    texts = {name: text_cells(table.columns[place]) for name, place in places(GIAS_SCHOOLS, table.headers).items()}
    every_row = np.arange(len(table))
    phases = _phases(texts, every_row)
    la_texts, number_texts = (texts[name].take(every_row) for name in ("la_code", "establishment_number"))
    reasons = _why_left_out(texts, phases, {str(code) for code in la_codes})
    rows = np.array([row for row in np.flatnonzero(~table.broken).tolist() if not reasons[row]], dtype=np.int64)
    left_out = Counter(reason for reason, broken in zip(reasons, table.broken, strict=True) if reason and not broken)
    columns, blanked = _columns(texts, rows)
    columns["phase"] = [phases[row] for row in rows]
    columns["laestab"] = [_laestab(la_texts[row], number_texts[row]) for row in rows]
    return TextTable(
        name=table.name,
        headers=tuple(columns),
        columns=tuple(pa.array(cells, pa.string()).dictionary_encode() for cells in columns.values()),
        lines=table.lines[rows],
        broken=np.zeros(len(rows), dtype=np.bool_),
        encoding=table.encoding,
        delimiter=table.delimiter,
        header_line=table.header_line,
        notes=(*table.notes, *_notes(left_out, blanked)),
    )


def phase_of(establishment_type: str, group: str, phase: str) -> str | None:
    """DfE's grouping of an establishment by GIAS's names: primary, secondary, special, ap; None for one not in it."""
    kind = normalise_header(establishment_type)
    if kind in _AP_TYPES:
        return "ap"
    if kind in _SPECIAL_TYPES:
        return "special"
    if kind in _STATE_FUNDED_TYPES or normalise_header(group) in _STATE_FUNDED_GROUPS:
        return _PHASES.get(normalise_header(phase))
    return None


def _phases(texts: Mapping[str, Cells], rows: np.ndarray) -> list[str | None]:
    names = ("establishment_type", "establishment_type_group", "phase")
    triples = list(zip(*(texts[name].take(rows) for name in names), strict=True))
    known = {triple: phase_of(*triple) for triple in set(triples)}
    return [known[triple] for triple in triples]


def _why_left_out(texts: Mapping[str, Cells], phases: list[str | None], la_codes: set[str]) -> list[str]:
    """By row, why an establishment is left out; empty for one that is kept."""
    rows = np.arange(len(phases))
    numbers = texts["establishment_number"].take(rows)
    statuses = texts["status"].map(_status).take(rows) if "status" in texts else [""] * len(rows)
    reasons = []
    for la_code, phase, status, number in zip(texts["la_code"].take(rows), phases, statuses, numbers, strict=True):
        if la_codes and la_code not in la_codes:
            reasons.append("of other local authorities")
        elif phase is None:
            reasons.append("not a state-funded primary, secondary, special or alternative provision school")
        elif status == "proposed_open" and not number:
            reasons.append("proposed to open, and without a number yet")
        else:
            reasons.append("")
    return reasons


def _columns(texts: Mapping[str, Cells], rows: np.ndarray) -> tuple[dict[str, list[str | None]], Counter[str]]:
    columns = {name: texts[name].take(rows) for name in _AS_IT_STANDS}
    if "status" in texts:
        columns["status"] = texts["status"].map(_status).take(rows)
    columns |= {name: texts[name].map(_iso).take(rows) for name in _DATES if name in texts}
    blanked: Counter[str] = Counter()
    for name in _OPTIONAL:
        if name in texts:
            cells = texts[name].map(_present)
            fits = {text: _fits(name, text) for text in set(cells.values)}
            columns[name] = [text if fits[text] else "" for text in cells.take(rows)]
            blanked[name] = sum(not fits[text] for text in cells.take(rows))
    return columns, blanked


def _status(text: str) -> str:
    return _STATUSES.get(normalise_header(text), text)


def _iso(text: str) -> str:
    read = day(text)
    if isinstance(read, date):
        return read.isoformat()
    return text if isinstance(read, Wrong) else ""


def _present(text: str) -> str:
    return "" if marker(text) is not None else text


def _fits(name: str, text: str) -> bool:
    try:
        SCHOOLS.columns[name].cells.validate_python([text] if text else [])
    except ValidationError:
        return False
    return True


def _laestab(la_code: str, number: str) -> str:
    whole = la_code.isdecimal() and number.isdecimal() and len(number) <= 4
    return str(int(la_code) * 10_000 + int(number)) if whole else ""


def _notes(left_out: Counter[str], blanked: Counter[str]) -> list[str]:
    notes = [f"Establishments left out, {why}: {count:,}." for why, count in left_out.items()]
    return notes + [
        f"Cells of {name} that do not fit, left blank: {count:,}." for name, count in blanked.items() if count
    ]
