"""Facts that ship with the product: local authorities and regions. Sources and licence are in ATTRIBUTION.md."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent

REGION_CODES = {
    "North East": "E12000001",
    "North West": "E12000002",
    "Yorkshire and The Humber": "E12000003",
    "East Midlands": "E12000004",
    "West Midlands": "E12000005",
    "East of England": "E12000006",
    "London": "E12000007",
    "South East": "E12000008",
    "South West": "E12000009",
    "Inner London": "E13000001",
    "Outer London": "E13000002",
}
"""The E-code of each region, as DfE's statistics print it; DfE shows London whole and in two parts."""


@dataclass(frozen=True)
class LocalAuthority:
    """An English local authority, those abolished before 2024 included; `region` is empty for the fictional one."""

    la_code: int
    name: str
    region: str


@cache
def local_authorities() -> dict[int, LocalAuthority]:
    """Every local authority by its three-digit code."""
    with (FOLDER / "local_authorities.csv").open(encoding="utf-8", newline="") as lines:
        return {
            int(row["la_code"]): LocalAuthority(int(row["la_code"]), row["name"], row["region"])
            for row in csv.DictReader(lines)
        }


def region_name(text: str) -> str:
    """A region as DfE's statistics name it, whichever way another source writes it; other text as it is."""
    known = {name.casefold(): name for name in REGION_CODES}
    other = {"london (inner)": "Inner London", "london (outer)": "Outer London"}
    return {**known, **other}.get(text.strip().casefold(), text.strip())
