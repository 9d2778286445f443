"""Small numbers in every answer: nothing about one to four pupils is shown, and nothing hidden can be worked out.

The attacker asks everything that a leader can ask of the fictional authority, for every period, measure and phase, lays
all answers side by side, and solves linear programmes with what else is known: zeros are shown, a hidden figure is of
one pupil at least, nobody was suspended twice who was not suspended, and so on.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from disclosure_attack import FREE, Attack
from sqlalchemy import Engine

from access.scope import Scope
from analysis import queries
from analysis.as_at import as_at
from analysis.every_school.figures import every_school
from analysis.hiding.protection import HIDDEN, is_hidden
from analysis.measures import MEASURES
from analysis.one_school import profile as school_profile
from analysis.one_school import views as school_views
from analysis.overview import figures as overview
from analysis.records import Records
from analysis.slices import By
from analysis.table import table_of
from data_model.codes import Phase
from data_model.store import open_database, reading
from data_model.terms import Period, Term
from sample_data.seed import seed

LA = 999
HEADLINE = ("primary", "secondary", "special")


@pytest.fixture(scope="module")
def fiction(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{Path(tmp_path_factory.mktemp('protection')) / 'outreach.db'}")
    seed(engine, schools=40, years=2)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def full(fiction: Engine) -> Records:
    with reading(fiction) as connection:
        return queries.records(connection, Scope(frozenset({LA}), full_figures=True))


@pytest.fixture(scope="module")
def protected(fiction: Engine) -> Records:
    with reading(fiction) as connection:
        return queries.records(connection, Scope(frozenset({LA})))


def answers(records: Records, measure: str, period: Period) -> dict[str, float]:
    """What is shown of a measure in a period, by school, phase and authority; None where it is hidden."""
    found: dict[str, float | None] = {}
    for by, key in ((By.SCHOOL, "urn"), (By.PHASE, "phase"), (By.LA, "la_name")):
        rows = table_of(records, measure, by, period, la=LA).rows
        hidden = is_hidden(rows, "count")
        for name, count, no in zip(rows[key], rows["count"], hidden, strict=True):
            place = "la" if by is By.LA else str(name)
            if no or pd.notna(count):
                found[place] = None if no else float(count)
    return found


class Reader:
    """Somebody who has laid all answers about some measures in one year side by side."""

    def __init__(self, full: Records, protected: Records, year: str) -> None:
        self.periods = [*(Period(year, term) for term in Term), Period(year)]
        self.full, self.protected = full, protected
        self.attack = Attack()
        self.known: dict[tuple[str, str, Period], float] = {}
        self.places: dict[tuple[str, str, Period], int] = {}
        self.phase = full.current_schools.set_index("urn")["phase"].astype("str").to_dict()

    def reads(self, measure: str, low: float = 1, factor: float = 1) -> None:
        """Every answer about a measure. A hidden one is of `low` at least; all are multiplied by `factor`."""
        for period in self.periods:
            true = answers(self.full, measure, period)
            for key, shown in answers(self.protected, measure, period).items():
                cell = (measure, key, period)
                if shown is None:
                    self.places[cell] = self.attack.unknown(cell, true[key] * factor, low, FREE)
                else:
                    assert shown == true[key], "what is shown is true"
                    self.known[cell] = shown * factor

    def cell(self, measure: str, key: str, period: Period) -> tuple[dict[int, float], float]:
        """A figure as unknowns and a number; one that is no answer counts as 0."""
        at = self.places.get((measure, key, period))
        return ({}, self.known.get((measure, key, period), 0.0)) if at is None else ({at: 1.0}, 0.0)

    def knows_of_no_school(self, measure: str, periods: list[Period]) -> None:
        """What belongs to no school is in the authority's figure and in no phase's: nobody is told how much it is."""
        for period in periods:
            true = answers(self.full, measure, period)
            rest = true.get("la", 0.0) - sum(true.get(str(phase), 0.0) for phase in Phase)
            self.places[measure, "none", period] = self.attack.unknown((measure, "none", period), rest, 0, FREE)

    def sum_of(self, measure: str, cells: list[tuple[str, Period]]) -> tuple[dict[int, float], float]:
        unknown: dict[int, float] = {}
        number = 0.0
        for key, period in cells:
            parts, known = self.cell(measure, key, period)
            unknown |= parts
            number += known
        return unknown, number

    def relation(self, left: tuple[dict[int, float], float], right: tuple[dict[int, float], float], same: bool) -> None:
        """Left is right, or no more than it."""
        parts = dict(left[0])
        for at, sign in right[0].items():
            parts[at] = parts.get(at, 0.0) - sign
        add = self.attack.says if same else self.attack.is_at_most
        add({at: sign for at, sign in parts.items() if sign}, right[1] - left[1])

    def groups(self) -> Iterator[tuple[str, list[str]]]:
        """Every row that is the sum of others, with those."""
        whole = any(key == "none" for _, key, _ in self.places)
        urns = [str(urn) for urn in self.phase]
        for phase in Phase:
            yield str(phase), [urn for urn in urns if self.phase[int(urn)] == phase]
        yield "la", [*map(str, Phase), "none"] if whole else list(HEADLINE)

    def knows_that_it_adds_up(self, measure: str, over_terms: bool = True) -> None:
        """Schools make up phases and phases the authority; terms make up years."""
        for whole, parts in self.groups():
            for period in self.periods:
                cells = self.sum_of(measure, [(part, period) for part in parts])
                self.relation(cells, self.cell(measure, whole, period), same=True)
        for key in [*map(str, self.phase), *map(str, Phase), "la"] if over_terms else []:
            cells = self.sum_of(measure, [(key, period) for period in self.periods[:3]])
            self.relation(cells, self.cell(measure, key, self.periods[3]), same=True)

    def knows_that_children_are_counted_once(self, measure: str) -> None:
        """A whole has as many pupils as each of its parts at least, and as all of them at most."""
        wholes = [(whole, parts, [period]) for whole, parts in self.groups() for period in self.periods]
        for whole, parts, (period,) in wholes:
            self._between(measure, (whole, period), [(part, period) for part in parts])
        for key in [*map(str, self.phase), *map(str, Phase), "la"]:
            self._between(measure, (key, self.periods[3]), [(key, period) for period in self.periods[:3]])

    def _between(self, measure: str, whole: tuple[str, Period], parts: list[tuple[str, Period]]) -> None:
        if measure == "one_plus_suspension_rate":
            self.relation(self.cell(measure, *whole), self.sum_of(measure, parts), same=False)
        for part in parts:
            self.relation(self.cell(measure, *part), self.cell(measure, *whole), same=False)

    def knows(self, smaller: dict[str, float], larger: str) -> None:
        """So many times some figures are together no more than another, cell by cell."""
        for key in [*map(str, self.phase), *map(str, Phase), "la"]:
            for period in self.periods:
                unknown: dict[int, float] = {}
                number = 0.0
                for measure, times in smaller.items():
                    parts, known = self.cell(measure, key, period)
                    unknown |= {at: sign * times for at, sign in parts.items()}
                    number += known * times
                self.relation((unknown, number), self.cell(larger, key, period), same=False)


@pytest.mark.parametrize("year", ["202425", "202526"])
def test_no_hidden_count_about_suspensions_can_be_worked_out(full: Records, protected: Records, year: str) -> None:
    reader = Reader(full, protected, year)
    reader.reads("suspension_rate")
    reader.reads("days_lost_rate", factor=2)  # in half days
    reader.reads("one_plus_suspension_rate")
    reader.reads("two_plus_suspension_rate", low=0)
    reader.reads("three_plus_suspension_rate", low=0)
    reader.knows_that_it_adds_up("suspension_rate")
    reader.knows_that_it_adds_up("days_lost_rate")
    once, twice, thrice = (f"{often}_plus_suspension_rate" for often in ("one", "two", "three"))
    for measure in (once, twice, thrice):
        reader.knows_that_children_are_counted_once(measure)
    reader.knows({once: 1, twice: 1, thrice: 1}, "suspension_rate")
    reader.knows({thrice: 1}, twice)
    reader.knows({twice: 1}, once)
    reader.knows({"suspension_rate": 1}, "days_lost_rate")
    assert len(reader.places) > 300
    assert reader.attack.recovered() == []


@pytest.mark.parametrize("year", ["202425", "202526"])
def test_no_hidden_count_about_permanent_exclusions_can_be_worked_out(
    full: Records, protected: Records, year: str
) -> None:
    reader = Reader(full, protected, year)
    decided, upheld = "permanent_exclusions_decided_rate", "permanent_exclusion_rate"
    reader.reads(decided)
    reader.reads(upheld)
    reader.knows_that_it_adds_up(decided)
    reader.knows_that_it_adds_up(upheld)
    reader.knows({upheld: 1}, decided)
    assert reader.places
    assert reader.attack.recovered() == []


@pytest.mark.parametrize("year", ["202425", "202526"])
def test_no_hidden_count_of_placements_that_started_can_be_worked_out(
    full: Records, protected: Records, year: str
) -> None:
    for tier in "123":
        reader, measure = Reader(full, protected, year), f"ap_started_tier_{tier}"
        reader.reads(measure)
        reader.knows_of_no_school(measure, reader.periods)
        reader.knows_that_it_adds_up(measure)
        secret = {name for name in reader.attack.recovered() if "none" not in name}  # type: ignore[operator]
        assert not secret


@pytest.mark.parametrize("year", ["202425", "202526"])
def test_no_hidden_count_of_open_placements_can_be_worked_out(full: Records, protected: Records, year: str) -> None:
    for period in (*(Period(year, term) for term in Term), Period(year)):
        reader = Reader(full, protected, year)
        reader.periods = [period]
        tiers = [f"ap_open_tier_{tier}" for tier in "123"]
        for measure in tiers:
            reader.reads(measure)
            reader.knows_of_no_school(measure, reader.periods)
            reader.knows_that_it_adds_up(measure, over_terms=False)
        # The authority's and the phases' placements of all tiers stand on the Overview.
        frames = [overview.headlines(each, LA, period).rows for each in (protected, full)]
        shown, true = (rows[rows["measure"].eq("open_placements")].set_index("phase")["count"] for rows in frames)
        for phase in shown.dropna().index:
            key = "la" if phase == "total" else phase
            parts, number = reader.sum_of(tiers[0], [(key, period)])
            for measure in tiers[1:]:
                more, known = reader.sum_of(measure, [(key, period)])
                parts, number = parts | more, number + known
            reader.attack.is_at_most(parts, shown[phase] - number)
            assert shown[phase] == true[phase]
        assert not {name for name in reader.attack.recovered() if "none" not in name}  # type: ignore[operator]


@pytest.mark.parametrize("column", [*school_profile.BREAKDOWNS, "reasons"])
def test_no_hidden_part_of_a_school_can_be_worked_out(full: Records, protected: Records, column: str) -> None:
    year = Period("202526")
    totals = answers(protected, "suspension_rate", year)
    for phase in Phase:
        attack = Attack()
        parts_of: dict[str, tuple[dict[int, float], float]] = {}
        schools = full.current_schools.loc[full.current_schools["phase"].eq(phase), "urn"]
        shares: dict[str, float] = {}
        for urn in map(int, schools):
            true, shown = (_profile(each, urn, year, column) for each in (full, protected))
            hidden = is_hidden(shown, "number")
            veiled = bool((hidden & true["number"].eq(0)).any())
            unknown = {
                str(part): attack.unknown((urn, part), true.at[part, "number"], 0 if veiled else 1)
                for part in shown.index[hidden]
            }
            known = shown.loc[~hidden, "number"]
            total = totals.get(str(urn))
            if total is not None and column != "reasons":
                attack.says(dict.fromkeys(unknown.values(), 1.0), total - known.sum())
            for part in shown.index:
                parts, number = parts_of.get(part, ({}, 0.0))
                if part in unknown:
                    parts_of[part] = (parts | {unknown[part]: 1.0}, number)
                else:
                    parts_of[part] = (parts, number + known[part])
            shares |= shown["phase_share"].dropna().to_dict()
        whole = totals.get(str(phase)) if column != "reasons" else None
        for part, (parts, number) in parts_of.items():
            if part in shares and whole:
                attack.says(parts, round(shares[part] * whole) - number)
        assert attack.recovered() == [], phase


def _profile(records: Records, urn: int, year: Period, column: str) -> pd.DataFrame:
    if column == "reasons":
        table = school_profile.reasons(records, urn, year).set_index("group")
    else:
        table = school_profile.breakdown(records, urn, year, column).set_index("value")
    counted = "reasons" if column == "reasons" else "suspensions"
    return table.assign(
        number=table[counted].astype("float64"), hidden=is_hidden(table, counted).map({True: "number", False: ""})
    )


def test_a_term_so_far_gives_nothing_away_beside_the_whole_term(protected: Records) -> None:
    period, before = Period("202526", Term.SPR), Period("202425", Term.SPR)
    cut = date(2026, 2, 20)
    seen = replace(as_at(protected, cut), whole=None)
    found = overview.headlines(seen, LA, period).rows
    rows = found[found["measure"].eq("one_plus_suspension_rate")].set_index("phase")
    assert rows["count_before"].notna().any()
    whole = answers(protected, "one_plus_suspension_rate", before)
    for phase, early in rows["count_before"].dropna().items():
        late = whole["la" if phase == "total" else str(phase)]
        assert early == 0 or early >= 5
        assert late is not None
        assert late == early or late - early >= 5
    schools = every_school(seen, LA, "suspension_rate", period).rows
    assert schools["count_before"].isna().all()
    assert schools["change"].isna().all()


def everything(records: Records, period: Period) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every frame that a page can ask for, but profiles of single schools."""
    yield "headlines", overview.headlines(records, LA, period).rows
    yield "few schools", overview.share_curve(records, LA, period).rows
    for measure in MEASURES:
        if measure != "outreach_coverage":  # it counts schools
            yield measure, every_school(records, LA, measure, period).rows
            for by in By:
                yield measure, table_of(records, measure, by, period, la=LA).rows
    for phase in map(str, Phase):
        yield phase, every_school(records, LA, "two_plus_suspension_rate", period, phase).rows
        yield phase, table_of(records, "two_plus_suspension_rate", By.LA, period, phase, LA).rows


