"""Numbers in sentences."""

from data_model.wording import listed as listed


def amount(value: float) -> str:
    """A number as people read it: whole ones without decimals, those under 1 with two, thousands with commas."""
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) < 0.995 else f"{value:,.1f}"


def counted(count: float, one: str, many: str = "") -> str:
    """A number and what it counts: `1 school`, `12 schools`."""
    return f"{amount(count)} {one if count == 1 else many or one + 's'}"


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
