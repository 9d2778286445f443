"""What several people know who lay side by side all that each is shown of one authority: for linear programmes.

Everything is reckoned in cells, a school in a term: every figure of anybody is the sum of some.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pandas as pd
from disclosure_attack import FREE, Attack

from analysis.hiding.protection import is_hidden
from analysis.overview import figures as overview
from analysis.records import Records
from analysis.slices import By
from analysis.table import table_of
from data_model.codes import PexStatus, Phase
from data_model.terms import Period, Term

LA = 999
HEADLINE = ("primary", "secondary", "special")
NOWHERE = 0
"""Stands among the schools for what belongs to none."""

Shown = dict[str, float | None]
"""By row (URN, phase or `la`) what is shown, None where it is hidden."""
Cell = tuple[object, int, object]


@dataclass
class Together:
    """The records of each person by name, and those of the whole authority with nothing hidden, which nobody has."""

    full: Records
    people: dict[str, Records]
    attack: Attack = field(default_factory=Attack)
    cells: dict[Cell, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.phase = self.full.current_schools.set_index("urn")["phase"].astype("str").to_dict()

    def reaches(self, person: str, row: str, everything: bool) -> list[int]:
        """The schools whose sum a row of somebody's is; of `everything`, the authority's holds what has no school."""
        own = [int(urn) for urn in self.people[person].current_schools["urn"]]
        if row == "la":
            nowhere = [NOWHERE] if everything and len(own) == len(self.phase) else []
            return [urn for urn in own if everything or self.phase[urn] in HEADLINE] + nowhere
        return [int(row)] if row.isdigit() else [urn for urn in own if self.phase[urn] == row]

    def reads(self, measure: str, period: Period, everything: bool = False) -> None:
        """All that anybody is shown of events in a term, or on its last day."""
        true = asked(self.full, measure, period)
        for urn in self.phase:
            if str(urn) in true:  # it was there in that term
                self.cell((measure, urn, period), true[str(urn)] or 0.0)
        if everything:
            of_phases = sum(true.get(str(phase)) or 0 for phase in Phase)
            self.cell((measure, NOWHERE, period), (true.get("la") or 0) - of_phases)
        self.learns(measure, period, [period], lambda records: asked(records, measure, period), everything)

    def reads_year(self, measure: str, year: str, everything: bool = False) -> None:
        """All that anybody is shown of events in a year, and in its terms, which add up to it."""
        terms = [Period(year, term) for term in Term]
        for term in terms:
            self.reads(measure, term, everything)
        self.learns(measure, Period(year), terms, lambda records: asked(records, measure, Period(year)), everything)

    def cell(self, name: Cell, true: float) -> None:
        """A number that nobody need be shown."""
        self.cells[name] = self.attack.unknown(name, true, 0, FREE)

    def learns(
        self,
        measure: str,
        period: Period,
        columns: list[Period],
        shown_to: Callable[[Records], Shown],
        everything: bool = False,
        low: float = 1,
    ) -> None:
        """What each person is shown of sums of cells, over schools and some columns; hidden ones are `low` at least."""
        for person, records in self.people.items():
            for row, number in shown_to(records).items():
                schools = self.reaches(person, row, everything)
                parts = [(measure, urn, column) for urn in schools for column in columns]
                self.fact(person, row, (measure, period), parts, number, low)

    def fact(
        self, person: str, row: str, what: object, parts: Iterable[Cell], number: float | None, low: float = 1
    ) -> None:
        """A sum of cells is a number, or it is hidden, and of `low` at least. A school that was not there has none."""
        unknown = dict.fromkeys((self.cells[part] for part in parts if part in self.cells), 1.0)
        if number is None:
            true = sum(self.attack.values[at] for at in unknown)
            unknown[self.attack.unknown(("hidden", person, row, what), true, low, FREE)] = -1.0
        self.attack.says(unknown, number or 0.0)

    def is_split(self, whole: list[Cell], parts: Iterable[Cell]) -> None:
        """Some cells are together as much as others."""
        left = {self.cells[cell]: -1.0 for cell in whole if cell in self.cells}
        self.attack.says(left | {self.cells[part]: 1.0 for part in parts}, 0.0)

    def is_no_more(self, measure: str, than: str, period: Period) -> None:
        """Cell by cell one measure is part of another."""
        for urn in self.phase:
            if (measure, urn, period) in self.cells:
                pair = {self.cells[measure, urn, period]: 1.0, self.cells[than, urn, period]: -1.0}
                self.attack.is_at_most(pair, 0.0)

    @property
    def secrets(self) -> set[object]:
        """The figures that are hidden from somebody, but for 0, which is no secret.

        Sums that are hidden because a part of theirs is are no secrets of their own: a district's total of five or
        more, and what several districts have together.
        """
        numbered = zip(self.attack.names, self.attack.values, strict=True)
        hidden = [(name, true) for name, true in numbered if isinstance(name, tuple) and name[0] == "hidden"]
        return {name for name, true in hidden if true and self._is_secret(name[1], name[2], true)}

    def _is_secret(self, person: str, row: str, true: float) -> bool:
        records = self.people[person]
        if records.decided_on is None or row.isdigit():
            return True
        return records.districts.nunique() == 1 and (row != "la" or true < 5)

    def told(self) -> list[object]:
        """The secrets that they can work out together."""
        return [name for name in self.attack.recovered() if name in self.secrets]


def asked(records: Records, measure: str, period: Period) -> Shown:
    """What is shown of a measure in a period, by school, phase and authority."""
    found: Shown = {}
    for by, key in ((By.SCHOOL, "urn"), (By.PHASE, "phase"), (By.LA, "la_name")):
        rows = table_of(records, measure, by, period, la=LA).rows
        for name, count, no in zip(rows[key], rows["count"], is_hidden(rows, "count"), strict=True):
            if no or pd.notna(count):
                found["la" if by is By.LA else str(name)] = None if no else float(count)
    return found


def headline(records: Records, measure: str, period: Period, count: str = "count") -> Shown:
    """What the Overview shows of a measure, or of open placements, by phase and authority."""
    rows = overview.headlines(records, LA, period).rows
    rows = rows[rows["measure"].eq(measure)]
    numbers = zip(rows["phase"].replace("total", "la"), rows[count], is_hidden(rows, count), strict=True)
    return {str(key): None if no else float(number) for key, number, no in numbers if no or pd.notna(number)}


def statuses(records: Records, year: str) -> Shown:
    """What is shown of a year's permanent exclusions by where they stand."""
    row = overview.exclusions_by_status(records, LA, Period(year))
    row = row[row["phase"].eq("total")]
    names = [str(status) for status in PexStatus]
    return {name: None if is_hidden(row, name).any() else float(row[name].iloc[0]) if len(row) else 0 for name in names}
