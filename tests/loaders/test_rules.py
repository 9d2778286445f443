"""Rules that count days and look beside the file, against slow and obvious loops."""

import io
import re
from collections import defaultdict
from datetime import date, timedelta
from itertools import groupby

import pandas as pd
import pytest
from desk import TODAY, Desk, codes, fresh_desk, suspensions
from hypothesis import given
from hypothesis import strategies as st
from random_files import FEW

from data_model.codes import ExclusionReason
from data_model.rules import school_day_after
from data_model.severity import Severity
from data_model.terms import academic_year, term_of
from loaders.report import Report

Event = tuple[str, int, date, int, int, str]
HEADER = "pupil_ref,urn,start_date,end_date,sessions,category,reason_1,day6_start"
# Few pupils and few days, so that events meet. All on weekdays, with day-6 provision, at schools that were open.
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["P1", "P2"]),
        st.sampled_from([900001, 900002]),
        st.sampled_from([date(2024, 9, 9) + timedelta(days=14 * number) for number in range(18)]),
        st.integers(0, 20),
        st.sampled_from([1, 8, 20]),
        st.sampled_from(["SUSP", "SUSP", "LNCH"]),
    ),
    min_size=1,
    max_size=7,
    unique_by=lambda event: event[:3],
)


def written(events: list[Event]) -> str:
    return suspensions(
        *(
            f"{pupil},{urn},{start},{start + timedelta(days=length)},{sessions},{category},DB,{start}"
            for pupil, urn, start, length, sessions, category in events
        ),
        header=HEADER,
    )


def weekdays(event: Event) -> int:
    return sum((event[2] + timedelta(days=number)).weekday() < 5 for number in range(event[3] + 1))


def possible(events: list[Event]) -> list[Event]:
    """The events whose sessions fit between their dates, two a day."""
    return [event for event in events if event[4] <= 2 * weekdays(event)]


def crossing(saved: list[Event], brought: list[Event], limit: int, *, by_term: bool) -> set[Event]:
    """The events brought with which a pupil's sessions first pass the limit in a year, or a term of it."""
    totals: dict[tuple[object, ...], int] = defaultdict(int)
    found = set()
    for events, new in ((saved, False), (brought, True)):
        for event in sorted(events, key=lambda it: (it[2], it[1])):
            pupil, _, start, _, sessions, category = event
            group = (pupil, academic_year(start), term_of(start) if by_term else None)
            if category == "LNCH":
                continue
            if totals[group] <= limit < totals[group] + sessions and new:
                found.add(event)
            totals[group] += sessions
    return found


def told(desk: Desk, events: list[Event], code: str) -> set[Event]:
    report = desk.check("suspensions", written(events))
    return {events[(line or 0) - 2] for line, found in codes(report) if found == code}


def counted(report: Report, words: str) -> int:
    """How many rows the note with these words counts; 0 where there is none."""
    counts = [re.search(r": ([0-9,]+) \(line", note) for note in report.notes if words in note]
    return sum(int(found[1].replace(",", "")) for found in counts if found)


@FEW
@given(saved=EVENTS, brought=EVENTS)
def test_day_totals_are_those_of_a_plain_count(saved: list[Event], brought: list[Event]) -> None:
    saved = [event for event in possible(saved) if event[:3] not in {it[:3] for it in brought}]
    with fresh_desk() as desk:
        if saved:
            desk.load("suspensions", written(saved), accept_queries=True)
        assert told(desk, brought, "Q-OVER-15-DAYS") == crossing(saved, brought, 30, by_term=True)
        assert told(desk, brought, "Q-OVER-45-DAYS") == crossing(saved, brought, 90, by_term=False)
        over_5 = len(crossing(saved, brought, 10, by_term=True))
        assert counted(desk.check("suspensions", written(brought)), "take a pupil over 5 days") == over_5


