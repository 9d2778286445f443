"""The pages over a database on PostgreSQL: what is seen is what is seen on SQLite."""

import pytest
from app_database import app_database
from desk import NewDatabase
from places import DrawPage, headings

from access.roles import Role
from data_model import doctor
from data_model.settings import settings
from data_model.store import open_database
from sample_data.seed import seed

PAGES = ("overview", "schools", "school", "data_quality", "upload")


def a_small_la(url: str) -> None:
    """A small fictional LA into the empty database at `url`."""
    engine = open_database(url)
    seed(engine, schools=24, years=3)
    engine.dispose()


@pytest.mark.slow
def test_the_pages_say_the_same_over_both_databases(
    request: pytest.FixtureRequest, draw_page: DrawPage, new_database: NewDatabase
) -> None:
    server = request.getfixturevalue("postgresql")
    said = {}
    for kind, url in {
        "sqlite": new_database(a_small_la),
        "postgresql": server.copy_of("a small la", a_small_la),
    }.items():
        with app_database(url) as engine:
            drawn = {page: draw_page(page, Role.MANAGER) for page in PAGES}
            assert not any(page.exception for page in drawn.values())
            said[kind] = {page: headings(drawn[page]) for page in PAGES}
            assert not [
                fault for fault in doctor.examine(engine, settings()) if fault.name == "uploads" and fault.is_fault
            ]
    assert said["sqlite"] == said["postgresql"]
