"""The records as they would have been on an earlier day: what a fair comparison with last year is counted from."""

from dataclasses import replace
from datetime import date

import pandas as pd

from analysis.records import Records

_HAPPENED = {
    "suspensions": "start_date",
    "permanent_exclusions": "head_decision_date",
    "placements": "start_date",
    "referrals": "received_date",
    "cases": "start_date",
    "contacts": "date",
}
_ENDING = ("placements", "cases")


def as_at(records: Records, day: date) -> Records:
    """The records with only what had happened by the end of a day: placements and cases that ended later are open.

    Outcomes are as they are known now: what became of a permanent exclusion later is not undone.
    """
    when = pd.Timestamp(day)
    events = {name: _until(getattr(records, name), column, when) for name, column in _HAPPENED.items()}
    for name in _ENDING:
        ends = events[name]["end_date"]
        events[name] = events[name].assign(end_date=ends.where(ends.le(when)))
    earlier = replace(records, **events)
    # A term that is loaded stays so where nothing had happened by then: its count is 0, not unknown.
    earlier.__dict__["loaded"] = records.loaded
    return earlier


def _until(frame: pd.DataFrame, column: str, when: pd.Timestamp) -> pd.DataFrame:
    return frame[frame[column].le(when)]
