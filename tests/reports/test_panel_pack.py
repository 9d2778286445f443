"""The panel's pack: a tagged PDF, marked on every page, inert, and without a word that its readers may not read."""

import os
import re
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hostile import MARKUP, load_hostile
from pypdf import PdfReader
from sqlalchemy import Engine, func, select
from worlds import LA, World

from access.roles import Role
from access.scope import Grant, Scope
from analysis.panel_meeting import queries
from analysis.panel_meeting.circulation import Circulation
from data_model.fair_access import FAP_REFERRALS
from data_model.store import open_database, reading, writing
from reports import panel_words
from reports.panel_pack import ChildPages, PanelPack, Part, Table, panel_pack, why_no_pdf

# As the browser's tests: skipped where a newcomer has no Pango, and never in CI.
pytestmark = pytest.mark.skipif(
    bool(why_no_pdf()) and os.environ.get("OUTREACH_REQUIRE_BROWSER") != "1", reason=why_no_pdf() or ""
)

PRINTED = datetime(2026, 11, 22, 18, 40)
ON = date(2026, 3, 10)
HERE, THERE = 900001, 900002
SAID_OF_HEALTH = ("SEN support", "Social, emotional and mental health")
SAID_OF_CARE = ("child protection plan", "mental health services", "protection plan, now or in the last")
NAMES = {"P1": "Robin Fictional", "P2": "Sam Fictional"}


def a_pack(**given: Any) -> PanelPack:
    rows = [[f"F{number:03d}", "9"] for number in range(120)]
    usual: dict[str, Any] = {
        "title": "Panel meeting, Secondary schools, 10 March 2026",
        "authority_name": "Fairmarsh Council",
        "circulation": "All members",
        "printed_by": "mo@example.org",
        "printed_at": PRINTED,
        "finding": "120 children are on the list.",
        "agenda": Table("Children on the list", ["Child", "Days waiting"], rows),
        "children": [ChildPages("F001", [Part("What was tried", None, ["No plan is loaded."])])],
    }
    return PanelPack(**{**usual, **given})


def read(pack: PanelPack) -> PdfReader:
    return PdfReader(BytesIO(panel_pack(pack)))


def text_of(reader: PdfReader) -> str:
    """Every word, lines and pages joined."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def tags(node: Any) -> Iterator[tuple[str, Any]]:
    """The structure's tags with their attributes, in the order of reading."""
    node = node.get_object()
    if isinstance(node, list):
        for each in node:
            yield from tags(each)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node["/S"], node.get("/A")
        if "/K" in node:
            yield from tags(node["/K"])


def test_it_is_tagged_as_pdf_ua_asks() -> None:
    reader = read(a_pack())
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value and root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert reader.metadata is not None and reader.metadata.title == (
        "Panel meeting, Secondary schools, 10 March 2026 – Fairmarsh Council"
    )
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    found = list(tags(root["/StructTreeRoot"]["/K"]))
    names = [name for name, _ in found]
    assert [name for name in names if re.fullmatch(r"/H\d", name)] == ["/H1", "/H2", "/H2", "/H3"]
    assert {"/Table", "/Caption", "/THead", "/TBody", "/TR", "/TD"} <= set(names)
    assert names.count("/TH") >= 2 + 120, "a header of each column, and of each row"
    assert all("/Headers" in attributes for name, attributes in found if name == "/TD"), "each cell names its headers"


def test_every_page_says_who_printed_it_when_and_for_whom() -> None:
    pages = read(a_pack()).pages
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        words = " ".join(page.extract_text().split())
        assert "Printed by mo@example.org on 22 November 2026, 18:40. For: All members." in words
        assert f"Page {number} of {len(pages)}" in words
        assert "Confidential" in words


def test_whatever_a_file_held_is_shown_as_it_is_and_asks_for_nothing() -> None:
    rows = [[text, text] for text in MARKUP]
    given = {"title": MARKUP[0], "circulation": MARKUP[-1], "finding": MARKUP[1]}
    table = Table(MARKUP[0], ["What", "What"], rows, MARKUP)
    reader = read(a_pack(**given, agenda=table, children=[ChildPages(text, []) for text in MARKUP[:3]]))
    assert not any(page.get("/Annots") for page in reader.pages), "no link"
    assert {"/JavaScript", "/EmbeddedFiles"}.isdisjoint(reader.trailer["/Root"].get("/Names", {}))


