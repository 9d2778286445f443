"""Where each school stands in its right of reply, beside the list."""

from datetime import date

import pandas as pd

from data_model.right_of_reply import DAYS_TO_REPLY
from data_model.store import database, reading
from data_model.terms import Period, in_words
from recording.replies import State, states_of
from ui import cached


def states(la: int, period: Period) -> pd.DataFrame:
    """Where every school stands with its report on a period: see `states_of`. It is never cached."""
    with reading(database()) as connection:
        return states_of(connection, cached.scope(), la, str(period), date.today())


def beside(rows: pd.DataFrame, la: int, period: Period) -> pd.DataFrame:
    """The list with `reply`: where a school stands in its right of reply, in words; blank where nothing was sent."""
    known = states(la, period)
    said = known[known["state"].ne(str(State.NOT_SENT))].set_index("urn")["state_words"]
    return rows.assign(reply=rows["key"].map(said).astype("object").fillna(""))


def of_school(urn: int, la: int, period: Period) -> str | None:
    """Where one school stands in its right of reply, in words; None where nothing was sent."""
    known = states(la, period)
    sent = known[known["urn"].eq(urn) & known["state"].ne(str(State.NOT_SENT))]
    return None if sent.empty else str(sent["state_words"].iloc[0])


def not_before_panel(urn: int, la: int, period: Period) -> str | None:
    """Why a school may not come before a panel yet, and what happens next; None where its head has had their say."""
    known = states(la, period)
    own = known[known["urn"].eq(urn)]
    if own["may_go_to_panel"].any():
        return None
    if own["state"].eq(str(State.DUE)).any():
        until = in_words(own["reply_due"].iloc[0].date())
        return (
            f"The report on this school for {period.label} is with its head until {until}. A panel sees the school’s "
            "figures once the head has replied, or that day is over."
        )
    return (
        f"The head of this school has not been sent the report for {period.label}. A panel sees a school’s figures "
        f"only after its head has had their say: an outreach manager sends the report, the head has {DAYS_TO_REPLY} "
        "school days to correct it, and then this page opens."
    )


def before_panel(rows: pd.DataFrame, la: int, period: Period) -> pd.DataFrame:
    """A panel's schools with `reply` in words, and `may_go_to_panel`: whether the head has had their say."""
    known = states(la, period).set_index("urn")
    waits = known["state"].eq(str(State.DUE))
    until = known["reply_due"].map(lambda day: f"With the head until {in_words(day.date())}", na_action="ignore")
    said = known["state_words"].mask(waits, until)
    said = said.mask(known["state"].eq(str(State.NOT_SENT)), "Not sent yet")
    return rows.assign(
        reply=rows["key"].map(said).astype("object").fillna(""),
        may_go_to_panel=rows["key"].map(known["may_go_to_panel"]).eq(True),
    )
