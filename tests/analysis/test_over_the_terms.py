"""The authority's control chart: its figures are the measure's, and its sentence says what the latest term is."""

import numpy as np
import pytest
from worlds import LA, World

from access.scope import Scope
from analysis.over_the_terms import COLUMNS, OverTheTerms, over_the_terms
from analysis.statistics.control_chart import control_chart
from data_model.terms import Period, Term, year_starting

SCHOOL, ROLL = 900001, 1_000
PUBLISHED = [22.0, 19.0, 15.0, 21.0, 20.0, 14.0, 23.0, 18.0, 16.0, 22.0, 20.0, 15.0, 21.0, 19.0, 15.0]


def _terms(world: World, counts: list[float], first_year: int = 2021, without: int = -1) -> None:
    """Published statistics with so many suspensions, term by term, but for the one at the place `without`."""
    world.school(SCHOOL, "secondary")
    for place, count in enumerate(counts):
        if place == without:
            continue
        year, term = year_starting(first_year + place // 3), list(Term)[place % 3]
        figures = {"suspensions": int(count), "headcount": ROLL, "la_code": LA}
        world.published("la", str(LA), "total", year, str(term), **figures)


def _found(world: World, phase: str | None = None) -> OverTheTerms:
    return over_the_terms(world.records, LA, phase)


def test_terms_within_the_usual_swings_are_said_to_be(world: World) -> None:
    _terms(world, PUBLISHED)
    found = _found(world)
    assert list(found.rows.columns) == COLUMNS
    assert found.rows["label"].iloc[0] == "Autumn 2021/22"
    assert found.rows["standing"].eq("Usual").all()
    assert found.sentence.startswith("1.5 suspensions per 100 pupils in Summer 2025/26, as a year before: within the")


def test_its_limits_are_those_of_the_chart_of_its_rates(world: World) -> None:
    _terms(world, PUBLISHED)
    rows = _found(world).rows
    (series,) = control_chart(np.array(PUBLISHED) / 10, [0, 1, 2] * 5, counts=PUBLISHED)
    np.testing.assert_allclose(rows["low"].astype(float), series.low)
    np.testing.assert_allclose(rows["high"].astype(float), series.high)


@pytest.mark.parametrize(("last", "kind"), [(40.0, "a concern"), (2.0, "an improvement")])
def test_a_term_outside_them_is_a_concern_or_an_improvement(world: World, last: float, kind: str) -> None:
    _terms(world, [*PUBLISHED[:-1], last])
    found = _found(world)
    assert found.rows["flagged"].iloc[-1]
    assert found.sentence.endswith(f": {kind}.")
    assert f"from 1.5 to {'4' if last > 10 else '0.20'} suspensions" in found.sentence


def test_a_rise_that_has_lasted_is_one_though_the_latest_term_fell(world: World) -> None:
    _terms(world, [*PUBLISHED[:8], *(value + 10 for value in PUBLISHED[8:14]), PUBLISHED[14] + 7])
    assert "are all above the average: a rise that has lasted, a concern." in _found(world).sentence


def test_eleven_terms_are_too_few_and_twelve_a_trial(world: World) -> None:
    _terms(world, PUBLISHED[:11])
    assert _found(world).sentence.endswith("too few terms to say whether that is usual (11 in a row; 12 are needed).")
    assert _found(world).rows["standing"].eq("Too few terms to say").all()


def test_twelve_are_a_trial(world: World) -> None:
    _terms(world, PUBLISHED[:12])
    assert _found(world).sentence.endswith("so far as 12 terms can tell.")


def test_under_ten_suspensions_a_term_are_too_small(world: World) -> None:
    _terms(world, [value // 5 for value in PUBLISHED])
    assert "too small to say" in _found(world).sentence


def test_the_pandemic_cuts_the_line_and_it_is_said(world: World) -> None:
    _terms(world, [*PUBLISHED, *PUBLISHED], first_year=2015)
    found = _found(world)
    of_year = found.rows.assign(year=[period.year for period in found.rows["period"]]).set_index("year")
    assert of_year.loc[["201920", "202021"], "low"].isna().all()
    assert of_year.loc[["201819", "202425"], "low"].notna().all()
    assert any("2019/20" in note for note in found.notes)


def test_a_missing_term_cuts_the_line_too(world: World) -> None:
    _terms(world, PUBLISHED, without=4)
    assert "too few terms to say" in _found(world).sentence


def test_hidden_terms_are_refused_in_words(world: World) -> None:
    world.school(SCHOOL, "secondary")
    for place in range(13):
        year, term = year_starting(2021 + place // 3), list(Term)[place % 3]
        world.roll(SCHOOL, 300, year, str(term))
        day = Period(year, term).bounds[0]
        for pupil in range(3 if place == 4 else 12):
            world.suspension(SCHOOL, f"P{pupil}", str(day.replace(day=day.day)))
    assert not _found(world).rows.empty
    world.scope, world.read = Scope(frozenset({LA})), None
    found = _found(world)
    assert found.rows.empty
    assert "too few pupils to show" in found.sentence


def test_without_figures_it_says_so(world: World) -> None:
    world.school(SCHOOL)
    assert _found(world).sentence.startswith("No whole term")
