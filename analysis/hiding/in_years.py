"""What is hidden of groups in years, where some years are told together too, and so are all groups."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.hiding.disclosure import Mask, Table, Whole, protect, small


def hidden_in_years(
    parts: Whole,
    few: Mask,
    together: Sequence[int],
    threshold: int,
    *,
    told: Mask | None = None,
    shown: Mask | None = None,
) -> Mask:
    """Which groups to hide in which years and, in one column more, in the years that are told `together`.

    parts: groups by years by counts that make up what is told of a group in a year: it is hidden whole or not at all.
    few: groups by years and one, of which few pupils stand behind a figure. `told`, years and one: where all groups
    together are told; None where they never are. Where they are not, none of them is. Of `shown` nothing is hidden.
    """
    never = np.zeros(few.shape, dtype=bool) if shown is None else shown
    gone = (few if told is None else few | ~told) & ~never
    alone = [[year] for year in range(parts.shape[1]) if year not in together]
    while True:
        found = gone.copy()
        for counts in np.moveaxis(parts, 2, 0):
            every = np.column_stack([counts, counts[:, list(together)].sum(axis=1)])
            for columns in ([*together, parts.shape[1]], *alone):
                own = None if told is None else told[columns]
                found[:, columns] |= _hidden(every[:, columns], gone[:, columns], never[:, columns], own, threshold)
        if np.array_equal(found, gone):
            return found
        gone = found


def _hidden(counts: Whole, hide: Mask, shown: Mask, told: Mask | None, threshold: int) -> Mask:
    total = counts.shape[1] - 1 if counts.shape[1] > 1 else None
    if told is None:
        parent = np.full(len(counts), -1)
        return protect(Table(counts, parent, total, shown), threshold, hide)
    whole = np.vstack([counts, counts.sum(axis=0)])
    parent = np.append(np.full(len(counts), len(counts)), -1)
    found: Mask = protect(Table(whole, parent, total, np.vstack([shown, told])), threshold, np.vstack([hide, ~told]))[
        :-1
    ]
    return found & ~shown


def counted_in_years(where: tuple[Whole, Whole], size: tuple[int, int], has: "Sequence[pd.Series[bool]]") -> Whole:
    """How many rows have each of some things: groups by years by things.

    `where` are the places of each row's group and year, -1 for none; `size` how many there are of both.
    """
    group, year = where
    counts = np.zeros((*size, len(has)), dtype=np.int64)
    for place, each in enumerate(has):
        there = each.to_numpy(dtype=bool) & (group >= 0) & (year >= 0)
        np.add.at(counts, (group[there], year[there], place), 1)
    return counts


def few_in_years(
    pupils: pd.Series,
    where: tuple[Whole, Whole],
    size: tuple[int, int],
    has: "Sequence[pd.Series[bool]]",
    together: Sequence[int],
    threshold: int,
) -> Mask:
    """Where few pupils stand behind one of some things, in each year and in those `together`."""
    group, year = where
    found = np.zeros((size[0], size[1] + 1), dtype=bool)
    for each in has:
        there = each.to_numpy(dtype=bool) & (group >= 0) & (year >= 0)
        own = pd.DataFrame({"group": group, "year": year, "pupil": pupils.to_numpy()})[there]
        numbers = np.zeros(found.shape, dtype=np.int64)
        several = own[own["year"].isin(list(together))].assign(year=size[1])
        for at in (own, several):
            single = at.drop_duplicates()
            np.add.at(numbers, (single["group"].to_numpy(), single["year"].to_numpy()), 1)
        found |= small(numbers, threshold)
    return found


def hidden_years(parts: Whole, few: Mask, together: Sequence[int], threshold: int) -> Mask:
    """Which years to hide and, last, whether those `together`, where the sum of all years is told too.

    parts: years by counts; few: years and one.
    """
    several, ever = len(parts), len(parts) + 1
    above = [several if year in together else ever for year in range(several)]
    parent = np.array([*above, ever, -1])
    wholes = np.vstack([parts, parts[list(together)].sum(axis=0), parts.sum(axis=0)])
    shown = np.zeros(wholes.shape, dtype=bool)
    shown[-1] = ~small(wholes[-1], threshold)
    gone = few.copy()
    while True:
        hide = np.append(gone, False)[:, None] & np.ones(wholes.shape, dtype=bool)
        found = gone | protect(Table(wholes, parent, shown=shown), threshold, hide)[:-1].any(axis=1)
        if np.array_equal(found, gone):
            return found
        gone = found
