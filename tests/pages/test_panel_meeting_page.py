"""A panel's meeting: the list, one child on one screen, a decision that is recorded, and what a panel never sees."""

import re
from datetime import date, timedelta

import pytest
from places import Build, DrawPage, headings, said
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from access.people import Person
from access.roles import Role
from access.scope import Grant
from data_model.fair_access import FAP_DECISIONS
from data_model.store import reading
from loaders.entering import enter
from loaders.versions import current

PARTS = ("Tonight", "A child", "Schools and places", "Last time", "Print")


def written(drawn: AppTest) -> str:
    """Everything that stands on the page, tables and cards too."""
    return "\n".join([*headings(drawn), said(drawn), *(html.proto.body for html in drawn.get("html"))])


@pytest.mark.parametrize("role", [Role.MANAGER, Role.PANEL])
@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_drawn(fictional_la: Engine, draw_page: DrawPage, role: Role, part: str) -> None:
    drawn = draw_page("panel_meeting", role, part=part)
    assert not drawn.exception
    assert not re.search(r"\bna[nt]\b|not available", written(drawn), re.IGNORECASE)


def test_a_meeting_to_come_has_its_list_and_no_decision_yet(fictional_la: Engine, draw_page: DrawPage) -> None:
    drawn = draw_page("panel_meeting", Role.MANAGER, part="A child")
    assert [button.label for button in drawn.button if "Record the decision" in button.label]
    later = drawn.date_input(key="meeting_on").value + timedelta(days=14)
    drawn.date_input(key="meeting_on").set_value(later).run()
    assert not drawn.exception
    assert not [button.label for button in drawn.button if "Record the decision" in button.label]
    assert "from that day on its decisions are recorded here" in written(drawn)


BEN = Person(None, "Ben", Role.MANAGER, frozenset({Grant(999)}))
ON = "2025-11-10"


@pytest.fixture
def two_on_the_list(build: Build, empty_database: Engine) -> Engine:
    """Two children whom a panel is asked about, on 10 November 2025."""
    with build() as world:
        world.school(900002, phase="secondary", school_name="Quillbrook High School")
        world.suspension(900002, "P000101", ON, source="notified")
        asked = {"urn": 900002, "panel": "secondary", "business": "inclusion_and_placement"}
        for number, day in ((1, 3), (2, 4)):
            own = {"fap_ref": f"F{number}", "pupil_ref": f"P{number}", "referral_date": date(2025, 11, day)}
            world.save("fap_referrals", **own, **asked)
    return empty_database


def decisions(engine: Engine) -> dict[str, tuple[str, str]]:
    table = FAP_DECISIONS.table.c
    with reading(engine) as connection:
        rows = connection.execute(FAP_DECISIONS.table.select().order_by(table.fap_ref)).mappings().all()
    return {row["fap_ref"]: (str(row["meeting_date"]), row["decision"]) for row in rows}


def by_ben(engine: Engine, decision: str) -> None:
    cells = {"fap_ref": "F1", "meeting_date": ON, "decision": decision, "reason": "The parents asked for it"}
    assert enter(engine, FAP_DECISIONS, cells, BEN, accept_queries=True).saved


def fill(page: AppTest, decision: str) -> None:
    next(box for box in page.selectbox if box.label.startswith("Decision")).set_value(decision)
    next(box for box in page.text_input if box.label.startswith("Reason")).input("There is room")


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


@pytest.mark.parametrize("theirs", ["no_action", "defer"])
def test_two_who_decide_of_one_child_get_a_choice_and_the_next_child_is_left_alone(
    two_on_the_list: Engine, draw_page: DrawPage, theirs: str
) -> None:
    page = draw_page("panel_meeting", Role.MANAGER, part="A child")
    fill(page, "la_direction")
    by_ben(two_on_the_list, theirs)
    page = press(page, "Record the decision")
    assert not page.exception and decisions(two_on_the_list) == {"F1": (ON, theirs)}
    assert any("Somebody else has saved this already" in each.value for each in page.warning)
    for radio in page.radio:
        if radio.label.startswith(("Decision", "Reason")):
            radio.set_value("yours")
    page = press(page, "Save what is chosen")
    if page.checkbox:
        page.checkbox[0].check()
        page = press(page, "Record the decision")
    assert decisions(two_on_the_list) == {"F1": (ON, "la_direction")}
    assert "Recorded for F1" in page.success[0].value


