"""What the page says in words."""

from datetime import date

from analysis.wording import counted
from data_model.terms import in_words, year_label

PART_OF_IT = "Small numbers are hidden on whole authorities, and you reach a part of this one."
NONE_LOADED = "No transitions are loaded: children of Year 6 who need a plan for Year 7."
TOO_FEW = "Too few children start Year 7 in {year} with a plan to show anything of them."


def settled(year: str, number: int, count: int | None, known: int) -> str:
    """The title of a cohort whose first term is over: how many settled, of those `known` (None: hidden)."""
    who = f"{counted(number, 'child', 'children')} started Year 7 in {year_label(year)} with a plan"
    if not known:
        return f"{who}: how they are after the first term is not recorded"
    if count is None:
        return f"{who}: how many were settled after the first term is hidden"
    return f"{who}: {count} of the {known} of whom it is recorded were settled after the first term"


def finding(year: str, number: int, overdue: int | None, due_now: int | None, ends: date) -> str:
    """The title before that: how many children have something overdue, and for how many more something falls due soon.

    None: hidden.
    """
    who = f"{counted(number, 'child', 'children')} {'starts' if number == 1 else 'start'} Year 7 in {year_label(year)}"
    if overdue is None:
        return f"{who} with a plan; for how many a step is overdue is hidden"
    said = f"for {overdue} a step is overdue" if overdue else "nothing is overdue"
    soon = f", for {due_now} one falls due by {in_words(ends)}" if due_now else ""
    return f"{who} with a plan to make: {said}{soon}"


def standing(missing: bool, due: date, on: date, ends: date, *, is_over: bool = False) -> str:
    """How a step stands whose day is `due`: not done, once the first term is over."""
    if not missing:
        return "Done for all"
    if is_over:
        return "Not done"
    if due < on:
        return "Overdue"
    return "Due this half term" if due <= ends else "Later"


def notes() -> tuple[str, ...]:
    """What to know about the figures."""
    return (
        "How a child is after the first term is what the receiving school said: settled, some concern, or not settled. "
        "Schools judge differently, so schools are not put in an order.",
        "Attendance is that of the autumn term at the new school, of those of whom it is known.",
        "Where no receiving school is recorded, admissions may know it: places are offered on 1 March.",
        "The days by which steps are due are what the authority set, or a place to start from, and not the law. Visits "
        "are for children who need more than what every child gets; a summer programme is missing for nobody.",
        "Children in this list were chosen because they needed a plan: whether the plan helped cannot be seen from how "
        "many settled.",
    )
