"""What each record about a child says on its line of the story: one sentence, from the columns that may be read.

A column that the scope may not read is not in the row; what it would have told is left out of the sentence.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.wording import counted, listed
from data_model.codes import SuspensionCategory, SuspensionStatus, YesNo
from data_model.dataset import Dataset
from data_model.terms import in_words


@dataclass(frozen=True)
class Record:
    """A row as its words: what is blank, or not there to be read, is an empty text.

    `schools` are names by URN; a school that the scope does not reach is told by its URN.
    """

    dataset: Dataset
    cells: Mapping[str, Any]
    schools: Mapping[int, str]

    def has(self, column: str) -> bool:
        """Whether a cell is filled, and may be read."""
        return self.cells.get(column) is not None

    def word(self, column: str) -> str:
        """A cell as text, a code by its label."""
        if not self.has(column):
            return ""
        value, codes = self.cells[column], self.dataset.columns[column].codes
        return next((code.label for code in codes or () if code == value), str(value))

    def day(self, column: str) -> str:
        """A day in words."""
        return in_words(self.cells[column].date()) if self.has(column) else ""

    def number(self, column: str) -> str:
        """A number as it was written."""
        return f"{self.cells[column]:g}" if self.has(column) else ""

    def school(self, column: str) -> str:
        """The name of a school."""
        if not self.has(column):
            return ""
        urn = int(self.cells[column])
        return self.schools.get(urn, f"the school with the URN {urn}")

    def yes(self, column: str) -> bool:
        """Whether a cell says Y."""
        return bool(self.cells.get(column) == YesNo.YES)

    def words(self, *columns: str) -> str:
        """The filled cells of several columns in a row."""
        return listed([word for word in map(self.word, columns) if word])


Says = Callable[[Record], str]


def sentence(*parts: str) -> str:
    """The parts that say something, as one sentence."""
    said = "; ".join(part.rstrip(".") for part in parts if part)  # people end what they type with a full stop
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _with(before: str, said: str, after: str = "") -> str:
    """Words round what is said; nothing where nothing is."""
    return f"{before}{said}{after}" if said else ""


def _half_days(record: Record) -> str:
    return counted(record.cells["sessions"], "half day")


def suspension(record: Record) -> str:
    """How long, why, and whether it stands."""
    lunchtime = record.cells.get("category") == SuspensionCategory.LUNCHTIME
    stands = record.cells.get("status") in (None, SuspensionStatus.ACTIVE)
    return sentence(
        f"{_half_days(record)}{' at lunchtime' if lunchtime else ''}",
        record.words("reason_1", "reason_2", "reason_3"),
        "" if stands else record.word("status") + _with(" on ", record.day("cancelled_date")),
        _with("the governing board considered it on ", record.day("gb_considered_date")),
        _with("education from the sixth day is recorded from ", record.day("day6_start")),
        _with("met the school to come back on ", record.day("reintegration_meeting_date")),
    )


def internal_suspension(record: Record) -> str:
    """How long, where and why: never a suspension."""
    return sentence(
        f"{_half_days(record)} out of lessons and in school",
        record.word("place"),
        record.words("reason_1", "reason_2", "reason_3"),
    )


def exclusion(record: Record) -> str:
    """Why, what the board and the panel said, and where the child learned afterwards."""
    return sentence(
        "the head decided to exclude for good",
        record.words("reason_1", "reason_2", "reason_3"),
        _with("the governing board met on ", record.day("gb_meeting_date")),
        _with("outcome: ", record.word("review_outcome")),
        _with("a review was asked for on ", record.day("irp_requested_date")),
        _with("full-time education from ", record.day("day6_start")),
        _with("at ", record.school("next_school_urn"), _with(" from ", record.day("next_start_date"))),
    )


def placement(record: Record) -> str:
    """Where, how much of the week, why, and how it ended."""
    there = record.school("provider_urn") or record.word("setting_type") or record.word("provider_ref")
    return sentence(
        record.word("tier") + _with(" at ", there) if record.has("tier") else there or "a placement",
        record.word("attendance_pattern"),
        _with("", record.number("sessions_per_week"), " half days a week"),
        _with("because of: ", record.word("placement_reason")),
        _with("planned until ", record.day("planned_end_date")),
        _with("ended: ", record.word("end_reason"), _with(", ", record.school("destination_urn"))),
    )


def managed_move(record: Record) -> str:
    """From where to where, whether it held, and engagement with learning since."""
    return sentence(
        f"from {record.school('from_urn')} to {record.school('to_urn')}",
        "parents agreed" if record.yes("parent_agreed") else "",
        record.word("outcome"),
        _with("on roll there from ", record.day("on_roll_to_date")),
        _engagement(record),
        _with("note: ", record.word("notes")),
    )


def direction(record: Record) -> str:
    """From where to where, until when, how often it was reviewed, and what came next."""
    there = record.school("to_urn") or record.word("provider_ref") or "another place"
    return sentence(
        f"from {record.school('from_urn')} to {there}",
        record.word("attendance_pattern"),
        _with("planned until ", record.day("planned_end_date")),
        _with("last reviewed on ", record.day("last_review_date")),
        _with("next: ", record.word("next_step")),
        _engagement(record),
    )


def _engagement(record: Record) -> str:
    stages = {"at the start": "baseline", "after 6 weeks": "6w", "after 12 weeks": "12w"}
    values = {when: record.number(f"reengagement_{stage}") for when, stage in stages.items()}
    said = [f"{value} {when}" for when, value in values.items() if value]
    return _with("engagement with learning, of 100: ", listed(said))


def separation(record: Record) -> str:
    """Where the child learned while kept apart: no suspension."""
    return sentence(
        "kept apart because of an alleged harm, which is no suspension",
        record.word("provision"),
        _with("the authority was told on ", record.day("la_told_date")),
    )


def outreach_referral(record: Record) -> str:
    """Who asked for outreach, about what, and what was decided."""
    return sentence(
        _with("asked for by: ", record.word("source")),
        record.words("primary_concern", "secondary_concern"),
        _with("risk of exclusion ", record.number("risk_1_10"), " of 10, as the school felt it"),
        _with("parents’ agreement: ", record.word("parent_agreement")),
        _with("decided: ", record.word("decision"), _with(" on ", record.day("decision_date"))),
        _with("why: ", record.word("decline_reason")),
    )


def outreach_case(record: Record) -> str:
    """What kind of case, first contact, review and close."""
    return sentence(
        record.words("case_type", "tier", "provider_type") or "an outreach case",
        _with("worker ", record.word("worker_ref")),
        _with("first contact on ", record.day("first_contact_date")),
        _with("first visit on ", record.day("first_visit_date")),
        _with("reviewed on ", record.day("review_date")),
        _with("closed: ", record.word("close_reason")) or ("" if record.has("end_date") else "still open"),
        "a plan was left with the school" if record.yes("plan_left") else "",
    )


def contact(record: Record) -> str:
    """What was done, with whom, for how long, and what came of it."""
    return sentence(
        record.word("kind") or "a contact",
        _with("with: ", record.word("contact_with")),
        _with("", record.number("minutes"), " minutes"),
        record.word("location"),
        record.word("outcome"),
        _with("agency: ", record.word("agency")),
        _with("worker ", record.word("worker_ref")),
        _with("note: ", record.word("notes")),
    )


def agency(record: Record) -> str:
    """Which service, what it answered, and how long that took."""
    return sentence(
        _with("referred to ", record.word("agency")) or "referred to another service",
        record.word("answer") + _with(" on ", record.day("answer_date")),
        _with("waited ", record.number("wait_weeks"), " weeks for the first appointment"),
        _with("work started on ", record.day("start_date")),
        _with("and ended on ", record.day("end_date")),
    )


def family_support(record: Record) -> str:
    """What the family brought, what was done, and how it closed."""
    return sentence(
        _with("about: ", record.words("issue_1", "issue_2", "issue_3")) or "a family case",
        listed(
            [
                counted(record.cells[column], one)
                for column, one in (("meetings", "meeting"), ("calls", "call"), ("visits", "home visit"))
                if record.has(column)
            ]
        ),
        _with("worker ", record.word("worker_ref")),
        _with("closed: ", record.word("close_reason")) or ("" if record.has("end_date") else "still open"),
    )


def call(record: Record) -> str:
    """Who called, about what, what was advised and offered, and where the child was later."""
    return sentence(
        record.word("kind") or "a call",
        _with("from: ", record.word("caller")),
        _with("about: ", record.word("theme")),
        record.word("advice"),
        _with("offered: ", record.word("offered")),
        _with("5 school days later: ", record.word("whereabouts_5")),
        _with("20 school days later: ", record.word("whereabouts_20")),
        record.word("became"),
    )


def measure(record: Record) -> str:
    """What was measured, when in the case, by whom."""
    return sentence(
        record.word("measure") + _with(": ", record.number("value")),
        record.word("stage"),
        _with("by: ", record.word("rater")),
    )


def panel_referral(record: Record) -> str:
    """What the panel is asked, what the school says it has tried, and whose view is with the papers."""
    return sentence(
        record.word("business") or "the panel is asked",
        _with("category ", str(record.cells.get("category") or ""), _with(", ", record.word("category"))),
        record.word("current_status"),
        _with("agreed to consider on ", record.day("agreed_date")),
        _said(
            record, "strategies_exhausted", "the school has tried what it can", "the school has not tried all it can"
        ),
        _said(record, "child_heard", "the child’s view is with the papers", "the child’s view is not with the papers"),
        _said(
            record, "parent_heard", "the parents’ view is with the papers", "the parents’ view is not with the papers"
        ),
    )


def _said(record: Record, column: str, yes: str, no: str) -> str:
    return "" if not record.has(column) else yes if record.yes(column) else no


def panel_decision(record: Record) -> str:
    """What was decided, why, and what became of it."""
    return sentence(
        record.word("decision") or "no decision is recorded",
        _with("at ", record.school("allocated_urn")),
        _with("why: ", record.word("reason")),
        _with("started there on ", record.day("start_date")),
        _with("the school refused: ", record.word("refusal_ground") if record.yes("refused") else ""),
    )


def transition(record: Record) -> str:
    """What the child needs on the way to Year 7, what was arranged, and whether the child settled."""
    return sentence(
        record.word("need") or "identified for transition to Year 7",
        _with("to ", record.school("to_urn")),
        record.word("concern"),
        _with("plan agreed on ", record.day("plan_date")),
        _with("visits to the new school: ", record.number("visits")),
        "a key adult is named" if record.yes("key_adult") else "",
        _with("at the autumn half term: ", record.word("settled_half_term")),
        _with("at the end of the autumn term: ", record.word("settled")),
    )


def plan(strategies: Iterable[Record]) -> str:
    """What one plan tried, and what of it helped or is exhausted."""
    own = list(strategies)
    first = own[0]
    return sentence(
        first.word("kind") or "a plan",
        _with("tried: ", listed([_strategy(each) for each in own])),
        _with("reviewed on ", first.day("review_date")),
    )


def _strategy(record: Record) -> str:
    said = [word for word in (record.word("helped").lower(), "exhausted" if record.yes("exhausted") else "") if word]
    return record.word("strategy") + _with(" (", ", ".join(said), ")")
