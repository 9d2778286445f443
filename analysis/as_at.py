"""The records as they would have been on an earlier day: what a fair comparison with last year is counted from."""

from dataclasses import replace
from datetime import date

import pandas as pd

from analysis.records import DATED, Records


def as_at(records: Records, day: date) -> Records:
    """The records with only what had happened by the end of a day: placements and cases that ended later are open.

    Outcomes are as they are known now: what became of a permanent exclusion later is not undone.
    """
    when = pd.Timestamp(day)
    events = {name: _until(getattr(records, name), *days, when=when) for name, days in DATED.items()}
    decided_on = records.decided_on and as_at(records.decided_on, day)
    earlier = replace(records, **events, whole=records, decided_on=decided_on)
    # A term that is loaded stays so where nothing had happened by then: its count is 0, not unknown.
    earlier.__dict__["loaded"] = records.loaded
    return earlier


def _until(frame: pd.DataFrame, started: str, ended: str = "", *, when: pd.Timestamp) -> pd.DataFrame:
    there = frame[frame[started].le(when)]
    return there.assign(**{ended: there[ended].where(there[ended].le(when))}) if ended else there
