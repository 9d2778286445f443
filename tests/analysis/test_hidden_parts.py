"""Parts of a whole that is told: a small one is hidden, and so is what would give it away."""

import numpy as np

from analysis.hiding.parts import hidden_parts


def test_a_hidden_part_takes_another_with_it() -> None:
    hidden = hidden_parts(np.array([[20, 3, 0], [20, 10, 0], [2, 1, 0]]), 5)
    assert hidden.tolist() == [[True, True, False], [False, False, False], [True, True, True]]
