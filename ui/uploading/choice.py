"""What the user says a file is: its kind, its term, and where it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analysis.wording import listed
from data_model.catalogue import DATASETS
from data_model.codes import Source
from data_model.dataset import Dataset
from data_model.settings import settings
from data_model.terms import Period, terms_between
from loaders.template import template
from ui import show
from ui.uploading.desk import desk

CASELOAD, PUBLISHED = "caseload_sheet", "published"
KIND = "upload kind"
_YEARS_BACK = 6
_OTHERS = {
    CASELOAD: (
        "Caseload spreadsheet (one row per child)",
        "The sheet that outreach teams keep, saved as CSV. Each row becomes a referral, and a case where work started",
    ),
    PUBLISHED: (
        "Published statistics",
        "Files as DfE and Get Information about Schools publish them: suspensions by school or by area, schools and "
        "their links, LA rates, statistical neighbours. Each is recognised by its header",
    ),
}


@dataclass(frozen=True)
class Choice:
    """What a file is said to be. `sender` is blank where nobody was named."""

    kind: str
    period: Period | None
    source: Source
    sender: str

    @property
    def dataset(self) -> Dataset:
        """The dataset, where the file is one."""
        return DATASETS[self.kind]


def ask() -> Choice | None:
    """Ask what the file is; None until its kind is chosen."""
    left, right = st.columns(2)
    kind = left.selectbox(
        "What is in the file?",
        [*DATASETS, *_OTHERS],
        format_func=title_of,
        index=None,
        placeholder="Choose what it holds",
        key=KIND,
        persist_state="session",
    )
    if kind is None:
        return None
    with right:
        period = _ask_period() if _dated(kind) else None
        sender = _ask_sender() if kind != PUBLISHED else ""
    source = _ask_source(left) if kind in DATASETS and DATASETS[kind].by_source else Source.NOTIFIED
    _describe(kind)
    return Choice(kind, period, source, sender)


def _ask_period() -> Period | None:
    return st.selectbox("Which term is it for?", _terms(), format_func=_term_title, key="upload term")


def _ask_source(place: st.delta_generator.DeltaGenerator) -> Source:
    return place.selectbox(
        "Where do the figures come from?",
        list(Source),
        format_func=lambda source: source.label,
        help="What schools notified and what the census says are kept side by side, so that they can be compared.",
        key="upload source",
        persist_state="session",
    )


def _ask_sender() -> str:
    sender = st.text_input(
        "Who sent it, or which system made it? (optional)",
        max_chars=60,
        placeholder="For example: Bromcom, Larkfield",
        help="Header names that you explain are remembered under this name, for the next file from there.",
        key="upload sender",
        persist_state="session",
    )
    return " ".join(sender.split())


def drop() -> UploadedFile | None:
    """Ask for the file."""
    most = settings().max_file_mb
    file: UploadedFile | None = st.file_uploader(
        "Drop the CSV file here",
        max_upload_size=most,
        key=f"upload file {desk().round}",
        help=f"At most {most} MB: send a larger file in parts, such as a year at a time, or use the command line.",
    )
    return file


def title_of(kind: str) -> str:
    """What a kind of file is called."""
    return _OTHERS[kind][0] if kind in _OTHERS else DATASETS[kind].title


def _describe(kind: str) -> None:
    if kind in _OTHERS:
        st.write(f"{_OTHERS[kind][1]}.")
        return
    dataset = DATASETS[kind]
    needed = listed([name for name, column in dataset.columns.items() if column.required])
    st.write(f"{dataset.plain}. It needs the columns {needed}; others may be there or not.")
    show.csv_file("Download the template", lambda: template(dataset), f"{kind}-template")


def _dated(kind: str) -> bool:
    return kind in DATASETS and DATASETS[kind].dated is not None


def _terms() -> Sequence[Period | None]:
    today = date.today()
    return [None, *reversed(list(terms_between(date(today.year - _YEARS_BACK, 8, 1), today)))]


def _term_title(period: Period | None) -> str:
    return period.label if period else "The terms that its rows fall in"
