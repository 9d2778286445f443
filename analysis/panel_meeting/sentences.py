"""What a panel's meeting comes to, in words."""

from datetime import date

import pandas as pd

from analysis.clocks.definitions import FAIR_ACCESS
from analysis.wording import counted
from data_model.terms import in_words


def agenda(rows: pd.DataFrame, on: date) -> str:
    """How many children are on the list, and how many places are due."""
    if rows.empty:
        return f"No child is on this panel’s list on {in_words(on)}."
    due = rows["due"].notna()
    late = int(rows["due"].lt(pd.Timestamp(on)).sum())
    said = f"{counted(len(rows), 'child', 'children')} {'is' if len(rows) == 1 else 'are'} on the list"
    if not due.any():
        return f"{said}; none has a limit of {FAIR_ACCESS.limit} school days for a place."
    places = f"for {int(due.sum())} a place is due within {FAIR_ACCESS.limit} school days"
    return f"{said}: {places}{f', and for {late} that day is over' if late else ''}."


def minutes(rows: pd.DataFrame, day: date) -> str:
    """How many of the last meeting's decisions have come about; `rows` are those of `with_what_became`."""
    begun = int(rows["became"].str.startswith("Started").sum())
    waits = int(rows["became"].str.startswith("Not started").sum())
    refused = int(rows["became"].str.contains("refused", case=False).sum())
    said = [f"{begun} started"]
    said += [f"{waits} not started yet"] if waits else []
    said += [f"{refused} refused by the school"] if refused else []
    return f"On {in_words(day)} the panel decided of {counted(len(rows), 'child', 'children')}: {', '.join(said)}."
