"""What was tried with a child, what was measured, and what the child says."""

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.pupil_story.clocks import Rows
from analysis.pupil_story.events import records_of
from analysis.pupil_story.sentences import Record, sentence
from analysis.wording import counted
from data_model.behaviour_plans import BEHAVIOUR_PLANS
from data_model.casework_codes import Rater
from data_model.codes import ContactWith, YesNo
from data_model.fair_access import FAP_REFERRALS
from data_model.outcome_measures import OUTCOME_MEASURES
from data_model.outreach import OUTREACH_CONTACTS
from data_model.terms import in_words

_STRATEGIES = ("strategy", "plan", "started", "weeks", "helped", "exhausted")
_MEASURES = ("measure", "rater", "stage", "day", "value")
_EXHAUSTED = {YesNo.YES: "Yes", YesNo.NO: "No"}
_NOT_SAID = "not recorded"


def strategies(rows: Rows, schools: Mapping[int, str]) -> pd.DataFrame:
    """Every strategy of every plan, the newest plan first: `strategy, plan, started, weeks, helped, exhausted`.

    What is not recorded is said to be: it is not the same as not tried.
    """
    found = [
        {
            "strategy": each.word("strategy"),
            "plan": each.word("kind") or _NOT_SAID,
            "started": each.cells["start_date"],
            "weeks": each.number("weeks") or _NOT_SAID,
            "helped": each.word("helped") or _NOT_SAID,
            "exhausted": _EXHAUSTED.get(each.cells.get("exhausted"), _NOT_SAID),  # type: ignore[arg-type]
        }
        for each in records_of(rows, BEHAVIOUR_PLANS, schools)
    ]
    frame = pd.DataFrame(found, columns=list(_STRATEGIES))
    ordered = frame.sort_values("started", ascending=False, kind="stable", ignore_index=True)
    return ordered.assign(started=[in_words(day) for day in ordered["started"]])


def measures(rows: Rows, schools: Mapping[int, str]) -> pd.DataFrame:
    """Every value that was measured, by measure and day: `measure, rater, stage, day, value`.

    Empty where the scope may not read values.
    """
    found = [
        {
            "measure": each.word("measure"),
            "rater": each.word("rater") or _NOT_SAID,
            "stage": each.word("stage"),
            "day": each.cells["measured_on"],
            "value": each.number("value"),
        }
        for each in records_of(rows, OUTCOME_MEASURES, schools)
        if each.has("value")
    ]
    frame = pd.DataFrame(found, columns=list(_MEASURES))
    ordered = frame.sort_values(["measure", "day"], kind="stable", ignore_index=True)
    return ordered.assign(day=[in_words(day) for day in ordered["day"]])


def voice(rows: Rows, schools: Mapping[int, str]) -> tuple[str, ...]:
    """What the records hold of the child's own: what the child rated, contacts with the child and their notes, and
    whether a panel has the child's view. Sentences; none where they hold nothing.
    """
    return (
        *_rated(records_of(rows, OUTCOME_MEASURES, schools)),
        *_met(records_of(rows, OUTREACH_CONTACTS, schools)),
        *_before_the_panel(records_of(rows, FAP_REFERRALS, schools)),
    )


def _rated(values: list[Record]) -> Iterator[str]:
    for each in values:
        if each.cells.get("rater") == Rater.CHILD and each.has("value"):
            yield sentence(
                f"the child’s own rating on {each.day('measured_on')}, {each.word('stage').lower()}: "
                f"{each.word('measure')}, {each.number('value')}"
            )


def _met(contacts: list[Record]) -> Iterator[str]:
    own = [each for each in contacts if each.cells.get("contact_with") == ContactWith.CHILD]
    if contacts:
        yield f"{len(own)} of {counted(len(contacts), 'outreach contact')} {_were(len(own))} with the child."
    for each in own:
        if each.has("notes"):
            yield f"Written down on {each.day('date')}: “{each.word('notes')}”"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _before_the_panel(referrals: list[Record]) -> Iterator[str]:
    for each in referrals:
        heard = {YesNo.YES: "is with the papers", YesNo.NO: "is not with the papers"}.get(
            each.cells.get("child_heard"),  # type: ignore[arg-type]
            "is not recorded as heard or not",
        )
        yield f"For the panel referral of {each.day('referral_date')} the child’s view {heard}."
