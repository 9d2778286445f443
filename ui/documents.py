"""The governance pack as pages of the app: our own Markdown files, read at run time and turned into HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from ui.text import html as safe

FOLDER = Path(__file__).parents[1] / "docs" / "governance"
"""Beside the code, wherever the app was started from."""

NAMES = (
    "privacy_notice_pupils",
    "privacy_notice_parents",
    "accessibility_statement",
    "complaints",
    "acceptable_use",
    "small_number_policy",
    "retention_schedule",
    "data_sharing_checklist",
    "breach_runbook",
    "dpia",
    "ropa",
    "sources",
)
"""The documents by their files, in the order in which people look for them."""

_ONE_LOWER = {"h2": "h3", "h3": "h4"}
"""The page has the first heading, and the document's title is the second."""


@dataclass(frozen=True)
class Document:
    """A document of the pack: its title, and the rest of it as HTML with headings from the third level on."""

    title: str
    html: str


@cache
def documents() -> dict[str, Document]:
    """Every document by its name."""
    return {name: _read(name) for name in NAMES}


def address(name: str) -> str:
    """Where the app shows a document."""
    return "/privacy?" + urlencode({"document": _title(_words(name))})


def _read(name: str) -> Document:
    words = _words(name)
    tokens = _reader().parse(words.partition("\n")[2])
    for token in tokens:
        if token.tag in _ONE_LOWER:
            token.tag = _ONE_LOWER[token.tag]
    return Document(_title(words), _reader().renderer.render(tokens, _reader().options, {"title": _title(words)}))


def _words(name: str) -> str:
    # Boxes to tick are for paper: in a page they would be inputs without a label.
    return (FOLDER / f"{name}.md").read_text("utf-8").replace("* [ ] ", "* ☐ ")


def _title(words: str) -> str:
    return words.partition("\n")[0].removeprefix("# ")


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("link_open", _link)
    reader.add_render_rule("table_open", _table)
    reader.add_render_rule("table_close", lambda *_: "</table></div>")
    reader.add_render_rule("th_open", lambda *_: '<th scope="col">')
    return reader


def _link(renderer: RendererHTML, tokens: Sequence[Token], place: int, options: object, about: object) -> str:
    target = str(tokens[place].attrs["href"])
    name = target.removesuffix(".md")
    return f'<a href="{safe(address(name) if name in NAMES else target)}">'


def _table(renderer: RendererHTML, tokens: Sequence[Token], place: int, options: object, about: dict[str, str]) -> str:
    before = [tokens[at + 1].content for at in range(place) if tokens[at].type == "heading_open"]
    label = before[-1] if before else about["title"]
    return f'<div class="table" role="region" tabindex="0" aria-label="{safe(label)}"><table>'
