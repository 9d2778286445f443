"""One child before a panel, on one screen: what was tried, what happened, what is needed, who helps, who was heard.

Everything is made from frames of `pupil_rows`: a column that the scope may not read is in none of them, and nothing
is said of it then. Facts, with their counts and days; no score.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from analysis.panel_meeting.agenda import NOT_SAID
from analysis.wording import amount, counted
from data_model import casework_codes, codes
from data_model.agency_involvement import AGENCY_INVOLVEMENT
from data_model.attendance import ATTENDANCE
from data_model.behaviour_plans import BEHAVIOUR_PLANS
from data_model.dataset import Dataset
from data_model.exclusions import PERMANENT_EXCLUSIONS
from data_model.fair_access import FAP_DECISIONS
from data_model.labelled import Labelled
from data_model.moves import MANAGED_MOVES, OFF_SITE_DIRECTIONS
from data_model.outcome_measures import OUTCOME_MEASURES
from data_model.outreach import OUTREACH_CASES, OUTREACH_REFERRALS
from data_model.placements import AP_PLACEMENTS
from data_model.pupils import PUPILS
from data_model.suspensions import SUSPENSIONS
from data_model.terms import in_words

Rows = Mapping[str, pd.DataFrame]
"""The rows about one child, by the names of their datasets."""
Fact = tuple[str, str]
"""What is said, and of what: such as `("Suspensions", "6 in twelve months")`."""

DATASETS: tuple[Dataset, ...] = (
    PUPILS,
    SUSPENSIONS,
    PERMANENT_EXCLUSIONS,
    AP_PLACEMENTS,
    MANAGED_MOVES,
    OFF_SITE_DIRECTIONS,
    OUTREACH_REFERRALS,
    OUTREACH_CASES,
    AGENCY_INVOLVEMENT,
    BEHAVIOUR_PLANS,
    OUTCOME_MEASURES,
    ATTENDANCE,
    FAP_DECISIONS,
)
"""What a child's screen is made of."""

_YEAR, _TERM = timedelta(days=365), timedelta(weeks=12)
_NEEDS: tuple[tuple[str, str, type[Labelled]], ...] = (
    ("sen_provision", "Special needs", codes.SenProvision),
    ("sen_primary_need", "Main need", codes.PrimaryNeed),
    ("social_care", "Social care", codes.SocialCare),
    ("young_carer", "Young carer", codes.YoungCarer),
    ("yjs_involved", "Youth justice", codes.YesNo),
)


@dataclass(frozen=True, eq=False)
class Child:
    """`item` is the child's row of the agenda. tried: `strategy_words, weeks, helped_words, exhausted_words`.
    agencies: `agency_words, answer_words, when`; None where the scope may not read them.
    """

    item: Mapping[str, object]
    exhausted: str
    heard: tuple[Fact, ...]
    tried: pd.DataFrame
    history: tuple[Fact, ...]
    needs: tuple[Fact, ...]
    agencies: pd.DataFrame | None
    clocks: tuple[str, ...]


def child(item: Mapping[str, object], rows: Rows, clocks: pd.DataFrame, names: "pd.Series[str]", on: date) -> Child:
    """The screen of the child of an agenda's row. `clocks` are the child's that need attention, `names` of schools."""
    tried = _tried(rows["behaviour_plans"], item.get("plan_id"))
    return Child(
        item=item,
        exhausted=_exhausted(item.get("strategies_exhausted"), tried),
        heard=_heard(item, rows["outcome_measures"]),
        tried=tried,
        history=tuple(_history(rows, names, on)),
        needs=_needs(rows, on),
        agencies=_agencies(rows["agency_involvement"]),
        clocks=tuple(str(each) for each in clocks["explanation"]),
    )


def _exhausted(said: object, tried: pd.DataFrame) -> str:
    """Whether what the school can do is exhausted, as it says, beside what its plan says of each strategy."""
    over = int(tried["exhausted_words"].eq("Yes").sum())
    plan = f"{over} of {counted(len(tried), 'strategy', 'strategies')} in the plan" if len(tried) else "no plan here"
    words = {"Y": "Yes", "N": "No"}.get(str(said), NOT_SAID)
    return f"{words}: {plan}"


def _tried(plans: pd.DataFrame, plan: object) -> pd.DataFrame:
    """The strategies of the plan that the referral names, or of the latest there is."""
    own = plans[plans["plan_id"].eq(plan)] if plan is not None and not pd.isna(plan) else plans
    if own.empty:
        own = plans
    latest = own[own["start_date"].eq(own["start_date"].max())]
    found = [
        {
            "strategy_words": _label(row["strategy"], casework_codes.Strategy),
            "weeks": row["weeks"],
            "helped_words": _label(row["helped"], casework_codes.Helped) or NOT_SAID,
            "exhausted_words": _label(row["exhausted"], codes.YesNo) or NOT_SAID,
        }
        for row in latest.to_dict("records")
    ]
    return pd.DataFrame(found, columns=["strategy_words", "weeks", "helped_words", "exhausted_words"])


def _heard(item: Mapping[str, object], measures: pd.DataFrame) -> tuple[Fact, ...]:
    """Whether child and parents were heard, with what they said of themselves in numbers where that may be read."""
    found = []
    for column, who, rater in (("child_heard", "Child", "child"), ("parent_heard", "Parents", "parent")):
        words = {"Y": "Their view is with the papers", "N": "Not heard: ask before you decide"}
        said = words.get(str(item.get(column)), "Not said: ask before you decide")
        own = measures[measures["rater"].eq(rater)].sort_values("measured_on") if "value" in measures else measures[:0]
        if len(own):
            last = own.iloc[-1]
            what = casework_codes.OutcomeMeasure(str(last["measure"])).label
            said += f". {what}: {amount(last['value'])} on {in_words(last['measured_on'].date())}"
        found.append((who, said))
    return tuple(found)


