"""The databases that the pages about schools are drawn over, each made once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from worlds import World

from access.scope import EVERYWHERE, Scope
from analysis import queries
from analysis.records import Records
from data_model.store import open_database, reading
from loaders.published.load import load_published, load_reference
from loaders.upload_record import Sender
from sample_data.seed import seed

PUBLISHED = Path(__file__).parent.parent / "published" / "exclusions_by_geographic_level_coventry_warwickshire.csv"
LA = 999
DrawPage = Callable[..., AppTest]
Build = Callable[[], AbstractContextManager[World]]


def fictional(path: Path, schools: int = 24) -> Path:
    """A small fictional LA of three years, with the published figures that ship with the product."""
    engine = open_database(f"sqlite:///{path}")
    seed(engine, schools=schools, years=3)
    load_reference(engine)
    engine.dispose()
    return path


def published(path: Path) -> Path:
    """DfE's published statistics of two authorities, and nothing of their own."""
    engine = open_database(f"sqlite:///{path}")
    load_published(engine, PUBLISHED, PUBLISHED.name, Sender("test", EVERYWHERE))
    load_reference(engine)
    engine.dispose()
    return path


def records_of(engine: Engine) -> Records:
    """The records that a page of everything counts from."""
    with reading(engine) as connection:
        return queries.records(connection, Scope(queries.local_authorities(connection), full_figures=True))


def _as_written(value: str) -> str:
    """Text as its writer wrote it: without what makes it harmless to Markdown."""
    return value.replace("\\", "").replace("\u2060", "")


def headings(drawn: AppTest) -> list[str]:
    """The findings of a page."""
    return [_as_written(heading.value) for heading in drawn.header]


def titles(drawn: AppTest) -> list[str]:
    """The h1s of a page."""
    return [_as_written(title.value) for title in drawn.title]


def said(drawn: AppTest) -> str:
    """Everything that stands on a page as text, a piece a line."""
    parts = [*drawn.markdown, *drawn.info, *drawn.warning, *drawn.caption]
    return "\n".join(_as_written(part.value) for part in parts)
