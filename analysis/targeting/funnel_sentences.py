"""What a funnel shows, in words."""

from analysis.targeting.bands import LEAST_EXPECTED
from analysis.targeting.funnel import INNER, OUTER, Funnel, Place
from analysis.wording import amount, counted
from data_model.codes import Phase


def title(found: Funnel, phase: Phase) -> str:
    """How many schools of a phase are further above the average than chance explains."""
    rows = found.rows[found.rows["phase"].eq(str(phase))]
    far, schools = int(rows["place"].eq(str(Place.FAR_ABOVE)).sum()), f"{phase.label.lower()} schools"
    if not len(rows):
        return f"Every figure of {schools} is hidden"
    if not far:
        return f"Of {len(rows)} {schools} none is further above average than chance explains"
    return f"{far} of {len(rows)} {schools} {'is' if far == 1 else 'are'} further above average than chance explains"


def unit(found: Funnel, phase: Phase) -> str:
    """What goes up in the chart, over which terms, and how many schools are not there."""
    hidden = found.hidden.get(phase, 0)
    left_out = f"; {counted(hidden, 'school')} not shown: small numbers are hidden" if hidden else ""
    return f"suspensions as times the average, {found.window}{left_out}"


HOW_TO_READ = (
    "Each point is a school. Between the lines a school may lie by chance alone; a diamond lies above all that chance "
    "explains. The more suspensions are expected of a school of its size and phase, the closer to the average (1×) "
    "chance leaves it."
)


def notes(found: Funnel, *, in_full: bool) -> list[str]:
    """What to know about funnels. Unless figures are shown `in_full`, numbers of pupils are left out."""
    return [
        f"If schools differed by chance alone, about 1 in {1 / INNER:,.0f} would lie above the dashed line and about "
        f"1 in {1 / OUTER:,.0f} above the solid one; as many below the lower ones.",
        *(_repeat(found, phase, in_full) for phase in found.repeats),
        f"A hollow point is a school of which fewer than {amount(LEAST_EXPECTED)} suspensions a year are expected: one "
        "child can move it.",
    ]


def _repeat(found: Funnel, phase: Phase, in_full: bool) -> str:
    repeat, name = found.repeats[phase], phase.label
    times = f"counts vary {amount(repeat.factor)} times as much as if each were of another pupil"
    if repeat.pupils is None:
        why = "DfE’s figures do not tell" if found.published else "too few pupils of this authority to tell"
        return f"{name}: some pupils are suspended again and again, so {times} (England, 2016/17: {why})."
    of = f"the {amount(repeat.pupils)} suspended pupils" if in_full else "the suspended pupils (how many is hidden)"
    return f"{name}: some of {of} were suspended again and again, so {times}. The lines allow for that."
