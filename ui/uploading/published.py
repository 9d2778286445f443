"""Published statistics: recognised by their header, and loaded at the press of a button."""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from access.roles import Permission
from analysis.wording import counted, listed
from data_model.reference import local_authorities
from data_model.settings import settings
from data_model.severity import Severity
from data_model.store import database
from loaders.issues import Unreadable
from loaders.published import Kind, PublishedReport, load_published, recognise
from loaders.published.kinds import KNOWN_HEADERS
from loaders.read import read
from loaders.save import NotSaved
from loaders.upload_record import Sender
from ui import cached, text, who
from ui.uploading.desk import Said, desk, finish
from ui.uploading.differences import PLACES
from ui.uploading.staging import MEGABYTE


def handle(file: UploadedFile) -> None:
    """Say which publication a file is, and load it at the press of a button."""
    found = _recognised(file.file_id, file)
    st.header("What was found", anchor=False)
    if isinstance(found, str):
        st.error(text.plain(found))
        return
    kind, rows = found
    st.success(f"{kind.title}: {counted(rows, 'row')}.", icon=":material/check:")
    st.write("It is loaded as published, and replaces what is loaded of the same places and periods.")
    la_codes = _ask_authorities() if kind.name == "gias_schools" else []
    if st.button(f"Load {counted(rows, 'row')}", type="primary", key=f"upload published {desk().file_id}"):
        who.require(Permission.SAVE_UPLOADS)
        _load(file, la_codes)


@st.cache_resource(scope="session", max_entries=1, show_spinner="Reading the file…")
def _recognised(file_id: str, _file: UploadedFile) -> tuple[Kind, int] | str:
    """The kind of publication and its number of rows, or the sentence that refuses the file."""
    try:
        table = read(
            _file.getvalue(),
            _file.name,
            known_headers=KNOWN_HEADERS,
            max_bytes=settings().max_file_mb * MEGABYTE,
            repeated_headers=True,
            totals_are_data=True,
        )
        return recognise(table.headers), len(table)
    except Unreadable as refusal:
        return str(refusal)


def _ask_authorities() -> list[int]:
    names = {code: authority.name for code, authority in local_authorities().items()}
    return st.multiselect(
        "Keep the schools of these local authorities (none chosen: all in the file)",
        list(names),
        default=sorted(cached.scope().la_codes & names.keys()),
        format_func=names.__getitem__,
        key=f"upload authorities {desk().file_id}",
    )


def _load(file: UploadedFile, la_codes: Sequence[int]) -> None:
    try:
        with st.spinner("Loading…"):
            report = load_published(database(), file.getvalue(), file.name, Sender.of(who.person()), la_codes=la_codes)
    except (Unreadable, NotSaved) as refusal:
        st.error(text.plain(refusal))
        return
    finish(Said("success" if report.accepted else "error", sentence(report), PLACES if report.accepted else ()))


def sentence(report: PublishedReport) -> str:
    """What loading a published file did, in words."""
    if report.already_loaded:
        return f"This file is already loaded, as upload {report.upload_id}. Nothing was changed."
    errors = [issue for issue in report.issues if issue.severity is Severity.ERROR]
    refused = f" {counted(report.rejected, 'row')} could not be read." if report.rejected else ""
    first = f" Line {errors[0].line}: {errors[0].message}" if errors and errors[0].line else ""
    if report.upload_id is None:
        return f"Nothing was loaded.{refused}{first}"
    numbers = ((report.new, "added"), (report.changed, "changed"), (report.unchanged, "already there"))
    done = listed([f"{counted(number, 'row')} {what}" for number, what in numbers if number])
    return f"Loaded as upload {report.upload_id}: {done}.{refused}{first}"
