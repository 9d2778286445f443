"""What is hidden of small numbers: in who the pupils were, and in what followed after 6, 12 and 24 school weeks.

What followed is counted again and again of almost the same pupils: two counts that are each large can differ by one
child. So a count is shown only where neither it, nor what is left of it, nor its difference to any count that stands
beside it is small.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.hiding.disclosure import Table, protect
from analysis.moves_and_outreach.held import Held
from analysis.moves_and_outreach.starts import Group

Counted = tuple[int, int]
"""How many, out of how many."""


def hidden_values(counts: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Which counts of `case_mix.side_by_side` are hidden: the frame's shape of yes and no, by the columns of Groups.

    The values of each fact add up to all pupils of a group.
    """
    hidden = pd.DataFrame(False, index=counts.index, columns=list(map(str, Group)))
    for group in map(str, Group):
        for _, rows in counts.groupby("fact"):
            hidden.loc[rows.index, group] = _parts(rows[group].to_numpy(dtype=np.int64), threshold)
    return hidden


def _parts(pupils: npt.NDArray[np.int64], threshold: int) -> npt.NDArray[np.bool_]:
    whole = np.append(pupils, pupils.sum())[:, None]
    parent = np.append(np.full(len(pupils), len(pupils)), -1)
    if 0 < pupils.sum() < threshold:
        return pupils >= 0
    shown = np.zeros(whole.shape, dtype=bool)
    shown[-1] = True
    found: npt.NDArray[np.bool_] = protect(Table(whole, parent, shown=shown), threshold)[:-1, 0]
    return found


def shown_beside_each_other(counts: Sequence[Counted], first: int, threshold: int) -> list[bool]:
    """Which of these counts can be shown, the one at the place `first` before the others."""
    shown: dict[int, Counted] = {}
    for place in sorted(range(len(counts)), key=lambda each: each != first):
        count, out_of = counts[place]
        apart = [(count - other, out_of - whole) for other, whole in shown.values()]
        if all(_is_safe(*each, threshold) for each in [(count, out_of), *apart]):
            shown[place] = counts[place]
    return [place in shown for place in range(len(counts))]


def is_shown(held: Held, threshold: int) -> bool:
    """Whether the moves that held can be told."""
    return _is_safe(held.count, held.out_of, threshold)


def _is_safe(count: int, out_of: int, threshold: int) -> bool:
    return not any(0 < abs(each) < threshold for each in (count, out_of, out_of - count))
