"""What is hidden of parts of a whole that is itself told, and of counts that stand beside each other."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.hiding.disclosure import Mask, Table, protect, small

Counted = tuple[int, int]
"""How many, out of how many."""


def hidden_parts(parts: npt.NDArray[np.int64], threshold: int) -> Mask:
    """Which parts to hide, where what the parts of each row add up to is told: rows by parts.

    Where a row's own sum is small, all of it is hidden.
    """
    wholes = parts.sum(axis=1)
    table = np.column_stack([parts, wholes])
    shown = np.zeros(table.shape, dtype=bool)
    shown[:, -1] = ~small(wholes, threshold)
    hidden = protect(Table(table, np.full(len(parts), -1), total=parts.shape[1], shown=shown), threshold)[:, :-1]
    found: Mask = hidden | small(wholes, threshold)[:, None]
    return found


def hidden_groups(pupils: pd.DataFrame, threshold: int) -> "pd.Series[bool]":
    """The rows to hide of a table of counts, a row a group: those with a small count in any column, and of the others
    as many as keep it from being told by taking the rest from all of them together, which whoever looks may know.

    Every column is a count of pupils, and what a row has in one column can stand beside what it has in another, so a
    row is hidden whole.
    """
    if pupils.empty:
        return pd.Series(False, index=pupils.index)
    own = pupils.fillna(0).to_numpy(dtype=np.int64)
    whole = np.vstack([own, own.sum(axis=0)])
    parent = np.array([len(own)] * len(own) + [-1])
    shown = np.zeros(whole.shape, dtype=bool)
    shown[-1] = True
    hide = np.zeros(whole.shape, dtype=bool)
    while True:
        mask: Mask = protect(Table(whole, parent, shown=shown), threshold, hide)
        rows: Mask = np.asarray(mask[:-1].any(axis=1))
        # A row that is hidden in one column is hidden in all, and those beside it may have to be as well.
        wider = np.vstack([np.repeat(rows[:, None], whole.shape[1], axis=1), np.zeros((1, whole.shape[1]), dtype=bool)])
        if np.array_equal(wider, hide):
            return pd.Series(rows, index=pupils.index)
        hide = wider


def shown_beside_each_other(counts: Sequence[Counted], first: int, threshold: int) -> list[bool]:
    """Which of these counts can be shown, the one at the place `first` before the others.

    What followed is counted again and again of almost the same pupils: two counts that are each large can differ by one
    child. So a count is shown only where neither it, nor what is left of it, nor its difference to any count that
    stands beside it is small.
    """
    shown: dict[int, Counted] = {}
    for place in sorted(range(len(counts)), key=lambda each: each != first):
        count, out_of = counts[place]
        apart = [(count - other, out_of - whole) for other, whole in shown.values()]
        if all(is_safe(*each, threshold) for each in [(count, out_of), *apart]):
            shown[place] = counts[place]
    return [place in shown for place in range(len(counts))]


def is_safe(count: int, out_of: int, threshold: int) -> bool:
    """Whether neither a count, nor what it is out of, nor what is left of that is small."""
    return not any(0 < abs(each) < threshold for each in (count, out_of, out_of - count))
