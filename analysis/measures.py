"""Every measure, said once: pages, charts, exports, the command line and "About the measures" read it here.

`counts` and `out_of` are functions of `counting.py`. A rate is count / out_of * per.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from analysis import counting
from analysis.counting import Counts, Denominator

_METHODOLOGY = "DfE, Suspensions and permanent exclusions in England: methodology"
_IMPROVEMENT_PLAN = "DfE, SEND and alternative provision improvement plan, March 2023"
_REVIEWED = date(2026, 11, 22)
_ON_ROLL = "pupils on roll (sole and dual main) at the January census for a year, the term's own for a term"


class Higher(StrEnum):
    """What it means that a figure is higher."""

    WORSE = "worse"
    BETTER = "better"
    NEUTRAL = "neutral"


@dataclass(frozen=True)
class Measure:
    """One measure.

    `minimum` is the smallest count from which a school's rate says something; below it one child can move the figure.
    `datasets` must all be loaded for it; `published` names the two columns of `published_statistics` that it is
    worked out from, None where DfE publishes nothing for schools or LAs.
    """

    id: str
    name: str
    counts: Counts
    out_of: Denominator
    per: int
    unit: str
    higher_is: Higher
    method: str
    minimum: int
    plain: str
    caveat: str
    why_it_matters: str
    source: str
    reviewed_on: date
    datasets: tuple[str, ...]
    published: tuple[str, str] | None = None


SUSPENSION_RATE = Measure(
    id="suspension_rate",
    name="Suspension rate",
    counts=counting.suspensions,
    out_of=counting.pupils_on_roll,
    per=100,
    unit="suspensions per 100 pupils",
    higher_is=Higher.WORSE,
    method=f"Suspensions that started in the period, over {_ON_ROLL}, times 100.",
    minimum=5,
    plain="How many suspensions there were for every 100 pupils. It can be over 100.",
    caveat="It counts suspensions, not children: one child can drive a school's rate. Lunchtime suspensions, and those "
    "that were cancelled or ended in reinstatement, are not counted. Termly rates do not add up to the year's.",
    why_it_matters="A rate allows for the size of a school, so schools of one phase can be read side by side.",
    source=_METHODOLOGY,
    reviewed_on=_REVIEWED,
    datasets=("suspensions",),
    published=("suspensions", "headcount"),
)


def _pupils_suspended(measure_id: str, times: int, how_often: str) -> Measure:
    return Measure(
        id=measure_id,
        name=f"Pupils suspended {how_often}",
        counts=counting.pupils_suspended(times),
        out_of=counting.pupils_on_roll,
        per=100,
        unit="pupils per 100 pupils",
        higher_is=Higher.WORSE,
        method=f"Pupils with {times} or more suspensions in the period, over {_ON_ROLL}, times 100.",
        minimum=5,
        plain=f"How many of every 100 pupils were suspended {how_often}.",
        caveat="For a phase or a local authority each child is counted once, with the suspensions of all its schools. "
        "A school counts its own pupils, so a child suspended at two schools is in both; DfE's figures for areas count "
        "such a child twice.",
        why_it_matters="It counts children, not incidents: a few suspended often need other help than many once.",
        source=_METHODOLOGY,
        reviewed_on=_REVIEWED,
        datasets=("suspensions",),
        published=("pupils_suspended", "headcount") if times == 1 else None,
    )


ONE_PLUS_SUSPENSION_RATE = _pupils_suspended("one_plus_suspension_rate", 1, "once or more")
TWO_PLUS_SUSPENSION_RATE = _pupils_suspended("two_plus_suspension_rate", 2, "twice or more")
THREE_PLUS_SUSPENSION_RATE = _pupils_suspended("three_plus_suspension_rate", 3, "three times or more")

AVERAGE_SUSPENSIONS = Measure(
    id="average_suspensions",
    name="Suspensions per suspended pupil",
    counts=counting.suspensions,
    out_of=counting.pupils_ever_suspended,
    per=1,
    unit="suspensions per suspended pupil",
    higher_is=Higher.WORSE,
    method="Suspensions that started in the period, over the pupils who had at least one.",
    minimum=10,
    plain="How many suspensions a pupil who was suspended at all had, on average.",
    caveat="Few pupils make it jump: read it with the number of pupils suspended.",
    why_it_matters="A high figure says that suspension is repeated and is not changing what happens.",
    source=_METHODOLOGY,
    reviewed_on=_REVIEWED,
    datasets=("suspensions",),
    published=("suspensions", "pupils_suspended"),
)

DAYS_LOST_RATE = Measure(
    id="days_lost_rate",
    name="Days lost to suspension",
    counts=counting.days_lost,
    out_of=counting.pupils_on_roll,
    per=100,
    unit="days per 100 pupils",
    higher_is=Higher.WORSE,
    method=f"Recorded sessions of the suspensions that started in the period, over two, over {_ON_ROLL}, times 100.",
    minimum=5,
    plain="How many school days pupils lost to suspension for every 100 pupils.",
    caveat="Two sessions are a day. Sessions are as recorded, never worked out from dates. A suspension that runs into "
    "the next term counts in the term in which it started.",
    why_it_matters="It is the learning that was missed: ten one-day suspensions are not ten of a week.",
    source=_METHODOLOGY,
    reviewed_on=_REVIEWED,
    datasets=("suspensions",),
)

PERMANENT_EXCLUSION_RATE = Measure(
    id="permanent_exclusion_rate",
    name="Permanent exclusion rate",
    counts=counting.permanent_exclusions,
    out_of=counting.pupils_on_roll,
    per=100,
    unit="permanent exclusions per 100 pupils",
    higher_is=Higher.WORSE,
    method=f"Permanent exclusions upheld or without an outcome, by the head's decision, over {_ON_ROLL}, times 100.",
    minimum=5,
    plain="How many permanent exclusions there were for every 100 pupils.",
    caveat="Those that were withdrawn, that ended in reinstatement or that are still under review are not counted. "
    "Permanent exclusions are rare: a school's rate says little, and schools should not be ranked by it.",
    why_it_matters="It is what outreach is there to prevent, and the authority must provide from the sixth school day.",
    source=_METHODOLOGY,
    reviewed_on=_REVIEWED,
    datasets=("permanent_exclusions",),
    published=("permanent_exclusions", "headcount"),
)

PERMANENT_EXCLUSIONS_DECIDED_RATE = Measure(
    id="permanent_exclusions_decided_rate",
    name="Permanent exclusions decided",
    counts=counting.permanent_exclusions_decided,
    out_of=counting.pupils_on_roll,
    per=100,
    unit="decisions per 100 pupils",
    higher_is=Higher.WORSE,
    method=f"Heads' decisions to exclude permanently in the period, whatever came of them, over {_ON_ROLL}, times 100.",
    minimum=5,
    plain="How many times, for every 100 pupils, a head decided to exclude a pupil permanently.",
    caveat="It counts decisions that were later withdrawn or overturned, so it is not DfE's figure and not below it.",
    why_it_matters="Each decision set work going, whatever came of it; the gap to those upheld is worth asking about.",
    source="Heads' notifications to the local authority",
    reviewed_on=_REVIEWED,
    datasets=("permanent_exclusions",),
)


def _placements(measure_id: str, tier: str, done: str, counts: Callable[[str], Counts], when: str) -> Measure:
    kinds = {"1": "targeted support in mainstream", "2": "time-limited placements", "3": "transitional placements"}
    return Measure(
        id=measure_id,
        name=f"Tier {tier} placements {done}",
        counts=counts(tier),
        out_of=counting.pupils_on_roll,
        per=1000,
        unit="placements per 1,000 pupils",
        higher_is=Higher.NEUTRAL,
        method=f"Tier {tier} placements ({kinds[tier]}) {when}, by home school, over {_ON_ROLL}, times 1,000.",
        minimum=5,
        plain=f"How many tier {tier} alternative provision placements {when}.",
        caveat="More is not worse. A placement without a home school, or from an alternative provision school, is in "
        "the authority's count but in none of the three main phases'. Not to be added to DfE's January counts.",
        why_it_matters="It shows how much alternative provision is in use, and how much of it leads back to school.",
        source=_IMPROVEMENT_PLAN,
        reviewed_on=_REVIEWED,
        datasets=("ap_placements",),
    )


_OPEN = "open on the last day of the period (or of the data, if that is earlier)"
_STARTED = "that started in the period"

OUTREACH_COVERAGE = Measure(
    id="outreach_coverage",
    name="Outreach in the highest-rate schools",
    counts=counting.highest_rate_schools_reached,
    out_of=counting.highest_rate_schools,
    per=100,
    unit="% of the highest-rate schools",
    higher_is=Higher.BETTER,
    method="Of the schools in the top fifth of their phase by suspension rate in the period (rounded up, ties in, "
    "schools without a suspension out), those with an outreach contact in the period or a case open on its last day "
    "(or that of the data, if that is earlier).",
    minimum=1,
    plain="What share of the schools with the highest suspension rates had any outreach.",
    caveat="A contact is not a dose: it says that outreach was there, not how much. The top fifth is by the same "
    "period's rate, so some schools are in it for one bad term.",
    why_it_matters="It shows whether outreach goes where suspension is highest.",
    source="This dashboard's own definition",
    reviewed_on=_REVIEWED,
    datasets=("suspensions", "outreach_cases"),
)

MEASURES: dict[str, Measure] = {
    measure.id: measure
    for measure in (
        SUSPENSION_RATE,
        ONE_PLUS_SUSPENSION_RATE,
        TWO_PLUS_SUSPENSION_RATE,
        THREE_PLUS_SUSPENSION_RATE,
        AVERAGE_SUSPENSIONS,
        DAYS_LOST_RATE,
        PERMANENT_EXCLUSION_RATE,
        PERMANENT_EXCLUSIONS_DECIDED_RATE,
        *(_placements(f"ap_open_tier_{t}", t, "open", counting.placements_open, _OPEN) for t in "123"),
        *(_placements(f"ap_started_tier_{t}", t, "started", counting.placements_started, _STARTED) for t in "123"),
        OUTREACH_COVERAGE,
    )
}
"""Every measure by its id, in the order in which people read them."""
