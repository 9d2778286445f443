"""The caseload: what is due and when, who waits, who has room, and the two measures, by hand."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from worlds import LA, World

from access.scope import EVERYWHERE, OutOfScope, Scope
from analysis.caseload import reasons
from analysis.caseload.capacity import by_worker, caseload_ratio, workers
from analysis.caseload.due import steps, until
from analysis.caseload.first_contact import MINIMUM, FirstContacts, first_contact_shares
from analysis.caseload.limits import Step
from analysis.caseload.one_case import one_case
from analysis.caseload.queries import Casework, casework
from analysis.caseload.views import caseload, cases_to_open
from analysis.caseload.waiting import forgotten, waiting
from data_model.school_days import SchoolDays
from data_model.store import writing

ON = date(2026, 3, 20)
"""A Friday, in a term without holidays."""
SCHOOL = 900001


def day(text: str) -> date:
    return date.fromisoformat(text)


class Desk(World):
    """A world with referrals, contacts of every kind and posts."""

    def referral(self, received: str, decision: str | None = "accepted", **cells: Any) -> str:
        referral_id = f"R{self.number('referral')}"
        given = {"urn": SCHOOL, "pupil_ref": f"P{referral_id}", "received_date": day(received), "decision": decision}
        self.save("outreach_referrals", referral_id=referral_id, **(given | cells))
        return referral_id

    def opened(self, referral: str | None, start: str, end: str | None = None, **cells: Any) -> str:
        given = {"referral_id": referral, "pupil_ref": f"P{referral}", "worker_ref": "W01"}
        return self.case(SCHOOL, start, end, **(given | cells))

    def touched(self, case_id: str, on: str, kind: str = "1to1", **cells: Any) -> None:
        given = {"location": "school", "minutes": 30, "outcome": "advice"} | cells
        contact_id = f"K{self.number('contact')}"
        self.save("outreach_contacts", contact_id=contact_id, case_id=case_id, date=day(on), kind=kind, **given)

    def post(self, worker: str, fte: float = 1.0, capacity: int | None = 8, **cells: Any) -> None:
        given = {"start_date": day("2025-09-01"), "la_code": LA, "role": "outreach_worker", "vacancy": "N"} | cells
        self.save("workforce", worker_ref=worker, fte=fte, capacity_cases=capacity, **given)

    def all_of_it(self) -> Casework:
        return casework(self.connection, EVERYWHERE, la=LA)

    def due(self, on: date = ON) -> list[tuple[str, date, bool]]:
        """What is due of the only case or referral: step, day, late."""
        found = steps(self.all_of_it(), on)
        return [(row.step, row.due.date(), row.late) for row in found.itertuples()]


@pytest.fixture
def desk(empty_database: Engine) -> Any:
    with writing(empty_database) as connection:
        made = Desk(connection)
        made.school(SCHOOL)
        made.save(
            "term_dates",
            academic_year="202526",
            applies_to=LA,
            term="SPR",
            first_day=day("2026-01-05"),
            last_day=day("2026-03-27"),
        )
        yield made


# What is due


def test_first_contact_is_due_fifteen_school_days_after_the_referral(desk: Desk) -> None:
    desk.opened(desk.referral("2026-02-02"), "2026-02-09")
    assert (Step.FIRST_CONTACT, day("2026-02-23"), True) in desk.due()


def test_nobody_visits_before_the_first_contact_is_asked_for(desk: Desk) -> None:
    desk.opened(desk.referral("2026-03-02"), "2026-03-03")
    assert {step for step, *_ in desk.due()} == {Step.FIRST_CONTACT, Step.REVIEW, Step.TIME_LIMIT}


def test_a_contact_on_the_phone_is_no_visit(desk: Desk) -> None:
    case = desk.opened(desk.referral("2026-03-02"), "2026-03-03")
    desk.touched(case, "2026-03-05", kind="phone_line", location=None)
    assert (Step.FIRST_VISIT, day("2026-03-30"), False) in [*desk.due()]
    desk.touched(case, "2026-03-06")
    assert Step.FIRST_VISIT not in {step for step, *_ in desk.due()}


@pytest.mark.parametrize("nothing", [{"kind": "admin"}, {"kind": "panel"}, {"outcome": "no_show"}])
def test_what_reaches_nobody_is_no_contact(desk: Desk, nothing: dict[str, str]) -> None:
    case = desk.opened(desk.referral("2026-02-02"), "2026-02-09")
    desk.touched(case, "2026-03-10", **nothing)
    assert (Step.FIRST_CONTACT, day("2026-02-23"), True) in desk.due()


def test_somebody_is_in_touch_every_four_weeks_of_the_calendar(desk: Desk) -> None:
    case = desk.opened(desk.referral("2026-01-05"), "2026-01-06")
    desk.touched(case, "2026-02-20")
    assert (Step.CONTACT, ON, False) in desk.due()
    assert (Step.CONTACT, ON, True) in desk.due(ON + timedelta(days=1))


def test_a_logged_contact_ends_what_was_overdue(desk: Desk) -> None:
    case = desk.opened(desk.referral("2026-01-05"), "2026-01-06")
    desk.touched(case, "2026-02-02")
    assert (Step.CONTACT, day("2026-03-02"), True) in desk.due()
    desk.touched(case, "2026-03-20")
    assert (Step.CONTACT, day("2026-04-17"), False) in desk.due()


def test_a_review_is_due_on_the_day_agreed_else_six_weeks_after_the_last(desk: Desk) -> None:
    case = desk.opened(desk.referral("2026-01-05"), "2026-01-06", review_due=day("2026-02-10"))
    assert (Step.REVIEW, day("2026-02-10"), True) in desk.due()
    desk.touched(case, "2026-02-06", kind="review")
    assert (Step.REVIEW, ON, False) in desk.due(), "held a little early, it is the review that was agreed"
    again = desk.opened(None, "2026-01-06", review_date=day("2026-02-06"), review_due=day("2026-03-30"))
    agreed = [
        row for row in steps(desk.all_of_it(), ON).itertuples() if row.case_id == again and row.step == Step.REVIEW
    ]
    assert [row.due.date() for row in agreed] == [day("2026-03-30")]


def test_a_case_runs_twenty_two_weeks_at_most(desk: Desk) -> None:
    desk.opened(desk.referral("2025-10-01"), "2025-10-10")
    assert (Step.TIME_LIMIT, day("2026-03-13"), True) in desk.due()


def test_nothing_is_due_on_a_case_that_is_closed_not_even_on_its_last_day(desk: Desk) -> None:
    desk.opened(desk.referral("2026-01-05"), "2026-01-06", "2026-03-20", close_reason="goals_met")
    assert desk.due() == []
    assert desk.due(day("2026-03-19")) != []


def test_where_term_dates_do_not_reach_weekdays_are_counted_and_said(desk: Desk) -> None:
    desk.opened(desk.referral("2026-03-20"), "2026-03-20")
    first = next(row for row in steps(desk.all_of_it(), ON).itertuples() if row.step == Step.FIRST_CONTACT)
    assert (first.due.date(), first.by_term_dates) == (day("2026-04-10"), False)


def test_how_late_is_said_in_what_the_step_is_counted_in(desk: Desk) -> None:
    desk.opened(desk.referral("2026-02-02"), "2026-02-09")
    said = {row.step: row.how_late for row in steps(desk.all_of_it(), ON).itertuples()}
    assert said[Step.FIRST_CONTACT] == "19 school days late"
    assert said[Step.REVIEW] == "in 3 days"
    assert said[Step.TIME_LIMIT] == "in 16 weeks"


@given(st.integers(0, 120))
def test_what_is_due_by_a_later_day_holds_what_is_due_by_an_earlier(days: int) -> None:
    due = pd.to_datetime(pd.Series([ON + timedelta(days=each) for each in (0, 7, 40, 100)]))
    rows = pd.DataFrame({"due": due})
    assert len(until(rows, ON + timedelta(days=days))) <= len(until(rows, ON + timedelta(days=days + 1)))


# Who waits


def test_a_referral_waits_until_it_is_decided_and_an_accepted_one_until_it_has_a_case(desk: Desk) -> None:
    undecided = [desk.referral("2026-03-02", None), desk.referral("2026-03-03", "waiting")]
    accepted = desk.referral("2026-03-04")
    desk.opened(desk.referral("2026-03-05"), "2026-03-06")
    for decision in ("declined", "redirected", "advice_only"):
        desk.referral("2026-03-05", decision)
    found = waiting(desk.all_of_it(), ON)
    assert list(found["referral_id"]) == [*undecided, accepted]
    assert list(found["waited"]) == [14, 13, 12]
    assert list(found["accepted"]) == [False, False, True]
    late = {row.referral_id: row.step for row in steps(desk.all_of_it(), ON).itertuples() if pd.isna(row.case_id)}
    assert late == {undecided[0]: Step.DECISION, undecided[1]: Step.DECISION, accepted: Step.OPENING}


def test_a_referral_accepted_longer_ago_than_a_case_may_take_is_counted_and_not_listed(desk: Desk) -> None:
    desk.referral("2025-09-10")
    desk.referral("2025-09-10", None)
    rows = desk.all_of_it()
    assert (len(waiting(rows, ON)), forgotten(rows, ON)) == (1, 1)


# Who has room


def test_cases_of_each_worker_stand_beside_what_the_post_carries(desk: Desk) -> None:
    desk.post("W02", 0.8, 6)
    desk.post("W01")
    desk.post("V1", vacancy="Y", capacity=0)
    desk.post("M1", role="manager", capacity=0)
    for worker in ("W01", "W01", "W09", None):
        desk.opened(None, "2026-03-02", worker_ref=worker)
    found = by_worker(desk.all_of_it(), ON)
    rows = [(row.worker_ref, row.open_cases, row.capacity) for row in found.itertuples()]
    assert [tuple(None if pd.isna(each) else each for each in row) for row in rows] == [
        ("W01", 2, 8),
        ("W02", 0, 6),
        ("W09", 1, None),
        (None, 1, None),
    ]
    assert workers(desk.connection, EVERYWHERE, la=LA, on=ON.isoformat()) == {
        "W01": "W01, outreach worker",
        "W02": "W02, outreach worker",
    }


def test_the_caseload_is_open_cases_over_hours_and_its_range_is_between_workers(desk: Desk) -> None:
    for number in range(1, 6):
        desk.post(f"W0{number}", 0.5)
    for worker in ("W01", "W01", "W02"):
        desk.opened(None, "2026-03-02", worker_ref=worker)
    rows = desk.all_of_it()
    found = caseload_ratio(rows.cases, rows.posts, ON)
    assert (found.count, found.out_of, found.ratio, found.low, found.high) == (3, 2.5, 1.2, 0.0, 4.0)


def test_of_few_workers_and_without_their_references_no_range_is_told(desk: Desk) -> None:
    desk.post("W01")
    desk.opened(None, "2026-03-02")
    rows = desk.all_of_it()
    assert (found := caseload_ratio(rows.cases, rows.posts, ON)).ratio == 1
    assert found.low is found.high is None
    assert caseload_ratio(rows.cases, rows.posts.iloc[:0], ON).ratio is None


# First contacts


def _shares(waits: list[int | None], long_ago: int = 40) -> FirstContacts:
    """First contacts of referrals that came so many weekdays ago, each contacted after so many weekdays or not yet."""
    weekdays = pd.bdate_range(end=pd.Timestamp(ON), periods=long_ago + 1)
    ids = [f"R{number}" for number in range(len(waits))]
    referrals = pd.DataFrame({"referral_id": ids, "urn": SCHOOL, "decision": "accepted", "received_date": weekdays[0]})
    days = [weekdays[wait] if wait is not None else pd.NaT for wait in waits]
    cases = pd.DataFrame({"case_id": ids, "referral_id": ids, "start_date": weekdays[0], "first_contact_date": days})
    cases = cases.assign(first_visit_date=pd.NaT, review_date=pd.NaT)
    contacts = pd.DataFrame(
        {"case_id": [], "date": pd.Series(dtype="datetime64[s]"), "kind": [], "outcome": [], "location": []}
    )
    return first_contact_shares(referrals, cases, contacts, SchoolDays.of(_no_dates()), ON)


def _no_dates() -> pd.DataFrame:
    kinds = {"applies_to": "int64", "first_day": "datetime64[s]", "last_day": "datetime64[s]"}
    return pd.DataFrame(columns=["applies_to", "academic_year", "term", "first_day", "last_day"]).astype(kinds)


def test_first_contacts_within_the_standard_are_of_those_whose_time_has_come() -> None:
    found = _shares([5] * 8 + [20] * 2 + [None] * 2)
    assert (found.accepted, found.waiting, found.count, found.out_of) == (12, 2, 8, 12)
    assert found.share and found.share.low < found.share.share < found.share.high
    assert found.median and found.median.time == 5


def test_open_waits_count_for_as_long_as_they_have_waited() -> None:
    assert (finished := _shares([5] * 10)).median and finished.median.time == 5
    assert (found := _shares([5] * 10 + [None] * 30)).median and found.median.time is None, "half were never reached"


def test_of_too_few_nothing_is_said() -> None:
    found = _shares([5] * (MINIMUM - 1))
    assert (found.share, found.median, found.count) == (None, None, MINIMUM - 1)


def test_whoever_was_reached_early_is_not_counted_before_the_others_of_the_day() -> None:
    found = _shares([5] * 20, long_ago=10)
    assert (found.count, found.out_of, found.share) == (0, 0, None)


# Reasons


def test_reasons_are_of_twelve_months_each_with_how_many(desk: Desk) -> None:
    desk.referral("2026-03-02", "declined", decline_reason="No capacity")
    desk.referral("2026-03-02", "declined")
    desk.referral("2025-03-20", "declined", decline_reason="Too long ago")
    desk.opened(None, "2025-10-01", "2026-01-10", close_reason="goals_met")
    rows = desk.all_of_it()
    assert reasons.declines(rows, ON).rows.to_dict("list") == {
        "reason": ["No capacity", reasons.NO_REASON],
        "count": [1, 1],
    }
    assert (reasons.decisions(rows, ON).of, reasons.closes(rows, ON).of) == (2, 1)


# Who may see it


def test_who_may_not_see_pupils_gets_nothing(desk: Desk) -> None:
    desk.opened(desk.referral("2026-02-02"), "2026-02-09")
    leader = Scope(frozenset({LA}))
    with pytest.raises(OutOfScope):
        caseload(desk.connection, leader, la=LA, on=ON.isoformat())
    with pytest.raises(OutOfScope):
        one_case(desk.connection, leader, case_id="C1", on=ON.isoformat())


def test_another_authority_is_not_reached(desk: Desk) -> None:
    case = desk.opened(desk.referral("2026-02-02"), "2026-02-09")
    desk.school(300001, la=331)
    elsewhere = Scope(frozenset({331}), pupil_rows=True, full_figures=True)
    assert caseload(desk.connection, elsewhere, la=331, on=ON.isoformat()).open_cases == 0
    assert one_case(desk.connection, elsewhere, case_id=case, on=ON.isoformat()) is None


def test_who_works_is_told_to_those_alone_who_may_know(desk: Desk) -> None:
    desk.post("W01")
    case = desk.opened(desk.referral("2026-02-02"), "2026-02-09")
    without = Scope(frozenset({LA}), pupil_rows=True, full_figures=True)
    found = caseload(desk.connection, without, la=LA, on=ON.isoformat())
    own = one_case(desk.connection, without, case_id=case, on=ON.isoformat())
    offered = cases_to_open(desk.connection, without, la=LA, on=ON.isoformat())
    assert own
    assert found.workers.empty
    assert found.ratio.ratio == 1
    told = " ".join(part.to_csv() for part in (found.this_week, found.waiting, own.facts, own.following, offered))
    assert "W01" not in told
    assert workers(desk.connection, without, la=LA, on=ON.isoformat()) == {}


def test_a_case_is_told_newest_first_and_each_day_once(desk: Desk) -> None:
    case = desk.opened(desk.referral("2026-02-02"), "2026-02-09", first_contact_date=day("2026-02-11"))
    desk.touched(case, "2026-02-11", kind="consultation")
    found = one_case(desk.connection, EVERYWHERE, case_id=case, on=ON.isoformat())
    assert found
    assert found.is_open
    assert list(found.timeline["what"]) == ["Consultation", "Case opened", "Referred"]
    assert found.timeline["day"].is_monotonic_decreasing
