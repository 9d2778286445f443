"""The files so far, what people typed on a page apart from them, and taking one of them back."""

from collections import Counter

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis.wording import counted, listed
from data_model.catalogue import DATASETS
from data_model.schools import SCHOOLS
from data_model.store import database
from data_model.terms import Period
from loaders.history import PastUpload, has_sample, past_uploads
from loaders.published import KINDS
from loaders.save import NotSaved
from loaders.undo import remove_sample, undo
from loaders.upload_record import Sender
from ui import show, text, who
from ui.clock import day, moment
from ui.uploading.desk import Said, tell
from ui.uploading.differences import PLACES

_MOST = 200
_COLUMNS = {
    "number": "Upload",
    "when": "When",
    "who": "Who",
    "what": "What",
    "file": "File",
    "rows": "Rows saved",
    "left_out": "Left out",
    "period": "Terms",
    "state": "Now",
}
_SAMPLE, _PUBLISHED = "The fictional local authority", "Published statistics"
_ENTRIES = {"day": "Day", "who": "Who", "what": "What", "entries": "Entries", "undone": "Of these undone"}
_ENTRY = {"number": "Number", "when": "When", "what": "What", "state": "Now"}
_Row = tuple[str, str, str, str, str, int, int, str, str]


def show_uploads() -> None:
    """Show the uploads so far; let those who may take one back, or remove the fictional LA."""
    st.header("Uploads so far", anchor=False)
    uploads = past_uploads(database(), who.person().loads_for, _MOST)
    if not uploads:
        st.write("Nothing has been loaded yet. Start with the schools file: every other file names schools.")
    else:
        _show_files(uploads)
    if typed := past_uploads(database(), who.person().loads_for, _MOST, typed=True):
        _show_entries(typed)
    if who.may(Permission.REMOVE_SAMPLE) and has_sample(database()):
        _offer_removal()


def _show_files(uploads: list[PastUpload]) -> None:
    lines = _lines(uploads)
    rows = [_row(line[0]) if len(line) == 1 else _folded(line) for line in lines]
    show.table(_frame(rows), columns=_COLUMNS, caption="Uploads, the newest first", name="uploads")
    if len(lines) < len(uploads):
        with st.expander("Every file"):
            every = _frame([_row(upload) for upload in uploads])
            show.table(every, columns=_COLUMNS, caption="Every file that was loaded", name="every-upload")
    if who.may(Permission.UNDO_UPLOADS):
        _offer_undo(uploads, "Undo an upload")


def _show_entries(entries: list[PastUpload]) -> None:
    """What people typed on pages, by day and person; the entries of one of them, which can be taken back."""
    together: dict[str, list[PastUpload]] = {}
    for entry in entries:
        together.setdefault(f"{entry.uploaded_by}, {day(entry.uploaded_at)}", []).append(entry)
    with st.expander(f"Typed on a page: {counted(len(entries), 'entry', 'entries')}"):
        rows = pd.DataFrame([_summed(own) for own in together.values()], columns=list(_ENTRIES))
        show.table(rows, columns=_ENTRIES, caption="What people typed, the newest day first", name="typed")
        chosen = st.selectbox("Open the entries of", list(together), index=None, placeholder="Choose whose")
        if chosen:
            own = together[chosen]
            listing = pd.DataFrame(
                [(str(each.upload_id), moment(each.uploaded_at), title_of(each.dataset), state(each)) for each in own],
                columns=list(_ENTRY),
            )
            show.table(listing, columns=_ENTRY, caption="Each entry, the newest first", name="typed-entries")
            if who.may(Permission.UNDO_UPLOADS):
                _offer_undo(own, "Undo an entry")


def _summed(entries: list[PastUpload]) -> tuple[str, str, str, int, int]:
    kinds = Counter(title_of(entry.dataset) for entry in entries)
    what = listed([f"{title} ({count})" for title, count in kinds.items()])
    undone = sum(entry.undone_at is not None for entry in entries)
    return day(entries[0].uploaded_at), entries[0].uploaded_by, what, len(entries), undone


def title_of(dataset: str) -> str:
    """What the data of an upload are called."""
    if dataset in DATASETS:
        return DATASETS[dataset].title
    return KINDS[dataset].title if dataset in KINDS else dataset


def _lines(uploads: list[PastUpload]) -> list[list[PastUpload]]:
    """The uploads of each line: one, or all that came with the fictional LA, or all that are published statistics."""
    lines: dict[str, list[PastUpload]] = {}
    for upload in uploads:
        stands = upload.undone_at is None and not upload.replaced_by
        together = _SAMPLE if upload.is_sample else "" if upload.dataset in DATASETS else _PUBLISHED
        lines.setdefault(together if stands and together else str(upload.upload_id), []).append(upload)
    return list(lines.values())


