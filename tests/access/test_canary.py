"""Marked values of pupils and workers, looked for in all that a leader, or a panel member in a case that is not theirs,
can be sent: every frame of the websocket, every file of every download button, the page itself, and the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from live import Live
from live_people import (
    MARK,
    MARKS,
    OTHER_LA,
    OURS,
    THEIRS,
    Insider,
    insider,
    marked_world,
    one_of_each,
    run,
    taken_away,
    websocket,
)
from websockets.sync.client import ClientConnection

from access.roles import PAGES, Permission, Role, may
from access.scope import Grant
from analysis.measures import MEASURES

LITTLE = (Role.LEADER, Role.PANEL)
"""Who may be sent none of the marks: no page shows a panel anything of a pupil."""

Said = dict[str, list[bytes]]
"""Of each page: its frames, and the files that were taken away."""


@pytest.fixture(scope="module")
def insiders(live: Live) -> dict[Role, Insider]:
    marked_world(live.engine)
    return one_of_each(live.engine)


@contextmanager
def _inside(live: Live, somebody: Insider) -> Iterator[tuple[ClientConnection, dict[str, str], str]]:
    """A websocket, the hashes of the pages, and what Streamlit calls the session."""
    with websocket(live, somebody.token) as socket:
        first = run(socket)
        yield socket, first.pages, first.streamlit_session


def _taken(live: Live, somebody: Insider, pages: list[str], queries: tuple[str, ...] = ("",)) -> Said:
    """Every frame and every file of pages."""
    said: Said = {}
    with _inside(live, somebody) as (socket, hashes, session):
        for page in pages:
            for query in queries:
                sent = run(socket, page_hash=hashes[page], query=query)
                sent.streamlit_session = sent.streamlit_session or session
                files = taken_away(live, socket, sent, somebody.token)
                said[f"{page}?{query}"] = [*sent.frames, *files]
    return said


def _pages_of(role: Role) -> list[str]:
    return [page for page, permission in PAGES.items() if may(role, permission)]


def _found(said: Said, marks: tuple[str, ...] = MARKS) -> dict[str, str]:
    """The first mark on each page that has one."""
    return {
        page: mark for page, parts in said.items() for mark in marks if any(mark.encode() in part for part in parts)
    }


def _files(said: Said) -> list[bytes]:
    return [part for parts in said.values() for part in parts if part.startswith(b"\xef\xbb\xbf")]


@pytest.mark.parametrize("role", LITTLE)
def test_no_frame_and_no_file_of_any_page_has_a_mark(live: Live, insiders: dict[Role, Insider], role: Role) -> None:
    said = _taken(live, insiders[role], _pages_of(role))
    said |= _taken(live, insiders[role], ["school"], (f"school={OURS}",))
    assert len(_files(said)) > 5
    assert _found(said) == {}


@pytest.mark.slow
@pytest.mark.parametrize("role", LITTLE)
@pytest.mark.parametrize("page", ["schools", "school"])
def test_no_measure_has_a_mark(live: Live, insiders: dict[Role, Insider], role: Role, page: str) -> None:
    queries = tuple(urlencode({"measure": measure.name, "school": OURS}) for measure in MEASURES.values())
    said = _taken(live, insiders[role], [page], queries)
    if page == "school" and not may(role, Permission.SCHOOLS_UNSEEN_BY_HEADS):
        assert _files(said) == [], "its head has not had their say"
    else:
        assert len(set(_files(said))) > 3, "the choice in the address holds"
    assert _found(said) == {}


def test_the_marks_would_be_found(live: Live, insiders: dict[Role, Insider]) -> None:
    said = _taken(live, insiders[Role.STEWARD], ["data_quality"])
    assert _found(said)
    assert any(f"{MARK}{OURS}".encode() in file for file in _files(said)), "in a file too"
    assert _found(said, (f"{MARK}{THEIRS}", f"Academy {THEIRS}")) == {}


@pytest.mark.parametrize("elsewhere", [Grant(999, panel="secondary"), Grant(OTHER_LA, panel="primary")])
def test_a_panel_sees_nothing_of_the_case_of_another(
    live: Live, insiders: dict[Role, Insider], elsewhere: Grant
) -> None:
    said = _taken(live, insider(live.engine, Role.PANEL, elsewhere), ["overview", "schools", "school"])
    other_la = OURS if elsewhere.la_code == OTHER_LA else THEIRS
    assert _found(said, (*MARKS, f"Academy {other_la}")) == {}


def test_what_they_asked_for_left_no_mark_in_the_log(live: Live, insiders: dict[Role, Insider]) -> None:
    assert not any(mark in live.log.read_text() for mark in MARKS)
