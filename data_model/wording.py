"""Numbers and lists in sentences, for whatever package says them."""

from collections.abc import Sequence


def amount(value: float) -> str:
    """A number as people read it: whole ones without decimals, those under 1 with two, thousands with commas."""
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) < 0.995 else f"{value:,.1f}"


def counted(count: float, one: str, many: str = "") -> str:
    """A number and what it counts: `1 school`, `12 schools`."""
    return f"{amount(count)} {one if count == 1 else many or one + 's'}"


def listed(parts: Sequence[str]) -> str:
    """Words in a row: `a, b and c`."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""
