"""A panel's meeting: the list, one child on one screen, a decision that is recorded, and what a panel never sees."""

import re
from datetime import date, timedelta

import pytest
from places import DrawPage, headings, said
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from access.roles import Role

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
