"""What is taken away from a panel's meeting: the trail says who took it and which children were in it."""

import os
from datetime import date
from io import BytesIO
from urllib.parse import urlencode

import pytest
from live import Live
from live_people import Sent, insider, run, taken_away, websocket
from pypdf import PdfReader
from sqlalchemy import select
from worlds import World

from access import audit
from access.audit import Action, subject_of_pupil
from access.roles import Role
from access.scope import Grant
from data_model.audit_trail import audit_pupils
from data_model.store import reading, writing
from reports.panel_pack import why_no_pdf

HERE, LAST, LISTED, DECIDED, OTHER = 900021, date(2025, 3, 11), "P000101", "P000202", "P000303"


@pytest.fixture(scope="module")
def world(live: Live) -> Live:
    """A child on the secondary panel's list, one on whom it decided at its last meeting, and one before neither."""
    with writing(live.engine) as connection:
        made = World(connection)
        made.school(HERE, "secondary")
        made.roll(HERE, 500)
        made.suspension(HERE, OTHER, "2025-03-12")
        for number, pupil in enumerate((LISTED, DECIDED)):
            asked = {"panel": "secondary", "business": "admission_under_protocol", "category": "a"}
            days = {"referral_date": date(2025, 3, 3), "agreed_date": date(2025, 3, 4)}
            made.save("fap_referrals", fap_ref=f"F{number}", urn=HERE, pupil_ref=pupil, **asked, **days)
        made.save("fap_decisions", fap_ref="F1", meeting_date=LAST, decision="place_school", allocated_urn=HERE)
    return live


def opened(live: Live, page: str, **choices: str) -> tuple[Sent, list[bytes]]:
    """A page as a new outreach manager opens it, and all the files that they take away from it."""
    somebody = insider(live.engine, Role.MANAGER, Grant(999))
    with websocket(live, somebody.token) as socket:
        first = run(socket)
        sent = run(socket, page_hash=first.pages[page], query=urlencode(choices))
        sent.streamlit_session = first.streamlit_session
        return sent, taken_away(live, socket, sent, somebody.token)


def told(live: Live, action: Action, subject: str) -> set[str]:
    """Whom the newest event of an action about a subject is about, as the trail calls them."""
    event = next(event for event in audit.events(live.engine, action=action) if event.subject == subject)
    with reading(live.engine) as connection:
        return set(connection.scalars(select(audit_pupils.c.pupil).where(audit_pupils.c.event_id == event.event_id)))


@pytest.mark.skipif(bool(why_no_pdf()) and os.environ.get("OUTREACH_REQUIRE_BROWSER") != "1", reason=why_no_pdf() or "")
def test_who_was_in_a_pack_is_in_the_trail(world: Live) -> None:
    _, (pack,) = opened(world, "panel_meeting", part="Print")
    words = " ".join(PdfReader(BytesIO(pack)).pages[0].extract_text().split())
    assert "what was done after 12 March 2025 is not known" in words, "its readers have no page that says so"
    assert told(world, Action.DOWNLOADED, "panel-pack.pdf") == {subject_of_pupil(LISTED)}


def test_who_was_decided_on_last_time_is_in_the_trail_when_it_is_read_and_taken(world: Live) -> None:
    _, files = opened(world, "panel_meeting", part="Last time")
    (minutes,) = (file for file in files if b"F1" in file)
    assert DECIDED.encode() not in minutes
    assert told(world, Action.SAW_PUPILS, "Panel meeting: last time") == {subject_of_pupil(DECIDED)}
    assert told(world, Action.DOWNLOADED, "panel-last-time-internal.csv") == {subject_of_pupil(DECIDED)}


def test_in_an_authority_deadlines_run_to_today_and_the_page_says_what_is_not_known(world: Live) -> None:
    sent, _ = opened(world, "pupil")
    assert b"Deadlines run to" in sent.all and b"and what was done after 12 March 2025 is not known" in sent.all
    sent, _ = opened(world, "schools")
    assert b"Deadlines run to" not in sent.all
