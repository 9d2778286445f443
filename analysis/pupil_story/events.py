"""The records about one child as one line of time: what each kind is called, when it was, and what it says."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.pupil_story import sentences
from analysis.pupil_story.clocks import Rows
from analysis.pupil_story.sentences import Record
from data_model.agency_involvement import AGENCY_INVOLVEMENT
from data_model.behaviour_plans import BEHAVIOUR_PLANS
from data_model.dataset import Dataset
from data_model.exclusions import PERMANENT_EXCLUSIONS
from data_model.fair_access import FAP_DECISIONS, FAP_REFERRALS
from data_model.family_support import FAMILY_SUPPORT
from data_model.first_response import FIRST_RESPONSE
from data_model.internal_suspensions import INTERNAL_SUSPENSIONS
from data_model.labelled import Labelled
from data_model.moves import MANAGED_MOVES, OFF_SITE_DIRECTIONS, SAFEGUARDING_SEPARATIONS
from data_model.outcome_measures import OUTCOME_MEASURES
from data_model.outreach import OUTREACH_CASES, OUTREACH_CONTACTS, OUTREACH_REFERRALS
from data_model.placements import AP_PLACEMENTS
from data_model.suspensions import SUSPENSIONS
from data_model.transitions import TRANSITIONS


class Kind(Labelled):
    """A kind of event, in the order in which a chart shows them: what is done to a child, then what is done for it."""

    SUSPENSION = "suspension", "Suspension"
    INTERNAL = "internal", "Internal suspension"
    EXCLUSION = "exclusion", "Permanent exclusion"
    SEPARATION = "separation", "Kept apart"
    PLACEMENT = "placement", "Alternative provision"
    DIRECTION = "direction", "Off-site direction"
    MOVE = "move", "Managed move"
    TRANSITION = "transition", "Transition"
    PLAN = "plan", "Behaviour plan"
    CALL = "call", "Call from school"
    REFERRAL = "referral", "Outreach referral"
    CASE = "case", "Outreach case"
    CONTACT = "contact", "Outreach contact"
    AGENCY = "agency", "Other agency"
    FAMILY = "family", "Family support"
    MEASURE = "measure", "Measure"
    PANEL = "panel", "Panel referral"
    DECISION = "decision", "Panel decision"


@dataclass(frozen=True)
class _Tells:
    """How the rows of a dataset stand in the story: as which kind, to which day (blank: one day), in which words."""

    dataset: Dataset
    kind: Kind
    says: sentences.Says
    until: str = ""
    lasts: bool = False


_TELLS = (
    _Tells(SUSPENSIONS, Kind.SUSPENSION, sentences.suspension, "end_date"),
    _Tells(INTERNAL_SUSPENSIONS, Kind.INTERNAL, sentences.internal_suspension, "end_date"),
    _Tells(PERMANENT_EXCLUSIONS, Kind.EXCLUSION, sentences.exclusion),
    _Tells(SAFEGUARDING_SEPARATIONS, Kind.SEPARATION, sentences.separation, "end_date", lasts=True),
    _Tells(AP_PLACEMENTS, Kind.PLACEMENT, sentences.placement, "end_date", lasts=True),
    _Tells(OFF_SITE_DIRECTIONS, Kind.DIRECTION, sentences.direction, "end_date", lasts=True),
    _Tells(MANAGED_MOVES, Kind.MOVE, sentences.managed_move, "end_date"),
    _Tells(TRANSITIONS, Kind.TRANSITION, sentences.transition),
    _Tells(FIRST_RESPONSE, Kind.CALL, sentences.call),
    _Tells(OUTREACH_REFERRALS, Kind.REFERRAL, sentences.outreach_referral),
    _Tells(OUTREACH_CASES, Kind.CASE, sentences.outreach_case, "end_date", lasts=True),
    _Tells(OUTREACH_CONTACTS, Kind.CONTACT, sentences.contact),
    _Tells(AGENCY_INVOLVEMENT, Kind.AGENCY, sentences.agency, "end_date"),
    _Tells(FAMILY_SUPPORT, Kind.FAMILY, sentences.family_support, "end_date", lasts=True),
    _Tells(OUTCOME_MEASURES, Kind.MEASURE, sentences.measure),
    _Tells(FAP_REFERRALS, Kind.PANEL, sentences.panel_referral),
    _Tells(FAP_DECISIONS, Kind.DECISION, sentences.panel_decision),
)

_KINDS = {
    "day": "datetime64[s]",
    "until": "datetime64[s]",
    "lasts": "bool",
    "kind": "str",
    "what": "str",
    "school": "str",
    "sentence": "str",
}


def events(rows: Rows, schools: Mapping[int, str]) -> pd.DataFrame:
    """Everything that happened to one child, the newest first.

    `rows` are the child's rows by dataset, `schools` names by URN. Columns: `day`; `until`, its last day, missing where
    it is of one day or has none; `lasts`, whether it runs until it is ended; `kind` (of Kind); `what`, the
    kind in words; `school`; `sentence`. Lessons missed to internal suspensions and days kept apart are events of their
    own and no suspensions.
    """
    found = [*_each(rows, schools), *_plans(rows, schools)]
    frame = pd.DataFrame(found, columns=list(_KINDS), dtype=object).astype(_KINDS)
    order = frame.assign(place=frame["kind"].map({str(kind): place for place, kind in enumerate(Kind)}))
    ordered = order.sort_values(["day", "place"], ascending=[False, True], kind="stable", ignore_index=True)
    return ordered.drop(columns="place")


def records_of(rows: Rows, dataset: Dataset, schools: Mapping[int, str]) -> list[Record]:
    """The rows of a dataset as records, in their order."""
    frame = rows[dataset.name].astype(object)
    if frame.empty:
        return []
    return [Record(dataset, cells, schools) for cells in frame.where(frame.notna(), None).to_dict("records")]


def _each(rows: Rows, schools: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    for tells in _TELLS:
        assert tells.dataset.dated, "what is on a line of time has a day"
        for record in records_of(rows, tells.dataset, schools):
            yield _line(record, tells.dataset.dated, tells.until, tells.lasts, tells.kind, tells.says)


def _line(
    record: Record, day: str, until: str, lasts: bool, kind: Kind, says: Callable[[Record], str]
) -> dict[str, Any]:
    return {
        "day": record.cells[day],
        "until": record.cells.get(until),
        "lasts": lasts,
        "kind": str(kind),
        "what": kind.label,
        "school": record.school("urn"),
        "sentence": says(record),
    }


def _plans(rows: Rows, schools: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    """A plan stands once, however many strategies it has."""
    plans: dict[str, list[Record]] = {}
    for record in records_of(rows, BEHAVIOUR_PLANS, schools):
        plans.setdefault(record.cells["plan_id"], []).append(record)
    for strategies in plans.values():
        line = _line(strategies[0], "start_date", "end_date", True, Kind.PLAN, lambda _: "")
        yield line | {"sentence": sentences.plan(strategies)}
