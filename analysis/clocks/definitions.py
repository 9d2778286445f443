"""The clocks: each said once, with its source.

The law was read in November 2026 in stored copies of legislation.gov.uk, of DfE's guidance "Suspension and permanent
exclusion" (August 2024) as quoted by councils, and of the School Admissions Code 2021. The 2026 edition of the guidance
was not among them: an authority has to hold these against it.
"""

from dataclasses import dataclass

from data_model.labelled import Labelled

_REGULATIONS = "School Discipline (Pupil Exclusions and Reviews) (England) Regulations 2012 (SI 2012/1033)"
_FULL_TIME = (
    "Education (Provision of Full-Time Education for Excluded Pupils) (England) Regulations 2007 (SI 2007/1870)"
)
_CANCELLED = "cancelling: SI 2023/571"


class State(Labelled):
    """Where a clock stands."""

    def __init__(self, value: str, label: str = "", needs_attention: bool = False) -> None:
        self.needs_attention = needs_attention

    RUNNING = "running", "Running"
    SOON = "soon", "Due soon", True
    LATE = "late", "Late", True
    MET = "met", "Met"
    MET_LATE = "met_late", "Met, late"
    LAPSED = "lapsed", "Time is over"
    NEAR = "near", "Near", True
    AT = "at", "Reached", True
    OVER = "over", "Passed", True


@dataclass(frozen=True)
class Clock:
    """A clock. `limit` is in school days: those that a total may have, or those until it is due. `adds_up` is what is
    added up to a total; blank for what is due on a day.

    `warns_at` is how many of them are left when it warns: for a total the days that may still be given, for the others
    the school days until it is due. `first_day_counts`: the day that starts it is its first.
    `lapses`: it is somebody's right and nobody's duty; once its time is over nothing is late.
    `by_authority`: school days are the local authority's, and not a school's own.
    """

    id: str
    name: str
    starts: str
    limit: int
    warns_at: int
    plain: str
    source: str
    first_day_counts: bool = False
    lapses: bool = False
    by_authority: bool = False
    adds_up: str = ""

    @property
    def counts(self) -> str:
        """What is counted, in words."""
        whose = "the local authority" if self.by_authority else "the school"
        first = "the first day counted" if self.first_day_counts else "that day not counted"
        return self.adds_up or f"School days of {whose}, {first}"

    @property
    def warns(self) -> str:
        """When it warns, in words."""
        return "Never: it is a right" if self.lapses else f"With {self.warns_at} school days left, or fewer"

    @property
    def explained(self) -> str:
        """What it is, and how it runs, in sentences."""
        runs = f"Starts: {self.starts}. Counts: {self.counts}. Warns: {self.warns}."
        return f"{self.name}: {self.plain} {runs} Source: {self.source}."


DAYS_IN_YEAR = Clock(
    id="days_in_year",
    name="45 days in a year",
    starts="The first day out of school in the school year",
    adds_up="Days of all suspensions at all schools in the school year, half days as halves, lunchtimes as half a day; "
    "of one that was cancelled, or ended by the governing board, the days until then",
    limit=45,
    warns_at=10,
    plain="No pupil may be suspended for more than 45 school days in a school year, at all schools together.",
    source=f"{_REGULATIONS}; {_CANCELLED}",
)
DAYS_IN_TERM = Clock(
    id="days_in_term",
    name="15 days in a term",
    starts="The first day out of school in the term",
    adds_up="Days of all suspensions in the school's own term, half days as halves, lunchtimes as half a day; those "
    "that were cancelled do not count",
    limit=15,
    warns_at=5,
    plain="Past 5 days in a term parents can have the governing board meet; past 15 it must.",
    source=f"{_REGULATIONS}, regulations 6, 15 and 24",
)
BOARD_MUST_MEET = Clock(
    id="board_must_meet",
    name="Governing board must meet",
    starts="The board is told (where that day is not recorded: the head's decision, or the start of the suspension)",
    limit=15,
    warns_at=5,
    plain="After a permanent exclusion, or a suspension that takes a pupil past 15 days in a term, the governing board "
    "must meet within 15 school days of being told.",
    source=f"{_REGULATIONS}, regulations 6, 15 and 24",
)
BOARD_IF_ASKED = Clock(
    id="board_if_asked",
    name="Governing board, if parents ask",
    starts="The board is told (not recorded for suspensions: their start)",
    limit=50,
    warns_at=0,
    lapses=True,
    plain="After a suspension that takes a pupil past 5 days in a term, and not past 15, the governing board must meet "
    "within 50 school days if parents ask it to.",
    source=f"{_REGULATIONS}, regulations 6, 15 and 24",
)
DAY_6_SUSPENSION = Clock(
    id="day_6_suspension",
    name="Day-6 provision, suspension",
    starts="The first day of more than five school days in a row, in one suspension or several",
    limit=6,
    warns_at=5,
    plain="From the sixth school day in a row that a pupil of compulsory school age is suspended, the school must "
    "arrange full-time education, except for Year 11 pupils whose exams are over.",
    source=f"{_FULL_TIME}, regulation 3, as amended by SI 2014/3216",
    first_day_counts=True,
)
DAY_6_EXCLUSION = Clock(
    id="day_6_exclusion",
    name="Day-6 provision, permanent exclusion",
    starts="The head's decision",
    limit=6,
    warns_at=5,
    plain="From the sixth school day after a permanent exclusion, the local authority where a pupil of compulsory "
    "school age lives must arrange full-time education, except for Year 11 pupils whose exams are over.",
    source="Education Act 1996, section 19(3A); DfE, Suspension and permanent exclusion, August 2024, paragraph 90",
)
REVIEW_REQUEST = Clock(
    id="review_request",
    name="Parents may ask for a review",
    starts="Parents are told that the board has not reinstated the pupil (not recorded: the day it met)",
    limit=15,
    warns_at=0,
    lapses=True,
    plain="Parents may ask for an independent review panel within 15 school days of being told that the governing "
    "board has not reinstated a permanently excluded pupil.",
    source=f"{_REGULATIONS}, schedule 1, paragraph 2",
)
REVIEW_HEARING = Clock(
    id="review_hearing",
    name="Review panel must begin",
    starts="Parents ask for a review",
    limit=15,
    warns_at=5,
    plain="An independent review panel must begin within 15 school days of being asked for; it may adjourn.",
    source=f"{_REGULATIONS}, schedule 1, paragraph 1",
)
FAIR_ACCESS = Clock(
    id="fair_access",
    name="Fair Access: a place",
    starts="It is agreed that an unplaced child will be considered under the Fair Access Protocol",
    limit=20,
    warns_at=5,
    plain="A school place must be allocated within 20 school days of agreeing that an unplaced child will be "
    "considered under the Fair Access Protocol. When the child starts there is a second matter.",
    source="School Admissions Code 2021, on Fair Access Protocols",
    by_authority=True,
)

CLOCKS = (
    DAYS_IN_YEAR,
    DAYS_IN_TERM,
    DAY_6_SUSPENSION,
    DAY_6_EXCLUSION,
    BOARD_MUST_MEET,
    BOARD_IF_ASKED,
    REVIEW_REQUEST,
    REVIEW_HEARING,
    FAIR_ACCESS,
)
"""Every clock, in the order of what happens."""

FIVE_DAYS = 5
"""Days in a term past which parents can have the governing board meet, and in a row past which day 6 comes."""
