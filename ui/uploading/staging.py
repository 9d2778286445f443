"""The file in hand, read and checked once: never again on a rerun that changes nothing about it.

Keys are the number of the browser's upload and what was chosen; what the user typed goes in as a fingerprint.
"""

import hashlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data_model.codes import Source
from data_model.dataset import Dataset
from data_model.settings import settings
from data_model.store import current_version, database, reading
from data_model.terms import Period
from loaders.correct import with_cells
from loaders.files import Checked, check_table, read_file, sha256_of
from loaders.issues import Unreadable
from loaders.report import Progress
from loaders.text_table import TextTable
from ui import who
from ui.uploading.desk import Cell

T = TypeVar("T")
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class FileInHand:
    """A file as it was read, or the sentence that refuses it."""

    file_id: str
    sha256: str
    table: TextTable | None
    refusal: str = ""


def read(file: UploadedFile) -> FileInHand:
    """The file as a table of text, or why it is none."""
    return _read(file.file_id, file)


@st.cache_resource(scope="session", max_entries=1, show_spinner="Reading the file…")
def _read(file_id: str, _file: UploadedFile) -> FileInHand:
    content = _file.getvalue()
    try:
        table = read_file(content, _file.name, max_bytes=settings().max_file_mb * MEGABYTE)
    except Unreadable as refusal:
        return FileInHand(file_id, "", None, str(refusal))
    return FileInHand(file_id, sha256_of(content), table)


def check(
    file: FileInHand,
    dataset: Dataset,
    period: Period | None,
    source: Source,
    headers: Mapping[str, str],
    edits: Mapping[Cell, str],
) -> Checked:
    """The file, with its mended cells, against a dataset and what is saved now."""
    table = file.table
    assert table is not None, "a refused file is not checked"
    scope = who.person().loads_for
    question = ("dataset", file.file_id, dataset.name, period, source, fingerprint(headers), fingerprint(edits), scope)

    def work(progress: Progress) -> Checked:
        mended = with_cells(table, edits)
        return check_table(
            database(),
            mended,
            file.sha256,
            dataset,
            scope=scope,
            period=period,
            source=source,
            headers=headers,
            progress=progress,
        )

    return once(question, work)


def once(question: tuple[Hashable, ...], work: Callable[[Progress], T]) -> T:
    """What `work` returns, done again only where the question or the saved data changed; a bar shows how far it is."""
    with reading(database()) as connection:
        version = current_version(connection)
    answer = _place_for(hashlib.sha256(repr((version, question)).encode()).hexdigest())
    if not answer:
        bar = st.progress(0.0, "Checking…")
        answer.append(work(lambda done, doing: cast(None, bar.progress(done, f"{doing}…"))))
        bar.empty()
    return cast(T, answer[0])


# Streamlit does not let a cached function draw on a bar that stands outside it: the place is cached, and filled here.
@st.cache_resource(scope="session", max_entries=1, show_spinner=False)
def _place_for(question: str) -> list[Any]:
    return []


def fingerprint(choices: Mapping[Any, str]) -> str:
    """Text that is the same for the same choices and tells nothing about them."""
    return hashlib.sha256(repr(sorted(choices.items())).encode()).hexdigest()
