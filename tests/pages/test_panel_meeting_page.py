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
    later = date.today() + timedelta(days=14)
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
