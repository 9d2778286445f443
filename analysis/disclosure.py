"""Which figures to hide so that no small number of pupils can be seen, or worked out from what is still shown.

A table with its margins is a network: each equation (a total is the sum of its parts) is a node, and each cell joins
the two equations that it stands in. A hidden cell can have another value exactly where it lies on a cycle of hidden
cells, along which one pupil can be moved without any shown figure changing (D. Gusfield, A graph theoretic approach to
statistical data security, SIAM Journal on Computing 17(3), 1988). That is exact, whole numbers and bounds included,
and takes one walk through the network where a linear programme would be solved for each cell; the tests attack the
outcome with linear programmes all the same.

Whoever looks is taken to know all this, the threshold, that zeros are shown, and as far as that can be withstood even
which of the hidden cells are the small ones. (It cannot where, say, a whole authority has four pupils in four cells.)
"""

import heapq
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Cell = tuple[int, int]
Node = tuple[str, int, int]
Arc = tuple[Node, Cell]
Way = tuple[int, Node, Cell]

_NO_LIMIT = 1 << 60
_OUTSIDE: Node = ("outside", 0, 0)
"""The node that closes the network: what no equation binds is joined to it."""


def small(pupils: Whole, threshold: int) -> Mask:
    """Where there are pupils, but fewer than the threshold."""
    return (pupils > 0) & (pupils < threshold)


@dataclass(frozen=True, eq=False)
class Table:
    """Rows that may add up to other rows, by columns that may add up to one of them.

    `pupils` (rows by columns) are the pupils behind each cell. `parent` is the place of the row that a row is a part
    of, -1 for none; rows without parts are leaves. Along `total`, the place of a column, each row is the sum of its
    other columns; None where columns have nothing to do with each other. Cells in `shown` are public: never hidden. Of
    rows in `veiled` zeros are hidden too.
    """

    pupils: Whole
    parent: Whole
    total: int | None = None
    shown: Mask | None = None
    veiled: frozenset[int] = frozenset()

    @cached_property
    def leaves(self) -> Mask:
        """The rows that are not sums of others."""
        return ~np.isin(np.arange(len(self.parent)), self.parent)

    def ends(self, cell: Cell) -> tuple[Node, Node]:
        """The two equations that a cell stands in, from where it is a part with a minus to where it has a plus."""
        row, column = cell
        above: Node = ("column", int(self.parent[row]), column) if self.parent[row] >= 0 else _OUTSIDE
        if self.leaves[row]:
            own: Node = ("row", row, 0) if self.total is not None else _OUTSIDE
        else:
            own = ("column", row, column)
        return (above, own) if column == self.total else (own, above)

    def may_change(self, cell: Cell, hidden: Mask, threshold: int) -> tuple[bool, bool]:
        """Whether one pupil more, and one fewer, would still look the same to whoever knows which cells are small.

        With a threshold of 0 they do not know it: all that a hidden cell says is that it is not 0.
        """
        row, column = cell
        pupils = int(self.pupils[cell])
        low, high = (1, threshold - 1) if pupils < threshold else (threshold or 1, _NO_LIMIT)
        if row in self.veiled and (not threshold or pupils < threshold):
            low = 0
        for above in self._sums_of(cell):
            if not hidden[above]:
                high = min(high, int(self.pupils[above]))
        if column == self.total:
            low = max(low, self._most_shown(self.pupils[row], hidden[row], column))
        if not self.leaves[row]:
            parts = self.parent == row
            low = max(low, int(np.max(self.pupils[parts, column], initial=0, where=~hidden[parts, column])))
        return pupils < high, pupils > low

    def _sums_of(self, cell: Cell) -> list[Cell]:
        row, column = cell
        sums = [(int(self.parent[row]), column)] if self.parent[row] >= 0 else []
        return [*sums, (row, self.total)] if self.total is not None and column != self.total else sums

    @staticmethod
    def _most_shown(pupils: Whole, hidden: Mask, total: int) -> int:
        parts = ~hidden
        parts[total] = False
        return int(np.max(pupils, initial=0, where=parts))


