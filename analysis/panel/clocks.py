"""Limits set by law that are near, as counts of pupils by school on a day.

Suspensions: a pupil may be suspended for 45 school days in a school year; past 15 days in a term the governing board
must meet (School Discipline (Pupil Exclusions and Reviews) Regulations 2012). Full-time education is due from the sixth
school day after a permanent exclusion (Education and Inspections Act 2006, section 19 of the 1996 Act). A Fair Access
Panel finds a school within 20 school days of a referral (School Admissions Code 2021, 3.17).
"""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from analysis.clocks.definitions import DAY_6_EXCLUSION, DAYS_IN_TERM, DAYS_IN_YEAR, FAIR_ACCESS
from analysis.clocks.table import LATELY
from analysis.hiding.protection import HIDDEN, is_hidden
from analysis.panel.counts import with_count
from analysis.records import Records, within
from analysis.wording import counted
from data_model.codes import PexStatus, ReferralDecision, ReferralSource
from data_model.rules import school_day_after
from data_model.terms import Period, in_words

NEAR_YEAR = DAYS_IN_YEAR.limit - DAYS_IN_YEAR.warns_at
NEAR_TERM = DAYS_IN_TERM.limit - DAYS_IN_TERM.warns_at
"""Days suspended from which the limits of 45 in a year and 15 in a term are near."""
SOON = timedelta(days=7)
_OVER = [str(PexStatus.WITHDRAWN), str(PexStatus.REINSTATED)]


@dataclass(frozen=True)
class Clock:
    """A limit: the column of its counts, and what they are in words."""

    column: str
    label: str
    pupils: str


CLOCKS = (
    Clock(
        "year_days", f"{NEAR_YEAR} days or more of 45 in the year", "near the 45 days of suspension that a year allows"
    ),
    Clock(
        "term_days", f"{NEAR_TERM} days or more of 15 in the term", "near 15 days of suspension in the term, or past it"
    ),
    Clock("day_6", "Day-6 provision due within a week, or late", "whose day-6 provision is due or late"),
    Clock(
        "referrals",
        "Panel’s 20 days end within a week, or over",
        "whose 20 days with the panel are nearly over, or are",
    ),
)


@dataclass(frozen=True, eq=False)
class Clocks:
    """`rows`: `key` of each school that is reached, a column of counts for each of CLOCKS, and `hidden`; missing where
    nothing is loaded that would tell. `on`: the day.
    """

    rows: pd.DataFrame
    on: date


def clocks(records: Records, la: int, day: str) -> Clocks | None:
    """The counts of an authority's schools on a day, as ISO text; None where nothing that happened is loaded."""
    own = records.by_la[la]
    if own.now is None:
        return None
    deciding, on = own.deciding, date.fromisoformat(day)
    rows = pd.DataFrame({"key": own.current_schools["urn"], HIDDEN: ""})
    events = {
        "year_days": _suspended(deciding, Period(Period.of(on).year), NEAR_YEAR),
        "term_days": _suspended(deciding, Period.of(on), NEAR_TERM),
        "day_6": _day_6(deciding, on),
        "referrals": _referred(deciding, on),
    }
    loaded = {
        "year_days": "suspensions",
        "term_days": "suspensions",
        "day_6": "permanent_exclusions",
        "referrals": "outreach_cases",
    }
    for column, those in events.items():
        if deciding.loaded[loaded[column]]:
            rows = with_count(rows, column, those, own, f"{column} on {on}")
        else:
            rows = rows.assign(**{column: float("nan")})
    return Clocks(rows, on)


def _suspended(records: Records, period: Period, days: int) -> pd.DataFrame:
    """The pupils suspended for so many days in a period, at any school; each at the school of the last suspension."""
    there = within(records.suspensions, "start_date", period)
    total = there.groupby("pupil")["sessions"].sum() / 2
    those = there[there["pupil"].isin(total[total.ge(days)].index)].sort_values("start_date", kind="stable")
    return those.drop_duplicates("pupil", keep="last")[["urn", "phase", "pupil"]]


def _day_6(records: Records, on: date) -> pd.DataFrame:
    """The pupils excluded for good without day-6 provision, where it is due within a week or was due lately."""
    waiting = records.permanent_exclusions
    waiting = waiting[waiting["day6_start"].isna() & ~waiting["status"].isin(_OVER)]
    return _due(waiting, "head_decision_date", DAY_6_EXCLUSION.limit, records, on)[["urn", "phase", "pupil"]]


def _referred(records: Records, on: date) -> pd.DataFrame:
    """The panel's referrals without a decision, as pupils, whose time is over within a week or was over lately."""
    rows = records.referrals
    undecided = rows["decision"].isna() | rows["decision"].eq(str(ReferralDecision.WAITING))
    waiting = rows[rows["source"].eq(str(ReferralSource.FAIR_ACCESS_PANEL)) & undecided]
    due = _due(waiting, "received_date", FAIR_ACCESS.limit, records, on)
    return due.assign(pupil=range(len(due)))[["urn", "phase", "pupil"]]


def _due(rows: pd.DataFrame, day: str, number: int, records: Records, on: date) -> pd.DataFrame:
    """The rows whose so-manieth school day after a day is near; a row whose term dates are not loaded is left out."""
    due = school_day_after(rows[day], number, rows["urn"], records.term_dates)
    return rows[due.between(pd.Timestamp(on - LATELY), pd.Timestamp(on + SOON))]


def finding(found: Clocks, rows: pd.DataFrame) -> str:
    """Which limits are near for how many pupils, in words; `rows` are some of those of `found`."""
    said = []
    for clock in CLOCKS:
        if is_hidden(rows, clock.column).any():
            continue
        number = rows[clock.column].sum()
        if number:
            said.append(f"{counted(number, 'pupil')} {clock.pupils}")
    when = f"on {in_words(found.on)}"
    if said:
        return f"{'; '.join(said)}, {when}."
    if any(is_hidden(rows, clock.column).any() for clock in CLOCKS):
        return f"Some limits are near {when}, for too few pupils to say how many."
    return f"No limit set by law is near {when}."
