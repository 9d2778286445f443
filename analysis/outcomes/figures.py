"""What every outcome measure is asked, and the figures it answers with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from access.scope import Scope
from analysis.statistics.survival import Share
from data_model.labelled import Labelled
from data_model.terms import Period


class By(Labelled):
    """What a measure can be told apart by."""

    ALL = "all", "All together"
    TIER = "tier", "Tier"
    AGE = "age", "Age"
    REASON = "reason", "Reason"
    PHASE = "phase", "School phase"
    PROVIDER = "provider", "Provider"
    ENDING = "ending", "How it ended"
    WEEKS = "weeks", "School weeks since"
    CLOCK = "clock", "Clock"


@dataclass(frozen=True)
class Asked:
    """A question: an authority, an academic year, and what to tell apart."""

    la: int
    year: str
    by: By

    @property
    def first(self) -> date:
        """The first day of the year."""
        return Period(self.year).bounds[0]

    @property
    def last(self) -> date:
        """The last day of the year."""
        return Period(self.year).bounds[1]


@dataclass(frozen=True)
class Figure:
    """One group's figure. `count` out of `out_of` are what it is made of; `value` (None: too small to say, which the
    `note` says) has the range `low` to `high` where it is estimated and not counted. `pupils` are the numbers of pupils
    that it could give away: where one is small, it is hidden from those who may not see that. `hidden` says so at once,
    where what is hidden is decided on more than the measure's own figures; None where it is not."""

    group: str
    count: float | None
    out_of: float | None
    value: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""
    pupils: tuple[int, ...] = ()
    hidden: bool | None = None


Answer = Callable[[Connection, Scope, Asked], list[Figure]]

WHOLE = "All"
"""The group where nothing is told apart."""
NOT_DUE = "Some are not due yet"


def of_share(group: str, count: int, out_of: int, share: Share | None, minimum: int, note: str = "") -> Figure:
    """A share of those due in percent, or why there is none."""
    pupils = (count, out_of - count)
    if share is None:
        return Figure(group, count, out_of, None, note=f"Too small to say: fewer than {minimum}", pupils=pupils)
    return Figure(group, count, out_of, 100 * share.share, 100 * share.low, 100 * share.high, note, pupils)
