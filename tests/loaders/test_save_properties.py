"""Saving and undoing, thrown random files of every dataset: what was is what comes back, row for row."""

from typing import Any

from desk import Desk, fresh_desk
from hypothesis import assume, given
from hypothesis import strategies as st
from random_files import FEW, RandomFile, files_of

from data_model.catalogue import DATASETS
from loaders.save import NotSaved, Saved

NOTHING_TO_SAVE = ("Every row has an error", "already loaded", "nil return")
NAMES = st.sampled_from([*DATASETS, "suspensions", "suspensions", "permanent_exclusions"])


def load(desk: Desk, file: RandomFile, *, remove_gone: bool = False) -> Saved | None:
    """The good rows saved; None where there is none, or the file would change nothing."""
    try:
        return desk.load(file.dataset.name, file.text, good_rows=True, accept_queries=True, remove_gone=remove_gone)
    except NotSaved as reason:
        assert any(words in str(reason) for words in NOTHING_TO_SAVE), reason
        return None


@st.composite
def corrected(draw: st.DrawFn, file: RandomFile) -> RandomFile:
    """The same file with some rows left out, and in some of the others one cell as it is in another row, or blank."""
    kept = [row for row in file.rows if draw(st.integers(0, 3))]
    rows = []
    for row in kept:
        at = draw(st.integers(0, len(row) - 1))
        cell = draw(st.sampled_from([row[at], "", *(other[at] for other in file.rows)]))
        rows.append((*row[:at], cell, *row[at + 1 :]))
    assume(rows)
    return file.with_rows(rows)


@FEW
@given(data=st.data(), name=NAMES, remove_gone=st.booleans())
def test_undoing_in_turn_brings_every_state_back(data: st.DataObject, name: str, remove_gone: bool) -> None:
    first = data.draw(files_of(DATASETS[name]))
    second = data.draw(corrected(first))
    third = data.draw(files_of(DATASETS[name]))
    with fresh_desk() as desk:
        states = [desk.digest()]
        saved = []
        for file in (first, second, third):
            done = load(desk, file, remove_gone=remove_gone)
            if done:
                saved.append(done)
                states.append(desk.digest())
        for done in reversed(saved):
            assert desk.digest() == states.pop()
            desk.undo(done.upload_id)
        assert desk.digest() == states.pop()


@FEW
@given(data=st.data(), name=NAMES)
def test_what_is_saved_is_what_was_accepted(data: st.DataObject, name: str) -> None:
    file = data.draw(files_of(DATASETS[name]))
    with fresh_desk() as desk:
        before = len(desk.rows(name))
        report = desk.check(name, file.text)
        saved = load(desk, file)
        assume(saved)
        assert saved
        accepted = [row for row in range(report.rows) if not report.rejected_rows[row]]
        assert len(accepted) == saved.new + saved.changed + saved.unchanged
        mine = {key_of(name, row): row for row in desk.rows(name) if row["upload_id"] == saved.upload_id}
        assert len(desk.rows(name)) == before + saved.new
        for row in accepted:
            cells = {column: judged.values[judged.place[row]] for column, judged in report.columns.items()}
            stored = mine.get(key_of(name, cells))
            assert stored is None or cells.items() <= stored.items()
            assert stored is not None or saved.unchanged
        assert [upload["rows_accepted"] for upload in desk.uploads()][-1] == len(accepted)


def key_of(name: str, cells: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(cells[part] for part in DATASETS[name].key)


@FEW
@given(data=st.data(), name=NAMES)
def test_the_same_file_again_changes_nothing(data: st.DataObject, name: str) -> None:
    file = data.draw(files_of(DATASETS[name]))
    with fresh_desk() as desk:
        assume(load(desk, file))
        before, uploads = desk.digest(), desk.uploads()
        assert load(desk, file) is None
        assert (desk.digest(), desk.uploads()) == (before, uploads)
        again = load(desk, file.with_rows([*file.rows[1:], file.rows[0]]))
        assert again is None or (again.new, again.changed) == (0, 0)
        assert desk.digest() == before


@FEW
@given(data=st.data(), name=NAMES)
def test_columns_that_come_no_more_keep_what_is_saved(data: st.DataObject, name: str) -> None:
    dataset = DATASETS[name]
    whole = data.draw(files_of(dataset, faulty=0, every_column=True))
    optional = [column for column, declared in dataset.columns.items() if not declared.required]
    dropped = data.draw(st.lists(st.sampled_from(optional), unique=True, min_size=1)) if optional else []
    with fresh_desk() as desk:
        assume(load(desk, whole))
        before = {key_of(name, row): row for row in desk.rows(name)}
        load(desk, whole.without(dropped))
        for key, row in before.items():
            now = next(found for found in desk.rows(name) if key_of(name, found) == key)
            assert {column: now[column] for column in dropped} == {column: row[column] for column in dropped}
