"""Small numbers, when people compare: the leader of an authority, of each of its districts, and of two of them."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from people_together import LA, Together, asked, headline, statuses
from sqlalchemy import Connection
from worlds import World

from access.scope import Scope
from analysis import queries
from analysis.hiding.protection import is_hidden
from analysis.one_school import profile as school_profile
from analysis.records import Records, within
from analysis.year_before import year_before
from data_model.codes import PexStatus, Phase
from data_model.store import open_database, reading
from data_model.terms import Period, Term
from sample_data.seed import seed

YEAR, RUNNING = "202324", Period("202425", Term.SPR)
TERMS = [Period(YEAR, term) for term in Term]
FIRST, LAST = date(2023, 9, 4), date(2025, 2, 20)
STATUSES = [str(status) for status in PexStatus]
BY_DFE = [str(PexStatus.UPHELD), str(PexStatus.NOT_RECORDED)]


def together(connection: Connection) -> Together:
    """Everybody there is in an authority who may not see small numbers, with what each of them reaches."""
    full = queries.records(connection, Scope(frozenset({LA}), full_figures=True))
    districts = sorted(full.schools["district"].dropna().astype("str").unique())
    reach = {name: Scope(districts=frozenset({(LA, name)})) for name in districts}
    reach["two districts"] = Scope(districts=frozenset((LA, name) for name in districts[:2]))
    reach["authority"] = Scope(frozenset({LA}))
    return Together(full, {name: queries.records(connection, scope) for name, scope in reach.items()})


def filled(world: World, number: int) -> Connection:
    """A year and a half of few events in schools of four districts, one of them unnamed, that are not alike."""
    random = np.random.default_rng(number)
    schools = []
    for place in range(int(random.integers(8, 22))):
        district = (None, "East", "North", "West")[random.choice(4, p=[0.1, 0.3, 0.3, 0.3])]
        phase = list(Phase)[random.choice(4, p=[0.5, 0.25, 0.15, 0.1])]
        schools.append(world.school(900001 + place, str(phase), district=district))
    often = random.dirichlet(np.full(len(schools), 0.7))
    days = [FIRST + timedelta(days=after) for after in range((LAST - FIRST).days + 1)]

    def somewhere() -> tuple[int, date]:
        return schools[random.choice(len(schools), p=often)], days[random.integers(len(days))]

    world.suspension(schools[0], "P0", LAST.isoformat())
    suspended = {(schools[0], LAST, "P0")}
    for _ in range(int(random.integers(60, 300))):
        school, day = somewhere()
        pupil, year_group = f"P{random.integers(400)}", str(random.integers(7, 11))
        if (school, day, pupil) not in suspended:
            suspended.add((school, day, pupil))
            world.suspension(school, pupil, day.isoformat(), ncyg=year_group)
    for _ in range(int(random.integers(5, 50))):
        school, day = somewhere()
        outcome = random.choice(["ANO", "FRE", "HWD", "EON", ""]) or None
        world.exclusion(school, day.isoformat(), outcome, f"P{random.integers(400)}")
    for _ in range(int(random.integers(10, 60))):
        school, day = somewhere()
        end = (day + timedelta(days=int(random.integers(5, 200)))).isoformat()
        world.placement(school if random.random() > 0.1 else None, day.isoformat(), end, str(random.integers(1, 4)))
    return world.connection


def suspensions(people: Together) -> list[object]:
    """By school, district, phase and term."""
    people.reads_year("suspension_rate", YEAR)
    return people.told()


def exclusions(people: Together) -> list[object]:
    """Those decided, those that DfE counts, and all by where they stand."""
    decided, upheld = "permanent_exclusions_decided_rate", "permanent_exclusion_rate"
    for measure in (decided, upheld):
        people.reads_year(measure, YEAR)
    for term in TERMS:
        people.is_no_more(upheld, decided, term)
    there = within(people.full.permanent_exclusions, "head_decision_date", Period(YEAR))
    for urn in people.phase:
        own = there.loc[there["urn"].eq(urn), "status"].astype("str").value_counts()
        for status in STATUSES:
            people.cell((status, urn, YEAR), float(own.get(status, 0)))
        for measure, among in ((decided, STATUSES), (upheld, BY_DFE)):
            people.is_split([(measure, urn, term) for term in TERMS], [(status, urn, YEAR) for status in among])
    for person, records in people.people.items():
        schools = people.reaches(person, "la", everything=False)
        shown = statuses(records, YEAR)
        true = {
            status: sum(people.attack.values[people.cells[status, urn, YEAR]] for urn in schools) for status in shown
        }
        # Where every status is hidden nobody can tell which is 0.
        low = float(
            any(number is not None for number in shown.values()) and all(true[s] for s in shown if shown[s] is None)
        )
        for status, number in shown.items():
            people.fact(person, "la", status, [(status, urn, YEAR) for urn in schools], number, low)
    return people.told()


def placements(people: Together) -> list[object]:
    """Those that started in the terms of a year, and those that were open at the end of one, by tier."""
    spring, tiers = Period(YEAR, Term.SPR), [f"ap_open_tier_{tier}" for tier in "123"]
    for tier in "123":
        people.reads_year(f"ap_started_tier_{tier}", YEAR, everything=True)
    for measure in tiers:
        people.reads(measure, spring, everything=True)
    for person, records in people.people.items():
        for row, number in headline(records, "open_placements", spring).items():
            schools = people.reaches(person, row, everything=True)
            people.fact(person, row, "open", [(measure, urn, spring) for measure in tiers for urn in schools], number)
    return people.told()


def profiles(people: Together) -> list[object]:
    """The suspensions of a year by the year group of their pupils."""
    people.reads_year("suspension_rate", YEAR)
    totals = {person: asked(records, "suspension_rate", Period(YEAR)) for person, records in people.people.items()}
    shares: dict[tuple[str, str, object], float] = {}
    for urn, phase in people.phase.items():
        true = profile(people.full, urn)
        for part, number in true["suspensions"].items():
            people.cell((part, urn, YEAR), float(number))
        people.is_split([("suspension_rate", urn, term) for term in TERMS], [(part, urn, YEAR) for part in true.index])
        for person, records in people.people.items():
            if urn in people.reaches(person, phase, everything=True):
                shown = profile(records, urn)
                hidden = is_hidden(shown, "suspensions")
                is_total_shown = totals[person].get(str(urn)) is not None
                low = float(is_total_shown and not (hidden & true["suspensions"].eq(0)).any())
                for part, number in shown["suspensions"].items():
                    told = None if hidden[part] else float(number)
                    people.fact(person, str(urn), part, [(part, urn, YEAR)], told, low)
                shares |= {(person, phase, part): share for part, share in shown["phase_share"].dropna().items()}
    for (person, phase, part), share in shares.items():
        if (total := totals[person].get(phase)) is not None:
            schools = people.reaches(person, phase, everything=False)
            people.fact(person, phase, part, [(part, urn, YEAR) for urn in schools], round(share * total))
    return people.told()


def so_far(people: Together) -> list[object]:
    """The suspensions of a term up to the school day that the year after has come to, beside the whole term."""
    running = year_before(people.full, LA, RUNNING)
    assert running.running is not None
    term, last = running.period, running.running.before_up_to
    people.reads_year("suspension_rate", YEAR)
    there = within(people.full.suspensions, "start_date", term)
    early = there["start_date"].dt.date.le(last)
    for urn in people.phase:
        for name, part in (("early", early), ("late", ~early)):
            people.cell((name, urn, term), float((part & there["urn"].eq(urn)).sum()))
        people.is_split([("suspension_rate", urn, term)], [("early", urn, term), ("late", urn, term)])
    people.learns(
        "early", term, [term], lambda records: headline(records, "suspension_rate", RUNNING, "count_before"), low=0
    )
    numbered = zip(people.attack.names, people.attack.values, strict=True)
    few = {name for name, true in numbered if 0 < true < 5 and name in people.cells} | people.secrets
    return [name for name in people.attack.recovered() if name in few]


def profile(records: Records, urn: int) -> pd.DataFrame:
    """A school's suspensions by year group."""
    return school_profile.breakdown(records, urn, Period(YEAR), "ncyg").set_index("value")


Attack = Callable[[Together], list[object]]
ATTACKS: tuple[Attack, ...] = (suspensions, exclusions, placements, profiles, so_far)


@pytest.mark.parametrize(
    ("attack", "number"), [(suspensions, 0), (exclusions, 6), (placements, 0), (profiles, 7), (so_far, 1)]
)
def test_people_of_one_authority_know_no_more_together(world: World, number: int, attack: Attack) -> None:
    assert attack(together(filled(world, number))) == []


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("number", range(10))
def test_nor_those_of_others(world: World, number: int, attack: Attack) -> None:
    assert attack(together(filled(world, number))) == []


@pytest.fixture(scope="module")
def fiction(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    engine = open_database(f"sqlite:///{Path(tmp_path_factory.mktemp('people')) / 'outreach.db'}")
    seed(engine, schools=120, years=3)
    with reading(engine) as connection:
        yield connection
    engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if attack is not so_far])  # its data end with a term
def test_nor_those_of_the_fictional_authority(fiction: Connection, attack: Callable[[Together], list[object]]) -> None:
    assert attack(together(fiction)) == []
