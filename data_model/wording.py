"""Words in sentences that more than one package says."""

from collections.abc import Sequence


def listed(parts: Sequence[str]) -> str:
    """Words in a row: `a, b and c`."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""
