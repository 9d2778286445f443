"""Which groups of pupils are hidden from who may not see small numbers, where it is asked who is suspended more often.

A year's table has the phases, which add up to the authority, by the groups of one characteristic, which add up to all.
It is decided on whole, whatever is asked, and also hides what the School page hides of a phase by the same
characteristic: two answers laid side by side give no third away.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.denominators import HEADLINE
from analysis.fairness.characteristics import Characteristic
from analysis.fairness.queries import NOT_KNOWN, Affected
from analysis.hiding.disclosure import Mask, Table, Whole, protect
from analysis.hiding.linked import LA, PHASES
from analysis.hiding.masks import profile
from analysis.hiding.protection import hidden_rows
from analysis.records import Records
from data_model.terms import Period

_ROWS = [*PHASES, LA]
_ON_SCHOOL_PAGE = {"sen_provision": "sen_provision", "free_meals": "fsm6", "care": "cla"}
"""What the School page breaks suspensions down by, under the name of the column."""

Hidden = dict[str, frozenset[str]]


def hidden_groups(records: Records, found: Affected, each: Characteristic, year: str) -> Hidden:
    """The values of a characteristic that are hidden in a year, by phase (and LA): for their suspended pupils or roll.

    `records` are those of one authority, and protected. It is worked out once for each set of records. Of an authority
    that is reached in part every value is: beside those of the whole authority, what is left over could be told.
    """
    if records.decided_on is not None:
        return dict.fromkeys(_ROWS, frozenset([*each.groups, NOT_KNOWN]))
    key = ("hidden groups", each.id, year)
    if key not in records.kept:
        columns = [*each.groups, NOT_KNOWN]
        masks = _of_suspended(records, found, each, year, columns) | _of_rolls(records, found, each, year, columns)
        records.kept[key] = {
            row: frozenset(value for value, gone in zip(columns, mask, strict=False) if gone)
            for row, mask in zip(_ROWS, masks, strict=True)
        }
    hidden: Hidden = records.kept[key]
    return hidden


def _of_suspended(records: Records, found: Affected, each: Characteristic, year: str, columns: list[str]) -> Mask:
    assert records.protection is not None
    pupils = _matrix(found.suspended, each, year, columns)
    totals = hidden_rows(records, "one_plus_suspension_rate", Period(year), _ROWS)
    gone = np.array([row in totals for row in _ROWS])
    shown = np.zeros(pupils.shape, dtype=bool)
    shown[:, -1] = ~gone
    hide = np.broadcast_to(gone[:, None], pupils.shape) | _hidden_on_school_page(records, each, year, columns)
    return protect(Table(pupils, _parents(), total=len(columns), shown=shown), records.protection, hide)


def _of_rolls(records: Records, found: Affected, each: Characteristic, year: str, columns: list[str]) -> Mask:
    """What is hidden of the rolls, of whichever source they are shown. The whole roll of a phase is no secret."""
    assert records.protection is not None
    mask = np.zeros((len(_ROWS), len(columns) + 1), dtype=bool)
    shown = mask.copy()
    shown[:, -1] = True
    for _, rolls in found.rolls.groupby("source"):
        pupils = _matrix(rolls, each, year, columns)
        mask |= protect(Table(pupils, _parents(), total=len(columns), shown=shown), records.protection)
    return mask


def _matrix(frame: pd.DataFrame, each: Characteristic, year: str, columns: list[str]) -> Whole:
    """Pupils by phase and authority, by group, and of all groups."""
    own = frame[frame["characteristic"].eq(each.id) & frame["academic_year"].eq(year)]
    value = own["value"].where(own["value"].isin(columns), NOT_KNOWN)
    wide = own["pupils"].groupby([own["phase"], value]).sum().unstack(fill_value=0)
    cells = wide.reindex(index=_ROWS, columns=columns, fill_value=0).to_numpy(dtype=np.int64)
    matrix: Whole = np.hstack([cells, cells.sum(axis=1, keepdims=True)])
    return matrix


def _parents() -> Whole:
    headline = set(map(str, HEADLINE))
    return np.array([_ROWS.index(LA) if row in headline else -1 for row in _ROWS])


def _hidden_on_school_page(records: Records, each: Characteristic, year: str, columns: list[str]) -> Mask:
    assert records.protection is not None
    mask = np.zeros((len(_ROWS), len(columns) + 1), dtype=bool)
    name = _ON_SCHOOL_PAGE.get(each.id)
    for place, phase in enumerate(PHASES if name else []):
        assert name
        cells = profile(records, name, _split_by(name), phase, Period(year), records.protection)
        mask[place, :-1] = [(phase, value) in cells for value in columns]
    return mask


def _split_by(column: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def split(suspensions: pd.DataFrame) -> pd.DataFrame:
        return suspensions[["urn", "phase", "pupil"]].assign(column=suspensions[column].astype("str").fillna(""))

    return split
