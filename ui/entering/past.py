"""Every version of a row: who wrote it and when, what they changed, and the newest one taken back, which stays here."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from access.roles import Permission
from data_model.dataset import Dataset
from data_model.store import database
from data_model.uploads import TYPED
from data_model.wording import listed
from loaders.save import NotSaved
from loaders.undo import undo
from loaders.upload_record import Sender
from loaders.versions import Version, history
from ui import children, clock, tables, text, who
from ui.entering.fields import Choices, in_plain_words, name_of

_NO_CHOICES: Mapping[str, Choices] = {}


def versions(dataset: Dataset, row: Sequence[str], key: str, *, among: Mapping[str, Choices] = _NO_CHOICES) -> None:
    """Show the versions of the row of a natural key, the newest first, and let its newest entry be taken back."""
    found = children.ask(history, dataset=dataset, key=row)
    if not found:
        return
    newest = next((each for each in found if each.undone_at is None), None)
    shown = pd.DataFrame(
        {
            "When": [clock.moment(each.changed_at) for each in found],
            "Who": [each.changed_by or "not told" for each in found],
            "How": [each.file_name for each in found],
            "What changed": [_changes(dataset, each, found[place + 1 :], among) for place, each in enumerate(found)],
            "Since then": [_since(each, newest) for each in found],
        }
    )
    st.html(tables.html(shown, caption="Every version of this entry, the newest first"))
    if newest and newest.file_name == TYPED and who.may(Permission.UNDO_UPLOADS):
        _take_back(newest, key)


def _since(version: Version, newest: Version | None) -> str:
    if version.undone_at is None:
        return "Stands" if version is newest else "Corrected"
    by = f" by {version.undone_by}" if version.undone_by else ""
    return f"Undone{by} on {clock.moment(version.undone_at)}"


def _changes(dataset: Dataset, now: Version, earlier: Sequence[Version], among: Mapping[str, Choices]) -> str:
    """What a version changed of the one that it was made from; `earlier` are those before it, the newest first."""
    before = next((each for each in earlier if now.is_made_from(each)), None)
    if before is None:
        return "First saved"
    said = [
        f"{name_of(column, among.get(name))} changed"
        if column.names_pupil
        else f"{name_of(column, among.get(name))}: {in_plain_words(column, before.cells[name], among.get(name))} → "
        f"{in_plain_words(column, now.cells[name], among.get(name))}"
        for name, column in dataset.columns.items()
        if name in now.cells and now.cells[name] != before.cells[name]
    ]
    return listed(said) or "Nothing that you can see"


def _take_back(newest: Version, key: str) -> None:
    if not st.button("Take the newest entry back", key=f"take back {key}", icon=":material/undo:"):
        return
    who.require(Permission.UNDO_UPLOADS)
    try:
        undo(database(), newest.upload_id, Sender.of(who.person()))
    except NotSaved as refused:
        st.error(text.plain(refused))
    else:
        st.rerun()
