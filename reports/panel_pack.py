"""A panel's pack as a tagged PDF: made on the server, marked on every page with who printed it, when and for whom.

It is given words that were read in the scope of its circulation list, and holds nothing else. WeasyPrint 70 writes
PDF/UA-1: a title, the language, headings, tables with headers of rows and columns. Nothing is asked of any server.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from data_model.terms import in_words

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


@dataclass(frozen=True)
class Table:
    """A table in words. The first cell of a row names it."""

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Part:
    """A part of a child's page: a heading with a table, sentences or both."""

    title: str
    table: Table | None = None
    sentences: Sequence[str] = ()


@dataclass(frozen=True)
class ChildPages:
    """What is said of one child, and what the child is called."""

    called: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class PanelPack:
    """What the file says. `circulation` is whom it is for, `printed_at` the time by the clock in England."""

    title: str
    authority_name: str
    circulation: str
    printed_by: str
    printed_at: datetime
    finding: str
    agenda: Table | None
    children: Sequence[ChildPages]
    others: Sequence[Table] = ()

    @property
    def mark(self) -> str:
        """What stands on every page."""
        when = f"{in_words(self.printed_at.date())}, {self.printed_at:%H:%M}"
        return f"Printed by {self.printed_by} on {when}. For: {self.circulation}. Do not copy or pass on."


def why_no_pdf() -> str | None:
    """Why this server cannot make PDFs, and what whoever runs it has to do; None where it can."""
    try:
        # Here and not above: without Pango the import itself fails, and the rest of the app needs none of it.
        import weasyprint  # noqa: F401
    except OSError:
        return "PDFs cannot be made on this server: Pango is not installed. docs/for-it-teams.md says how."
    return None


def panel_pack(pack: PanelPack) -> bytes:
    """The pack as a PDF. Raises OSError where the server has no Pango: `why_no_pdf` says so before."""
    from weasyprint import HTML

    html = _TEMPLATES.get_template("panel_pack.html").render(pack=pack)
    made: Any = HTML(string=html, url_fetcher=_refuse).write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    assert isinstance(made, bytes)
    return made


def _refuse(url: str, *others: object, **more: object) -> NoReturn:
    raise ValueError("A pack holds all that it shows, and asks for nothing")