def of_school(records: Records, urn: int, period: Period) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every frame that the page of a school can ask for."""
    yield "tiles", school_views.tiles(records, urn, period)
    yield "over time", school_views.over_time(records, urn, by_term=period.term is not None)
    yield "bands", school_profile.repeat_bands(records, urn, period)
    yield "reasons", school_profile.reasons(records, urn, period)
    for column in school_profile.BREAKDOWNS:
        yield column, school_profile.breakdown(records, urn, period, column)
    yield "placements", school_profile.placements(records, urn, period)
    yield "ends", school_profile.placement_ends(records, urn, period)
    yield "outreach", school_views.outreach_by_term(records, urn)
    yield "exclusions", school_views.exclusions(records, urn)
    yield "reconciled", school_views.reconciled(records, urn)


_COUNTS = ("count", "count_before", "pupils", "suspensions", "open", "started", "ended", "placements", "cases_open")
_MORE = ("referrals", "cases_started", "cases_closed", "contacts", "local", "open_cases")


def small_ones(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of a frame with a count of one to four; what is published is public, days and averages are no pupils."""
    own = frame[~frame["source"].eq("published")] if "source" in frame else frame
    if "measure" in own:
        own = own[~own["measure"].isin(["days_lost_rate", "average_suspensions", "outreach_coverage"])]
    columns = [column for column in (*_COUNTS, *_MORE) if column in own]
    counts = own[columns].astype("float64")
    return own[((counts > 0) & (counts < 5)).any(axis=1)]


def test_no_answer_shows_a_count_of_one_to_four(protected: Records) -> None:
    for period in (Period("202526", Term.AUT), Period("202526", Term.SUM), Period("202526"), Period("202425")):
        for name, frame in everything(protected, period):
            if name not in ("days_lost_rate", "average_suspensions"):
                assert small_ones(frame).empty, (name, period)


@pytest.mark.slow
def test_nor_does_the_page_of_any_school(protected: Records) -> None:
    for urn in protected.current_schools["urn"].iloc[::3]:
        for period in (Period("202526", Term.AUT), Period("202526")):
            for name, frame in of_school(protected, int(urn), period):
                assert small_ones(frame).empty, (name, urn, period)


def test_who_may_see_full_figures_sees_them(full: Records, protected: Records) -> None:
    period = Period("202526", Term.AUT)
    rows = table_of(full, "suspension_rate", By.SCHOOL, period, la=LA).rows
    assert rows[HIDDEN].eq("").all()
    assert rows["count"].between(1, 4).any()
    assert is_hidden(table_of(protected, "suspension_rate", By.SCHOOL, period, la=LA).rows, "count").any()
