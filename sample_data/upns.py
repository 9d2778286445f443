"""Unique pupil numbers with valid check letters that cannot be any child's: no local authority has their LA number."""

import numpy as np
import pandas as pd

from data_model.columns import UPN_LETTERS
from sample_data.arrays import Array

_PLACES = 10 ** np.arange(11, -1, -1, dtype=np.int64)
_SCATTER = 387_420_489  # shares no factor with 10^9, so that different pupils keep different numbers


def upns(pupils: Array, la_code: int) -> pd.Index:
    """The UPN of each pupil of an LA, by number: LA number 990 to 999, then nine digits that say nothing."""
    numbers = la_code * 10**9 + ((pupils.astype(np.int64) + 1) * _SCATTER) % 10**9
    letters = check_letters(numbers)
    return pd.Index(
        [f"{letter}{number}" for letter, number in zip(letters, numbers.tolist(), strict=True)], dtype=object
    )


def check_letters(numbers: Array) -> Array:
    """The letter that leads each UPN of twelve digits (`data_model.columns.upn_check_letter`, for whole columns)."""
    digits = numbers[:, None] // _PLACES % 10
    return np.asarray(np.array(list(UPN_LETTERS))[(digits * np.arange(2, 14)).sum(axis=1) % 23])
