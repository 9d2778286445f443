"""Which day deadlines run to, said once for every page and command.

A deadline passes whether or not a file has come: deadlines, look-again dates and panel meetings go by today's date. What
is counted (suspensions of a term, attendance, a share of deadlines met) goes by the last day of the data: what nobody
has loaded cannot be counted.
"""

from datetime import date

from data_model.settings import settings
from data_model.terms import in_words


def today(last_day: date | None) -> date:
    """Today's date. In the demonstration, whose time stopped with its files, the last day of its data (`last_day`)."""
    now = date.today()
    return now if settings().is_live or last_day is None else min(last_day, now)


def not_known_since(last_day: date | None, on: date) -> str:
    """That the data ends before the day to which deadlines run, in a sentence; blank where it does not."""
    if last_day is None or last_day >= on:
        return ""
    return f"Deadlines run to {in_words(on)}, and what was done after {in_words(last_day)} is not known."