@pytest.mark.slow
def test_a_pack_of_hostile_records_is_inert(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Every text column of every dataset is hostile, and so is what the children are called."""
    engine = open_database(f"sqlite:///{tmp_path / 'outreach.db'}")
    load_hostile(engine, 24)
    scope = Scope.of(Role.MANAGER, frozenset({Grant(LA)}))
    with reading(engine) as connection:
        on = connection.scalar(select(func.max(FAP_REFERRALS.table.c.referral_date)))
        asked = {"circulation": Circulation.MEMBERS, "la": LA, "panel": "secondary", "on": on}
        items, found = queries.for_circulation(connection, scope, **asked)
    engine.dispose()
    assert len(found) > 1
    named = {pupil: MARKUP[place % len(MARKUP)] for place, pupil in enumerate(items["pupil_ref"])}
    called = panel_words.called(items, Circulation.MEMBERS, named)
    pages = [panel_words.of_child(child, Circulation.MEMBERS, called) for child in found]
    with caplog.at_level("DEBUG", "weasyprint"):
        reader = read(a_pack(agenda=panel_words.the_list(items, called), children=pages))
    assert "evil.example" in text_of(reader), "it is in the pack, as words"
    assert not any(page.get("/Annots") for page in reader.pages), "no link"
    assert {"/JavaScript", "/EmbeddedFiles"}.isdisjoint(reader.trailer["/Root"].get("/Names", {}))
    assert not [record for record in caplog.records if "evil" in record.getMessage()], "nothing was asked for"


@pytest.fixture
def world(empty_database: Engine) -> Iterator[World]:
    with writing(empty_database) as connection:
        yield World(connection)


@pytest.fixture
def listed(world: World) -> World:
    """Two children of two schools on the list of the secondary panel, of whom everything sensitive is known."""
    for number, urn in enumerate((HERE, THERE), 1):
        world.school(urn, "secondary")
        pupil = {"pupil_ref": f"P{number}"}
        known = {
            "sen_provision": "K",
            "sen_primary_need": "SEMH",
            "social_care": "CPP",
            "yjs_involved": "Y",
            "ncyg": "8",
        }
        world.save("pupils", **pupil, valid_from=date(2025, 9, 1), main_urn=urn, ethnicity="WROM", **known)
        asked = {
            "panel": "secondary",
            "business": "admission_under_protocol",
            "category": "a",
            "strategies_exhausted": "Y",
        }
        days = {"referral_date": date(2026, 3, 1), "agreed_date": date(2026, 3, 2)}
        world.save("fap_referrals", fap_ref=f"F{number}", urn=urn, **pupil, **asked, **days, child_heard="Y")
        case = world.case(urn, "2026-01-12", **pupil, worker_ref="W-canary")
        told = {"agency": "camhs", "referred_date": date(2026, 1, 20), "answer": "threshold_not_met"}
        world.save("agency_involvement", case_id=case, **told)
        plan = {"plan_id": f"B{number}", "strategy": "mentor", "start_date": date(2026, 1, 5), "exhausted": "Y"}
        world.save("behaviour_plans", **plan, **pupil, urn=urn)
        world.suspension(urn, f"P{number}", "2026-02-03")
    return world


def pack_for(world: World, circulation: Circulation, role: Role = Role.MANAGER) -> str:
    """The words of the pack that somebody of a role prints for a circulation list."""
    scope = Scope.of(role, frozenset({Grant(LA, panel="secondary" if role is Role.PANEL else None)}))
    urn = HERE if circulation.is_of_a_school else None
    asked = {"circulation": circulation, "la": LA, "panel": "secondary", "on": ON, "urn": urn}
    items, found = queries.for_circulation(world.connection, scope, **asked)
    called = panel_words.called(items, circulation, NAMES)
    pages = [panel_words.of_child(child, circulation, called) for child in found]
    return text_of(read(a_pack(agenda=panel_words.the_list(items, called), children=pages)))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.PANEL])
def test_members_on_the_list_read_what_a_panel_may_read(listed: World, role: Role) -> None:
    words = pack_for(listed, Circulation.MEMBERS, role)
    for said in (*NAMES.values(), *SAID_OF_HEALTH, *SAID_OF_CARE[1:], "Youth justice", "Mentor or key adult"):
        assert said in words
    assert "W-canary" not in words and "Roma" not in words.replace("Gypsy, Roma or Traveller, refugee", "")


@pytest.mark.parametrize("role", [Role.MANAGER, Role.PANEL])
def test_all_members_read_references_and_nothing_of_health_care_or_youth_justice(listed: World, role: Role) -> None:
    words = pack_for(listed, Circulation.ALL_MEMBERS, role)
    for said in ("F1", "F2", "Mentor or key adult", "1 in twelve months"):
        assert said in words
    for canary in (
        *NAMES.values(),
        *SAID_OF_HEALTH,
        *SAID_OF_CARE,
        "Youth justice",
        "Agencies",
        "P1",
        "P2",
        "W-canary",
    ):
        assert canary not in words


def test_a_school_reads_of_its_own_child_alone(listed: World) -> None:
    words = pack_for(listed, Circulation.SCHOOL)
    assert "Robin Fictional" in words and "Mentor or key adult" in words
    others = ("Sam Fictional", "F2", f"School {THERE}")
    for canary in (*others, *SAID_OF_HEALTH, *SAID_OF_CARE, "Youth justice", "Agencies", "twelve months"):
        assert canary not in words
