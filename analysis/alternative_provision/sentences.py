"""What is said of alternative provision: findings, and what to know about the figures."""

from datetime import date

import pandas as pd

from analysis.alternative_provision.returns import WITHIN
from analysis.hiding.protection import is_hidden
from analysis.wording import amount, counted
from data_model.terms import in_words
from data_model.thresholds import Thresholds

NOTHING = (
    "Nothing can be said of alternative provision: no placement is loaded, or you reach a part of the authority "
    "alone, and small numbers are hidden on whole authorities."
)
ASK_ABOUT = "Each is a reason to ask about a placement, and no judgement: a placement can have several, or none."
FACTS = "These are facts and no score. Who is offered support again is for people to decide."
NEVER_SUMMED = (
    "These rows are never added up: a child can be in several. DfE counts the first three, each on a day in January."
)
WHY_WRONG = (
    "“Returned / closed” leaves out every child who is still there, and those who stay long mostly do not return: the "
    "shares here count each child for as long as it was seen."
)
NOTES = (
    "A return is a placement that ended with a return to the home school or in a new mainstream school. Other ways of "
    "ending compete with it: who went on to a special school can no longer return.",
    "Placements are counted, not pupils: a child placed twice counts twice. Ranges hold the truth in 95 of 100 such "
    "groups.",
    f"Weeks in stays are calendar weeks, so {WITHIN:.0f} of them are a year. Weeks after a return are school weeks of "
    "five school days by the term dates of the school.",
    "A return lasted if the pupil was not permanently excluded since, started no other placement (tier 1 is support in "
    "mainstream and does not count) and no direction off site, and attended at least the share that the authority "
    "sets. Where attendance since is not known, the rest decides.",
    "Occupancy is half days of placements over half days of commissioned places on the authority’s school days. It can "
    "be over 100%. Places that are bought one by one have none.",
    "The wait is from a panel’s decision for a place to its start. Who still waits is counted for as long as they have "
    "waited: leaving them out would make waits look short.",
    "The age is the key stage at the start, from the pupils file. What is said of a group says nothing about why.",
)


def returned(rows: pd.DataFrame, when: str) -> str:
    """How many are back within a year, in the groups where that is most and least; for `returns.Returns.rows`."""
    told = rows[rows["share"].notna()] if len(rows) else rows
    if told.empty:
        return f"Too few placements started {when} to say how many come back."
    if len(told) == 1:
        return f"{_of(told.iloc[0])} are back in mainstream within a year."
    most, least = told.loc[told["share"].idxmax()], told.loc[told["share"].idxmin()]
    if most["low"] <= least["high"]:
        return f"{_of(most)} are back in mainstream within a year; no group is clearly apart from the others."
    return f"Back in mainstream within a year: {_of(most)}; {_of(least)}."


def claims(rows: pd.DataFrame) -> str:
    """What “returned / closed” would have claimed of the group where that is wrong about most children, and why."""
    if "claimed" not in rows:  # who may not see small numbers is told it of all placements alone
        return ""
    told = rows[rows["share"].notna() & rows["claimed"].notna()]
    if told.empty:
        return ""
    row = told.loc[((told["claimed"] - told["share"]).abs() * told["started"]).idxmax()]
    return (
        f"{row['group']}: “returned / closed” would have claimed {row['claimed']:.0f}% "
        f"({amount(row['returned'])} of {amount(row['closed'])}), and the share of all who started is "
        f"{row['share']:.0f}% ({row['low']:.0f} to {row['high']:.0f}). {WHY_WRONG}"
    )


def lasted(rows: pd.DataFrame) -> str:
    """How many returns lasted, at the longest time that can be said; `rows` are those of `views.lasted`."""
    told = rows[rows["share"].notna()] if len(rows) else rows
    if told.empty:
        return "Too few returns are due to say how many lasted."
    row = told.iloc[-1]
    return (
        f"{row['after']} after coming back, {amount(row['count'])} of {amount(row['out_of'])} were still back "
        f"({row['share']:.0f}%, range {row['low']:.0f} to {row['high']:.0f})."
    )


def stock(rows: pd.DataFrame, on: date) -> str:
    """How many placements are open on a day, tier by tier."""
    if rows.empty:
        return "No placement is loaded."
    gone = is_hidden(rows, "open")
    parts = [
        f"{str(row['group']).split(':')[0].lower() if str(row['group']).startswith('Tier') else 'not known'} "
        f"{amount(row['open'])}"
        for row, hidden in zip(rows.to_dict("records"), gone, strict=True)
        if not hidden
    ]
    return (
        f"Placements open on {in_words(on)}: {', '.join(parts)}."
        if parts
        else "How many placements are open is hidden."
    )


def used(rows: pd.DataFrame) -> str:
    """Which commissioned places are used most and least."""
    told = rows[rows["occupancy"].notna()] if len(rows) else rows
    if told.empty:
        return "Places commissioned and their use: nothing can be said."
    over = int(told["occupancy"].gt(100).sum())
    most = told.loc[told["occupancy"].idxmax()]
    said = (
        f"{most['provider']} used {most['occupancy']:.0f}% of its places ({amount(round(most['pupil_days']))} of "
        f"{amount(round(most['place_days']))} days)"
    )
    return f"{said}; {over} of {counted(len(told), 'provider')} used more than they have." if over else f"{said}."


def waited(rows: pd.DataFrame) -> str:
    """How long half of those waited for whom a panel decided on a place."""
    told = rows[rows["median"].notna()] if len(rows) else rows
    parts = [
        f"{str(row['group']).split(':')[0].lower()}: half of {amount(row['decided'])} had started within "
        f"{counted(row['median'], 'day')}"
        for row in told.to_dict("records")
    ]
    return f"From decision to place, {'; '.join(parts)}." if parts else "Too few decisions to say how long pupils wait."


def went_wrong(rows: pd.DataFrame) -> str:
    """How many of the placements that ended broke down; `rows` are those of `went_wrong.signs`."""
    row = rows.iloc[0]
    if pd.isna(row["share"]):
        return "Too few placements ended to say how many broke down."
    return (
        f"{amount(row['count'])} of {amount(row['out_of'])} placements that ended broke down ({row['share']:.0f}%, "
        f"range {row['low']:.0f} to {row['high']:.0f})."
    )


def standard(thresholds: Thresholds) -> str:
    """From what attendance on a return has lasted, as the authority set it."""
    return (
        f"This authority’s standard: a return lasts with attendance of {thresholds.sustained_attendance:g}% or more, "
        f"where at least {thresholds.fewest_sessions} half days were possible since."
    )


def due_back(rows: pd.DataFrame) -> str:
    """How many children are due back, and how many of them are overdue."""
    if rows.empty:
        return "Nobody is due back within six school weeks."
    late = int(rows["school_days"].lt(0).sum())
    said = f"{counted(len(rows), 'child', 'children')} due back within six school weeks"
    return f"{said}, {late} of them overdue." if late else f"{said}."


def back_again(rows: pd.DataFrame) -> str:
    """How many of those who are back may need support again."""
    if rows.empty:
        return "Nobody who came back lately was suspended since, or attends less."
    return f"{counted(len(rows), 'child', 'children')} back in school may need support again."


def _of(row: pd.Series) -> str:
    said = f"{row['share']:.0f}% ({row['low']:.0f} to {row['high']:.0f})"
    return f"{row['group']}, {said} of {amount(row['started'])} placed"
