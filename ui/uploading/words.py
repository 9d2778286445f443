"""Numbers and lists in the sentences of the upload page."""

from collections.abc import Sequence


def count(number: int, one: str, many: str = "") -> str:
    """`1 row`, `412 rows`; `many` is the plural where an s does not make it."""
    return f"1 {one}" if number == 1 else f"{number:,} {many or one + 's'}"


def have(number: int) -> str:
    """`has` for one, `have` for others."""
    return "has" if number == 1 else "have"


def listed(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def lines(numbers: Sequence[int], rows: int) -> str:
    """Where faults are: `line 5`, `lines 5, 9 and 12`, or the first of them where there are more."""
    shown = [f"{number:,}" for number in numbers]
    if rows > len(shown):
        return f"lines {', '.join(shown)} and {count(rows - len(shown), 'more', 'more')}"
    return f"line{'s' if len(shown) > 1 else ''} {listed(shown)}"
