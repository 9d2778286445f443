"""The choices that pages share are kept in the address."""

import pytest
from streamlit.testing.v1 import AppTest


def _periods() -> None:
    import streamlit as st

    from data_model.terms import Period, Term
    from ui import filters

    st.text(str(filters.phase()))
    st.text(filters.measure().id)
    st.text(str(filters.period([Period("202526", Term.SUM), Period("202526")])))


def _run(**address: str) -> list[str]:
    drawn = AppTest.from_function(_periods)
    drawn.query_params.update(address)
    drawn.run()
    assert not drawn.exception
    return [text.value for text in drawn.text]


def test_the_first_of_each_unless_something_else_was_chosen() -> None:
    assert _run() == ["None", "suspension_rate", "202526-SUM"]


def test_a_link_shows_what_its_sender_chose() -> None:
    chosen = _run(phase="Secondary", measure="Days lost to suspension", period="2025/26")
    assert chosen == ["secondary", "days_lost_rate", "202526"]


def test_nonsense_in_a_link_is_dropped() -> None:
    assert _run(phase="<b>", measure="x", period="202526-XYZ") == ["None", "suspension_rate", "202526-SUM"]


def _school() -> None:
    import pandas as pd
    import streamlit as st

    from ui import filters

    schools = pd.DataFrame(
        {
            "key": [900001, 900002, 900003],
            "numbers": ["900001 9994001", "900002 9994002", "900003 900004 9994002"],
            "school_name": ["Larkfield", "Oakbank (closed)", "Oakbank"],
            "status": ["open", "closed", "open"],
        }
    )
    st.text(str(filters.school(schools)))


@pytest.mark.parametrize(
    ("asked", "urn"),
    [
        ("900001", "900001"),
        ("9994001", "900001"),
        ("999/4001", "900001"),
        ("9994002", "900003"),
        ("900002", "900002"),
        ("900004", "900003"),
        (" 900001 ", "900001"),
        ("", "None"),
    ],
)
def test_a_school_by_urn_or_laestab(asked: str, urn: str) -> None:
    drawn = AppTest.from_function(_school)
    drawn.query_params["school"] = asked
    drawn.run()
    assert not drawn.exception
    assert drawn.text[0].value == urn
    assert not drawn.warning


def test_a_school_that_is_not_loaded() -> None:
    drawn = AppTest.from_function(_school)
    drawn.query_params["school"] = "123456**"
    drawn.run()
    assert drawn.text[0].value == "None"
    assert drawn.warning[0].value == (
        r"No school with the URN or LAESTAB 123456\*\* is loaded. Choose one from the list."
    )


def test_choosing_a_school_puts_it_in_the_address() -> None:
    drawn = AppTest.from_function(_school).run()
    drawn.selectbox[0].set_value(900003).run()
    assert drawn.text[0].value == "900003"
    assert drawn.query_params["school"] == "900003"
