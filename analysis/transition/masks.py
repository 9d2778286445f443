"""What is hidden of small numbers of children at receiving schools."""

import numpy as np
import numpy.typing as npt

from analysis.hiding.disclosure import Mask, Table, protect


def hidden_by_school(parts: npt.NDArray[np.int64], threshold: int) -> Mask:
    """Which cells to hide of schools (rows) by two parts and their sum, where the sum of all schools is told."""
    table = np.vstack([np.column_stack([parts, parts.sum(axis=1)]), [*parts.sum(axis=0), parts.sum()]])
    parent = np.append(np.full(len(parts), len(parts)), -1)
    shown = np.zeros(table.shape, dtype=bool)
    shown[-1, -1] = True
    return protect(Table(table, parent, total=parts.shape[1], shown=shown), threshold)
