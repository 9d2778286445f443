"""What protection costs: python -m benchmarks.trust [SCHOOLS]

The figures of each page are asked of a fictional LA in full and with small numbers hidden, each time from records that
nobody has asked anything yet, as after an upload. Printed are seconds and the ratio.
"""

import sys
import tempfile
import time
from collections.abc import Callable

from sqlalchemy import Connection

from access.scope import Scope
from analysis import choices, overview, overview_views, queries, school_profile, school_views
from analysis.every_school import every_school
from analysis.over_time import over_time
from analysis.records import Records
from data_model.store import open_database, reading
from data_model.terms import Period
from sample_data.seed import seed

LA = 999


def _overview(records: Records, period: Period) -> None:
    overview.headlines(records, LA, period)
    over_time(records, LA, "suspension_rate")
    overview_views.few_schools(records, LA, period)
    overview.exclusions_by_status(records, LA, period)
    overview.placements_by_tier(records, LA, period)
    overview_views.coverage(records, LA, period)


def _schools(records: Records, period: Period) -> None:
    every_school(records, LA, "suspension_rate", period)


def _school(records: Records, period: Period) -> None:
    urn = int(records.current_schools["urn"].iloc[-1])
    school_views.tiles(records, urn, period)
    school_views.over_time(records, urn, measure="suspension_rate")
    school_profile.reasons(records, urn, Period(period.year))
    for column in ("ncyg", "sen_provision", "fsm6"):
        school_profile.breakdown(records, urn, Period(period.year), column)
    school_profile.placements(records, urn, period)
    school_views.outreach_by_term(records, urn)


PAGES: dict[str, Callable[[Records, Period], None]] = {"Overview": _overview, "Schools": _schools, "School": _school}


def seconds(connection: Connection, page: str, full: bool) -> float:
    """The fastest of three askings of a page's figures, each of records of its own."""
    taken = []
    for _ in range(3):
        records = queries.records(connection, Scope(frozenset({LA}), full_figures=full))
        period = choices.periods(records, LA)[0]
        start = time.perf_counter()
        PAGES[page](records, period)
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> None:
    """Print a line a page."""
    schools = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/outreach.db")
        seed(engine, schools=schools)
        with reading(engine) as connection:
            for page in PAGES:
                full, hidden = seconds(connection, page, True), seconds(connection, page, False)
                print(
                    f"{page:10} full {full:6.2f} s   small numbers hidden {hidden:6.2f} s   ratio {hidden / full:.2f}"
                )
        engine.dispose()


if __name__ == "__main__":
    main()
