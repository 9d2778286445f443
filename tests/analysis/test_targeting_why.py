"""Why a school stands where it does: every printed figure follows from printed ones, with a calculator."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from worlds import LA, World

from analysis.targeting.beside import list_with_context
from analysis.targeting.calculator import Sums, YearSum, sums_of
from analysis.targeting.constants import CONSTANTS
from analysis.targeting.drivers import rise
from analysis.targeting.history import History, terms_back
from analysis.targeting.printed import chance, suspensions, times
from analysis.targeting.why import Why, why
from data_model.codes import Phase
from data_model.terms import Period, Term

SEEDS = range(12)
YEAR, AUTUMN = Period("202526"), Period("202526", Term.AUT)
_NUMBER = r"[\d,]+(?:\.\d+)?"


def _history(seed: int, period: Period = YEAR) -> History:
    """Thirty schools of three phases over nine terms, some of which are unknown."""
    draw = np.random.default_rng(seed)
    schools = 30
    phases = draw.choice(["primary", "secondary", "special"], schools, p=[0.6, 0.25, 0.15])
    size = {"primary": 220, "secondary": 1000, "special": 90}
    pupils = np.array([size[phase] for phase in phases]) * draw.uniform(0.5, 1.5, schools)
    headcounts = np.rint(pupils[:, None] * draw.uniform(0.95, 1.05, (schools, 9)))
    rates = np.array([{"primary": 0.01, "secondary": 0.05, "special": 0.04}[phase] for phase in phases])
    observed = draw.poisson(headcounts * rates[:, None] * draw.gamma(1.5, 0.7, (schools, 1))).astype(np.float64)
    observed[draw.random((schools, 9)) < 0.05] = np.nan
    headcounts[draw.random((schools, 9)) < 0.05] = np.nan
    frame = pd.DataFrame({"key": range(schools), "la_code": LA, "phase": phases, "listed": True})
    return History(frame, terms_back(period), observed, headcounts, 3)


def _every_sum(seed: int, period: Period = YEAR) -> Iterator[tuple[Sums, float, float, float]]:
    history = _history(seed, period)
    found = history.steadied(CONSTANTS)
    _, expected = history.latest
    for place, phase in enumerate(history.schools["phase"]):
        if not np.isnan(expected[place]):
            ratio, gain = float(found.ratio[place]), float(found.gain[place])
            yield sums_of(history, place, CONSTANTS[Phase(phase)].prior, ratio, gain), ratio, gain, expected[place]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("period", [YEAR, AUTUMN], ids=str)
def test_the_sum_gives_what_the_list_prints(seed: int, period: Period) -> None:
    for sums, ratio, gain, expected in _every_sum(seed, period):
        assert times(sums.ratio) == times(ratio)
        assert suspensions(sums.gain) == suspensions(gain)
        assert suspensions(sums.years[0].average) == suspensions(expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_terms_add_up_to_years_and_years_to_the_sum_as_printed(seed: int) -> None:
    for sums, *_ in _every_sum(seed):
        step = Decimal(1).scaleb(-sums.decimals)
        by_year: dict[str, list[Decimal]] = {}
        for term in sums.terms:
            if term.average is None:
                continue
            assert term.pupils is not None
            assert term.average == (term.pupils * term.phase_suspensions / term.phase_pupils).quantize(
                step, rounding=ROUND_HALF_UP
            )
            by_year.setdefault(term.period.year, []).append(term.average)
        assert [sum(each) for each in by_year.values()] == [year.average for year in sums.years]
        weights = {"202526": Decimal(1), "202425": Decimal("0.5"), "202324": Decimal("0.25")}
        assert sum(weights[year] * sum(each) for year, each in by_year.items()) == sums.average


@pytest.fixture
def authority(world: World) -> World:
    """Four secondaries over three years: the first has far the most suspensions, of which a few pupils have most."""
    for urn, roll in ((900001, 800), (900002, 900), (900003, 1000), (900004, 700)):
        world.school(urn, "secondary", status="open", open_date=None)
        for start in (2023, 2024, 2025):
            for census, more in (("AUT", 0), ("SPR", 3), ("SUM", 7)):
                world.roll(urn, roll + more + start - 2023, year=f"{start}{start - 1999}", census=census)
    for year in ("202324", "202425", "202526"):
        world.sent("suspensions", [0], year, "SUM", rows=0)
    for year, often in ((2023, 14), (2024, 20), (2025, 29)):
        for number in range(often):
            pupil = f"R{number % 4}" if number % 2 else f"P{year}{number}"
            world.suspension(900001, pupil, f"{year}-10-{number % 27 + 1:02d}", ncyg="9")
        for urn in (900002, 900003, 900004):
            for number in range(7):
                world.suspension(urn, f"{urn}{year}{number}", f"{year + 1}-02-{number + 1:02d}")
    return world


def _why(world: World, urn: int = 900001, period: Period = YEAR) -> Why:
    found = why(world.records, LA, period, urn)
    assert found is not None
    return found


def _values(sentence: str) -> list[Decimal]:
    return [Decimal(number.replace(",", "")) for number in re.findall(_NUMBER, sentence)]


def test_every_printed_figure_follows_from_the_printed_ones(authority: World) -> None:
    found = _why(authority)
    latest, earlier, ratio, gain, _ = found.sentences
    _, _, had, average = _values(latest)
    halves = re.findall(rf"({_NUMBER}) and ({_NUMBER}) become ({_NUMBER}) and ({_NUMBER})", earlier)
    assert len(halves) == 2
    for weight, parts in zip((Decimal("0.5"), Decimal("0.25")), halves, strict=True):
        was, mean, counts, counts_mean = (Decimal(each.replace(",", "")) for each in parts)
        assert (counts, counts_mean) == (was * weight, mean * weight)
        had, average = had + counts, average + counts_mean
    assert _values(earlier)[-2:] == [had, average]
    sum_had, six, sum_average, six_too, over, under, printed = _values(ratio)[:7]
    assert (sum_had, six, sum_average, six_too) == (had, 6, average, 6)
    assert (over, under) == (had + 6, average + 6)
    assert printed == (over / under).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    _, size, exact, one, again, more = _values(gain)[:6]
    assert (size, one) == (again, 1)
    assert suspensions((exact - 1) * size) == suspensions(more)
    table = found.terms
    of_latest = table[table["label"].str.endswith("2025/26")]
    assert sum(map(Decimal, of_latest["average"])) == _values(latest)[3]
    assert sum(map(Decimal, of_latest["next_average"])) == size
    for row in table.to_dict("records"):
        exact_average = Decimal(row["pupils"]) * Decimal(row["phase_suspensions"]) / Decimal(row["phase_pupils"])
        places = Decimal(row["average"])
        assert places == exact_average.quantize(places, rounding=ROUND_HALF_UP)


def test_the_sentences_and_the_list_say_the_same(authority: World) -> None:
    found = _why(authority)
    listed = list_with_context(authority.records, LA, YEAR)
    assert listed is not None
    row = listed.rows.set_index("key").loc[900001]
    assert found.figures[0].number == f"{times(row['steadied_ratio'])} times"
    assert f"range {times(row['low80'])} to {times(row['high80'])}" in found.figures[0].of
    assert found.figures[1].number == suspensions(row["gain"])
    assert found.figures[2].number == chance(row["chance_above"])


def test_the_range_of_next_year_says_what_it_is_of(authority: World) -> None:
    said = _why(authority).figures[2].worked_out
    assert said.startswith("Weighed over up to three years, the latest counting most. If its phase has as many")


def test_what_is_behind_it(authority: World) -> None:
    rise, few, reasons, groups = _why(authority).drivers
    assert rise.startswith("Up from 20 to 29: within usual swings")
    assert few.startswith("2 pupils suspended three times or more had 14 of the 29 suspensions (48%;")
    assert reasons.startswith("Reasons in 2025/26: ")
    assert groups.startswith("Year groups in 2025/26: Year 9: 29 of the 29 suspensions")


def test_few_suspensions_say_nothing_of_who_and_why(authority: World) -> None:
    said = " ".join(_why(authority, 900002).drivers)
    assert "7 suspensions in the year: too few to say whether a few pupils drive them." in said
    assert "too few suspensions in 2025/26 to say" in said


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (20, 29, "Up from 20 to 29: within usual swings"),
        (20, 89, "Up from 20 to 89: more than usual swings"),
        (89, 20, "Down from 89 to 20: more than usual swings"),
        (20, 20, "As many as the year before, 20"),
    ],
)
def test_a_rise_is_beside_what_chance_brings(before: int, now: int, words: str) -> None:
    years = tuple(
        YearSum(label, weight, Decimal(had), Decimal(20), ())
        for label, weight, had in (("2025/26", Decimal(1), now), ("2024/25", Decimal("0.5"), before))
    )
    assert rise(Sums((), years, Decimal(6), 900, Decimal(20), 1), Phase.SECONDARY).startswith(words)
    unknown = (years[0], replace(years[1], missing=(Period("202425", Term.SUM),)))
    assert rise(Sums((), unknown, Decimal(6), 900, Decimal(20), 1), Phase.SECONDARY) == ""


def test_a_term_without_a_file_is_a_caution(authority: World) -> None:
    authority.sent("suspensions", [900002, 900003], "202526", "AUT")
    assert _why(authority).cautions == (
        "The school is in no suspensions file for Autumn 2025/26: nothing sent, or nothing to send. It counts as 0.",
    )


def test_what_is_hidden_on_the_list_is_hidden_here(authority: World) -> None:
    authority.suspension(900003, "alone", "2025-10-06")
    authority.scope = replace(authority.scope, full_figures=False)
    authority.read = None
    found = _why(authority, 900003)
    assert not found.figures
    assert not found.drivers
    assert found.terms.empty
    assert not _values(" ".join(found.sentences))


def test_a_school_that_is_not_on_the_list_has_no_why(authority: World) -> None:
    assert why(authority.records, LA, YEAR, 123456) is None
    assert why(authority.records, LA, Period("201819"), 900001) is None
