"""A child's story is opened from any page through the session: no reference travels anywhere else."""

from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest


def _page_with_a_button() -> None:
    from ui import children

    children.story_button("C-1", "Open the *story*", key="story of a child")


def test_the_button_keeps_the_child_in_the_session_and_not_in_the_address(empty_database: Engine) -> None:
    drawn = AppTest.from_function(_page_with_a_button)
    drawn.user = {"who": "demonstration:manager"}
    drawn.run()
    assert drawn.button(key="story of a child").label == "Open the \\*story\\*"
    drawn.button(key="story of a child").click().run()
    assert not drawn.exception
    assert drawn.session_state["the child whose story is open"] == "C-1"
    assert not drawn.query_params
