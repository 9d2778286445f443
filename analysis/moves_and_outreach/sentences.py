"""What the page says in words: a difference only where its range leaves no doubt, and why there is none elsewhere."""

import pandas as pd

from analysis.moves_and_outreach import masks
from analysis.moves_and_outreach.comparison import Difference, Outcome
from analysis.moves_and_outreach.follow_up import HORIZONS, JUDGED
from analysis.moves_and_outreach.held import FEWEST, Held
from analysis.moves_and_outreach.starts import Starts
from analysis.wording import counted, listed

NOT_OTHERWISE = (
    "This does not show what would have happened otherwise. Nobody drew lots who moves and who gets outreach: what is "
    "not on file, such as why a school wanted a move, is not evened out."
)
PART_OF_IT = "This is worked out for whole authorities, and you reach a part of this one."
NO_SUSPENSIONS = "Nothing can be said of what followed: no suspensions are loaded."
NOBODY = "No outreach cases of pupils, managed moves or off-site directions are loaded."

_VERDICTS = {
    Outcome.NOT_SUSPENDED: ("more of them had no new suspension", "fewer of them had no new suspension"),
    Outcome.IN_MAINSTREAM: ("more of them were in a mainstream school", "fewer of them were in a mainstream school"),
    Outcome.ATTENDANCE: (
        "their attendance changed for the better by more",
        "their attendance changed for the better by less",
    ),
}


def finding(differences: tuple[Difference, ...]) -> str:
    """The title: what is clear, or that nothing is, or that the groups cannot be compared."""
    clear = [each for each in differences if each.is_clear]
    if clear:
        said = listed([f"{_VERDICTS[each.outcome][0 if each.points > 0 else 1]} {_sized(each)}" for each in clear])
        return f"Pupils who moved, beside pupils like them with outreach: {said}, after {JUDGED} school weeks"
    if all(each.refused for each in differences):
        return differences[0].refused.rstrip(".")
    return (
        "Too early to say: pupils who moved and pupils like them with outreach do not clearly differ in what followed"
    )


def _sized(each: Difference) -> str:
    low, high = sorted((abs(each.low), abs(each.high)))
    return f"({abs(each.points):.0f} points, range {low:.0f} to {high:.0f})"


def standing(each: Difference) -> str:
    """What one difference says; the refusal where there is none."""
    if each.refused:
        return each.refused
    if each.is_clear:
        return f"Pupils who moved: {_VERDICTS[each.outcome][0 if each.points > 0 else 1]}"
    return "Too early to say: the range goes both ways"


def held(found: Held, threshold: int | None) -> str:
    """How many managed moves held."""
    if threshold is not None and not masks.is_shown(found, threshold):
        return f"How many managed moves held after {JUDGED} school weeks is hidden: few pupils."
    few = threshold is not None and found.not_due < threshold
    recent = f" {counted(found.not_due, 'move')} too recent to count." if found.not_due and not few else ""
    if not found.out_of:
        return f"No managed move is {JUDGED} school weeks old yet, so none can be said to have held.{recent}"
    told = f"{found.count} of the {counted(found.out_of, 'managed move')} that are due held: the child was at the new "
    told += f"school after {JUDGED} school weeks"
    if found.out_of < FEWEST:
        return f"{told}. Too small to say more: a share takes {FEWEST}.{recent}"
    return f"{told}, {100 * found.share:.0f}% (range {100 * found.low:.0f}% to {100 * found.high:.0f}%).{recent}"


def how_to_read(*, protected: bool) -> str:
    """What the curves show."""
    steps = listed([str(each) for each in HORIZONS])
    shown = (
        f" Small numbers are hidden, so only {steps} school weeks are drawn, of those for whom they are over."
        if protected
        else (" Who began lately counts for as long as anything is known; below stands how many are still followed.")
    )
    return (
        "Each line is the share of pupils of whom no new suspension or permanent exclusion is known since outreach, "
        f"the move or the direction began. Bands are ranges.{shown}"
    )


def notes(began: Starts, *, until: pd.Timestamp, protected: bool) -> tuple[str, ...]:
    """What to know about the figures."""
    return (
        "Three things stand for re-engagement with learning: no new suspension, being in a mainstream school, and "
        "attendance. Engagement as schools and workers judge it is not compared: they judge at different times, and "
        "not by one scale.",
        "A managed move is agreed and permanent; an off-site direction is for a limited time. They are never added up, "
        "and directions are shown but not compared: a time away is meant to end.",
        "Each pupil counts once in a group, from the first day of it. Whoever had outreach and moved later stays with "
        "outreach. Every case counts that was started, those that broke off too.",
        _left_out(
            began.after_another, "had another of the three in the 24 weeks before, and are in no group", protected
        ),
        _left_out(
            began.left_the_area, "moved to a school of which nothing is known here, and are in no group", protected
        ),
        "In a mainstream school: not permanently excluded since, and in no full-time alternative provision that day.",
        "All three groups begin in a hard time, after which things mostly get better by themselves: a group’s own "
        "figures do not show that it was helped.",
        "The ranges of differences are so wide that all three hold together 95 times in 100.",
        "Whoever leaves the area is not seen any more, and counts as without a new suspension.",
        f"Followed until {until:%d %B %Y}, the last day of which suspensions are known.".replace(" 0", " "),
    )


def _left_out(number: int, what: str, protected: bool) -> str:
    return f"{counted(number, 'pupil')} {what}." if number and not protected else ""
