"""Earlier decisions of a panel, and what became of them."""

from datetime import date

import pandas as pd

from analysis.hiding.protection import withheld
from analysis.wording import counted
from data_model.casework_codes import PanelDecision, RefusalGround
from data_model.terms import in_words

NOTHING_TO_START = (PanelDecision.DEFER, PanelDecision.NO_ACTION)


def last_meeting(decisions: pd.DataFrame, on: date) -> tuple[date, pd.DataFrame] | None:
    """The last meeting before a day, and its decisions (`queries.decisions`); None where there was none."""
    earlier = decisions[decisions["meeting_date"].lt(pd.Timestamp(on))]
    if earlier.empty:
        return None
    day = earlier["meeting_date"].max()
    return day.date(), earlier[earlier["meeting_date"].eq(day)].reset_index(drop=True)


def with_what_became(decisions: pd.DataFrame, schools: pd.DataFrame, on: date) -> pd.DataFrame:
    """The decisions with `decision_words, school_name` (allocated; missing without one) and `became` on a day."""
    names = schools.set_index("urn")["school_name"].astype("str")
    known = decisions.assign(start_date=decisions["start_date"].where(decisions["start_date"].le(pd.Timestamp(on))))
    return known.assign(
        decision_words=_decided(known),
        school_name=[
            "None" if pd.isna(urn) else names.get(urn, "Not in the register") for urn in known["allocated_urn"]
        ],
        became=[_became(row, on) for row in known.to_dict("records")],
    )


def counted_by_decision(decisions: pd.DataFrame, on: date, fewest: int | None) -> pd.DataFrame:
    """How many children each kind of decision was about, and of how many it has come about, with small ones hidden.

    Columns: `decision_words, children, started, refused, waiting` (neither). A kind with a count from 1 to below
    `fewest` in any column is hidden whole; `fewest` None hides nothing. Totals are shown nowhere.
    """
    known = decisions.assign(
        decision_words=_decided(decisions),
        started=decisions["start_date"].le(pd.Timestamp(on)),
        refused=decisions["refused"].eq("Y"),
    )
    known = known.assign(
        waiting=~known["started"]
        & ~known["refused"]
        & ~known["decision"].isin([str(each) for each in NOTHING_TO_START])
    )
    figures = ["children", "started", "refused", "waiting"]
    table = known.assign(children=1).groupby("decision_words")[figures].sum().astype("float64").reset_index()
    if fewest is None:
        return table.assign(hidden="")
    small = (table[figures].gt(0) & table[figures].lt(fewest)).any(axis=1)
    return withheld(table, small, figures)


def _decided(decisions: pd.DataFrame) -> list[str]:
    return ["Not recorded" if pd.isna(each) else PanelDecision(each).label for each in decisions["decision"]]


def _became(row: dict[str, object], on: date) -> str:
    if str(row["decision"]) in {str(each) for each in NOTHING_TO_START}:
        return "Nothing was to start"
    started = row["start_date"]
    if isinstance(started, pd.Timestamp) and not pd.isna(started):
        return f"Started on {in_words(started.date())}"
    if row["refused"] == "Y":
        ground = row["refusal_ground"]
        return f"The school refused: {RefusalGround(str(ground)).label}" if isinstance(ground, str) else "Refused"
    meeting = row["meeting_date"]
    assert isinstance(meeting, pd.Timestamp)
    return f"Not started: {counted((pd.Timestamp(on) - meeting).days, 'day')} since the meeting"
