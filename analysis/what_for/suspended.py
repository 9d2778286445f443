"""The suspensions of a year that are split, and what is hidden of their parts."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.denominators import HEADLINE
from analysis.hiding.protection import hidden_parts
from analysis.records import Records, within
from data_model.terms import Period

LEAST_PUPILS = 10
"""Suspended pupils from which something is said of what for, and in which year groups."""

Split = Callable[[pd.DataFrame], pd.DataFrame]


def phases_of(phase: str | None) -> tuple[str, ...]:
    """The phases that are asked about: one, or the three of an authority's headline figures."""
    return (phase,) if phase else tuple(map(str, HEADLINE))


def suspensions_of(records: Records, year: Period, phase: str | None) -> pd.DataFrame:
    """The suspensions of an academic year that count, each without a pupil as a pupil of its own."""
    there = within(records.suspensions, "start_date", year)
    there = there[there["phase"].isin(phases_of(phase))]
    alone = -2 - np.arange(len(there))
    return there.assign(pupil=there["pupil"].where(there["pupil"].ge(0), alone))


def hidden(records: Records, name: str, split: Split, year: Period, phase: str | None) -> frozenset[str]:
    """The parts that are hidden of a phase, or of several together: those that are hidden of any of them.

    So what is shown of several is a sum of what is shown of each, and gives no third away. Where a phase is hidden
    whole everything is, since a total of several would tell that of the one.
    """
    of_each = {each: hidden_parts(records, name, split, each, year) for each in phases_of(phase)}
    there = {each: there_at_all(records, split, year, each) for each in of_each}
    if any(there[each] and there[each] <= few for each, few in of_each.items()):
        return frozenset().union(*there.values())
    return frozenset().union(*of_each.values())


def there_at_all(records: Records, split: Split, year: Period, phase: str | None) -> frozenset[str]:
    """The parts that have any in the whole authority: which are left out says nothing of a part of it."""
    return frozenset(split(suspensions_of(records.deciding, year, phase))["column"])
