"""What is hidden of parts of a whole that is itself told."""

import numpy as np
import numpy.typing as npt

from analysis.hiding.disclosure import Mask, Table, protect, small


def hidden_parts(parts: npt.NDArray[np.int64], threshold: int) -> Mask:
    """Which parts to hide, where what the parts of each row add up to is told: rows by parts.

    Where a row's own sum is small, all of it is hidden.
    """
    wholes = parts.sum(axis=1)
    table = np.column_stack([parts, wholes])
    shown = np.zeros(table.shape, dtype=bool)
    shown[:, -1] = ~small(wholes, threshold)
    hidden = protect(Table(table, np.full(len(parts), -1), total=parts.shape[1], shown=shown), threshold)[:, :-1]
    found: Mask = hidden | small(wholes, threshold)[:, None]
    return found
