"""Parts of a whole that is told: a small one is hidden, and so is what would give it away."""

import numpy as np

from analysis.hiding.parts import hidden_parts, shown_beside_each_other


def test_a_hidden_part_takes_another_with_it() -> None:
    hidden = hidden_parts(np.array([[20, 3, 0], [20, 10, 0], [2, 1, 0]]), 5)
    assert hidden.tolist() == [[True, True, False], [False, False, False], [True, True, True]]


def test_counts_that_differ_by_few_are_not_shown_beside_each_other() -> None:
    shown = shown_beside_each_other([(40, 50), (38, 50), (30, 50)], 1, 5)
    assert shown == [False, True, True]  # 40 and 38 differ by two children
    assert shown_beside_each_other([(20, 22), (3, 20), (10, 20)], 1, 5) == [False, False, True]