@FEW
@given(saved=EVENTS, brought=EVENTS)
def test_overlaps_are_found_whichever_of_the_two_is_saved(saved: list[Event], brought: list[Event]) -> None:
    saved = [event for event in possible(saved) if event[:3] not in {it[:3] for it in brought}]

    def overlap(one: Event, other: Event) -> bool:
        first, second = sorted([one, other], key=lambda it: it[2])
        return one is not other and one[:2] == other[:2] and second[2] <= first[2] + timedelta(days=first[3])

    with fresh_desk() as desk:
        if saved:
            desk.load("suspensions", written(saved), accept_queries=True)
        found = told(desk, brought, "Q-OVERLAP")
    assert all(any(overlap(event, other) for other in [*saved, *brought]) for event in found)
    for event in brought:
        clashes = [other for other in [*saved, *brought] if overlap(event, other)]
        # Of two events of the file the later is told; against a saved one the file's own is.
        assert not clashes or found & {event, *clashes}


def test_sessions_fit_on_the_weekdays_between_the_dates(desk: Desk) -> None:
    events: list[Event] = [("P1", 900001, date(2024, 9, 2) + timedelta(days=30 * n), n, 20, "SUSP") for n in range(15)]
    too_many = {event for event in events if event[4] > 2 * weekdays(event)}
    assert told(desk, events, "E-SESSIONS-SPAN") == too_many
    assert 0 < len(too_many) < len(events)


def test_a_reason_may_be_given_on_the_days_on_which_it_was_collected(desk: Desk) -> None:
    days = [date(2019, 9, 2), date(2020, 7, 31), date(2020, 8, 1), date(2026, 7, 31), date(2026, 8, 1)]
    given = [(code, day) for code in ExclusionReason for day in days]
    rows = [f"P{number},900001,{day},,2,SUSP,{code}" for number, (code, day) in enumerate(given)]
    report = desk.check("suspensions", suspensions(*rows), today=date(2026, 12, 1))
    told_on = {given[(line or 0) - 2] for line, found in codes(report) if found == "Q-REASON-DATE"}
    assert told_on == {
        (code, day) for code, day in given if day < (code.valid_from or date.min) or day > (code.valid_to or date.max)
    }


TERM_DATES = """applies_to,academic_year,term,first_day,last_day,closures
999,202425,AUT,2024-09-03,2024-12-20,2024-10-28/2024-11-01
999,202425,SUM,2025-04-22,2025-07-22,2025-05-26/2025-05-30
999,202526,AUT,2025-09-02,2025-12-19,2025-10-27/2025-10-31
900002,202526,AUT,2025-09-02,2025-12-19,2025-10-20/2025-10-24
"""


@pytest.mark.parametrize(
    ("urn", "day", "is_told"),
    [
        (900001, "2025-09-01", True),  # before the term, after last summer's
        (900001, "2025-09-02", False),
        (900001, "2025-10-27", True),
        (900002, "2025-10-27", False),  # a school with dates of its own
        (900002, "2025-10-20", True),
        (900001, "2025-02-03", False),  # a term whose dates are missing says nothing
        (900001, "2025-08-04", True),  # summer holidays
        (900001, "2024-09-02", False),  # before the first of the term dates
        (900001, "2025-11-29", False),  # a Saturday is told as such
    ],
)
def test_a_day_that_is_no_school_day(desk: Desk, urn: int, day: str, is_told: bool) -> None:
    desk.load("term_dates", TERM_DATES)
    report = desk.check("suspensions", suspensions(f"P1,{urn},{day},,2,SUSP,DB"))
    assert ("Q-NOT-A-SCHOOL-DAY" in {code for _, code in codes(report)}) == is_told


def test_sessions_are_not_held_against_a_term_whose_dates_are_missing(desk: Desk) -> None:
    desk.load("term_dates", TERM_DATES)
    rows = ["P1,900001,2025-02-03,2025-02-05,6,SUSP,DB", "P2,900001,2025-10-24,2025-11-03,6,SUSP,DB"]
    report = desk.check("suspensions", suspensions(*rows))
    assert codes(report) == [(3, "E-SESSIONS-SCHOOL-DAYS")]


