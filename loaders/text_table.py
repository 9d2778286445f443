"""A file as a table of text: nothing judged, nothing changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from loaders.issues import Issue


@dataclass(frozen=True)
class TextTable:
    """Every cell of a file as text, by column, with the file line that each row starts on.

    `columns[i]` holds the cells under `headers[i]` as dictionary-encoded text (int32 indices into the distinct
    values): no nulls, a blank cell is the empty string, and no cell is trimmed or re-cased. All have `len(lines)` rows.
    `broken` is true for rows whose shape is wrong (too few or too many cells, an unclosed quote): their cells are
    not to be trusted, and `issues` says why, one or more for each. `is_correction` is true for a file of rows of an
    earlier file that were put right: that a row is not in it says nothing. `is_typed` is true for rows that somebody
    typed on a page: they are no school's return for a term. `instead_of` has, by its place here, the key as it is
    saved of the row that a row takes the place of.
    """

    name: str
    headers: tuple[str, ...]
    columns: tuple[pa.DictionaryArray, ...]
    lines: npt.NDArray[np.int64]
    broken: npt.NDArray[np.bool_]
    encoding: str
    delimiter: str
    header_line: int
    issues: tuple[Issue, ...] = ()
    notes: tuple[str, ...] = ()
    is_correction: bool = False
    is_typed: bool = False
    instead_of: Mapping[int, tuple[Any, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def safe_name(self) -> str:
        """The file's own name without folders, shortened to 120 characters."""
        return PurePath(self.name.replace("\\", "/")).name[-120:]
