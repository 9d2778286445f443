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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Cell = tuple[int, int]
Node = int
Arc = tuple[Node, int, bool]
Step = tuple[Node, int]

_NO_LIMIT = 1 << 60


def small(pupils: Whole, threshold: int) -> Mask:
    """Where there are pupils, but fewer than the threshold."""
    return (pupils > 0) & (pupils < threshold)


@dataclass(frozen=True, eq=False)
class Table:
    """Rows that may add up to other rows, by columns that may add up to one of them.

    `pupils` (rows by columns) are the pupils behind each cell. `parent` is the place of the row that a row is a part
    of, -1 for none; rows without parts are leaves. Along `total`, the place of a column, each row is the sum of its
    other columns; None where columns have nothing to do with each other. Cells in `shown` are public: never hidden. To
    hide a cell costs its pupils, `worth` times in each row. What the rows of each of `sums` have together is a figure
    too, which is no row. Of rows in `veiled` zeros are hidden too.
    """

    pupils: Whole
    parent: Whole
    total: int | None = None
    shown: Mask | None = None
    worth: Whole | None = None
    sums: tuple[tuple[int, ...], ...] = ()
    veiled: frozenset[int] = frozenset()

    @cached_property
    def leaves(self) -> Mask:
        """The rows that are not sums of others."""
        return ~np.isin(np.arange(len(self.parent)), self.parent)

    @cached_property
    def ends(self) -> list[tuple[Node, Node]]:
        """Of each cell the two equations it stands in, from where it is a part with a minus to where it has a plus.

        The first node closes the network: what no equation binds is joined to it.
        """
        rows, columns = self.pupils.shape
        of_row = 1 + np.arange(rows)
        of_column = 1 + rows + np.arange(rows * columns).reshape(rows, columns)
        above = np.where(self.parent[:, None] >= 0, of_column[self.parent], 0)
        alone = of_row if self.total is not None else np.zeros(rows, dtype=np.int64)
        own = np.where(self.leaves[:, None], alone[:, None], of_column)
        swapped = np.arange(columns) == (-1 if self.total is None else self.total)
        tails, heads = np.where(swapped, above, own), np.where(swapped, own, above)
        return list(zip(tails.ravel().tolist(), heads.ravel().tolist(), strict=True))

    @cached_property
    def beside(self) -> dict[Node, list[Arc]]:
        """Of each equation the cells in it, each with the equation at its other end and whether it is the tail."""
        found: dict[Node, list[Arc]] = defaultdict(list)
        for cell, (tail, head) in enumerate(self.ends):
            found[tail].append((head, cell, True))
            found[head].append((tail, cell, False))
        return found

    def may_change(self, hidden: Mask, threshold: int) -> tuple[Mask, Mask]:
        """Where one pupil more, and one fewer, would still look the same to whoever knows which cells are small.

        With a threshold of 0 they do not know it: all that a hidden cell says is that it is not 0.
        """
        pupils, few = self.pupils, self.pupils < threshold
        low = np.where(few, 1, threshold or 1)
        high = np.where(few, threshold - 1, _NO_LIMIT)
        veiled = np.isin(np.arange(len(pupils)), list(self.veiled))[:, None]
        low[veiled & (few | (threshold == 0))] = 0
        least, most = np.where(hidden, 0, pupils), np.where(hidden, _NO_LIMIT, pupils)
        below = self.parent >= 0
        high[below] = np.minimum(high[below], most[self.parent[below]])
        np.maximum.at(low, self.parent[below], least[below])
        if self.total is not None:
            parts = np.arange(pupils.shape[1]) != self.total
            high[:, parts] = np.minimum(high[:, parts], most[:, [self.total]])
            low[:, self.total] = np.maximum(low[:, self.total], least[:, parts].max(axis=1, initial=0))
        return pupils < high, pupils > low


def protect(table: Table, threshold: int, hide: Mask | None = None) -> Mask:
    """The cells to hide: the small ones and those in `hide`, and the fewest pupils' worth of others that protect them.

    Zeros are shown but where nothing else would do: if a school's five cells sum to a public five, each is one. Then
    its zeros are hidden too, and where even that does not protect a cell, every cell that is not public.
    """
    never = np.zeros(table.pupils.shape, dtype=bool) if table.shown is None else table.shown
    free = (table.pupils > 0) & ~never
    hidden = free & (small(table.pupils, threshold) | (hide if hide is not None else False))
    sums = _small_sums(table, threshold)
    for knows in (threshold, 0):
        _complete(table, hidden, free, knows, sums)
    veiled = frozenset(row for row, _ in exposed(table, hidden, 0) if table.leaves[row])
    if not veiled:
        return hidden
    rows = np.isin(np.arange(len(free)), list(veiled))[:, None]
    # A part of a sum that is 0 is 0 too, and nothing hides that.
    rows = rows & ((table.parent < 0)[:, None] | (table.pupils[table.parent] > 0)) & ~never
    free = free | rows
    hidden |= rows
    table = replace(table, veiled=veiled)
    _complete(table, hidden, free, 0, sums)
    return ~never if exposed(table, hidden, 0) else hidden


def _small_sums(table: Table, threshold: int) -> list[list[Cell]]:
    """The cells of each sum that is small and no cell."""
    columns = range(table.pupils.shape[1])
    parts = [[(row, at) for row in rows if table.pupils[row, at]] for rows in table.sums for at in columns]
    return [cells for cells in parts if len(cells) > 1 and sum(int(table.pupils[cell]) for cell in cells) < threshold]