def protect(table: Table, threshold: int, hide: Mask | None = None) -> Mask:
    """The cells to hide: the small ones and those in `hide`, and the fewest pupils' worth of others that protect them.

    Zeros are shown but where nothing else would do: if a school's five cells sum to a public five, each is one. Then
    its zeros are hidden too, and where even that does not protect a cell, every cell that is not public.
    """
    never = np.zeros(table.pupils.shape, dtype=bool) if table.shown is None else table.shown
    free = (table.pupils > 0) & ~never
    hidden = free & (small(table.pupils, threshold) | (hide if hide is not None else False))
    for knows in (threshold, 0):
        _complete(table, hidden, free, knows)
    veiled = frozenset(row for row, _ in exposed(table, hidden, 0) if table.leaves[row])
    if not veiled:
        return hidden
    rows = np.isin(np.arange(len(free)), list(veiled))
    free = (free | rows[:, None]) & ~never
    hidden |= rows[:, None] & ~never
    table = replace(table, veiled=veiled)
    _complete(table, hidden, free, 0)
    return ~never if exposed(table, hidden, 0) else hidden


def _complete(table: Table, hidden: Mask, free: Mask, knows: int) -> None:
    """Hides what protects the hidden cells, as far as anything does."""
    while cycle := _next_cycle(table, hidden, free, knows):
        for cell in cycle:
            hidden[cell] = True


def _next_cycle(table: Table, hidden: Mask, free: Mask, knows: int) -> list[Cell]:
    """What to hide next: the cycle of the first exposed cell that has one; none where all that can be is protected."""
    found = exposed(table, hidden, knows)
    return next((cycle for cell in found if (cycle := _cheapest_cycle(table, cell, hidden, free, knows))), [])


def exposed(table: Table, hidden: Mask, threshold: int) -> list[Cell]:
    """The hidden cells whose number of pupils can be worked out, the fewest pupils first."""
    network = _Network(table, hidden, threshold)
    found = [cell for cell in network.cells if not network.is_on_cycle(cell)]
    return sorted(found, key=lambda cell: (int(table.pupils[cell]), cell))


