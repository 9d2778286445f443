"""The administrator's page of people, and everybody's own: what is written, what is refused, what is said."""

from pathlib import Path

import pytest
from live import live_settings
from live_people import Insider, insider
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from access.identity import as_session
from access.noting import moment, noting
from access.roles import Role
from access.scope import Grant
from access.sign_in import accounts, sessions


def _page(page: str) -> None:
    from ui.shell import function_of

    function_of(page)()


@pytest.fixture
def live_engine(tmp_path: Path) -> object:
    with live_settings(tmp_path / "live.db") as engine:
        yield engine


def draw(who: Insider, page: str) -> AppTest:
    drawn = AppTest.from_function(_page, default_timeout=60, kwargs={"page": page})
    drawn.user = {"who": as_session(who.session_id)}
    return drawn.run()


def press(drawn: AppTest, label: str) -> AppTest:
    return next(button for button in drawn.button if button.label == label).click().run()


def of(engine: Engine, account_id: int) -> accounts.Account:
    return next(each for each in accounts.people(engine) if each.account_id == account_id)


def test_somebody_is_added_granted_changed_and_let_in_no_more(live_engine: Engine) -> None:
    drawn = draw(insider(live_engine, Role.ADMIN), "people")
    drawn.text_input[0].set_value("New.Person@example.org")
    drawn.text_input[1].set_value("New Person")
    drawn = press(drawn, "Add")
    assert "new.person@example.org was added" in drawn.success[0].value.replace("\\", "").replace("\u2060", "")
    number = accounts.named(live_engine, "new.person@example.org").account_id
    drawn.selectbox(key="person to change").set_value("new.person@example.org").run()
    drawn = press(drawn, "Grant it")
    assert len(of(live_engine, number).grants) == 1
    drawn = press(drawn, "Take it back")
    assert of(live_engine, number).grants == ()
    drawn = press(drawn, "Let them in no more")
    assert of(live_engine, number).disabled_at
    press(drawn, "Let them sign in again")
    assert not of(live_engine, number).disabled_at


def test_the_last_administrator_stays(live_engine: Engine) -> None:
    admin = insider(live_engine, Role.ADMIN)
    drawn = draw(admin, "people")
    drawn.selectbox(key="person to change").set_value(of(live_engine, admin.account_id).sign_in_name).run()
    drawn = press(drawn, "Let them in no more")
    assert "only administrator" in drawn.error[0].value
    assert not of(live_engine, admin.account_id).disabled_at


def test_everybody_sees_what_they_reach_and_ends_their_other_sessions(live_engine: Engine) -> None:
    somebody = insider(live_engine, Role.LEADER, Grant(999, "North"))
    other = sessions.person_of(live_engine, somebody.session_id, moment())
    assert other

    with noting(live_engine) as connection:
        elsewhere = sessions.start(connection, somebody.account_id, moment(), is_complete=True)
    drawn = draw(somebody, "your_account")
    assert "the district North" in "".join(part.value for part in drawn.markdown)
    drawn = press(drawn, "Sign out everywhere else")
    assert "1 other session ended." in drawn.success[0].value
    assert sessions.person_of(live_engine, elsewhere.session_id, moment()) is None
    assert sessions.person_of(live_engine, somebody.session_id, moment())


def test_the_roles_are_told_with_words_for_ticks(live_engine: Engine) -> None:
    drawn = draw(insider(live_engine, Role.PANEL), "who_may_see_what")
    assert drawn.header[0].value == "Pages"
    assert not drawn.exception