def _complete(table: Table, hidden: Mask, free: Mask, knows: int, sums: list[list[Cell]]) -> None:
    """Hides what protects the hidden cells and the small sums of some, as far as anything does."""
    more = True
    while more:
        before = hidden.copy()
        # What is hidden for one leaves the others as free as they were, or freer: so one look does for all of them.
        for cells in [*([cell] for cell in exposed(table, hidden, knows)), *sums]:
            for each in _cheapest_cycle(table, cells, hidden, free, knows):
                hidden[each] = True
        more = bool((hidden != before).any())


def exposed(table: Table, hidden: Mask, threshold: int) -> list[Cell]:
    """The hidden cells whose number of pupils can be worked out, the fewest pupils first."""
    network = _Network(table, hidden, threshold)
    columns = hidden.shape[1]
    found = [divmod(cell, columns) for cell in network.cells if not network.is_on_cycle(cell)]
    return sorted(found, key=lambda cell: (int(table.pupils[cell]), cell))


class _Network:
    """The hidden cells of a table, each an arc in the directions in which it may change."""

    def __init__(self, table: Table, hidden: Mask, threshold: int) -> None:
        self.ends = table.ends
        self.cells: list[int] = np.flatnonzero(hidden).tolist()
        self.onward: dict[Node, list[Node]] = defaultdict(list)
        more, fewer = (may.ravel() for may in table.may_change(hidden, threshold))
        self.moving: list[int] = np.flatnonzero(hidden.ravel() & (more | fewer)).tolist()
        for cell in self.moving:
            tail, head = self.ends[cell]
            if more[cell]:
                self.onward[tail].append(head)
            if fewer[cell]:
                self.onward[head].append(tail)

    def is_on_cycle(self, cell: int) -> bool:
        """Whether a pupil could be moved through this cell and back to where they were, by hidden cells alone.

        A strongly connected network has a strongly connected orientation of those of its arcs that go either way,
        unless one of them is a bridge (F. Boesch and R. Tindell, American Mathematical Monthly 87(9), 1980).
        """
        tail, head = self.ends[cell]
        return cell in self._moving and (tail == head or (self._are_joined(tail, head) and cell not in self._bridges))

    @cached_property
    def _moving(self) -> frozenset[int]:
        return frozenset(self.moving)

    def _are_joined(self, tail: Node, head: Node) -> bool:
        return self._component.get(tail, -1) == self._component.get(head, -2)

    @cached_property
    def _component(self) -> dict[Node, int]:
        """The strongly connected component of each node (Kosaraju)."""
        back: dict[Node, list[Node]] = defaultdict(list)
        for node, heads in self.onward.items():
            for head in heads:
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
                node, heads = walk[-1]
                ahead = next((head for head in heads if head not in seen), None)
                if ahead is None:
                    finished.append(node)
                    walk.pop()
                else:
                    seen.add(ahead)
                    walk.append((ahead, iter(self.onward.get(ahead, ()))))
        return finished

    @cached_property
    def _bridges(self) -> set[int]:
        """The cells without which their component would fall apart (Tarjan), directions left aside."""
        beside: dict[Node, list[tuple[Node, int]]] = defaultdict(list)
        for cell in self.moving:
            tail, head = self.ends[cell]
            if tail != head and self._are_joined(tail, head):
                beside[tail].append((head, cell))
                beside[head].append((tail, cell))
        place: dict[Node, int] = {}
        lowest: dict[Node, int] = {}
        bridges: set[int] = set()
        for root in list(beside):
            if root in place:
                continue
            place[root] = lowest[root] = len(place)
            walk: list[tuple[Node, int | None, list[tuple[Node, int]]]] = [(root, None, list(beside[root]))]
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


def _cheapest_cycle(table: Table, cells: list[Cell], hidden: Mask, free: Mask, threshold: int) -> list[Cell]:
    """The cells of the cycle through one alone of some hidden cells that hides the fewest pupils more.

    None where there is no cycle. Along it their sum can have another value.
    """
    more, fewer = table.may_change(hidden, threshold)
    free = free.copy()
    free[tuple(zip(*cells, strict=True))] = False
    # Once a cell is hidden its sums may be too.
    forward, backward = ((may & free).ravel().tolist() for may in (more | ~hidden, fewer))
    cost = np.where(hidden, 0, table.pupils * (1 if table.worth is None else table.worth[:, None])).ravel().tolist()

    def onward(node: Node) -> Iterator[tuple[int, Node, int]]:
        for other, through, is_tail in table.beside[node]:
            if (forward if is_tail else backward)[through]:
                yield cost[through], other, through

    ways = []
    for cell in cells:
        tail, head = table.ends[cell[0] * hidden.shape[1] + cell[1]]
        ways += [_shortest(onward, head, tail)] if more[cell] else []
        ways += [_shortest(onward, tail, head)] if fewer[cell] else []
    found = [way for way in ways if way]
    return [divmod(each, hidden.shape[1]) for each in min(found)[1]] if found else []


def _shortest(
    onward: Callable[[Node], Iterable[tuple[int, Node, int]]], start: Node, end: Node
) -> tuple[tuple[int, int], list[int]] | None:
    """The cheapest way from node to node, then the one of fewest cells: its cost and cells; None without any."""
    came: dict[Node, Step] = {}
    waiting: list[tuple[int, int, Node, Step]] = [(0, 0, start, (start, -1))]
    while waiting:
        cost, steps, node, by = heapq.heappop(waiting)
        if node in came:
            continue
        came[node] = by
        if node == end:
            return (cost, steps), _back(came, start, end)
        for more, head, cell in onward(node):
            if head not in came:
                heapq.heappush(waiting, (cost + more, steps + 1, head, (node, cell)))
    return None


def _back(came: dict[Node, Step], start: Node, node: Node) -> list[int]:
    cells = []
    while node != start:
        node, cell = came[node]
        cells.append(cell)
    return cells
