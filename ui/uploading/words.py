"""Words in the sentences of the upload page."""

from collections.abc import Sequence

from analysis.wording import counted, listed


def have(number: int) -> str:
    """`has` for one, `have` for others."""
    return "has" if number == 1 else "have"


def are(number: int) -> str:
    """`is` for one, `are` for others."""
    return "is" if number == 1 else "are"


def lines(numbers: Sequence[int], rows: int) -> str:
    """Where faults are: `line 5`, `lines 5, 9 and 12`, or the first of them where there are more."""
    shown = [f"{number:,}" for number in numbers]
    if rows > len(shown):
        return f"lines {', '.join(shown)} and {counted(rows - len(shown), 'more', 'more')}"
    return f"line{'s' if len(shown) > 1 else ''} {listed(shown)}"
