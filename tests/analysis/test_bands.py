"""Bands and the words that stand for them."""

import numpy as np
import pytest

from analysis.targeting.bands import FAR, LEAST_EXPECTED, STAY_ABOVE, SURE, Band, bands, words
from analysis.targeting.constants import of_each
from analysis.targeting.steadied import Steadied
from data_model.codes import Phase


def _found(observed: list[float], expected: float, a_year: float) -> Steadied:
    alike = np.full(len(observed), 1.0)
    return Steadied(
        np.array(observed), alike * expected, alike * a_year, of_each(np.zeros(len(observed), dtype=np.int64))
    )


def test_a_band_is_as_sure_as_it_says() -> None:
    found = _found([each / 2 for each in range(200)], 20, 12)
    above, far = found.sure_above(1), found.sure_above(FAR)
    for at, band in enumerate(bands(found)):
        slow = (
            Band.MUCH_HIGHER
            if far[at] >= SURE
            else Band.HIGHER
            if above[at] >= SURE
            else Band.LOWER
            if above[at] <= 1 - SURE
            else Band.IN_LINE
        )
        assert band is slow
    assert set(bands(found)) == set(Band) - {Band.TOO_SMALL}


def test_the_more_suspensions_the_higher_the_band() -> None:
    order = [Band.LOWER, Band.IN_LINE, Band.HIGHER, Band.MUCH_HIGHER]
    places = [order.index(band) for band in bands(_found(list(range(120)), 20, 12))]
    assert places == sorted(places)


def test_of_a_small_school_only_what_is_clear_is_said() -> None:
    small = bands(_found([0, 1, 3, 60], 3, LEAST_EXPECTED - 0.1))
    assert list(small) == [Band.TOO_SMALL, Band.TOO_SMALL, Band.TOO_SMALL, Band.MUCH_HIGHER]
    assert Band.TOO_SMALL not in bands(_found([0, 1, 3, 60], 3, LEAST_EXPECTED))


@pytest.mark.parametrize("phase", STAY_ABOVE)
def test_much_higher_says_how_many_stay_so_and_never_more_than_nine_in_ten(phase: Phase) -> None:
    said = words(Band.MUCH_HIGHER, phase, 100)
    tenths = {Phase.PRIMARY: 8, Phase.SECONDARY: 9, Phase.SPECIAL: 9}[phase]
    assert said == (
        f"Much higher than this LA’s average for its phase (about {tenths} in 10 schools like this stay above average)"
    )


@pytest.mark.parametrize(
    ("band", "observed", "said"),
    [
        (Band.HIGHER, 40, "Higher than average for its phase; could be partly a bad year"),
        (Band.IN_LINE, 12, "In line, or we cannot tell"),
        (Band.LOWER, 2, "Lower than average for its phase"),
        (Band.TOO_SMALL, 3, "Too small to say: 3 suspensions, one child can move this"),
        (Band.TOO_SMALL, 1.5, "Too small to say: 1 or 2 suspensions, one child can move this"),
        (Band.TOO_SMALL, 1, "Too small to say: 1 suspension, one child can move this"),
    ],
)
def test_each_band_has_its_words(band: Band, observed: float, said: str) -> None:
    assert words(band, Phase.PRIMARY, observed) == said
