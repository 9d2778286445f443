"""`allocate`: how outreach hours could be shared out among schools, and what that is assumed to prevent."""

from collections.abc import Collection
from typing import Annotated

import typer

from analysis import queries
from analysis.command_line import asking
from analysis.command_line.printing import print_frame, print_notes
from analysis.denominators import HEADLINE
from analysis.published_queries import published_periods
from analysis.records import Records
from analysis.sharing_hours import sentences
from analysis.sharing_hours.plan import Assumption, Floor, Impossible, Kind, Plan
from analysis.sharing_hours.proposal import propose
from analysis.sharing_hours.schools import schools_to_share
from analysis.targeting.history import years_of_terms
from data_model.terms import Period

COLUMNS = (
    "la_code",
    "urn",
    "laestab",
    "school_name",
    "phase",
    "steadied_ratio",
    "low80",
    "high80",
    "next_expected",
    "next_count",
    "comes_first",
    "hours",
    "prevented_low",
    "prevented",
    "prevented_high",
)

_USUAL, _PLAN = Assumption(), Plan(0)

Hours = Annotated[float, typer.Option(help="How many there are to share out.", show_default=False)]
Floors = Annotated[
    list[str] | None,
    typer.Option("--floor", metavar="PHASE=SHARE", help="At least this share for a phase, such as primary=20%."),
]
Visit = Annotated[float, typer.Option(help="Hours of one visit: they are given out in whole ones.")]
Ceiling = Annotated[float | None, typer.Option(help="The most hours for one school.")]
Prevents = Annotated[
    str, typer.Option(metavar="LOW-HIGH", help="Assumed: % of a school's suspensions that outreach could prevent.")
]
Half = Annotated[float, typer.Option(help="Assumed: hours in a term that prevent half of that.")]


def allocate(
    hours: Hours,
    floor: Floors = None,
    visit: Visit = _PLAN.visit,
    ceiling: Ceiling = None,
    prevents: Prevents = f"{100 * _USUAL.low:g}-{100 * _USUAL.high:g}",
    half: Half = _USUAL.half,
    year: Annotated[str | None, typer.Option(help="The academic year; the newest figures without it.")] = None,
    term: asking.OfTerm = None,
    la: asking.La = None,
    as_csv: asking.AsCsv = False,
    as_json: asking.AsJson = False,
    run_by: asking.RunBy = None,
) -> None:
    """Print how hours of outreach could be shared out: a proposal, for a person to decide."""
    asking.json_or_csv(as_json, as_csv)
    low, high = _range(prevents)
    assumption = Assumption(most=(low + high) / 2, low=low, high=high, half=half)
    plan = Plan(hours, visit, tuple(map(_floor, floor or ())), ceiling, assumption=assumption)
    code, period = asking.la_code(la), _period(year, term)
    with asking.asked_of(run_by, for_publication=False, la=code) as (connection, scope):
        published = published_periods(connection, scope)
        asked = period or _newest(published)
        records = queries.records_of_lists(connection, scope, years_of_terms(asked) if asked else ())
    try:
        shared = schools_to_share(records, period or _newest_of(records, published), code)
        found = propose(shared.rows, plan)
    except Impossible as refused:
        raise asking.Stop(str(refused)) from None
    asking.take_away(run_by, "allocate", rows=len(found.rows), for_publication=False)
    assumed = sentences.assumed(plan)
    said = [sentences.headline(found), sentences.costs(found), f"{assumed[0].upper()}{assumed[1:]}."]
    print_notes([*said, *sentences.notes(found, shared.without_figures), *shared.notes])
    rows = found.rows.assign(la_code=found.rows["la_code"].map("{:03d}".format), comes_first=found.rows["first"])
    print_frame(rows, COLUMNS, as_json=as_json)


def _floor(text: str) -> Floor:
    phase, equals, share = text.partition("=")
    if phase not in list(HEADLINE) or not equals:
        raise asking.Stop(f"--floor is a phase ({', '.join(HEADLINE)}) and its share, such as primary=20%.")
    number = _number(share.removesuffix("%"))
    if number is None or (not share.endswith("%") and number > 1):
        raise asking.Stop(f"The share of --floor {phase} is written 20% or 0.2, not {share[:20]!r}.")
    return Floor(Kind.PHASE, phase, number / 100 if share.endswith("%") else number)


def _range(text: str) -> tuple[float, float]:
    ends = [_number(end) for end in text.removesuffix("%").split("-")]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        raise asking.Stop(f"--prevents is a range of percent such as 10-40, not {text[:20]!r}.")
    return ends[0] / 100, ends[1] / 100


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _period(year: str | None, term: str | None) -> Period | None:
    if year is None and term is not None:
        raise asking.Stop("--term says nothing without --year.")
    return asking.period(year, term) if year is not None else None


def _newest_of(records: Records, published: Collection[Period]) -> Period:
    """The newest period that any authority has suspensions for, of its own or published. Raises Impossible."""
    newest = _newest({*records.loaded["suspensions"], *published})
    if newest is None:
        raise Impossible("Nothing is loaded, so nothing says where hours are needed.")
    return newest


def _newest(periods: Collection[Period]) -> Period | None:
    """The newest of these periods, a term before the year that it ends; None without any."""
    return max(periods, key=lambda each: (each.bounds[1], each.term is not None), default=None)
