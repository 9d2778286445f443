"""What the untidy files are about: events of the fictional LA's newest term, saved ones and ones not loaded yet."""

import numpy as np
import pandas as pd

from sample_data.calendars import LA, Calendars
from sample_data.figures import LAST_YEAR

Frames = dict[str, pd.DataFrame]

COLUMNS = [
    *("pupil_ref", "urn", "start_date", "end_date", "sessions", "category", "reason_1", "reason_2"),
    *("ncyg", "sen_provision", "cla", "am_pm_start"),
]
"""What most systems export of a suspension."""
_NEW_ROWS = 24
_QUIET_DAYS = np.timedelta64(30, "D")
_IN_OUTREACH = ("outreach_referrals", "outreach_cases", "permanent_exclusions", "ap_placements")
_CASELOAD = 25
_OUTCOMES = ("Goals met", "Goals partly met", "Time limit reached", "Disengaged")
_MOST_SESSIONS = 24  # so that a few more stay within fifteen days


def new_suspensions(frames: Frames) -> pd.DataFrame:
    """Suspensions of the last days of summer that are in no file yet: `COLUMNS`, at the school with most of them.

    All would load without an error or a query. Their pupils were suspended before in the year, and not lately.
    """
    saved = frames["suspensions"].astype(object)
    days = Calendars(LAST_YEAR, 1).all_days[LA]
    this_year = saved[saved["start_date"] >= pd.Timestamp(days[0])]
    this_year = this_year[~this_year["urn"].isin(frames["term_dates"]["applies_to"])]
    busiest = this_year["urn"].mode().head(1)
    own = this_year[this_year["urn"].isin(busiest)]
    busy = this_year[this_year["end_date"] >= pd.Timestamp(days[-1] - _QUIET_DAYS)]["pupil_ref"]
    summer = this_year[this_year["start_date"] >= pd.Timestamp("2026-04-06")].groupby("pupil_ref")["sessions"].sum()
    elsewhere = [frames[name]["pupil_ref"].astype(object) for name in ("permanent_exclusions", "ap_placements")]
    left_out = pd.concat([busy, *elsewhere, pd.Series(summer.index[summer > _MOST_SESSIONS])])
    own = own[~own["pupil_ref"].isin(left_out)].drop_duplicates("pupil_ref").head(_NEW_ROWS)
    number = np.arange(len(own))
    start, sessions = days[-11 + number % 7], np.array([2, 1, 4, 2])[number % 4]
    return own.assign(
        start_date=pd.to_datetime(start),
        end_date=pd.to_datetime(days[np.searchsorted(days, start) + (sessions > 2)]),
        sessions=sessions,
        category="SUSP",
        am_pm_start="AM",
    )[COLUMNS].reset_index(drop=True)


def corrected_suspensions(frames: Frames) -> pd.DataFrame:
    """The newest term's suspensions of two schools as they were loaded, every tenth with one session less."""
    saved = frames["suspensions"].astype(object)
    newest = saved[saved["start_date"] >= pd.Timestamp("2026-04-06")]
    two = newest["urn"].value_counts(sort=True).index[1:3]
    rows = newest[newest["urn"].isin(two)][COLUMNS].reset_index(drop=True)
    shorter = (rows.index % 10 == 0) & (rows["sessions"] > 1)
    return rows.assign(sessions=rows["sessions"] - shorter.astype(int))


def ended_placements(frames: Frames) -> pd.DataFrame:
    """The newest placements, of which those that were open have since ended in a return to school."""
    columns = [
        *("placement_id", "pupil_ref", "home_urn", "provider_urn", "provider_ukprn", "setting_type", "tier"),
        *("placement_reason", "start_date", "planned_end_date", "end_date", "attendance_pattern", "sessions_per_week"),
        *("planned_reintegration_date", "end_reason", "destination_urn"),
    ]
    rows = frames["ap_placements"].astype(object).tail(40)[columns].reset_index(drop=True)
    ended = rows["end_date"].isna() & rows["tier"].isin(["1", "2"]) & (rows["start_date"] < pd.Timestamp("2026-07-01"))
    return rows.assign(
        end_date=rows["end_date"].where(~ended, pd.Timestamp("2026-07-17")),
        end_reason=rows["end_reason"].where(~ended, "returned_home_school"),
        destination_urn=rows["destination_urn"].where(~ended, rows["home_urn"]),
    )


def caseload(frames: Frames) -> pd.DataFrame:
    """Children whom outreach works with and no file has: one row for each, in the words of a spreadsheet's keeper."""
    events = frames["suspensions"].astype(object)
    days = Calendars(LAST_YEAR, 1).all_days[LA]
    events = events[events["start_date"] >= pd.Timestamp(days[0])]
    known = pd.concat([frames[name]["pupil_ref"] for name in _IN_OUTREACH]).dropna()
    children = events[~events["pupil_ref"].isin(known)].groupby("pupil_ref", sort=False)
    rows = children.agg(urn=("urn", "last"), suspensions=("sessions", "size"), last=("end_date", "max"))
    rows = rows[rows["last"] < pd.Timestamp(days[100])].tail(_CASELOAD).reset_index()
    number = np.arange(len(rows))
    referred = 102 + number % 20
    closed = number % 3 == 0
    names = frames["schools"].astype(object).set_index("urn")["school_name"]
    return rows.assign(
        school=rows["urn"].map(names),
        referred=days[referred],
        started=days[referred + 8],
        worker=[f"W{1 + at % 12:02d}" for at in number],
        outcome=np.where(closed, np.array(_OUTCOMES, dtype=object)[number % len(_OUTCOMES)], ""),
        closed=np.where(closed, days[np.minimum(referred + 50, len(days) - 1)], np.datetime64("NaT")),
    )