def test_checks_that_need_term_dates_say_that_there_are_none(desk: Desk) -> None:
    text = suspensions("P1,900001,2025-10-06,,2,SUSP,DB")
    sentence = "Checks that count school days were left out: no term dates are loaded."
    assert sentence in desk.check("suspensions", text).notes
    desk.load("term_dates", TERM_DATES)
    assert sentence not in desk.check("suspensions", text).notes


def test_pupils_are_looked_up_only_where_some_are_loaded(desk: Desk) -> None:
    text = suspensions("P1,900001,2025-10-06,,2,SUSP,DB", "P2,900001,2025-10-06,,2,SUSP,DB")
    assert codes(desk.check("suspensions", text)) == []
    desk.load("pupils", "pupil_ref,valid_from\nP1,2025-09-01\n")
    assert codes(desk.check("suspensions", text)) == [(3, "Q-PUPIL-UNKNOWN")]


def test_one_kind_of_reference_for_the_whole_la(desk: Desk) -> None:
    upns = suspensions("A950000178301,900001,2025-10-06,,2,SUSP,DB")
    assert codes(desk.check("suspensions", upns)) == []
    desk.load("pupils", "pupil_ref,valid_from\nP1,2025-09-01\n")
    assert (2, "E-PUPIL-REF-MIXED") in codes(desk.check("suspensions", upns))


def test_the_chosen_term_stops_a_file_only_where_more_than_a_fifth_is_outside(desk: Desk) -> None:
    def file(outside: int) -> str:
        days = ["2025-03-03"] * outside + ["2025-10-06"] * (10 - outside)
        return suspensions(*(f"P{number},900001,{day},,2,SUSP,DB" for number, day in enumerate(days)))

    assert codes(desk.check("suspensions", file(2), period="202526-AUT")) == [(2, "Q-OTHER-TERM"), (3, "Q-OTHER-TERM")]
    assert codes(desk.check("suspensions", file(3), period="202526-AUT")) == [(None, "E-WRONG-TERM")]
    assert codes(desk.check("suspensions", file(3))) == []


def test_lines_are_told_in_their_order(desk: Desk) -> None:
    rows = [f"P{number},900001,2025-10-0{1 + number % 9},,{number % 3},SUSP,XX" for number in range(20)]
    errors = desk.check("suspensions", suspensions(*rows)).issues(Severity.ERROR)
    assert [line for line, _ in groupby(issue.line for issue in errors)] == list(range(2, 22))


def test_today_is_the_day_of_the_check(desk: Desk) -> None:
    text = suspensions(f"P1,900001,{TODAY},,2,SUSP,DB")
    assert codes(desk.check("suspensions", text)) == []
    assert codes(desk.check("suspensions", text, today=TODAY - timedelta(days=1))) == [(2, "E-DATE-FUTURE")]


