"""Whether published rates are those of their own counts."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from data_model.published import RATES
from data_model.severity import Severity
from loaders.issues import Issue
from loaders.published.cells import Cells, Number, Rows, value_of
from loaders.published.reading import Sieve

_MOST_NAMED = 1_000  # a file whose every rate is off has one cause, and half a million sentences say no more


def check_rates(sieve: Sieve, numbers: Mapping[str, Cells], exact: Rows, texts: Mapping[str, Cells]) -> None:
    """Query the published rates that count / headcount x 100 does not give, to the decimals printed.

    `exact` are the rows whose counts are not rounded: those of schools and LAs. Regional and national counts may be
    rounded to 5, so nothing is said of theirs. Without a headcount there is no rate to compare.
    """
    headcount = numbers["headcount"].map(value_of).numbers()
    for rate_name, count_name in RATES.items():
        if rate_name in numbers and count_name in numbers:
            count = numbers[count_name].map(value_of).numbers()
            with np.errstate(divide="ignore", invalid="ignore"):
                recomputed = np.where(headcount > 0, count / headcount * 100, np.nan)
            rows = np.flatnonzero(exact & _differs(numbers[rate_name], recomputed))
            _query(sieve, rate_name, rows, texts[rate_name], recomputed)


def _differs(printed: Cells, recomputed: npt.NDArray[np.float64]) -> Rows:
    """Where a printed rate is not the recomputed one rounded to the decimals printed.

    DfE drops trailing zeros: a rate of 0.1 in a file with two decimals is 0.10.
    """
    read = [value if isinstance(value, Number) else Number(None, None, 0) for value in printed.values]
    usual = min(2, max((value.decimals for value in read), default=0))
    decimals = np.array([max(value.decimals, usual) for value in read], dtype=float)[printed.place]
    rates = printed.map(value_of).numbers()
    allowed = 0.5 * 10.0**-decimals + 1e-9 * np.maximum(1, np.abs(rates))
    apart: Rows = np.abs(recomputed - rates) > allowed
    return apart


def _query(
    sieve: Sieve, name: str, rows: npt.NDArray[np.int64], typed: Cells, recomputed: npt.NDArray[np.float64]
) -> None:
    named = rows[:_MOST_NAMED]
    for row, text in zip(named.tolist(), typed.take(named), strict=True):
        message = (
            f"The published rate is {text}, but the row's own count and headcount give {recomputed[row]:.4g}. "
            "Rates shown are recomputed from the counts. Check the row against DfE's release."
        )
        line = int(sieve.table.lines[row])
        sieve.issues.append(Issue(line, name, text, "Q-RATE-DIFFERS", Severity.QUERY, message))
    if len(rows) > len(named):
        message = f"{len(rows) - len(named):,} more published rates differ from their counts. Download the file again."
        sieve.issues.append(Issue(None, name, None, "Q-RATE-DIFFERS", Severity.QUERY, message))
