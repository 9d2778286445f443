"""Small numbers: what is hidden cannot be worked out from what is shown, whoever looks and however they reckon."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pytest
from disclosure_attack import FREE, Attack
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.hiding.disclosure import Table, exposed, protect, small

THRESHOLD = 5


def with_sums(counts: np.ndarray, groups: list[int]) -> Table:
    """Counts (schools by terms) with the sums of their rows, of each group of rows, and of all groups."""
    groups_there = sorted(set(groups))
    within = [counts[[g == group for g in groups]].sum(axis=0) for group in groups_there]
    rows = np.vstack([counts, *within, counts.sum(axis=0)])
    top = len(rows) - 1
    places = {group: len(counts) + at for at, group in enumerate(groups_there)}
    parent = np.array([places[group] for group in groups] + [top] * len(groups_there) + [-1])
    return Table(np.hstack([rows, rows.sum(axis=1, keepdims=True)]), parent, total=counts.shape[1])


def attacked(table: Table, mask: np.ndarray, threshold: int = 0, veiled: Collection[int] = frozenset()) -> list[object]:
    """What can be worked out; with a threshold, by somebody who even knows which of the hidden cells are small."""
    attack, places = Attack(), {}
    for row, column in np.argwhere(mask):
        true = float(table.pupils[row, column])
        low, high = (1, threshold - 1) if true < threshold else (max(threshold, 1), FREE)
        low = 0 if row in veiled else low
        places[row, column] = attack.unknown((int(row), int(column)), true, low, high)

    def sum_of(whole: tuple[int, int], parts: list[tuple[int, int]]) -> None:
        known = sum(int(table.pupils[part]) for part in parts if part not in places)
        unknown = {places[part]: 1.0 for part in parts if part in places}
        if whole in places:
            unknown[places[whole]] = -1.0
        attack.says(unknown, (0 if whole in places else int(table.pupils[whole])) - known)

    rows, columns = table.pupils.shape
    for row in range(rows):
        sum_of((row, table.total), [(row, column) for column in range(columns) if column != table.total])
        parts = [part for part in range(rows) if table.parent[part] == row]
        if parts:
            for column in range(columns):
                sum_of((row, column), [(part, column) for part in parts])
    return attack.recovered()


@st.composite
def tables(draw: st.DrawFn, columns: int = 1, least: int = 0) -> Table:
    """Schools in phases by terms, many small and some of none; every school has at least `least` in all."""
    schools, terms = draw(st.integers(1, 9)), draw(st.integers(columns, 4))
    cell = st.one_of(st.integers(0, 6), st.integers(0, 60))
    counts = draw(st.lists(st.lists(cell, min_size=terms, max_size=terms), min_size=schools, max_size=schools))
    groups = draw(st.lists(st.integers(0, 2), min_size=schools, max_size=schools))
    table = np.array(counts)
    table[:, 0] += np.maximum(0, least - table.sum(axis=1))
    return with_sums(table, groups)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_no_hidden_count_can_be_worked_out(table: Table) -> None:
    mask = protect(table, THRESHOLD)
    assert not attacked(table, mask)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_nor_by_who_knows_which_are_the_small_ones_unless_that_was_said_to_be_so(table: Table) -> None:
    mask = protect(table, THRESHOLD)
    assert set(attacked(table, mask, THRESHOLD)) <= set(exposed(table, mask, THRESHOLD))


@settings(max_examples=60, deadline=None)
@given(tables())
def test_every_small_number_is_hidden_and_no_zero_is(table: Table) -> None:
    mask = protect(table, THRESHOLD)
    assert mask[small(table.pupils, THRESHOLD)].all()
    assert not mask[table.pupils == 0].any()


@settings(max_examples=60, deadline=None)
@given(tables())
def test_what_the_network_calls_exposed_is_what_a_linear_programme_recovers(table: Table) -> None:
    mask = small(table.pupils, THRESHOLD)
    assert set(attacked(table, mask)) <= set(exposed(table, mask, 0))


@settings(max_examples=50, deadline=None)
@given(tables())
def test_the_same_figures_are_hidden_every_time(table: Table) -> None:
    assert (protect(table, THRESHOLD) == protect(table, THRESHOLD)).all()


@settings(max_examples=60, deadline=None)
@given(tables(columns=2, least=THRESHOLD))
def test_nothing_is_recovered_where_the_totals_of_rows_are_public(table: Table) -> None:
    shown = np.zeros(table.pupils.shape, dtype=bool)
    shown[:, -1] = True
    mask = protect(replace(table, shown=shown), THRESHOLD)
    assert not mask[:, -1].any()
    veiled = {row for row, column in np.argwhere(mask) if table.pupils[row, column] == 0}
    assert not attacked(table, mask, veiled=veiled)


def test_five_cells_that_sum_to_a_public_five_hide_which_are_not_zero() -> None:
    shown = np.zeros((3, 4), dtype=bool)
    shown[:, -1] = True
    table = Table(np.array([[1, 1, 0, 2], [9, 8, 7, 24], [10, 9, 7, 26]]), np.array([2, 2, -1]), 3, shown)
    assert protect(table, THRESHOLD)[0].tolist() == [True, True, True, False]


def test_two_hidden_cells_that_sum_to_two_need_a_third() -> None:
    table = Table(np.array([[1], [1], [9], [30], [41]]), np.array([4, 4, 4, 4, -1]))
    assert protect(table, THRESHOLD)[:, 0].tolist() == [True, True, True, False, False]


def test_a_single_small_cell_takes_the_smallest_other_with_it() -> None:
    table = Table(np.array([[3], [40], [8], [0], [51]]), np.array([4, 4, 4, 4, -1]))
    assert protect(table, THRESHOLD)[:, 0].tolist() == [True, False, True, False, False]


def test_a_table_without_small_numbers_is_shown_whole() -> None:
    assert not protect(with_sums(np.array([[5, 6], [0, 9], [12, 0]]), [0, 0, 1]), THRESHOLD).any()


def test_a_small_sum_across_the_rows_is_no_more_told_than_a_cell() -> None:
    """Two phases of two districts each: with a phase hidden on either side, the first district would have 3 in all."""
    counts = np.array([[1], [20], [2], [30], [21], [32], [53]])
    table = Table(counts, np.array([4, 4, 5, 5, 6, 6, -1]), shown=np.array([[False]] * 6 + [[True]]))
    table = replace(table, worth=np.array([1, 99, 1, 99, 1, 1, 1]))
    assert protect(table, THRESHOLD)[:, 0].tolist() == [True, False, True, False, True, True, False]
    assert protect(replace(table, sums=((0, 2), (1, 3))), THRESHOLD)[:, 0].sum() > 4


def test_what_is_left_of_a_0_is_0_and_hides_nothing() -> None:
    shown = np.zeros((5, 4), dtype=bool)
    shown[:, -1] = True
    counts = np.array([[1, 0, 4, 5], [9, 0, 7, 16], [10, 0, 11, 21], [8, 9, 7, 24], [18, 9, 18, 45]])
    mask = protect(Table(counts, np.array([2, 2, 4, 4, -1]), 3, shown), THRESHOLD)
    assert mask[0].tolist() == [True, False, True, False]


def test_where_nothing_else_protects_a_cell_its_total_goes_too() -> None:
    table = Table(np.array([[3], [0], [3]]), np.array([2, 2, -1]))
    assert protect(table, THRESHOLD)[:, 0].tolist() == [True, False, True]


@pytest.mark.slow
@pytest.mark.parametrize("threshold", [3, 5, 10])
def test_a_thousand_random_tables_give_nothing_away(threshold: int) -> None:
    random = np.random.default_rng(threshold)
    for _ in range(400):
        schools, terms = random.integers(2, 40), random.integers(1, 5)
        counts = random.negative_binomial(0.6, 0.08, size=(schools, terms))
        table = with_sums(counts, random.integers(0, 3, schools).tolist())
        mask = protect(table, threshold)
        assert not attacked(table, mask)
        assert set(attacked(table, mask, threshold)) <= set(exposed(table, mask, threshold))