ROLL = st.lists(
    st.tuples(
        st.sampled_from(["P1", "P2"]),
        st.sampled_from([date(2024, 9, 2) + timedelta(days=14 * number) for number in range(18)]),
        st.sampled_from(["900001", "900002", "900003", ""]),
        st.sampled_from(["C", "C", "M", "S", "P", ""]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda record: record[:2],
)


@FEW
@given(records=ROLL, brought=EVENTS)
def test_a_pupil_is_on_the_roll_by_the_record_in_force(
    records: list[tuple[str, date, str, str]], brought: list[Event]
) -> None:
    def elsewhere(event: Event) -> bool:
        before = [record for record in sorted(records) if record[0] == event[0] and record[1] <= event[2]]
        if not before or before[-1][2] == "" or before[-1][3] in ("M", "S"):
            return False
        # 900002 took over from 900003.
        return int(before[-1][2]) not in {900001: (900001,), 900002: (900002, 900003)}[event[1]]

    content = "".join(f"{','.join(map(str, record))}\n" for record in records)
    with fresh_desk() as desk:
        desk.load("pupils", f"pupil_ref,valid_from,main_urn,enrol_status\n{content}")
        assert told(desk, brought, "Q-NOT-ON-ROLL") == set(filter(elsewhere, brought))


@pytest.mark.parametrize(
    ("urn", "day", "number", "expected"),
    [
        (900002, "2025-09-01", 1, None),  # before the first school day that is known
        (900001, "2025-09-02", 1, "2025-09-03"),
        (900001, "2025-10-24", 1, "2025-11-03"),
        (900002, "2025-10-24", 1, "2025-10-27"),
        (900001, "2025-10-25", 6, "2025-11-10"),
        (900001, "2025-12-19", 1, None),  # beyond the term dates
        (900003, "2024-12-20", 1, None),  # the spring term between is missing
        (900003, "2025-07-22", 1, "2025-09-02"),
        (900001, None, 1, None),
    ],
)
def test_school_days_after_a_day(urn: int, day: str | None, number: int, expected: str | None) -> None:
    dates = pd.read_csv(io.StringIO(TERM_DATES), parse_dates=["first_day", "last_day"])
    found = school_day_after(pd.Series(pd.to_datetime([day])), number, pd.Series([urn], dtype="Int64"), dates)
    assert found.iloc[0] == pd.Timestamp(expected) if expected else pd.isna(found.iloc[0])


CASES = "case_id,start_date,urn\nC1,2025-09-15,900001\nC2,2025-09-15,900001\n"


def test_a_case_is_held_against_the_contacts_that_are_loaded_and_no_later_day(desk: Desk) -> None:
    desk.load("outreach_cases", CASES)
    assert counted(desk.check("outreach_cases", CASES + "C3,2025-09-15,900001\n"), "without a contact") == 0
    contacts = "contact_id,date,case_id,minutes\nK1,2025-09-22,C1,45\nK2,2025-10-06,C2,45\n"
    desk.load("outreach_contacts", contacts)
    assert counted(desk.check("outreach_cases", CASES), "without a contact") == 0
    desk.load("outreach_contacts", contacts + "K3,2025-11-03,C2,45\n")
    assert counted(desk.check("outreach_cases", CASES), "without a contact") == 1
    # Contacts of another academic year than the cases' count too.
    assert counted(desk.check("outreach_cases", CASES.replace("2025-09", "2024-09")), "without a contact") == 1


def test_what_a_row_follows_may_be_of_an_earlier_year(desk: Desk) -> None:
    desk.load("outreach_cases", "case_id,start_date,urn\nC1,2025-07-07,900001\n")
    assert codes(desk.check("outreach_contacts", "contact_id,date,case_id,minutes\nK1,2025-09-22,C1,45\n")) == []
    header = "case_id,measure,stage,measured_on,value,rater\n"
    desk.load("outcome_measures", header + "C1,SDQ_total,baseline,2025-07-08,20,teacher\n")
    closure = header + "C1,SDQ_total,closure,2025-09-22,20,parent\n"
    assert codes(desk.check("outcome_measures", closure)) == [(2, "Q-OTHER-RATER")]


def test_free_text_is_never_repeated(desk: Desk) -> None:
    cells = ["Oliver was calm", "x" * 4001, "a\u200bb"]
    rows = "".join(f"K{number},2025-10-06,900001,45,{cell}\n" for number, cell in enumerate(cells))
    report = desk.check("outreach_contacts", f"contact_id,date,urn,minutes,notes\n{rows}")
    found = [issue for severity in Severity for issue in report.issues(severity)]
    assert [issue.code for issue in found] == ["E-TOO-LONG", "E-HIDDEN-CHARACTER", "Q-NOTES-NAME"]
    assert all(issue.value is None and "Oliver" not in issue.message for issue in found)
