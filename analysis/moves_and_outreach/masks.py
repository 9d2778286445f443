"""What is hidden of small numbers in who the pupils were, and in how many moves held."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.hiding.disclosure import Table, protect
from analysis.hiding.in_years import counted_in_years, few_in_years, hidden_in_years, hidden_years
from analysis.hiding.parts import is_safe
from analysis.moves_and_outreach.held import Held
from analysis.moves_and_outreach.starts import Group
from data_model.terms import academic_year

Cells = frozenset[tuple[str, str]]
"""Groups and years of what is hidden; the group is ALL_MOVES where nothing is told apart."""
ALL_MOVES = ""


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


def held_in_years(rows: pd.DataFrame, told_on_page: "pd.Series[bool]", threshold: int) -> Cells:
    """In which years is hidden how many moves held, of a `group` and of all: the page tells it of all years together.

    rows: those of `held.judged` with `pupil_ref, group`. `told_on_page`: which are in the page's figure. It goes up to
    the last suspension and the years to the last day of the data: those in between are the difference.
    """
    years = sorted({academic_year(day.date()) for day in rows["start_date"]})
    year = rows["start_date"].map(lambda day: years.index(academic_year(day.date()))).to_numpy(dtype=np.int64)
    names = sorted(rows["group"].unique())
    group, nobody = pd.Index(names).get_indexer(rows["group"]).astype(np.int64), np.zeros(len(rows), dtype=np.int64)
    parts = [rows["held"], rows["due"] & ~rows["held"]]
    late = [part & ~told_on_page for part in parts]

    def few(where: npt.NDArray[np.int64], number: int) -> npt.NDArray[np.bool_]:
        behind = [*parts, rows["due"], *late]
        return few_in_years(rows["pupil_ref"], (where, year), (number, len(years)), behind, [], threshold)

    counts = counted_in_years((nobody, year), (1, len(years)), parts)[0]
    whole = hidden_years(counts, few(nobody, 1)[0], [], threshold)
    counts = counted_in_years((group, year), (len(names), len(years)), parts)
    apart = hidden_in_years(counts, few(group, len(names)), [], threshold, told=~whole)
    every = [(ALL_MOVES, whole), *zip(names, apart, strict=True)]
    return frozenset((name, each) for name, mask in every for each, gone in zip(years, mask[:-1], strict=True) if gone)
