"""Small random files of any dataset, made of good cells and bad ones."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from data_model.columns import upn_check_letter
from data_model.dataset import Column, Dataset
from loaders.dates import DateFormat

# Each example checks or saves whole files, a tenth of a second each; `--hypothesis-profile=thorough` tries many more.
# Explaining a failing example takes minutes here and says little.
FEW = settings(
    max_examples=settings().max_examples // 20,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
FIRST_DAY = date(2024, 9, 2)
UPNS = [upn_check_letter(digits) + digits for digits in ("999200100001", "999200100002", "99920010000A")]
URNS = ["900001", "900002", "900003"]
# None of them is a date in either format, so that they leave the file's format alone.
BAD = [
    "",
    " ",
    "?",
    "-1",
    "91",
    "1.5",
    "1E5",
    "1.2E+12",
    "900009",
    "99",
    "x" * 70,
    "P 1",
    "\u200b1",
    "45936",
    "06/10/24",
]
BAD += ["R247962919251", "PERM", "NA", "Sep-24", "٣", "1,000", 'a "b"', "a\nb", "=1+1", "2024/26", "\u00a0"]


@dataclass(frozen=True)
class RandomFile:
    """A file of a dataset: its columns, the text of its cells and how its dates are written."""

    dataset: Dataset
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    dates: DateFormat

    @property
    def text(self) -> str:
        """The file as CSV. Every cell is in quotation marks, so that an empty row is still a row."""
        written = io.StringIO()
        writer = csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(self.names)
        writer.writerows(self.rows)
        return written.getvalue()

    @property
    def lines(self) -> list[int]:
        """The line on which each row starts."""
        found, line = [], 2
        for row in self.rows:
            found.append(line)
            line += 1 + sum(cell.count("\n") for cell in row)
        return found

    def with_rows(self, rows: Sequence[tuple[str, ...]]) -> "RandomFile":
        """The same columns over other rows."""
        return RandomFile(self.dataset, self.names, tuple(rows), self.dates)

    def without(self, dropped: Sequence[str]) -> "RandomFile":
        """The same rows without some columns."""
        kept = [at for at, name in enumerate(self.names) if name not in dropped]
        rows = tuple(tuple(row[at] for at in kept) for row in self.rows)
        return RandomFile(self.dataset, tuple(self.names[at] for at in kept), rows, self.dates)

    def key_of(self, row: tuple[str, ...]) -> tuple[str, ...]:
        """The key cells of a row, as typed."""
        return tuple(row[self.names.index(name)] for name in self.dataset.key)


def written(day: date, dates: DateFormat) -> str:
    return day.isoformat() if dates is DateFormat.ISO else f"{day:%d/%m/%Y}"


def good_cells(dataset: Dataset, column: Column, dates: DateFormat) -> st.SearchStrategy[str]:
    """Cells that the column's type takes; few different ones, so that rows meet each other."""
    if column.name == dataset.pupil:
        return st.sampled_from(["P1", "P2", "P3"])
    if column.kind is date:
        return st.integers(0, 300).map(lambda number: written(FIRST_DAY + timedelta(days=number), dates))
    if column.codes:
        return st.sampled_from([str(code) for code in column.codes])
    if column.kind is int and column.lowest == 100_000:
        return st.sampled_from(URNS)
    if column.name == "upn":
        return st.sampled_from(UPNS)
    if column.kind in (int, float) and column.lowest is not None:
        lowest = int(column.lowest)
        return st.integers(lowest, min(int(column.highest or lowest + 9), lowest + 9)).map(str)
    if column.name in (*dataset.key, dataset.other_key) and column.example.isalnum() and column.kind is str:
        if column.name in ("academic_year", "characteristic"):
            return st.just(column.example)
        return st.integers(1, 9).map(lambda number: f"I{number}")
    return st.just(column.example)


def _is_data(row: tuple[str, ...]) -> bool:
    """Not a blank row, and not a totals row, which reading leaves out."""
    return next((cell for cell in row if cell.strip()), "Total") != "Total"


@st.composite
def files_of(
    draw: st.DrawFn, dataset: Dataset, *, faulty: int = 2, max_rows: int = 6, every_column: bool = False
) -> RandomFile:
    """Files with all required columns and some others, no key twice; up to `faulty` columns hold bad cells too."""
    dates = draw(st.sampled_from(DateFormat))
    optional = [name for name, column in dataset.columns.items() if not column.required and name not in dataset.key]
    chosen = optional if every_column else draw(st.lists(st.sampled_from(optional), unique=True, max_size=8))
    names = tuple(draw(st.permutations([*(name for name in dataset.columns if name not in optional), *chosen])))
    bad = draw(st.sets(st.sampled_from(names), max_size=faulty))
    cells = []
    for name in names:
        column = dataset.columns[name]
        kinds = [good_cells(dataset, column, dates)]
        kinds += [] if column.required else [st.just("")]
        kinds += [st.sampled_from(BAD)] if name in bad else []
        cells.append(st.one_of(*kinds))
    key = [names.index(name) for name in dataset.key]
    rows = st.lists(
        st.tuples(*cells).filter(_is_data),
        min_size=1,
        max_size=max_rows,
        unique_by=lambda row: tuple(row[at] for at in key),
    )
    return RandomFile(dataset, names, tuple(draw(rows)), dates)
