"""What a proposal to share out hours says, a sentence each."""

from collections.abc import Collection

import pandas as pd

from analysis.denominators import HEADLINE
from analysis.sharing_hours.plan import Plan
from analysis.sharing_hours.proposal import Choice, Proposal
from analysis.wording import amount, counted, listed

ASSUMPTION = (
    "This is an assumption, not evidence: nobody has measured how many suspensions an hour of outreach prevents. "
    "Move it, and see what stays the same."
)

_FEW = 0.05
"""Of all hours: less is next to none."""


def headline(found: Proposal) -> str:
    """How many schools get hours, and which the most."""
    given = found.rows[found.rows["hours"].gt(0)]
    most = listed([str(name) for name in given["school_name"].head(3)])
    return (
        f"{counted(found.plan.hours, 'hour')} would go to {len(given)} of {counted(len(found.rows), 'school')}, "
        f"the most to {most}."
    )


def by_phase(found: Proposal) -> str:
    """What each phase gets, and that a floor keeps hours for one that gets next to none."""
    hours = found.rows.groupby("phase")["hours"].sum()
    there = [(phase, float(hours[phase])) for phase in HEADLINE if phase in hours.index]
    said = listed([f"{phase.label.lower()} schools {amount(given) if given else 'none'}" for phase, given in there])
    few = [phase for phase, given in there if given < _FEW * found.plan.hours]
    kept = " A floor would keep some for a phase that gets next to none." if few and len(there) > 1 else ""
    return f"Of these, {said}.{kept}" if len(there) > 1 else ""


def assumed(plan: Plan) -> str:
    """The assumption behind figures of suspensions prevented, for their source."""
    of = plan.assumption
    return (
        f"suspensions prevented are assumed, not measured ({100 * of.low:.0f} to {100 * of.high:.0f}% of a school’s "
        f"at most, half of that with {amount(of.half)} hours)"
    )


def promised(found: Proposal) -> str:
    """What that would prevent if the assumption is right, and what each costs in hours."""
    row = found.choices.set_index("choice").loc[str(Choice.PROPOSAL)]
    said = f"If the assumption is right, about {around(row, 'prevented')} would be prevented in a year"
    if row["prevented_low"] <= 0:
        return f"{said}."
    each = [found.plan.hours / row[f"prevented{end}"] for end in ("", "_high", "_low")]
    central, best, worst = (amount(round(hours)) for hours in each)
    return f"{said}: one for every {central} hours ({best} to {worst}). If you do not believe that, change it below."


def around(row: "pd.Series", name: str) -> str:
    """A figure of suspensions with its range."""
    middle, low, high = (round(float(row[f"{name}{end}"])) for end in ("", "_low", "_high"))
    return f"{counted(middle, 'suspension')} ({amount(low)} to {amount(high)})"


def costs(found: Proposal) -> str:
    """What the floors, the ceiling and the schools that come first cost together; without any, what equal hours do."""
    choices = found.choices.set_index("choice")
    proposal = choices.loc[str(Choice.PROPOSAL)]
    set_by_hand = _set_by_hand(found.plan, found.rows)
    verb = "costs" if len(set_by_hand) == 1 else "cost"
    lost = round(100 * (1 - proposal["of_best"]))
    if set_by_hand and lost > 0:
        share = f"{lost} in 100 of what could be prevented"
        return f"{_upper(listed(set_by_hand))} {verb} about {around(proposal, 'cost')}: {share}."
    equal = choices.loc[str(Choice.EQUAL)]
    whole = f"{_upper(listed(set_by_hand))} {verb} next to nothing. " if set_by_hand else ""
    return f"{whole}The same hours for every school would prevent about {around(equal, 'cost')} fewer."


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _set_by_hand(plan: Plan, rows: pd.DataFrame) -> list[str]:
    """What the authority has set."""
    first = int(rows["first"].sum())
    parts = [f"the floor for {floor.words}" for floor in plan.floors[:2]]
    if len(plan.floors) > 2:
        parts = [f"the {len(plan.floors)} floors"]
    if plan.ceiling is not None:
        parts.append("the most that one school may have")
    if first:
        schools = "the school" if first == 1 else f"each of the {first} schools"
        parts.append(f"a visit to {schools} to which the authority has decided that outreach goes first")
    return parts


def notes(found: Proposal, without_figures: Collection[str]) -> list[str]:
    """What to know about the proposal."""
    said = [
        "Suspensions expected: each school’s steadied ratio (How high, on “Where next”) × the average for its size in "
        "a year like the last. Nothing here says that outreach caused or will cause a change.",
        "The same hours are taken to prevent the same share of suspensions at every school, so they prevent most where "
        "most is expected: without a floor, small schools get little. A floor is the authority’s choice, not a figure.",
        "Ranges hold what chance does to each school’s ratio (four times in five) and the range of the assumption.",
    ]
    if found.left_over >= 0.05:
        said.append(f"Left over: {counted(found.left_over, 'hour')}, no whole visit or more than schools may have.")
    if without_figures:
        names = listed(list(without_figures))
        said.append(f"To come first, but without figures to share hours out by: {names}. Set hours aside for them.")
    return said
