"""The year group of a child, and the school whose roll the child is on, by the pupils' own records."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from data_model.codes import EnrolmentStatus
from data_model.terms import in_words


def year_groups(pupils: pd.DataFrame, on: date) -> "pd.Series[str]":
    """The year group of each pupil on a day, by reference: `Year 8`, `Reception`."""
    known = pupils[pupils["valid_from"].le(pd.Timestamp(on)) & pupils["ncyg"].notna()].sort_values("valid_from")
    last = known.drop_duplicates("pupil_ref", keep="last").set_index("pupil_ref")["ncyg"].astype("str")
    return last.map(lambda year: f"Year {year}" if year.isdecimal() else "Reception" if year == "R" else year)


def on_roll(pupils: pd.DataFrame, schools: Mapping[int, str], on: date) -> str:
    """Year group, school and status of one child on a day, in a sentence with the day from which the record holds.

    `pupils`: the child's rows of the dataset; `schools`: names by URN.
    """
    known = pupils[pupils["valid_from"].le(pd.Timestamp(on))].sort_values("valid_from")
    if known.empty:
        return "Year group and roll are not recorded."
    last = known.iloc[-1]
    year = year_groups(known, on).get(last["pupil_ref"], "Year group not recorded")
    urn, status = last["main_urn"], last["enrol_status"]
    at = "no school recorded" if pd.isna(urn) else f"at {schools.get(int(urn), f'the school with the URN {urn:g}')}"
    registered = "" if pd.isna(status) else f" ({EnrolmentStatus(str(status)).label})"
    return f"{year}, {at}{registered}. So recorded from {in_words(last['valid_from'].date())}."
