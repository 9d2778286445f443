"""How the three numbers are printed, rounded as a calculator's user would: half a last digit goes up.

Whatever prints one of them prints it here, so that the list and the sum behind it never differ by a rounding.
"""

from decimal import ROUND_HALF_UP, Decimal

TENTHS, WHOLE = Decimal("0.1"), Decimal(1)
_LEAST_WHOLE = 10
"""Suspensions from which no decimal is printed: nobody is so sure of them."""
_MOST_SURE = 9

Number = float | Decimal


def rounded(value: Number, to: Decimal) -> Decimal:
    """A number rounded to as many decimals as `to` has."""
    return Decimal(value).quantize(to, rounding=ROUND_HALF_UP)


def times(ratio: Number) -> str:
    """How many times the average, to one decimal: `2.1`."""
    found = rounded(ratio, TENTHS)
    return f"{found:,}" if found else "under 0.1"


def suspensions(value: Number) -> str:
    """So many suspensions: `244`, `7.2`, `0`."""
    found = rounded(value, WHOLE if value >= _LEAST_WHOLE else TENTHS)
    return f"{found.normalize():,f}"


def span(low: str, high: str) -> str:
    """A range of two printed numbers: `1.9 to 2.3`."""
    return f"{low} to {high}"


def chance(share: float) -> str:
    """A chance in tenths, `about 9 in 10`: never said to be more, for schools change (statistics of earlier years)."""
    tenths = max(1, min(_MOST_SURE, int(rounded(10 * share, WHOLE))))
    return f"about {tenths} in 10"
