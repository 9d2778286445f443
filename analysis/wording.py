"""Numbers and names in sentences."""

from collections.abc import Iterable

import pandas as pd

from data_model.labelled import Labelled
from data_model.wording import amount as amount
from data_model.wording import counted as counted
from data_model.wording import listed as listed


def some(names: Iterable[object], most: int) -> str:
    """The first names in a row, and how many more there are: `a, b and 3 more`."""
    every = [str(name) for name in names]
    more = [f"{len(every) - most} more"] if len(every) > most else []
    return listed([*every[:most], *more])


def labels(codes: pd.Series, kind: type[Labelled]) -> pd.Series:
    """The label of each code of a kind; missing where there is no code."""
    return codes.map({str(code): code.label for code in kind})


def percent(part: float, whole: float) -> str:
    """A share of a whole as a percentage without decimals: `8%`; `0%` of nothing."""
    return f"{100 * part / whole:.0f}%" if whole else "0%"


def change(now: float, before: float) -> str:
    """The change of a count in percent, `+8%`; `under 1%` for less than half of one, blank where it was 0."""
    percents = 100 * (now - before) / before if before else 0.0
    return f"{percents:+.0f}%" if abs(percents) >= 0.5 else "under 1%" if percents else ""


def compared(now: float, before: float) -> str:
    """How a count stands to an earlier one: `89 more (+8%) than`, `as many as`, or `12 more than` where that was 0."""
    if now == before:
        return "as many as"
    share = change(now, before)
    return f"{amount(abs(now - before))} {'more' if now > before else 'fewer'}{f' ({share})' if share else ''} than"
