"""What somebody could work out from a table with hidden cells: linear programmes, which know nothing of our method."""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

FREE = 1e9


@dataclass
class Attack:
    """Unknown whole numbers with their bounds and the equations and inequalities between them.

    `values` are the true ones: an attack that contradicts them is a wrong attack.
    """

    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    names: list[object] = field(default_factory=list)
    equal: list[tuple[dict[int, float], float]] = field(default_factory=list)
    at_most: list[tuple[dict[int, float], float]] = field(default_factory=list)

    def unknown(self, name: object, true: float, low: float, high: float = FREE) -> int:
        """A number that is not shown, by its place."""
        assert low <= true <= high, f"{name}: what the attacker believes is false"
        for part, what in ((self.low, low), (self.high, high), (self.values, true), (self.names, name)):
            part.append(what)
        return len(self.values) - 1

    def says(self, parts: dict[int, float], number: float) -> None:
        """The sum of unknowns, each with its sign, is this number."""
        if parts:
            assert abs(sum(sign * self.values[at] for at, sign in parts.items()) - number) < 1e-6, "a false equation"
            self.equal.append((parts, number))

    def is_at_most(self, parts: dict[int, float], number: float) -> None:
        """The sum of unknowns, each with its sign, is not over this number."""
        if parts:
            assert sum(sign * self.values[at] for at, sign in parts.items()) <= number + 1e-6, "a false inequality"
            self.at_most.append((parts, number))

    def recovered(self) -> list[object]:
        """The names of the unknowns that can have one value only."""
        if not self.values:
            return []
        solved = self._solver()
        random = np.random.default_rng(1)
        seen_low = np.array(self.values, dtype=float)
        seen_high = seen_low.copy()
        for _ in range(6):  # points at random corners show most of them free at once
            found = solved(random.normal(size=len(self.values)))
            seen_low, seen_high = np.minimum(seen_low, found), np.maximum(seen_high, found)
        certain = []
        for at in np.flatnonzero(seen_high - seen_low < 0.5):
            goal = np.zeros(len(self.values))
            goal[at] = 1
            if solved(-goal)[at] - solved(goal)[at] < 0.5:
                certain.append(self.names[at])
        return certain

    def _solver(self):  # type: ignore[no-untyped-def]
        sums, numbers = self._matrix(self.equal)
        most, limits = self._matrix(self.at_most)

        def solved(goal: np.ndarray) -> np.ndarray:
            bounds = list(zip(self.low, self.high, strict=True))
            found = linprog(goal, A_ub=most, b_ub=limits, A_eq=sums, b_eq=numbers, bounds=bounds, method="highs")
            assert found.status == 0, found.message
            return np.asarray(found.x)

        return solved

    def _matrix(self, rows: list[tuple[dict[int, float], float]]):  # type: ignore[no-untyped-def]
        if not rows:
            return None, None
        entries = [(line, at, sign) for line, (parts, _) in enumerate(rows) for at, sign in parts.items()]
        lines, places, signs = zip(*entries, strict=True)
        shape = (len(rows), len(self.values))
        return csr_matrix((signs, (lines, places)), shape=shape), np.array([number for _, number in rows])
