"""Share out the hours: what is proposed, to whom it is shown, what is refused, and what a person decides."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pandas as pd
import pytest
from places import DrawPage, headings, said
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from worlds import LA, World

from access.roles import Role
from access.scope import Scope
from data_model.store import reading
from recording.allocations import decisions_of
from ui.deciding_hours import with_edits

Build = Callable[[], AbstractContextManager[World]]
FULL = Scope(frozenset({LA}), full_figures=True)


def press(drawn: AppTest, label: str) -> AppTest:
    return next(button for button in drawn.button if button.label == label).click().run()


@pytest.fixture
def two_schools(build: Build) -> None:
    """A secondary with twenty suspensions, and one with three that comes first."""
    with build() as world:
        for urn, count, first in ((900001, 20, None), (900002, 3, "Y")):
            world.school(urn, "secondary", outreach_priority_override=first, district="North")
            world.roll(urn, 500, census="AUT")
            for number in range(count):
                world.suspension(urn, f"P{urn}{number}", "2024-10-01")


def test_a_manager_sees_a_proposal_its_costs_and_that_it_is_assumed(fictional_la: Engine, draw_page: DrawPage) -> None:
    drawn = draw_page("allocation", Role.MANAGER)
    assert not drawn.exception
    first, costs, *_ = headings(drawn)
    assert first.startswith("600 hours would go to ")
    assert "suspensions (" in costs
    assert "If the assumption is right, about " in said(drawn)
    assert "This is an assumption, not evidence" in said(drawn)
    assert "suspensions prevented are assumed, not measured (10 to 40% of a school’s at most" in said(drawn)


def test_a_floor_changes_the_proposal_and_says_what_it_costs(fictional_la: Engine, draw_page: DrawPage) -> None:
    drawn = draw_page("allocation", Role.MANAGER)
    assert "primary schools 240" not in said(drawn)
    drawn.number_input(key="floor phase primary").set_value(40).run()
    assert not drawn.exception
    assert "primary schools 240" in said(drawn)
    assert any(
        heading.startswith("The floor for primary schools") and " in 100 of " in heading for heading in headings(drawn)
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"hours": 0.0}, "There are no hours to share out: give a number above 0."),
        ({"hours": 2.0}, "2 hours are less than one visit of 3 hours."),
        ({"floor phase primary": 60, "floor phase secondary": 60}, "The floors for phases come to 120% of the hours"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_proposed(
    fictional_la: Engine, draw_page: DrawPage, changes: dict[str, float], sentence: str
) -> None:
    drawn = draw_page("allocation", Role.MANAGER)
    for key, value in changes.items():
        drawn.number_input(key=key).set_value(value)
    drawn.run()
    assert not drawn.exception
    assert sentence in said(drawn)
    assert headings(drawn) == ["Decided before"]


def test_who_may_not_see_full_figures_sees_what_was_decided_and_no_proposal(
    fictional_la: Engine, draw_page: DrawPage
) -> None:
    drawn = draw_page("allocation", Role.LEADER)
    assert not drawn.exception
    assert headings(drawn) == ["Decided before"]
    assert "would tell those that are hidden from you" in said(drawn)
    assert not drawn.get("arrow_data_frame") and not drawn.download_button and not drawn.number_input


def test_published_figures_alone_are_shared_out_and_nothing_is_recorded(
    published_only: Engine, draw_page: DrawPage
) -> None:
    drawn = draw_page("allocation", Role.MANAGER)
    assert not drawn.exception
    assert headings(drawn)[0].startswith("600 hours would go to ")
    assert "Decide" not in headings(drawn)


def test_a_decision_is_recorded_listed_and_withdrawn(
    two_schools: None, empty_database: Engine, draw_page: DrawPage
) -> None:
    drawn = draw_page("allocation", Role.MANAGER)
    drawn.text_area[0].set_value("The panel agreed.")
    drawn = press(drawn, "Record the decision")
    assert not drawn.exception
    assert "The decision was recorded: 600 hours for 2 schools." in drawn.success[0].value
    with reading(empty_database) as connection:
        (decision,) = decisions_of(connection, FULL, LA)
    assert decision.rows["hours_decided"].sum() == decision.hours == 600
    assert decision.rows["hours_proposed"].equals(decision.rows["hours_decided"])
    assert decision.assumptions["prevents_at_most_percent"] == [10, 25, 40]
    leader = draw_page("allocation", Role.LEADER)
    assert any("600 hours for 2 schools" in box.label for box in leader.expander)
    assert "Hours proposed" not in "".join(html.proto.body for html in leader.get("html"))
    assert not leader.button
    drawn = press(drawn, "Withdraw this decision")
    assert drawn.error
    drawn.text_input[0].set_value("It was the wrong term.")
    drawn = press(drawn, "Withdraw this decision")
    assert any(box.label.startswith("Withdrawn: ") for box in drawn.expander)
    with reading(empty_database) as connection:
        (decision,) = decisions_of(connection, FULL, LA)
    assert decision.withdrawn and not decision.counts


def test_a_note_that_seems_to_name_somebody_is_not_recorded_unread(
    two_schools: None, empty_database: Engine, draw_page: DrawPage
) -> None:
    drawn = draw_page("allocation", Role.MANAGER)
    drawn.text_area[0].set_value("Agreed with Sarah Thompson about her son Jack Thompson.")
    drawn = press(drawn, "Record the decision")
    assert "seem to name a person" in drawn.error[0].value
    drawn.checkbox[0].check()
    drawn = press(drawn, "Record the decision")
    assert drawn.success


def test_only_hours_decided_are_taken_from_the_grid() -> None:
    hours = pd.Series([9.0, 6.0, 3.0])
    typed = {
        0: {"Hours decided": 12},
        1: {"Hours proposed": 99, "School": "Another", "Hours decided": None},
        2: {"Hours decided": True},
        3: {"Hours decided": 5},
        -1: {"Hours decided": 5},
        "1": {"Hours decided": 5},
    }
    assert with_edits(hours, {"edited_rows": typed, "added_rows": [{"Hours decided": 5}]}).tolist() == [12, 6, 3]
    for value in (-1, 1e9, float("nan"), "4", [4]):
        assert with_edits(hours, {"edited_rows": {0: {"Hours decided": value}}}).tolist() == [9, 6, 3]
