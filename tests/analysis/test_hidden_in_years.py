"""Groups in years, some of which are told together: what is hidden of them."""

import numpy as np

from analysis.hiding.in_years import hidden_in_years, hidden_years

NOTHING = np.zeros((2, 3), dtype=bool)


def test_a_small_year_takes_another_where_both_are_told_together() -> None:
    parts = np.array([[[3], [20]], [[30], [40]]])
    assert hidden_in_years(parts, NOTHING, [0, 1], 5)[0].sum() == 2, "twenty of twenty-three would tell three"
    assert not hidden_in_years(parts, NOTHING, [0, 1], 5)[1].any()


def test_a_group_takes_another_where_all_groups_are_told() -> None:
    parts = np.array([[[3], [20]], [[30], [40]]])
    hidden = hidden_in_years(parts, NOTHING, [0, 1], 5, told=np.ones(3, dtype=bool))
    assert hidden[:, 0].all()


def test_what_is_shown_elsewhere_is_not_hidden_where_its_whole_is() -> None:
    parts, shown = np.array([[[9], [20]], [[30], [40]]]), np.array([[True] * 3, [False] * 3])
    hidden = hidden_in_years(parts, NOTHING, [0, 1], 5, told=np.array([False, True, True]), shown=shown)
    assert not hidden[0].any()
    assert hidden[1, 0]


def test_the_sum_of_all_years_is_known() -> None:
    hidden = hidden_years(np.array([[2], [9], [30]]), np.zeros(4, dtype=bool), [1, 2], 5)
    assert hidden.tolist() == [True, True, False, True], "all years less two of them would tell the two"