def test_a_member_whose_child_was_decided_meanwhile_is_told_and_loses_nothing(
    two_on_the_list: Engine, draw_page: DrawPage
) -> None:
    page = draw_page("panel_meeting", Role.PANEL, part="A child")
    fill(page, "no_action")
    by_ben(two_on_the_list, "la_direction")
    page = press(page, "Record the decision")
    assert decisions(two_on_the_list) == {"F1": (ON, "la_direction")}
    assert any("F1 is not on this list any more" in each.value for each in page.warning) and page.error
    assert next(box for box in page.text_input if box.label.startswith("Reason")).value == "There is room"
    assert "Place" not in written(page)
    page = press(page, "Drop what I wrote")
    assert [each.value for each in page.subheader] == ["Decide: P2, F2"]


def test_a_decision_is_put_right_child_day_refusal_and_share(two_on_the_list: Engine, draw_page: DrawPage) -> None:
    by_ben(two_on_the_list, "no_action")
    page = draw_page("panel_meeting", Role.MANAGER, part="Tonight")
    page.selectbox(key="put_right").set_value("F1").run()
    box = {each.label.split(" \\(")[0]: each for each in page.selectbox}
    box["Panel referral"].set_value("F2")
    box["The school refused"].set_value("Y")
    box["Refusal ground"].set_value(box["Refusal ground"].options[0])
    next(each for each in page.text_input if each.label.startswith("Share weight")).input("1")
    page = press(page, "Save the correction")
    assert not page.exception and decisions(two_on_the_list) == {"F2": (ON, "no_action")}
    with reading(two_on_the_list) as connection:
        now = current(connection, BEN.scope, FAP_DECISIONS, ["F2", ON])
    assert now and (now.cells["refused"], now.cells["share_weight"]) == ("Y", "1")


def recorded(page: AppTest) -> str:
    """The table of what was decided in this sitting; blank where there is none."""
    tables = [each.proto.body for each in page.get("html")]
    return next((each for each in tables if "Decided and recorded in this sitting" in each), "")


def part(page: AppTest, name: str) -> AppTest:
    return page.segmented_control(key="part").set_value(name).run()


def record(page: AppTest, decision: str) -> AppTest:
    fill(page, decision)
    page = press(page, "Record the decision")
    assert "Recorded for" in page.success[0].value
    return page


@pytest.fixture
def decided_here(two_on_the_list: Engine, draw_page: DrawPage) -> AppTest:
    """What a manager sees who recorded that F1 needs no action."""
    page = part(record(draw_page("panel_meeting", Role.MANAGER, part="A child"), "no_action"), "Tonight")
    assert "F1" in recorded(page) and "No school" in recorded(page)
    return page


def test_what_was_recorded_for_the_wrong_child_is_listed_for_the_right_one_alone(decided_here: AppTest) -> None:
    page = decided_here.selectbox(key="put_right").set_value("F1").run()
    next(each for each in page.selectbox if each.label.startswith("Panel referral")).set_value("F2")
    page = press(page, "Save the correction")
    assert not page.exception and "F2" in recorded(page) and "F1" not in recorded(page)


def test_what_was_taken_back_is_listed_no_more(decided_here: AppTest) -> None:
    page = decided_here.selectbox(key="put_right").set_value("F1").run()
    page = press(page, "Take the newest entry back")
    assert not page.exception and recorded(page) == ""


def corrected_by_ben(engine: Engine, **cells: str) -> None:
    with reading(engine) as connection:
        stood = current(connection, BEN.scope, FAP_DECISIONS, ["F1", ON])
    assert stood
    made = {**stood.cells, **cells}
    assert enter(engine, FAP_DECISIONS, made, BEN, seen=stood.fingerprint, accept_queries=True).saved


def test_what_somebody_corrected_is_listed_as_it_stands(decided_here: AppTest, two_on_the_list: Engine) -> None:
    corrected_by_ben(two_on_the_list, reason="Ben knows better")
    page = decided_here.run()
    assert "Ben knows better" in recorded(page) and "There is room" not in recorded(page)


