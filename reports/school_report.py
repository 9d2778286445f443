"""The report that a school's head is sent before a panel sees the school: one HTML file that needs nothing else.

It is given this school's own words and figures and takes nothing of another's: no other school can be named by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

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
class Figure:
    """One figure in words: what it is, how high it is, and how a head can work it out with a calculator."""

    label: str
    figure: str
    worked_out: str


@dataclass(frozen=True)
class SchoolReport:
    """What the file says: `sentences` say why the school is looked at, `how_to_answer` where to and how."""

    school_name: str
    authority_name: str
    period_label: str
    sentences: Sequence[str]
    figures: Sequence[Figure]
    reply_due: date
    how_to_answer: Sequence[str]


def school_report(report: SchoolReport) -> str:
    """The report as an HTML document, every text of it escaped: no script, no link, nothing asked of any server."""
    return _TEMPLATES.get_template("school_report.html").render(report=report, due=in_words(report.reply_due))
