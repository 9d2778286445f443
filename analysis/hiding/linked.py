"""The rows of a linked table: schools add up to the phases of districts, those to phases, phases to the authority.

A row's key is the text of a school's URN, a phase's code or LA; of a part of the authority, `in_district` of those.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import pandas as pd

from analysis.denominators import HEADLINE
from analysis.hiding.disclosure import Mask, Table, Whole
from data_model.codes import Phase

Cells = frozenset[tuple[str, str]]
"""Rows and columns of what is hidden of a linked table."""

LA = "la"
SUM = ""
"""The column of a linked table that its others add up to."""
PHASES = [str(phase) for phase in Phase]
HEADLINE_PHASES = [str(phase) for phase in HEADLINE]
_WORTH_OF_LA = 4
"""Its own figure is what everybody looks at first: districts would else often be protected by hiding it."""
_HEADLINE = [PHASES.index(phase) for phase in HEADLINE_PHASES]


def in_district(key: str, district: str) -> str:
    """The key of a phase, or of LA, in one district."""
    return f"{key} in {district}"


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a linked table, from a frame with a row `urn, phase, pupil, column` for all that is counted.

    `districts`: of each school by URN, missing where none is known. `whole`: the authority's row is everything, also
    what belongs to no school; else the headline phases. `summed`: the columns add up to one more.

    A phase in a district is a row between its schools and its phase where it is something else than both: not where
    one school is all of it, or it is all of its phase. An authority without districts has no such rows.
    """

    frame: pd.DataFrame
    columns: tuple[str, ...]
    districts: pd.Series
    whole: bool
    summed: bool

    @cached_property
    def keys(self) -> list[str]:
        """The rows' keys in order."""
        between = [in_district(PHASES[phase], district) for phase, district in self._between]
        return [*self._schools.astype("str").tolist(), *between, *PHASES, LA]

    @cached_property
    def _schools(self) -> pd.Index:
        own = self.frame if self.whole else self.frame[self.frame["phase"].notna()]
        return pd.Index(sorted(own["urn"].unique()))

    @cached_property
    def _places(self) -> Whole:
        """The place of each row's school among the schools, -1 for none."""
        return np.asarray(self._schools.get_indexer(self.frame["urn"]), dtype=np.int64)

    @cached_property
    def _phases(self) -> Whole:
        """The place of each row's phase among the phases, -1 for none."""
        return whole_numbers(self.frame["phase"].astype("str").map({phase: n for n, phase in enumerate(PHASES)}), -1)

    @cached_property
    def _parts(self) -> dict[tuple[int, str], Whole]:
        """The places of the schools of each phase in a district."""
        there = (self._places >= 0) & (self._phases >= 0)
        phase_of = pd.Series(self._phases[there], index=self._places[there]).groupby(level=0).first()
        schools = pd.DataFrame({"phase": phase_of, "place": phase_of.index})
        schools["district"] = self.districts.reindex(self._schools[phase_of.index]).to_numpy()
        found = schools.groupby(["phase", "district"], sort=True)["place"]
        return {(int(phase), str(district)): group.to_numpy() for (phase, district), group in found}

    @cached_property
    def _between(self) -> dict[tuple[int, str], Whole]:
        """Of those parts the ones that have a row of their own."""
        there = self._places >= 0
        of_phase = [len(np.unique(self._places[there & (self._phases == phase)])) for phase in range(len(PHASES))]
        return {part: schools for part, schools in self._parts.items() if 1 < len(schools) < of_phase[part[0]]}

    @property
    def _first_phase(self) -> int:
        return len(self._schools) + len(self._between)

    @cached_property
    def _part_of(self) -> Whole:
        """The place of each school's row between, -1 for none."""
        found = np.full(len(self._schools), -1, dtype=np.int64)
        for number, schools in enumerate(self._between.values()):
            found[schools] = len(self._schools) + number
        return found

    @cached_property
    def parent(self) -> Whole:
        """The place of the row that each is a part of, -1 for none."""
        schools, first = len(self._schools), self._first_phase
        above = np.full(len(self.keys), len(self.keys) - 1, dtype=np.int64)
        in_phase = (self._places >= 0) & (self._phases >= 0)
        above[self._places[in_phase]] = first + self._phases[in_phase]
        above[:schools] = np.where(self._part_of >= 0, self._part_of, above[:schools])
        above[schools:first] = [first + phase for phase, _ in self._between]
        outside = [number for number in range(len(PHASES)) if not (self.whole or number in _HEADLINE)]
        above[[first + number for number in outside] + [-1]] = -1
        return above

    def pupils(self, least: int = 1, only: Mask | None = None) -> Whole:
        """How many pupils each cell has with at least so many rows in it; the last column is over all, if summed.

        Of the frame's rows `only` these count, as in `counts`.
        """
        return self._counted(self.frame["pupil"].to_numpy() + 1, least, only)

    def counts(self, only: Mask | None = None) -> Whole:
        """How many rows of the frame each cell has."""
        return self._counted(np.arange(len(self.frame)), 1, only)

    def _counted(self, what: Whole, least: int, only: Mask | None) -> Whole:
        """How many different values of `what` each cell has at least so many times."""
        counts = np.ones(len(what), dtype=bool) if only is None else only
        inside = np.ones(len(what), dtype=bool) if self.whole else np.isin(self._phases, _HEADLINE)
        levels = (
            self._places,
            np.append(self._part_of, -1)[self._places],
            np.where(self._phases >= 0, self._phases + self._first_phase, -1),
            np.where(inside, len(self.keys) - 1, -1),
        )
        columns = [whole_numbers(self.frame["column"].map({name: n for n, name in enumerate(self.columns)}), -1)]
        if self.summed:
            columns.append(np.full(len(what), len(self.columns), dtype=np.int64))
        table = np.zeros((len(self.keys), len(self.columns) + self.summed), dtype=np.int64)
        different = int(what.max(initial=0)) + 1
        for row, column in product(levels, columns):
            there = counts & (row >= 0) & (column >= 0)
            cells = row[there] * table.shape[1] + column[there]
            found, times = np.unique(cells * different + what[there], return_counts=True)
            table += np.bincount(found[times >= least] // different, minlength=table.size).reshape(table.shape)
        return table

    def table(self, pupils: Whole, summed: bool | None = None, shown: Mask | None = None) -> Table:
        """The linked table of so many pupils; its columns add up unless that is said to be otherwise."""
        adds_up = self.summed if summed is None else summed
        worth = np.where(np.arange(len(pupils)) == len(pupils) - 1, _WORTH_OF_LA, 1)
        total = pupils.shape[1] - 1 if adds_up else None
        return Table(pupils, self.parent, total, shown, worth, tuple(map(tuple, self._totals.values())))

    def named(self, mask: Mask) -> Cells:
        """The key and the column of every cell that is hidden, also those of each district.

        A district's own total is no row: phases and districts cross, and a network has no place for both. It is hidden
        where one of its phases is, so that it says nothing that the others do not.
        """
        columns = [*self.columns, SUM]
        named = [(key, [place]) for place, key in enumerate(self.keys)]
        named += [(in_district(PHASES[phase], district), [row]) for (phase, district), row in self._rows_of.items()]
        named += [(in_district(LA, district), rows) for district, rows in self._totals.items()]
        return frozenset(
            (key, columns[column]) for key, rows in named for column in np.flatnonzero(mask[rows].any(axis=0))
        )

    @cached_property
    def _rows_of(self) -> dict[tuple[int, str], int]:
        """The place of the row that says how much of a phase a district has."""
        found = {}
        for part, schools in self._parts.items():
            alone = int(schools[0]) if len(schools) == 1 else self._first_phase + part[0]
            found[part] = int(self._part_of[schools[0]]) if part in self._between else alone
        return found

    @cached_property
    def _totals(self) -> dict[str, list[int]]:
        """The places of the rows that are together what the authority's row is, of a district."""
        found: dict[str, list[int]] = defaultdict(list)
        for (phase, district), row in self._rows_of.items():
            if self.whole or phase in _HEADLINE:
                found[district].append(row)
        return found


def whole_numbers(values: "pd.Series | pd.DataFrame", missing: int = 0) -> Whole:
    """Numbers as int64, with another in the place of each that is missing."""
    numbers: Whole = values.astype("float64").fillna(missing).to_numpy(dtype=np.int64)
    return numbers