class _Network:
    """The hidden cells of a table, each an arc in the directions in which it may change."""

    def __init__(self, table: Table, hidden: Mask, threshold: int) -> None:
        self.table = table
        self.cells: list[Cell] = [(int(row), int(column)) for row, column in np.argwhere(hidden)]
        self.onward: dict[Node, list[Arc]] = defaultdict(list)
        self.either_way: set[Cell] = set()
        for cell in self.cells:
            tail, head = table.ends(cell)
            more, fewer = table.may_change(cell, hidden, threshold)
            if more:
                self.onward[tail].append((head, cell))
            if fewer:
                self.onward[head].append((tail, cell))
            if more and fewer:
                self.either_way.add(cell)
        self.moving = {cell for arcs in self.onward.values() for _, cell in arcs}

    def is_on_cycle(self, cell: Cell) -> bool:
        """Whether a pupil could be moved through this cell and back to where they were, by hidden cells alone.

        A strongly connected network has a strongly connected orientation of those of its arcs that go either way,
        unless one of them is a bridge (F. Boesch and R. Tindell, American Mathematical Monthly 87(9), 1980).
        """
        tail, head = self.table.ends(cell)
        joined = self._component.get(tail, -1) == self._component.get(head, -2)
        return cell in self.moving and (tail == head or (joined and cell not in self._bridges))

    @cached_property
    def _component(self) -> dict[Node, int]:
        """The strongly connected component of each node (Kosaraju)."""
        back: dict[Node, list[Node]] = defaultdict(list)
        for node, arcs in self.onward.items():
            for head, _ in arcs:
                back[head].append(node)
        found: dict[Node, int] = {}
        for number, root in enumerate(reversed(self._finished())):
            waiting = [] if root in found else [root]
            while waiting:
                node = waiting.pop()
                if node not in found:
                    found[node] = number
                    waiting += back[node]
        return found

    def _finished(self) -> list[Node]:
        """Every node in the order in which a walk in depth leaves it."""
        seen: set[Node] = set()
        finished = []
        for root in list(self.onward):
            walk = [(root, iter(self.onward.get(root, ())))] if root not in seen else []
            seen.add(root)
            while walk:
                node, arcs = walk[-1]
                ahead = next((head for head, _ in arcs if head not in seen), None)
                if ahead is None:
                    finished.append(node)
                    walk.pop()
                else:
                    seen.add(ahead)
                    walk.append((ahead, iter(self.onward.get(ahead, ()))))
        return finished

    @cached_property
    def _bridges(self) -> set[Cell]:
        """The cells without which their component would fall apart (Tarjan), directions left aside."""
        beside: dict[Node, list[Arc]] = defaultdict(list)
        for cell in sorted(self.moving):
            tail, head = self.table.ends(cell)
            if tail != head and self._component.get(tail, -1) == self._component.get(head, -2):
                beside[tail].append((head, cell))
                beside[head].append((tail, cell))
        place: dict[Node, int] = {}
        lowest: dict[Node, int] = {}
        bridges: set[Cell] = set()
        for root in list(beside):
            if root in place:
                continue
            place[root] = lowest[root] = len(place)
            walk: list[tuple[Node, Cell | None, list[Arc]]] = [(root, None, list(beside[root]))]
            while walk:
                node, came_by, arcs = walk[-1]
                if not arcs:
                    walk.pop()
                    if walk and came_by is not None:
                        before = walk[-1][0]
                        lowest[before] = min(lowest[before], lowest[node])
                        if lowest[node] > place[before]:
                            bridges.add(came_by)
                    continue
                head, cell = arcs.pop()
                if cell == came_by:
                    continue
                if head in place:
                    lowest[node] = min(lowest[node], place[head])
                else:
                    place[head] = lowest[head] = len(place)
                    walk.append((head, cell, list(beside[head])))
        return bridges


def _cheapest_cycle(table: Table, cell: Cell, hidden: Mask, free: Mask, threshold: int) -> list[Cell]:
    """The cells of the cycle through a hidden cell that hides the fewest pupils more; none where there is no cycle."""
    onward: dict[Node, list[Way]] = defaultdict(list)
    for row, column in np.argwhere(free):
        other = (int(row), int(column))
        if other == cell:
            continue
        tail, head = table.ends(other)
        more, fewer = table.may_change(other, hidden, threshold)
        more |= not hidden[other]  # once it is hidden, its sums may be too
        cost = 0 if hidden[other] else int(table.pupils[other])
        if more:
            onward[tail].append((cost, head, other))
        if fewer:
            onward[head].append((cost, tail, other))
    tail, head = table.ends(cell)
    more, fewer = table.may_change(cell, hidden, threshold)
    ways = ([_shortest(onward, head, tail)] if more else []) + ([_shortest(onward, tail, head)] if fewer else [])
    found = [way for way in ways if way]
    return min(found)[1] if found else []


def _shortest(onward: dict[Node, list[Way]], start: Node, end: Node) -> tuple[tuple[int, int], list[Cell]] | None:
    """The cheapest way from node to node, then the one of fewest cells: its cost and cells; None without any."""
    came: dict[Node, tuple[Node, Cell] | tuple[()]] = {}
    waiting: list[tuple[int, int, Node, tuple[Node, Cell] | tuple[()]]] = [(0, 0, start, ())]
    while waiting:
        cost, steps, node, by = heapq.heappop(waiting)
        if node in came:
            continue
        came[node] = by
        if node == end:
            return (cost, steps), _back(came, by)
        for more, head, cell in onward.get(node, ()):
            if head not in came:
                heapq.heappush(waiting, (cost + more, steps + 1, head, (node, cell)))
    return None


def _back(came: dict[Node, tuple[Node, Cell] | tuple[()]], by: tuple[Node, Cell] | tuple[()]) -> list[Cell]:
    cells = []
    while by:
        cells.append(by[1])
        by = came[by[0]]
    return cells
