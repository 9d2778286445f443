"""What is said of children without support, and of the thresholds that point them out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from analysis.casework.views import Standing
from analysis.casework.without_support import Fact, counted_from
from analysis.wording import counted, listed
from data_model.terms import in_words
from data_model.thresholds import Thresholds

AVOIDING = (
    "Attendance cannot tell why a child is away. This list is where a talk may start: with the child, the family and "
    "the school. It is no finding that a child has emotionally based school avoidance (EBSA). Half days of suspension "
    "are left out."
)


def headline(rows: pd.DataFrame) -> str:
    """How many children are listed, and of how many somebody has to decide."""
    if rows.empty:
        return "No child is listed for this choice"
    waiting = int(rows["to_decide"].sum())
    children = counted_children(len(rows))
    if not waiting:
        return f"{children} listed, and a decision holds for each"
    return f"{children} without an open case: {waiting} to decide about"


def what_is_new(rows: pd.DataFrame) -> str:
    """Of how many children something is new since the decision, and of how many it is time to look again."""
    new, again = (int(rows["standing"].eq(each).sum()) for each in (Standing.NEW, Standing.LOOK_AGAIN))
    said = [f"New since the decision: {counted_children(new)}."] if new else []
    said += [f"Time to look again: {counted_children(again)}."] if again else []
    return " ".join(said)


def pointed_out(rows: pd.DataFrame, thresholds: Thresholds) -> str:
    """How many children each fact points out, the gravest first. A child can be among several."""
    words = {
        Fact.CONSIDERED: "with a permanent exclusion being considered",
        Fact.ATTENDANCE_FALLING: "whose attendance is falling",
        Fact.DAYS_LOST: f"who lost {thresholds.days_lost:g} days or more",
        Fact.MANY_SUSPENSIONS: f"suspended {thresholds.many_suspensions} times or more",
        Fact.SOME_SUSPENSIONS: f"suspended {thresholds.some_suspensions} times or more",
    }
    counts = {said: int(rows[fact].sum()) for fact, said in words.items()}
    said = [f"{count:,} {words}" for words, count in counts.items() if count]
    return f"{listed(said)}. A child can be among several." if said else ""


def of_child(row: Mapping[str, Any], on: date) -> list[str]:
    """What is known of one child of the listing, a sentence each."""
    lost = f"{row['days_lost']:g} {'day' if row['days_lost'] == 1 else 'days'} lost"
    since = f"since {in_words(counted_from(on))}"
    past = listed([fact.label.lower() for fact in Fact if row[fact]]) or "nothing"
    return [
        f"Past the thresholds: {past}",
        f"{counted(row['suspensions'], 'suspension')} and {lost} {since}",
        f"Permanent exclusion considered: {row['considered_words']}",
        f"Attendance: {row['attendance_words']}",
        f"Beside outreach: {row['beside']}. Last outreach case ended: {row['last_case']}",
    ]


def facts(thresholds: Thresholds, on: date) -> dict[Fact, str]:
    """What each fact means by these thresholds."""
    since = f"since {in_words(counted_from(on))}"
    weeks = f"the latest {thresholds.recent_weeks} school weeks, and the {thresholds.weeks_before} before"
    return {
        Fact.SOME_SUSPENSIONS: f"{thresholds.some_suspensions} suspensions or more {since}",
        Fact.MANY_SUSPENSIONS: f"{thresholds.many_suspensions} suspensions or more {since}",
        Fact.DAYS_LOST: f"{thresholds.days_lost:g} days or more lost to suspensions {since}",
        Fact.CONSIDERED: f"A head called because a permanent exclusion was being considered, {since}",
        Fact.ATTENDANCE_FALLING: f"Attendance fell by {thresholds.attendance_fall:g} points or more: {weeks}",
    }


def change(now: int, would_be: int) -> str:
    """What other thresholds would change."""
    if now == would_be:
        return f"{counted_children(now)} would be listed, as now."
    return f"{counted_children(would_be)} would be listed instead of {now:,}."


def avoiding(rows: pd.DataFrame, thresholds: Thresholds) -> str:
    """How many children attend little for other reasons than suspension."""
    if rows.empty:
        return "No child’s attendance is low for this choice"
    below = f"below {thresholds.attendance_below:g} in 100 half days"
    return f"{counted_children(len(rows))} attended {below} in the latest {thresholds.recent_weeks} school weeks"


def notes(thresholds: Thresholds, *, whole: bool, gone: int) -> list[str]:
    """What to know about the list; `gone` counts children with a decision of whom nothing else is left."""
    said = [
        "A child is listed with one fact at its threshold or past it, and no outreach case open on the last day of the "
        "data. Facts stand side by side and are never added up. The order is that of what happened last.",
        "Suspensions are counted over three terms, this one included. Cancelled ones and lunchtimes do not count.",
        f"Attendance is compared where {thresholds.fewest_sessions} half days or more are known of both times. Those "
        "of suspension are left out. It is known of children with a placement or a case alone, unless more is "
        "loaded.",
        "“New since the decision” goes by what was known when it was made: what a school sends late is new too.",
    ]
    if not whole:
        said.append(
            "You reach a part of this authority. A case of another service or school is not known here: ask before you "
            "offer anything."
        )
    if gone:
        said.append(
            f"There are decisions about {counted_children(gone)} of whom no row is left that you may read. They go by "
            "the retention schedule, or when the child is erased."
        )
    return said


def counted_children(number: int) -> str:
    """`1 child`, `1,204 children`."""
    return counted(number, "child", "children")
