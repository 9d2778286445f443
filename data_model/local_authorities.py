"""What local authorities are called."""

import csv
from functools import cache
from pathlib import Path

_REFERENCE = Path(__file__).parent / "reference" / "local_authorities.csv"


@cache
def _names() -> dict[int, str]:
    if not _REFERENCE.exists():
        return {}
    with _REFERENCE.open(encoding="utf-8", newline="") as file:
        return {int(row["la_code"]): row["name"] for row in csv.DictReader(file)}


def la_name(la_code: int) -> str:
    """The name of a local authority by its three-digit code; `LA 123` for a code that is not known."""
    return _names().get(la_code, f"LA {la_code:03d}")