def test_a_member_is_told_that_their_decision_was_corrected(two_on_the_list: Engine, draw_page: DrawPage) -> None:
    page = part(record(draw_page("panel_meeting", Role.PANEL, part="A child"), "no_action"), "Tonight")
    assert "There is room" in recorded(page)
    corrected_by_ben(two_on_the_list, decision="la_direction")
    assert "Corrected since by somebody else" in recorded(page.run()) and "There is room" not in recorded(page)


def test_a_child_at_a_school_that_closed_is_not_said_to_have_none(
    two_on_the_list: Engine, decided_here: AppTest, build: Build
) -> None:
    with build() as world:
        world.school(900004, phase="secondary", school_name="Larkfield School", close_date=date(2025, 12, 31))
    corrected_by_ben(two_on_the_list, allocated_urn="900004")
    page = decided_here.run()
    assert "Larkfield School" in recorded(page) and "No school" not in recorded(page)


@pytest.fixture
def not_finished(two_on_the_list: Engine, draw_page: DrawPage) -> AppTest:
    """The screen of F1 with a decision that was refused: its reason is missing."""
    page = draw_page("panel_meeting", Role.MANAGER, part="A child")
    next(box for box in page.selectbox if box.label.startswith("Decision")).set_value("no_action")
    page = press(page, "Record the decision")
    assert [each.value for each in page.error] == ["Fill in: Reason."]
    return page


def went_back(page: AppTest) -> bool:
    page = press(page, "Go back to it")
    decision = next(box for box in page.selectbox if box.label.startswith("Decision"))
    return (decision.value, page.selectbox(key="on_screen").value, str(page.date_input(key="meeting_on").value)) == (
        "no_action",
        "F1",
        ON,
    )


@pytest.mark.parametrize("day", [9, 2])
def test_an_unfinished_decision_is_kept_while_another_day_is_on_the_screen(not_finished: AppTest, day: int) -> None:
    page = not_finished.date_input(key="meeting_on").set_value(date(2025, 11, day)).run()
    assert not page.exception and "somebody decided" not in said(page)
    assert "the decision of F1 for the panel of 10 November 2025" in said(page)
    page = page.run()
    assert "the decision of F1 for the panel of 10 November 2025" in said(page)
    if day == 9:
        assert page.selectbox(key="on_screen").options, "the list is drawn"
    assert went_back(page)


def test_an_unfinished_decision_is_kept_while_another_panel_or_child_is_on_the_screen(
    not_finished: AppTest, build: Build
) -> None:
    page = not_finished.selectbox(key="on_screen").set_value("F2").run()
    assert "the decision of F1" in said(page) and not [each for each in page.subheader if "Decide" in each.value]
    assert went_back(page)
    with build() as world:
        world.school(900003, phase="primary", school_name="Oak Primary School")
    page = page.run()
    page = page.selectbox(key="meeting_panel").select_index(1).run()
    assert not page.exception and "somebody decided" not in said(page)
    assert "Secondary schools" in next(each.value for each in page.warning if "the decision of F1" in each.value)
    assert went_back(page)
    page = press(page.selectbox(key="on_screen").set_value("F2").run(), "Drop what I wrote")
    assert [each.value for each in page.subheader] == ["Decide: P2, F2"]


def test_a_decision_that_nobody_touched_is_not_unfinished(two_on_the_list: Engine, draw_page: DrawPage) -> None:
    by_ben(two_on_the_list, "defer")
    page = draw_page("panel_meeting", Role.MANAGER, part="A child")
    assert next(box for box in page.selectbox if box.label.startswith("Decision")).value == "defer"
    page = page.selectbox(key="on_screen").set_value("F2").run()
    assert [each.value for each in page.subheader] == ["Decide: P2, F2"] and not page.warning
    page = page.selectbox(key="on_screen").set_value("F1").run()
    corrected_by_ben(two_on_the_list, decision="no_action")
    page = page.run()
    assert [each.value for each in page.subheader] == ["Decide: P2, F2"] and not page.warning


def test_in_the_demonstration_a_day_after_its_data_is_a_meeting_to_come(
    two_on_the_list: Engine, draw_page: DrawPage
) -> None:
    page = draw_page("panel_meeting", Role.MANAGER, part="A child")
    page = page.date_input(key="meeting_on").set_value(date(2025, 11, 24)).run()
    assert "from that day on its decisions are recorded here" in written(page)
    assert page.date_input(key="meeting_on").max == date(2026, 2, 10)