def _folded(uploads: list[PastUpload]) -> _Row:
    """The line of several uploads of one kind, the newest first."""
    newest, oldest = uploads[0], uploads[-1]
    what = _SAMPLE if newest.is_sample else _PUBLISHED
    return (
        f"{oldest.upload_id} to {newest.upload_id}",
        moment(newest.uploaded_at),
        listed(list(dict.fromkeys(upload.uploaded_by for upload in uploads))),
        what,
        counted(len(uploads), "file"),
        sum(upload.rows_accepted for upload in uploads),
        sum(upload.rows_rejected for upload in uploads),
        "",
        state(newest),
    )


def _row(upload: PastUpload) -> _Row:
    return (
        str(upload.upload_id),
        moment(upload.uploaded_at),
        upload.uploaded_by,
        title_of(upload.dataset),
        upload.file_name,
        upload.rows_accepted,
        upload.rows_rejected,
        terms(upload.period),
        state(upload),
    )


def _frame(rows: list[_Row]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def terms(period: str | None) -> str:
    """The terms of an upload in words: the first and the last where there are more than two."""
    labels = [Period.parse(part).label for part in (period or "").split()]
    return f"{labels[0]} to {labels[-1]}" if len(labels) > 2 else listed(labels)


def state(upload: PastUpload) -> str:
    """What has become of an upload."""
    if upload.undone_at:
        return f"Undone by {upload.undone_by}"
    if upload.replaced_by:
        later = listed([str(number) for number in upload.replaced_by])
        return f"Partly replaced by upload {later}"
    return "Fictional" if upload.is_sample else "Stands"


def _offer_undo(uploads: list[PastUpload], label: str) -> None:
    stand = [upload for upload in uploads if upload.undone_at is None and upload.dataset in DATASETS]
    by_number = {upload.upload_id: upload for upload in stand}
    number = st.selectbox(
        label,
        list(by_number),
        index=None,
        format_func=lambda number: _in_short(by_number[number]),
        placeholder="Choose which",
        key=label,
    )
    if number is None:
        return
    upload = by_number[number]
    if upload.replaced_by:
        later = listed([str(later) for later in upload.replaced_by])
        st.warning(f"Upload {later} replaced rows of it: undo that first, then this one.")
        return
    st.warning(_what_undoing_does(upload))
    if st.button(f"Yes, undo upload {number}", key=f"undo {number}"):
        who.require(Permission.UNDO_UPLOADS)
        _undo(upload, label)


def _what_undoing_does(upload: PastUpload) -> str:
    """What will go and what will come back, in a sentence or two."""
    back, gone = upload.rows_changed + upload.rows_removed, upload.rows_new
    going = [f"its {counted(gone, 'new row')} will go"] if gone else []
    coming = [f"the {counted(back, 'row')} that it changed or removed will come back"] if back else []
    said = " and ".join(going + coming) or "it changed no rows, so none will change"
    orphans = " Rows of other files stay, but are shown nowhere until their schools are loaded again."
    return f"{said[0].upper()}{said[1:]}.{orphans if upload.dataset == SCHOOLS.name and gone else ''}"


def _undo(upload: PastUpload, label: str) -> None:
    try:
        rows = undo(database(), upload.upload_id, Sender.of(who.person()))
    except NotSaved as reason:
        st.error(text.plain(reason))
        return
    st.session_state.pop(label, None)
    went = counted(rows, "row")
    done = f"Upload {upload.upload_id} ({title_of(upload.dataset)}) was undone: {went} went or came back."
    tell(Said("success", done, PLACES))


def _in_short(upload: PastUpload) -> str:
    return f"{upload.upload_id}: {title_of(upload.dataset)}, {upload.file_name} ({moment(upload.uploaded_at)})"


def _offer_removal() -> None:
    with st.expander("Remove the fictional local authority"):
        st.write("Its schools, pupils and all that was loaded with it will go. What you loaded yourself stays.")
        sure = st.checkbox("Yes, remove everything that is fictional", key="remove sample")
        if st.button("Remove it", disabled=not sure):
            who.require(Permission.REMOVE_SAMPLE)
            rows = remove_sample(database(), who.person())
            tell(Said("success", f"The fictional local authority was removed: {counted(rows, 'row')} went.", PLACES))
