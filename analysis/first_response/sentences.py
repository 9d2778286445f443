"""What is said of calls, in words: what was counted, and nothing of what might have happened otherwise."""

import pandas as pd

from analysis.first_response.views import FEWEST, Considered, FirstResponse
from analysis.hiding.protection import is_marked
from analysis.wording import counted
from data_model.terms import year_label

NOT_FOR_A_PART = (
    "Small numbers are hidden from you, and what is hidden is decided on whole authorities: these figures are for "
    "those who reach all of this one."
)
NO_CALLS = "No calls are loaded yet."
BY_SCHOOL_HIDDEN = "Most schools called once or twice in the year, so calls are not told by school here."
NOTES = (
    "A call is a phone call, a booked consultation or a message to the line. Calls are anonymous: no child is shown on "
    "this page.",
    "Became a referral: the call’s own record says so. A case comes by way of a referral, so a call that became a case "
    "is counted as both. Calls that came lately may still become one.",
    f"A share is told from {FEWEST} calls on, with its range: where it may well lie, were the year’s calls taken as "
    "some of many alike (Wilson’s range, 95%).",
    "School days are counted by the term dates that are loaded, and weekdays where there are none.",
)
WHERE_NOT_WHY = (
    "This tells where the child was, and not why. What would have happened without the call nobody knows, so nothing "
    "here says that an exclusion was prevented, and a head who did not exclude may never have meant to."
)


def came(found: FirstResponse) -> str:
    """How many calls came in the year, and what became of them."""
    year, row = year_label(found.year), found.conversion.iloc[0]
    if found.total is None:
        return f"{year}: how many calls came is hidden"
    calls = f"{year}: {counted(found.total, 'call')} came"
    if is_marked(row, "referral"):
        return f"{calls}; how many became a referral is hidden"
    return f"{calls}; {row['referral']:,} became a referral, and {row['case']:,} a case"


def by_theme(found: FirstResponse) -> str:
    """What most calls were about."""
    return f"What calls were about: {_most(found.themes)}"


def by_kind(found: FirstResponse) -> str:
    """What kind of call came most."""
    return f"What kind of call: {_most(found.kinds)}"


def advice(found: FirstResponse) -> str:
    """What was advised most."""
    return f"What came of the call: {_most(found.advice)}"


def by_school(found: FirstResponse) -> str:
    """How many schools called."""
    return f"Who calls: {counted(len(found.schools), 'school')} in {year_label(found.year)}"


def answered(found: FirstResponse) -> str:
    """How many of the calls were answered on the day itself."""
    rows = found.answered
    if rows.empty or found.total is None or any(is_marked(row, "on_the_day") for _, row in rows.iterrows()):
        return "How soon calls were answered"
    return f"Answered on the day: {int(rows['on_the_day'].sum()):,} of {found.total:,} calls"


def considered(found: Considered) -> str:
    """How many heads were considering permanent exclusion, and in how many calls the case for another way was made."""
    if found.total is None:
        return "Heads who were considering permanent exclusion: how many is hidden"
    made = found.challenge[found.challenge["group"].eq("Yes")]
    said = f"Heads who were considering permanent exclusion: {counted(found.total, 'call')}"
    if made.empty or is_marked(made.iloc[0], "calls"):
        return said
    return f"{said}; the case for another way was made in {int(made['calls'].iloc[0]):,}"


def to_ask(found: Considered) -> str:
    """After how many calls the school is still to be asked where the child was."""
    return f"To be asked where the child was: after {counted(found.to_ask['call_id'].nunique(), 'call')}"


def _most(rows: pd.DataFrame) -> str:
    shown = rows.dropna(subset=["calls"])
    if shown.empty:
        return "how many is hidden"
    first = shown.iloc[0]
    return f"{first['group']!s} most often, {int(first['calls']):,} times"
