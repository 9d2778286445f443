"""What there is to choose from."""

import pytest
from worlds import LA, World

from analysis import choices
from data_model.terms import Period, Term

pytestmark = pytest.mark.both_databases


@pytest.fixture
def two_authorities(world: World) -> World:
    """A local authority with suspensions, and another known from published statistics alone."""
    world.school(900001, school_name="Larkfield School")
    world.suspension(900001, "P1", "2024-10-01")
    world.suspension(900001, "P1", "2025-02-03")
    for year in ("201516", "201617"):
        world.published("school", "3312000", "primary", year, la_code=331, laestab=3312000, suspensions=3.0)
    return world


def test_authorities_with_data_of_their_own_come_first(two_authorities: World) -> None:
    assert list(choices.authorities(two_authorities.records)) == [LA, 331]


def test_the_newest_term_comes_first_and_then_its_year(two_authorities: World) -> None:
    own = choices.periods(two_authorities.records, LA)
    assert own == (Period("202425", Term.SPR), Period("202425"), Period("202425", Term.AUT))
    assert choices.periods(two_authorities.records, 331) == (Period("201617"), Period("201516"))
    assert choices.periods(two_authorities.records, 123) == ()


def test_a_school_that_is_only_published_is_known_by_its_laestab(two_authorities: World) -> None:
    schools = choices.schools(two_authorities.records).set_index("key")
    assert schools["school_name"].to_dict() == {900001: "Larkfield School", 3312000: "School 3312000"}
    assert schools["registered"].to_dict() == {900001: True, 3312000: False}
    assert schools.loc[3312000, "numbers"].split() == ["3312000"]
    assert choices.schools(two_authorities.records, 331)["key"].tolist() == [3312000]


def test_a_converted_school_is_one_and_its_older_number_means_it(world: World) -> None:
    world.school(900001, status="closed", laestab=9992001)
    world.school(900002, laestab=9992001, predecessor_urn=900001, link_type="converter")
    schools = choices.schools(world.records)
    assert schools["key"].tolist() == [900002]
    assert schools["numbers"].iloc[0].split() == ["900001", "900002", "9992001"]