def _history(rows: Rows, names: "pd.Series[str]", on: date) -> list[Fact]:
    """What happened, the heaviest first, each with its number and its last day."""
    found = [_suspended(rows["suspensions"], on)]
    for row in _ordered(rows["permanent_exclusions"], "head_decision_date"):
        outcome = _label(row.get("review_outcome"), codes.ReviewOutcome) or "No outcome is recorded"
        found.append(
            ("Permanent exclusion", f"{_day(row['head_decision_date'])}, {_school(names, row['urn'])}. {outcome}")
        )
    for row in _ordered(rows["ap_placements"], "start_date"):
        tier = _label(row["tier"], codes.Tier) or "Tier not recorded"
        end = _label(row["end_reason"], codes.PlacementEnd)
        found.append(("Alternative provision", f"{tier}, {_span(row)}{f': {end}' if end else ''}"))
    for row in _ordered(rows["managed_moves"], "start_date"):
        to = _school(names, row["to_urn"])
        found.append(("Managed move", f"To {to}, {_day(row['start_date'])}: {_outcome(row)}"))
    found += [("Directed off site", _span(row)) for row in _ordered(rows["off_site_directions"], "start_date")]
    for row in _ordered(rows["outreach_cases"], "start_date"):
        end = _label(row["close_reason"], codes.CaseClose)
        found.append(("Outreach", f"{_span(row)}{f': {end}' if end else ''}"))
    found += _attendance(rows["attendance"])
    for row in _ordered(rows["fap_decisions"], "meeting_date"):
        decided = _label(row["decision"], casework_codes.PanelDecision)
        found.append(("Panel before", f"{_day(row['meeting_date'])}: {decided or NOT_SAID}"))
    return found


def _suspended(rows: pd.DataFrame, on: date) -> Fact:
    lately = rows[rows["start_date"].gt(pd.Timestamp(on - _YEAR)) & rows["start_date"].le(pd.Timestamp(on))]
    if rows.empty:
        return "Suspensions", "None recorded"
    if lately.empty:
        return "Suspensions", f"None in twelve months; the last started on {_day(rows['start_date'].max())}"
    days = amount(float(lately["sessions"].sum()) / 2)
    last = _day(lately["start_date"].max())
    return "Suspensions", f"{len(lately)} in twelve months ({days} days), the last on {last}"


def _attendance(rows: pd.DataFrame) -> list[Fact]:
    if rows.empty:
        return []
    last = rows["week_start"].max()
    lately = rows[rows["week_start"].gt(last - _TERM) & rows["present"].notna()]
    there, possible = float(lately["present"].sum()), float(lately["possible"].sum())
    if not possible:
        return []
    share = f"{100 * there / possible:.0f}% ({amount(there)} of {amount(possible)} half days)"
    return [("Attendance", f"{share} in the twelve weeks to {_day(last)}")]


def _needs(rows: Rows, on: date) -> tuple[Fact, ...]:
    known = rows["pupils"]
    known = known[known["valid_from"].le(pd.Timestamp(on))].sort_values("valid_from")
    found: list[Fact] = []
    if len(known):
        last = known.iloc[-1]
        found += [
            (title, _label(last[name], kind) or NOT_SAID)
            for name, title, kind in _NEEDS
            if name in known and not (name == "sen_primary_need" and pd.isna(last[name]))
        ]
    asked = rows["outreach_referrals"]
    if "primary_concern" in asked and asked["primary_concern"].notna().any():
        newest = asked[asked["primary_concern"].notna()].sort_values("received_date").iloc[-1]
        found.append(("Concern", _label(newest["primary_concern"], codes.Concern) or NOT_SAID))
    return tuple(found)


def _agencies(rows: pd.DataFrame) -> pd.DataFrame | None:
    if "agency" not in rows:
        return None
    found = [
        {
            "agency_words": _label(row["agency"], casework_codes.Agency),
            "answer_words": _answer(row),
            "when": _day(row["referred_date"]),
        }
        for row in _ordered(rows, "referred_date", most=6)
    ]
    return pd.DataFrame(found, columns=["agency_words", "answer_words", "when"])


def _answer(row: Mapping[str, object]) -> str:
    answer, weeks = _label(row["answer"], casework_codes.AgencyAnswer) or "No answer yet", float(str(row["wait_weeks"]))
    return answer if math.isnan(weeks) else f"{answer}, after {counted(weeks, 'week')}"


def _ordered(rows: pd.DataFrame, day: str, most: int = 3) -> list[dict[str, object]]:
    """The newest rows, as dictionaries."""
    newest: list[dict[str, object]] = (
        rows.sort_values(day, ascending=False, kind="stable").head(most).to_dict("records")
    )
    return newest


def _outcome(row: Mapping[str, object]) -> str:
    return _label(row["outcome"], casework_codes.MoveOutcome) or "no outcome is recorded"


def _school(names: "pd.Series[str]", urn: object) -> str:
    return str(names.get(urn, "a school outside the authority"))


def _label(code: object, kind: type[Labelled]) -> str | None:
    return None if code is None or pd.isna(code) else kind(str(code)).label


def _day(day: object) -> str:
    return in_words(pd.Timestamp(str(day)).date())


def _span(row: Mapping[str, object]) -> str:
    end = row["end_date"]
    start = _day(row["start_date"])
    return f"since {start}" if end is None or pd.isna(end) else f"{start} to {_day(end)}"
