"""Every measure against a slow, obvious loop, over small worlds that hypothesis makes up."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from worlds import World

from analysis.measures import MEASURES
from data_model.store import TABLES
from data_model.terms import Period, Term, academic_year, term_of

FIRST, LAST = date(2023, 9, 1), date(2025, 7, 20)
PERIODS = [Period(year, term) for year in ("202324", "202425") for term in (None, *Term)]
PHASES = ("primary", "secondary", "special", "ap")
URNS = range(900001, 900007)

days = st.integers(0, (LAST - FIRST).days).map(lambda number: FIRST + timedelta(days=number))
urns = st.sampled_from(URNS)
pupils = st.sampled_from(["P1", "P2", "P3", "P4"])
spans = st.tuples(days, st.none() | st.integers(0, 200))

suspensions = st.lists(
    st.fixed_dictionaries(
        {
            "urn": urns,
            "pupil": pupils,
            "day": days,
            "sessions": st.integers(1, 20),
            "category": st.sampled_from(["SUSP", "SUSP", "SUSP", "LNCH"]),
            "status": st.sampled_from([None, None, "active", "cancelled", "reinstated"]),
        }
    ),
    max_size=40,
    unique_by=lambda row: (row["pupil"], row["urn"], row["day"]),
)
exclusions = st.lists(st.tuples(urns, days, st.sampled_from([None, "ANO", "DNO", "FRE", "HWD", "INO"])), max_size=8)
placements = st.lists(st.tuples(urns, spans, st.sampled_from("123")), max_size=8)
cases = st.lists(st.tuples(urns, spans), max_size=5)
contacts = st.lists(st.tuples(urns, days), max_size=5)
schools = st.tuples(*(st.sampled_from(PHASES) for _ in URNS))
rolls = st.lists(st.integers(0, 50), min_size=36, max_size=36)


class Oracle:
    """The same world, counted with loops."""

    def __init__(self, phases: dict[int, str], rolls: dict[tuple[int, str, str], int], events: dict[str, list[Any]]):
        self.phases, self.rolls, self.events = phases, rolls, events
        every = [row["day"] for row in events["suspensions"] if self.counts(row)]
        every += [day for _, day, _ in events["exclusions"]] + [day for _, day in events["contacts"]]
        for _, (start, length), *_ in [*events["placements"], *events["cases"]]:
            every += [start] + ([start + timedelta(days=length)] if length is not None else [])
        self.now = max(every) if every else None

    @staticmethod
    def counts(row: dict[str, Any]) -> bool:
        return row["category"] == "SUSP" and row["status"] not in ("cancelled", "reinstated")

    @staticmethod
    def inside(day: date, period: Period) -> bool:
        return academic_year(day) == period.year and period.term in (None, term_of(day))

    def suspensions(self, group: set[int], period: Period) -> list[dict[str, Any]]:
        rows = self.events["suspensions"]
        return [row for row in rows if row["urn"] in group and self.counts(row) and self.inside(row["day"], period)]

    def pupils(self, group: set[int], period: Period, times: int) -> int:
        names = [row["pupil"] for row in self.suspensions(group, period)]
        return sum(names.count(name) >= times for name in set(names))

    def exclusions(self, group: set[int], period: Period, left_out: tuple[str, ...]) -> int:
        rows = self.events["exclusions"]
        return sum(urn in group and self.inside(day, period) and out not in left_out for urn, day, out in rows)

    def started(self, group: set[int], period: Period, tier: str) -> int:
        rows = self.events["placements"]
        return sum(urn in group and t == tier and self.inside(start, period) for urn, (start, _), t in rows)

    def open(self, group: set[int], period: Period, tier: str) -> int:
        last = min(period.bounds[1], self.now or period.bounds[1])
        found = 0
        for urn, (start, length), t in self.events["placements"]:
            ended = length is not None and start + timedelta(days=length) < last
            found += urn in group and t == tier and start <= last and not ended
        return found

    def roll(self, group: set[int], period: Period) -> int:
        return sum(self.rolls[urn, period.year, str(period.term or Term.SPR)] for urn in group)

    def top_fifth(self, period: Period) -> set[int]:
        top: set[int] = set()
        for phase in PHASES:
            rates = {}
            for urn in (urn for urn, own in self.phases.items() if own == phase):
                if self.roll({urn}, period):
                    rates[urn] = len(self.suspensions({urn}, period)) / self.roll({urn}, period)
            size = -(-len(rates) // 5)
            line = sorted(rates.values(), reverse=True)[size - 1] if rates else 0
            top |= {urn for urn, rate in rates.items() if rate >= line and rate > 0}
        return top

    def reached(self, urn: int, period: Period) -> bool:
        last = min(period.bounds[1], self.now or period.bounds[1])
        for own, (start, length) in self.events["cases"]:
            ended = length is not None and start + timedelta(days=length) < last
            if own == urn and start <= last and not ended:
                return True
        return any(own == urn and self.inside(day, period) for own, day in self.events["contacts"])


Figure = Callable[[Oracle, set[int], Period], tuple[float, float]]


def _over_roll(count: Callable[[Oracle, set[int], Period], float]) -> Figure:
    return lambda oracle, group, period: (count(oracle, group, period), oracle.roll(group, period))


SLOW: dict[str, Figure] = {
    "suspension_rate": _over_roll(lambda o, g, p: len(o.suspensions(g, p))),
    "one_plus_suspension_rate": _over_roll(lambda o, g, p: o.pupils(g, p, 1)),
    "two_plus_suspension_rate": _over_roll(lambda o, g, p: o.pupils(g, p, 2)),
    "three_plus_suspension_rate": _over_roll(lambda o, g, p: o.pupils(g, p, 3)),
    "average_suspensions": lambda o, g, p: (len(o.suspensions(g, p)), o.pupils(g, p, 1)),
    "days_lost_rate": _over_roll(lambda o, g, p: sum(row["sessions"] for row in o.suspensions(g, p)) / 2),
    "permanent_exclusion_rate": _over_roll(lambda o, g, p: o.exclusions(g, p, ("DNO", "FRE", "HWD"))),
    "permanent_exclusions_decided_rate": _over_roll(lambda o, g, p: o.exclusions(g, p, ())),
    **{f"ap_open_tier_{t}": _over_roll(lambda o, g, p, t=t: o.open(g, p, t)) for t in "123"},
    **{f"ap_started_tier_{t}": _over_roll(lambda o, g, p, t=t: o.started(g, p, t)) for t in "123"},
    "outreach_coverage": lambda o, g, p: (
        sum(o.reached(urn, p) for urn in o.top_fifth(p) & g),
        len(o.top_fifth(p) & g),
    ),
}


def test_every_measure_has_an_oracle() -> None:
    assert list(SLOW) == list(MEASURES)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PERIODS), schools, rolls, suspensions, exclusions, placements, cases, contacts)
def test_every_measure_equals_the_slow_loop(
    world: World,
    period: Period,
    phases: tuple[str, ...],
    headcounts: list[int],
    suspended: list[dict[str, Any]],
    excluded: list[Any],
    placed: list[Any],
    worked: list[Any],
    contacted: list[Any],
) -> None:
    events = {
        "suspensions": suspended,
        "exclusions": excluded,
        "placements": placed,
        "cases": worked,
        "contacts": contacted,
    }
    oracle = _fill(world, dict(zip(URNS, phases, strict=True)), headcounts, events)
    for measure in SLOW:
        for by in ("school", "phase", "la"):
            _compare(world, oracle, measure, by, period)


def _compare(world: World, oracle: Oracle, measure: str, by: str, period: Period) -> None:
    slow, per = SLOW[measure], MEASURES[measure].per
    found = world.figures(measure, by, str(period))
    if not found:  # nothing of the kind is loaded for that period: the loop must find nothing either
        assert slow(oracle, set(URNS), period)[0] == 0 or measure == "outreach_coverage" or "open" in measure
    for key, (count, out_of, rate) in found.items():
        expected, expected_out_of = slow(oracle, _group(oracle, by, key, measure), period)
        if measure.startswith("ap_") and by == "la":
            expected_out_of = oracle.roll(_group(oracle, by, key, "suspension_rate"), period)
        if measure == "outreach_coverage" and not expected_out_of:
            assert (count, out_of, rate) == (None, None, None)
            continue
        assert (count, out_of or 0) == (expected, expected_out_of), (measure, by, key)
        assert rate == (pytest.approx(count / out_of * per) if out_of else None), (measure, by, key)


def _group(oracle: Oracle, by: str, key: Any, measure: str) -> set[int]:
    if by == "school":
        return {key}
    if by == "phase":
        return {urn for urn, phase in oracle.phases.items() if phase == key}
    everywhere = measure.startswith("ap_")
    return {urn for urn, phase in oracle.phases.items() if everywhere or phase != "ap"}


def _fill(world: World, phases: dict[int, str], headcounts: list[int], events: dict[str, list[Any]]) -> Oracle:
    for name in ("schools", "headcounts", "suspensions", "permanent_exclusions", "ap_placements", "outreach_cases"):
        world.connection.execute(delete(TABLES[name]))
    world.connection.execute(delete(TABLES["outreach_contacts"]))
    rolls = {}
    for urn, phase in phases.items():
        world.school(urn, phase)
    for (urn, year, term), size in zip(_censuses(), headcounts, strict=True):
        world.roll(urn, size, year, term)
        rolls[urn, year, term] = size
    for row in events["suspensions"]:
        cells = {name: row[name] for name in ("sessions", "category", "status")}
        world.suspension(row["urn"], row["pupil"], row["day"].isoformat(), **cells)
    for urn, day, outcome in events["exclusions"]:
        world.exclusion(urn, day.isoformat(), outcome)
    for urn, span, tier in events["placements"]:
        world.placement(urn, *_dates(span), tier)
    for urn, span in events["cases"]:
        world.case(urn, *_dates(span))
    for urn, day in events["contacts"]:
        world.contact(urn, day.isoformat())
    return Oracle(phases, rolls, events)


def _censuses() -> Iterator[tuple[int, str, str]]:
    return ((urn, year, str(term)) for urn in URNS for year in ("202324", "202425") for term in Term)


def _dates(span: tuple[date, int | None]) -> tuple[str, str | None]:
    start, length = span
    return start.isoformat(), None if length is None else (start + timedelta(days=length)).isoformat()
