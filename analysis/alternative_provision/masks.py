"""Which groups are hidden from who may not see small numbers: decided on whole tables, and a row is hidden whole."""

import numpy as np
import pandas as pd

from analysis.hiding.disclosure import Mask, Table, protect
from analysis.hiding.protection import HIDDEN, withheld
from data_model.settings import settings


def hidden_groups(pupils: pd.DataFrame) -> "pd.Series[bool]":
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
        mask: Mask = protect(Table(whole, parent, shown=shown), settings().small_number, hide)
        rows: Mask = np.asarray(mask[:-1].any(axis=1))
        # A row that is hidden in one column is hidden in all, and those beside it may have to be as well.
        wider = np.vstack([np.repeat(rows[:, None], whole.shape[1], axis=1), np.zeros((1, whole.shape[1]), dtype=bool)])
        if np.array_equal(wider, hide):
            return pd.Series(rows, index=pupils.index)
        hide = wider


def without_small(frame: pd.DataFrame, pupils: pd.DataFrame, figures: list[str], *, full: bool) -> pd.DataFrame:
    """A frame of groups without the figures of those that are hidden; as it is where full figures are seen."""
    if full or frame.empty:
        return frame.assign(**{HIDDEN: ""})
    return withheld(frame, hidden_groups(pupils), figures)


def small_steps(ended: pd.Series, at_risk: pd.Series) -> "pd.Series[bool]":
    """Which rows of a curve to hide, in the order of time: those since the last that is shown in which fewer pupils
    than may be seen ended, or stopped being seen, or at which fewer are left."""
    few = settings().small_number
    hidden, last_ended, last_left = [], 0, None
    for count, left in zip(ended, at_risk, strict=True):
        parts = (count - last_ended, left, 0 if last_left is None else last_left - left)
        small = any(0 < part < few for part in parts)
        hidden.append(small)
        if not small:
            last_ended, last_left = count, left
    return pd.Series(hidden, index=ended.index, dtype=bool)
