"""What an authority sets: from which number on it looks at a child (facts and never a score), and by which day of the
year the steps of a transition to Year 7 are due."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import Column, Connection, Float, Integer, String, Table, Text, select

from data_model.dataset import Row
from data_model.metadata import metadata
from data_model.written import LaCode, Words, written_columns

_Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
_Weeks = Annotated[int, Field(ge=1, le=13)]


def _in_every_year(text: str) -> str:
    try:
        if f"{date.fromisoformat(f'{_NO_LEAP_YEAR}-{text}'):%m-%d}" == text:
            return text
    except ValueError:
        pass
    raise PydanticCustomError("day_of_year", "not a day of every year, such as 05-31")


_NO_LEAP_YEAR = 2001
DayOfYear = Annotated[str, AfterValidator(_in_every_year)]
"""A month and a day that every year has: `05-31`."""


class Thresholds(Row):
    """From which number on a fact about a child is pointed out, and by which day steps of a transition are due."""

    some_suspensions: Annotated[
        int, Field(title="Suspensions: some", description="In the last three terms, this one included", ge=1, le=50)
    ]
    many_suspensions: Annotated[
        int, Field(title="Suspensions: many", description="In the last three terms, this one included", ge=1, le=50)
    ]
    days_lost: Annotated[
        float, Field(title="Days lost", description="To suspensions in the last three terms", gt=0, le=135)
    ]
    attendance_below: Annotated[
        _Percent, Field(title="Attendance below, %", description="Persistent absence is below 90 % in DfE's figures")
    ]
    attendance_fall: Annotated[
        _Percent, Field(title="Attendance falls by, points", description="From the weeks before to the latest weeks")
    ]
    recent_weeks: Annotated[_Weeks, Field(title="Latest school weeks")]
    weeks_before: Annotated[_Weeks, Field(title="School weeks before them")]
    fewest_sessions: Annotated[
        int,
        Field(title="Fewest sessions", description="Possible half days in each; fewer say nothing", ge=1, le=130),
    ]
    sustained_attendance: Annotated[
        _Percent, Field(title="A return is sustained from, %", description="Attendance since the return")
    ]
    transition_school_known: Annotated[DayOfYear, Field(title="Receiving school known by")]
    transition_plan: Annotated[DayOfYear, Field(title="Plan agreed by")]
    transition_told: Annotated[DayOfYear, Field(title="Receiving school told by")]
    transition_key_adult: Annotated[DayOfYear, Field(title="Key adult named by")]
    transition_visit: Annotated[DayOfYear, Field(title="New school visited by")]
    transition_half_term: Annotated[DayOfYear, Field(title="Looked after half a term by")]
    transition_end_of_term: Annotated[DayOfYear, Field(title="Looked after the first term by")]


USUAL = Thresholds(
    some_suspensions=2,
    many_suspensions=3,
    days_lost=10,
    attendance_below=90,
    attendance_fall=10,
    recent_weeks=4,
    weeks_before=6,
    fewest_sessions=20,
    sustained_attendance=80,
    transition_school_known="03-31",
    transition_plan="05-31",
    transition_told="06-30",
    transition_key_adult="06-30",
    transition_visit="07-15",
    transition_half_term="11-15",
    transition_end_of_term="01-15",
)
"""Where an authority has set none. Nobody has shown that these are right: they are a place to start from."""


class ThresholdsSet(Thresholds):
    """The thresholds that an authority set, and why."""

    la_code: LaCode
    note: Annotated[Words | None, Field(title="Note")] = None


thresholds_set = Table(
    "thresholds_set",
    metadata,
    Column("thresholds_id", Integer, primary_key=True, autoincrement=True),
    Column("la_code", Integer, nullable=False, index=True),
    Column("some_suspensions", Integer, nullable=False, comment="in the last three terms"),
    Column("many_suspensions", Integer, nullable=False, comment="in the last three terms"),
    Column("days_lost", Float, nullable=False, comment="to suspensions in the last three terms"),
    Column("attendance_below", Float, nullable=False, comment="percent"),
    Column("attendance_fall", Float, nullable=False, comment="points"),
    Column("recent_weeks", Integer, nullable=False, comment="school weeks"),
    Column("weeks_before", Integer, nullable=False, comment="school weeks before those"),
    Column("fewest_sessions", Integer, nullable=False, comment="possible sessions, below which nothing is said"),
    Column("sustained_attendance", Float, nullable=False, comment="percent"),
    Column("transition_school_known", String(5), nullable=False, comment="month and day"),
    Column("transition_plan", String(5), nullable=False, comment="month and day"),
    Column("transition_told", String(5), nullable=False, comment="month and day"),
    Column("transition_key_adult", String(5), nullable=False, comment="month and day"),
    Column("transition_visit", String(5), nullable=False, comment="month and day"),
    Column("transition_half_term", String(5), nullable=False, comment="month and day"),
    Column("transition_end_of_term", String(5), nullable=False, comment="month and day"),
    Column("note", Text),
    *written_columns(),
    sqlite_autoincrement=True,
)
"""One row each time that they were set. The newest that holds is in force; before any, USUAL is."""


def in_force(connection: Connection, la_code: int) -> Thresholds:
    """An authority's thresholds: those that it set last and that hold, else the usual ones. They name nobody."""
    columns = thresholds_set.c
    query = select(thresholds_set).where(columns.la_code == la_code, columns.withdrawn_at.is_(None))
    newest = connection.execute(query.order_by(columns.thresholds_id.desc()).limit(1)).first()
    return USUAL if newest is None else Thresholds(**{name: getattr(newest, name) for name in Thresholds.model_fields})
