"""What is hidden of small numbers in who the pupils were, and in how many moves held."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.hiding.disclosure import Table, protect
from analysis.hiding.parts import is_safe
from analysis.moves_and_outreach.held import Held
from analysis.moves_and_outreach.starts import Group


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


def is_shown(held: Held, threshold: int) -> bool:
    """Whether the moves that held can be told."""
    return is_safe(held.count, held.out_of, threshold)
