"""How often the funnel cries wolf, on simulated schools that differ by nothing but chance, and what it finds.

`pytest -m slow -s` prints the figures; so does `python -m benchmarks.targeting`.
"""

import pytest

from benchmarks.simulated_schools import PUPILS, alarms
from data_model.codes import Phase


@pytest.mark.parametrize("tries", [15, pytest.param(300, marks=pytest.mark.slow)])
@pytest.mark.parametrize("pupils", sorted(PUPILS))
def test_schools_that_differ_by_chance_alone_lie_inside(pupils: str, tries: int) -> None:
    for phase, found in alarms(PUPILS[pupils], 1, tries).items():
        print(f"{pupils}, {phase}: {found.inner:.2%} above 95 %, {found.outer:.3%} above 99.8 % of {found.schools}")
        assert found.inner <= 0.03
        assert found.outer <= 0.003


@pytest.mark.parametrize("tries", [10, pytest.param(100, marks=pytest.mark.slow)])
@pytest.mark.parametrize("pupils", sorted(PUPILS))
def test_limits_of_independent_suspensions_cry_wolf(pupils: str, tries: int) -> None:
    for phase, found in alarms(PUPILS[pupils], 1, tries, plain=True).items():
        print(f"{pupils}, {phase}: plain limits {found.inner:.1%} above 95 %, {found.outer:.1%} above 99.8 %")
        assert found.inner > 0.08
        assert found.outer > 0.02


@pytest.mark.parametrize("tries", [30, pytest.param(300, marks=pytest.mark.slow)])
@pytest.mark.parametrize("pupils", sorted(PUPILS))
def test_a_secondary_at_twice_the_rate_is_found(pupils: str, tries: int) -> None:
    found = alarms(PUPILS[pupils], 2, tries)[Phase.SECONDARY]
    print(
        f"{pupils}: a secondary at twice the rate is above 95 % in {found.inner:.0%}, above 99.8 % in {found.outer:.0%}"
    )
    assert found.inner >= 0.9
