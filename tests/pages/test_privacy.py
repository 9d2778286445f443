"""Privacy shows each document of the governance pack to everybody, at an address of its own."""

from urllib.parse import parse_qs, urlsplit

import pytest
from html_of import html_of

from access.roles import Role
from access.sign_in.rules_of_use import RULES
from ui import documents


@pytest.mark.parametrize("name", documents.NAMES)
def test_every_document_has_an_address(draw_page, name: str) -> None:
    where = urlsplit(documents.address(name))
    assert where.path == "/privacy"
    drawn = draw_page("privacy", Role.PANEL, **{key: value[0] for key, value in parse_qs(where.query).items()})
    document = documents.documents()[name]
    assert [header.value for header in drawn.header] == [document.title]
    assert document.html in html_of(drawn)


def test_pupils_come_first(draw_page) -> None:
    drawn = draw_page("privacy", Role.ADMIN)
    assert [header.value for header in drawn.header] == ["Privacy notice for pupils"]


def test_the_rules_are_those_that_people_accept() -> None:
    words = " ".join((documents.FOLDER / "acceptable_use.md").read_text().split())
    assert [rule for rule in RULES if rule not in words] == []


def test_every_page_leads_to_the_accessibility_statement_and_to_complaints(draw_shell, empty_database) -> None:
    foot = draw_shell(Role.LEADER).sidebar.get("html")[-1].proto.body
    for name in ("accessibility_statement", "complaints"):
        assert f'href="{documents.address(name)}"' in foot
