"""Tables as a leader gets them, for every choice of their filters: no hidden count follows from what is shown.

The frames are those that pages hand to `ui.show`, which is what stands in the CSV, and those of `python -m analysis
outcomes`. The attacker lays side by side two years, two splits, several years told together, what the Overview says of
the same placements, and a command's answers.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import pytest
from rendered_attack import Name, Rendered
from sqlalchemy import Connection, Engine
from worlds import World

from access.scope import Scope
from analysis import queries
from analysis.alternative_provision import views
from analysis.alternative_provision.stays import Ending, Split
from analysis.alternative_provision.views import Placed, Provided
from analysis.hiding.protection import is_hidden
from analysis.outcomes.asking import outcome
from analysis.records import Records
from analysis.slices import By
from analysis.table import table_of
from data_model.codes import Phase, PlacementReason, Tier
from data_model.store import open_database, reading
from data_model.terms import Period
from data_model.thresholds import USUAL
from sample_data.seed import seed

LA, THRESHOLD = 999, 5
FULL, LEADER = Scope(frozenset({LA}), full_figures=True), Scope(frozenset({LA}))
EVERY = [str(split) for split in Split]
PLACED = ["started", "returned", "open", "otherwise", "closed"]
MEDICAL = [PlacementReason.MENTAL_HEALTH.label, PlacementReason.PHYSICAL_HEALTH.label]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{Path(tmp_path_factory.mktemp('rendered')) / 'outreach.db'}")
    seed(engine, schools=20, years=2)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{Path(tmp_path_factory.mktemp('rendered')) / 'outreach.db'}")
    seed(engine, schools=50, years=4)
    yield engine
    engine.dispose()


def of_page(connection: Connection, scope: Scope) -> Placed:
    found = views.placed(connection, scope, LA, USUAL.sustained_attendance, USUAL.fewest_sessions)
    assert found is not None
    return found


def laid_side_by_side(connection: Connection, splits: Sequence[str]) -> Rendered:
    """Every table of the page, by every split and for every year and those told together."""
    rendered, read = Rendered(), [of_page(connection, scope) for scope in (FULL, LEADER)]
    years = sorted(views.years(connection, LEADER, LA))
    for year in [*years, None]:
        for split in splits:
            full, seen = (views.told(each, split, year) for each in read)
            _reads_returns(rendered, full, seen, split, year)
            _reads_lasted(rendered, full, seen, split, year)
        _reads_the_rest(rendered, full, seen, year, years[-1])
    together = years[-3:]
    for name in [each for each in rendered.true if each[-1] is None]:
        rendered.adds_up(name, [(*name[:-1], year) for year in together])
    for split in splits:
        for year in [*years, None]:
            _groups_add_up(rendered, split, year)
    for year in [*years, None]:
        _all_add_up(rendered, year)
    return rendered


def _reads_returns(rendered: Rendered, full: Provided, seen: Provided, split: str, year: str | None) -> None:
    groups = _groups(full.returns.rows["group"], split)
    names = {column: [(column, group, year) for group in groups] for column in PLACED}
    rendered.reads(full.returns.rows, seen.returns.rows, names)
    marks = full.returns.steps[full.returns.steps["mark"].astype(bool)]
    keys = ["group", "week"]
    both = seen.returns.steps[keys].merge(marks, on=keys, how="left")
    groups = _groups(both["group"], split)
    columns = {
        column: [(column, week, group, year) for week, group in zip(both["week"], groups, strict=True)]
        for column in ("at_risk", "ended")
    }
    rendered.reads(both, seen.returns.steps, columns)


def _reads_lasted(rendered: Rendered, full: Provided, seen: Provided, split: str, year: str | None) -> None:
    columns = ["count", "out_of", "not_due", "unknown"]
    weeks = full.lasted["weeks"]
    rendered.reads(
        full.lasted, seen.lasted, {at: [(at, "lasted", week, "all", year) for week in weeks] for at in columns}
    )
    groups = _groups(full.lasted_by["group"], split)
    names = {at: [(at, "lasted", 12, group, year) for group in groups] for at in columns}
    rendered.reads(full.lasted_by, seen.lasted_by, names)


def _reads_the_rest(rendered: Rendered, full: Provided, seen: Provided, year: str | None, newest: str) -> None:
    signs = ["broke_down", "short", "not_registered", "medical"]
    rendered.reads(full.signs, seen.signs, {at: [(at, sign, year) for sign in signs] for at in ("count", "out_of")})
    waits = {
        at: [(at, "waits", tier, year) for tier in full.waits["group"]] for at in ("decided", "started", "waiting")
    }
    rendered.reads(full.waits, seen.waits, waits)
    if year is None:
        return
    tiers = [("tier", label) for label in full.tiers["group"]]
    rendered.reads(full.tiers, seen.tiers, {"started": [("started", tier, year) for tier in tiers]})
    stocks = {"open": [("there", tier, year) for tier in tiers], "ended": [("left", tier, year) for tier in tiers]}
    rendered.reads(full.tiers, seen.tiers, stocks)
    collections = full.collections["collection"]
    stocks = {
        at: [(at, "collection", name, year) for name in collections] for at in ("started", "ended", "open", "also")
    }
    rendered.reads(full.collections, seen.collections, stocks)
    uses = {at: [(at, "use", name, year) for name in full.occupancy["provider"]] for at in ("open_now", "placements")}
    rendered.reads(full.occupancy, seen.occupancy, uses)


def _groups(labels: pd.Series, split: str) -> list[object]:
    return ["all" if split == Split.ALL else (split, label) for label in labels]


def _groups_add_up(rendered: Rendered, split: str, year: str | None) -> None:
    """The groups of a split are everybody."""
    if split == Split.ALL:
        return
    for name in [each for each in rendered.true if each[-2:] == ("all", year)]:
        parts = [
            each
            for each in rendered.true
            if each[:-2] == name[:-2] and each[-1] == year and isinstance(each[-2], tuple) and each[-2][0] == split
        ]
        if parts:
            rendered.adds_up(name, parts)


def _all_add_up(rendered: Rendered, year: str | None) -> None:
    """What started is open, came back or ended otherwise; what is due and what is not is the same at all times."""
    rendered.adds_up(("started", "all", year), [("open", "all", year), ("closed", "all", year)])
    rendered.adds_up(("closed", "all", year), [("returned", "all", year), ("otherwise", "all", year)])
    rendered.adds_up(("closed", "all", year), [("out_of", "broke_down", year)])
    rendered.adds_up(("out_of", "medical", year), [("started", ("reason", label), year) for label in MEDICAL])
    total: Name = ("returns", year)
    every = [("out_of", "lasted", 12, "all", year), ("not_due", "lasted", 12, "all", year)]
    rendered.true[total] = sum(rendered.true[part] for part in every)
    for weeks in (6, 12, 24):
        rendered.adds_up(total, [(at, "lasted", weeks, "all", year) for at in ("out_of", "not_due")])
    tiers = [tier.label for tier in Tier]
    for at in ("decided", "started", "waiting"):
        rendered.adds_up((at, "waits", "all", year), [(at, "waits", tier, year) for tier in tiers])


def reads_the_overview(rendered: Rendered, full: Records, protected: Records, years: Sequence[str]) -> None:
    """What the Overview and the list of measures say of the same placements, tier by tier."""
    for year in years:
        for tier in Tier:
            for measure, what in (("ap_started_tier", "started"), ("ap_open_tier", "there")):
                for by, key in ((By.LA, "la_name"), (By.PHASE, "phase")):
                    true, seen = (
                        table_of(each, f"{measure}_{tier}", by, Period(year), la=LA).rows for each in (full, protected)
                    )
                    place = (
                        [("tier", tier.label)]
                        if by is By.LA
                        else [("phase", str(each), tier.label) for each in true[key]]
                    )
                    kept = true["count"].notna()
                    names = {"count": [(what, each, year) for each, there in zip(place, kept, strict=True) if there]}
                    rendered.reads(true[kept], seen[kept], names)
        labels = {phase.label: str(phase) for phase in Phase}
        for label, code in labels.items():
            parts: list[Name] = [("started", ("phase", code, tier.label), year) for tier in Tier]
            rendered.adds_up(("started", ("phase", label), year), parts)


_COMMANDS = [
    *(("reintegrated", each) for each in ("all", "tier", "age")),
    *(("sustained", each) for each in ("weeks", "all", "tier", "age")),
    *(("ap_tier", each) for each in ("all", "tier", "age")),
    ("outcomes", "ending"),
]


def reads_the_command(rendered: Rendered, connection: Connection, year: str) -> None:
    """What `python -m analysis outcomes` says of the same placements."""
    for measure, by in _COMMANDS:
        full, seen = (outcome(connection, scope, measure=measure, la=LA, year=year, by=by) for scope in (FULL, LEADER))
        groups = ["all" if by == "all" else (by, label) for label in full["group"]]
        match measure:
            case "reintegrated":
                # A row is withheld whole: how many started, which the page tells, is no secret of its own.
                told = ~is_hidden(seen, "out_of")
                started: list[Name] = [
                    ("started", group, year) for group, kept in zip(groups, told, strict=True) if kept
                ]
                rendered.reads(full[told], seen[told], {"out_of": started})
                names: dict[str, list[Name]] = {"count": [("returned", group, year) for group in groups]}
            case "sustained":
                weeks = [6, 12, 24] if by == "weeks" else [12] * len(groups)
                whose = ["all"] * 3 if by == "weeks" else groups
                both = list(zip(weeks, whose, strict=True))
                names = {at: [(at, "lasted", *each, year) for each in both] for at in ("count", "out_of")}
            case "outcomes":
                names = {"count": [("ending", label, year) for label in full["group"]]}
                rendered.adds_up(("closed", "all", year), names["count"])
            case _:
                names = {"count": [("there", group, year) for group in groups]}
        rendered.reads(full, seen, names)
    rendered.adds_up(("closed", "all", year), [("ending", ending.label, year) for ending in Ending])
    rendered.adds_up(("returned", "all", year), [("ending", Ending.RETURNED.label, year)])
    rendered.adds_up(("count", "broke_down", year), [("ending", Ending.BROKE_DOWN.label, year)])
    for split in ("tier", "age"):
        _groups_add_up(rendered, split, year)


def attacked(engine: Engine, splits: Sequence[str], *, commands: bool) -> Rendered:
    with reading(engine) as connection:
        rendered = laid_side_by_side(connection, splits)
        years = sorted(views.years(connection, LEADER, LA))
        if commands:
            reads_the_command(rendered, connection, years[-1])
        full, protected = (queries.records(connection, scope) for scope in (FULL, LEADER))
    reads_the_overview(rendered, full, protected, years)
    return rendered


def test_no_hidden_count_of_alternative_provision_follows_from_what_a_leader_is_shown(small: Engine) -> None:
    rendered = attacked(small, ["all", "tier"], commands=False)
    assert len(rendered.hidden) > 20
    assert rendered.small(THRESHOLD) == []
    assert rendered.recovered() == []


@pytest.mark.slow
def test_nor_from_all_years_and_splits_with_what_the_command_line_says(large: Engine) -> None:
    rendered = attacked(large, EVERY, commands=True)
    assert len(rendered.hidden) > 100
    assert rendered.small(THRESHOLD) == []
    assert rendered.recovered() == []


def test_a_year_in_which_nobody_started_is_no_gap(world: World) -> None:
    """Two came back in a year in which no placement started: years together less the two others would tell it."""
    school = world.school(900001, "secondary")
    came_back = [("2022-10-03", "2023-03-06"), ("2024-10-07", "2025-03-10")] * 40
    for start, end in [*came_back, *[("2023-06-05", "2023-11-06")] * 2]:
        world.placement(school, start, end, end_reason="returned_home_school")
    world.suspension(school, "S1", "2025-12-15")
    read = views.placed(world.connection, LEADER, LA, USUAL.sustained_attendance, USUAL.fewest_sessions)
    assert read is not None
    for week in (6, 12, 24):
        due = [
            views.told(read, str(Split.ALL), year).lasted.set_index("weeks").loc[week, "out_of"]
            for year in ("202223", "202425", None)
        ]
        assert pd.isna(due).any(), week
        assert not pd.isna(due).all(), week
