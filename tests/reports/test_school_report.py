"""The report for a head: whole in one file, only of the school, and inert whatever its text tries."""

from datetime import date
from html.parser import HTMLParser

import pytest
from hostile import HOSTILE

from reports.school_report import Figure, SchoolReport, school_report

USUAL = SchoolReport(
    school_name="Lanternmere Primary School",
    authority_name="Fairmarsh Council",
    period_label="Autumn 2025/26",
    sentences=["Your school suspended 9 times; schools of your size and phase suspended 4.2 times on average."],
    figures=[Figure("Suspensions", "9", "Counted from what you sent us on 12 January 2026.")],
    reply_due=date(2025, 11, 7),
    how_to_answer=["Write to outreach@fairmarsh.example."],
)


class Read(HTMLParser):
    """The tags with their attributes, and the text, as a browser would find them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_it_says_what_it_was_given_and_by_when_to_answer() -> None:
    found = Read(school_report(USUAL))
    for said in (
        USUAL.school_name,
        USUAL.authority_name,
        USUAL.period_label,
        *USUAL.sentences,
        USUAL.figures[0].worked_out,
        *USUAL.how_to_answer,
        "Please tell us by 7 November 2025 if anything here is wrong.",
    ):
        assert said in found.text


def test_it_has_a_language_a_title_headings_and_a_table_with_scopes() -> None:
    found = Read(school_report(USUAL))
    assert found.of("html") == [{"lang": "en-GB"}]
    assert (len(found.of("title")), len(found.of("h1")), len(found.of("main"))) == (1, 1, 1)
    assert [heading["scope"] for heading in found.of("th")] == ["col"] * 3 + ["row"]
    assert len(found.of("caption")) == 1


def test_it_asks_nothing_of_anybody() -> None:
    html = school_report(USUAL)
    found = Read(html)
    asking = {"script", "img", "iframe", "object", "embed", "form", "a", "base", "svg", "link"}
    assert not asking & {tag for tag, _ in found.tags}
    assert "default-src 'none'" in html
    assert "http" not in html.replace("http-equiv", "")


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_text_stays_text(number: int) -> None:
    text = HOSTILE[number]
    hostile = SchoolReport(text, text, text, [text], [Figure(text, text, text)], date(2025, 11, 7), [text])
    usual, found = Read(school_report(USUAL)), Read(school_report(hostile))
    assert found.tags == usual.tags
    assert one_break(text).strip() in one_break(found.text)


def one_break(text: str) -> str:
    """The text with every break of a line written in one way."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
