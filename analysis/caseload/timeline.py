"""One case as a timeline: the referral, every contact, what was measured, the agencies, and the close, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.caseload.queries import CaseRows
from analysis.wording import amount, counted
from data_model.casework_codes import Agency, AgencyAnswer, MeasureStage, OutcomeMeasure, Rater
from data_model.codes import (
    CaseClose,
    Concern,
    ContactKind,
    ContactOutcome,
    ContactPlace,
    ContactWith,
    ReferralDecision,
    ReferralSource,
    YesNo,
)
from data_model.labelled import Labelled

COLUMNS = {"day": "datetime64[s]", "what": "str", "said": "str", "contact_id": "str"}


@dataclass(frozen=True)
class _Event:
    day: pd.Timestamp
    what: str
    said: str
    contact_id: str | None = None


def timeline(rows: CaseRows) -> pd.DataFrame:
    """What happened in a case, the newest first: `day, what, said` (in a sentence) and the `contact_id` of contacts.

    What the scope may not see is not among the rows, and so not said.
    """
    contacts = list(_of_contacts(rows.contacts))
    events = [*_of_referral(rows.referral), *_of_case(rows.case, {each.day for each in contacts}), *contacts]
    events += [*_of_measures(rows.measures), *_of_agencies(rows.agencies)]
    found = pd.DataFrame([vars(each) for each in events if pd.notna(each.day)], columns=list(COLUMNS)).astype(COLUMNS)
    return found.sort_values("day", ascending=False, kind="stable", ignore_index=True)


def _of_referral(row: dict[str, Any]) -> Iterator[_Event]:
    if not row:
        return
    said = [
        _word(ReferralSource, row.get("source"), "from: {}"),
        _word(Concern, row.get("primary_concern"), "concern: {}"),
        f"risk of exclusion {row['risk_1_10']:.0f} of 10" if "risk_1_10" in row else "",
        f"suspended {counted(row['susp_12w'], 'time')} in the 12 weeks before" if row.get("susp_12w") else "",
    ]
    yield _Event(row["received_date"], "Referred", _listed(said))
    if "decision_date" in row:
        decided = [_word(ReferralDecision, row.get("decision"), "{}"), str(row.get("decline_reason", ""))]
        yield _Event(row["decision_date"], "Decided", _listed(decided))


def _of_case(row: dict[str, Any], told: set[pd.Timestamp]) -> Iterator[_Event]:
    """What the case itself says; of a day that a contact tells of, no more than the contact does."""
    yield _Event(row["start_date"], "Case opened", "")
    own = {"first_contact_date": "First contact", "first_visit_date": "First visit", "review_date": "Review"}
    for name, words in own.items():
        if name in row and row[name] not in told:
            yield _Event(row[name], words, "As the case says")
    if "end_date" in row:
        said = [
            _word(CaseClose, row.get("close_reason"), "{}"),
            f"risk of exclusion {row['risk_close_1_10']:.0f} of 10" if "risk_close_1_10" in row else "",
            "a plan was left with the school" if row.get("plan_left") == YesNo.YES else "",
        ]
        yield _Event(row["end_date"], "Case closed", _listed(said))


def _of_contacts(rows: pd.DataFrame) -> Iterator[_Event]:
    for row in rows.to_dict("records"):
        said = [
            _word(ContactWith, row.get("contact_with"), "with: {}"),
            _word(ContactPlace, row.get("location"), "{}"),
            counted(row["minutes"], "minute") if pd.notna(row["minutes"]) else "",
            _word(ContactOutcome, row.get("outcome"), "{}"),
            _text(row.get("notes")),
        ]
        kind = _word(ContactKind, row.get("kind"), "{}") or "Contact"
        yield _Event(row["date"], kind, _listed(said), str(row["contact_id"]))


def _of_measures(rows: pd.DataFrame) -> Iterator[_Event]:
    for row in rows.to_dict("records"):
        said = [
            _word(OutcomeMeasure, row["measure"], "{}"),
            f"{amount(row['value'])}" if pd.notna(row.get("value")) else "",
            _word(MeasureStage, row["stage"], "{}"),
            _word(Rater, row.get("rater"), "told by: {}"),
        ]
        yield _Event(row["measured_on"], "Measured", _listed(said))


def _of_agencies(rows: pd.DataFrame) -> Iterator[_Event]:
    for row in rows.to_dict("records"):
        agency = _word(Agency, row.get("agency"), "{}") or "Another agency"
        yield _Event(row["referred_date"], "Referred on", agency)
        answer = _word(AgencyAnswer, row.get("answer"), "{}")
        yield _Event(row.get("answer_date", pd.NaT), "Agency’s answer", _listed([agency, answer]))
        yield _Event(row.get("start_date", pd.NaT), "Agency started", agency)


def _word(kind: type[Labelled], code: object, pattern: str) -> str:
    """A code's label in a pattern; blank where there is none, and the code itself where it is not known here."""
    if not isinstance(code, str):
        return ""
    label = next((each.label for each in kind if each == code), code)
    return pattern.format(label)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _listed(parts: list[str]) -> str:
    said = "; ".join(filter(None, parts))
    return said[:1].upper() + said[1:]
