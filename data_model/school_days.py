"""Counting a number of school days from one day: by term dates, or by weekdays where none tell."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data_model.rules import school_day_after


@dataclass(frozen=True)
class Due:
    """A day that was counted to. `by_term_dates` is false where weekdays were counted for want of term dates."""

    day: date
    by_term_dates: bool


def school_days_after(day: date, number: int, term_dates: pd.DataFrame, urn: int = -1) -> Due:
    """The `number`th school day after `day`, which need not be a school day itself.

    `term_dates` are those of one LA and of its schools (the columns of the dataset); those of the school `urn` come
    first. Where they do not reach from `day` to that school day without a gap, weekdays are counted, holidays or not.
    """
    assert number > 0, "the day itself is not counted"
    days = pd.Series([day], dtype="datetime64[s]")
    found = school_day_after(days, number, pd.Series([urn]), term_dates).iloc[0]
    if pd.notna(found):
        return Due(found.date(), by_term_dates=True)
    weekday = np.busday_offset(np.datetime64(day, "D"), number, roll="backward")
    return Due(pd.Timestamp(weekday).date(), by_term_dates=False)
