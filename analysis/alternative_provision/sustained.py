"""Whether a return lasted: 6, 12 and 24 school weeks on, of the returns for which that day has come.

Returns that are not due yet count nowhere, failed or not (`due_only`): counting failures as they come and successes
later would make every share too low. A return held if until that day the pupil was not permanently excluded, started
no other placement (but for tier 1, which is support in mainstream) and no direction off site, and attended at least
the share that the authority sets of the half days that were possible since, where there are enough to say.
"""

from datetime import date

import pandas as pd

from analysis.alternative_provision.queries import Provision
from analysis.alternative_provision.stays import Ending
from analysis.statistics.survival import Share, TooFew, due_only
from data_model.codes import Tier
from data_model.school_days import SchoolDays

SCHOOL_WEEKS = (6, 12, 24)
JUDGED = 12
"""The school weeks at which groups are set side by side."""
DAYS_A_WEEK = 5
FEWEST = 15
"""Returns due, below which no share is said."""


def returned(rows: pd.DataFrame) -> pd.DataFrame:
    """The stays (`stays.stays`) that ended in a return, with `back_at`: the school's URN, missing where not known."""
    back = rows[rows["ends"].eq(Ending.RETURNED.number)]
    return back.assign(back_at=back["destination_urn"].fillna(back["urn"])).reset_index(drop=True)


def held(found: Provision, back: pd.DataFrame, school_weeks: int, attendance: float, fewest: int) -> pd.DataFrame:
    """The returns (`returned`) with `due_on` (the day on which so many school weeks have passed), `due`, `held`,
    `broken` (the first day on which it did not hold, missing where it did), `attended` (percent since, missing without
    `fewest` possible half days) and `by_term_dates` (false where weekdays had to be counted)."""
    calendar = SchoolDays.of(found.term_dates)
    days = [
        calendar.after(day.date(), school_weeks * DAYS_A_WEEK, int(urn) if pd.notna(urn) else -1)
        for day, urn in zip(back["end_date"], back["back_at"], strict=True)
    ]
    due_on = pd.to_datetime(pd.Series([each.day for each in days], index=back.index, dtype="object"))
    broken = first_break(found, back)
    attended = attended_since(found, back, due_on, fewest)
    lasted = ~broken.le(due_on) & ~attended.lt(attendance)
    due = due_on.le(pd.Timestamp(found.now or date.min)) if found.now else pd.Series(False, index=back.index)
    by_term_dates = pd.Series([each.by_term_dates for each in days], index=back.index, dtype="bool")
    return back.assign(
        due_on=due_on, due=due, held=lasted, broken=broken, attended=attended, by_term_dates=by_term_dates
    )


def share_held(rows: pd.DataFrame) -> Share | None:
    """The share that held of those due (`held`); None below the minimum."""
    try:
        return due_only(rows["held"], rows["due"], minimum=FEWEST)
    except TooFew:
        return None


def first_break(found: Provision, back: pd.DataFrame) -> pd.Series:
    """The first day after each return of an exclusion, a placement or a direction; missing where there is none."""
    placements = found.placements[~found.placements["tier"].astype("str").eq(str(Tier.TARGETED_SUPPORT))]
    started = [
        placements[["pupil", "start_date", "placement_id"]],
        found.exclusions[["pupil", "start_date"]],
        found.directions[["pupil", "start_date"]],
    ]
    events = pd.concat(started, ignore_index=True).rename(columns={"start_date": "day", "placement_id": "other"})
    own = back[["pupil", "end_date", "placement_id"]].astype({"placement_id": "str"}).reset_index(names="row")
    after = own.merge(events.astype({"other": "str"}), on="pupil")
    later = after["day"].gt(after["end_date"]) & after["other"].ne(after["placement_id"])
    return after[later].groupby("row")["day"].min().reindex(back.index)


def attended_since(found: Provision, back: pd.DataFrame, until: pd.Series, fewest: int) -> pd.Series:
    """Attendance in percent in the whole weeks from each return until a day; half days with code E are left out, since
    a suspended child was not expected. Missing without `fewest` possible half days."""
    weeks = found.attendance[found.attendance["pupil"].isin(back["pupil"])]
    parts = weeks[["possible", "present", "code_e"]].astype("float64")
    expected = (parts["possible"] - parts["code_e"].fillna(0)).clip(lower=0)
    known = weeks[["pupil", "week_start"]].assign(expected=expected, present=parts["present"].clip(upper=expected))
    own = back[["pupil", "end_date"]].assign(until=until).reset_index(names="row")
    joined = own.merge(known.dropna(subset=["present"]), on="pupil")
    friday = joined["week_start"] + pd.Timedelta(days=4)
    within = joined[joined["week_start"].gt(joined["end_date"]) & friday.le(joined["until"])]
    sums = within.groupby("row")[["expected", "present"]].sum()
    sums = sums[sums["expected"] >= fewest]
    return (100 * sums["present"] / sums["expected"]).reindex(back.index)
