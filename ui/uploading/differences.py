"""What saving would do, row by row, and the button that does it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from access.roles import Permission
from analysis import queries
from analysis.wording import counted, listed
from data_model.dataset import Dataset
from data_model.store import database
from loaders.files import Checked
from loaders.report import Report
from loaders.save import Consent, NotSaved, Saved, SomebodySaved, save
from loaders.upload_record import Sender
from ui import cached, text, who
from ui.uploading.changed_rows import show_counts, show_rows
from ui.uploading.desk import Said, desk, finish, tell

_LINKED_SCHOOLS = 6
PLACES = (("Overview", "/overview"), ("Schools", "/schools"), ("Data quality", "/data_quality"))
"""Where to look after anything was saved."""
MEANWHILE = (
    "Nothing was saved: the data changed while you were looking. The differences below are new: look again, then save."
)
"""What to say where somebody else saved between looking and pressing."""


@dataclass(frozen=True)
class Saving:
    """A file on its way into the database: its parts (a file of one dataset has one), and how many rows of the file
    can be saved, have errors, and have questions. `do` saves what is consented to and returns what it did; it raises
    NotSaved."""

    parts: Sequence[Checked]
    accepted: int
    rejected: int
    queried: int
    is_loaded: bool
    do: Callable[[Consent], Said]


def of_report(checked: Checked) -> Saving:
    """A file of one dataset on its way into the database."""
    report = checked.report

    def do(consent: Consent) -> Said:
        sender, version = Sender.of(who.person()), checked.comparison.version
        saved = save(database(), report, checked.sha256, sender, consent, seen_version=version)
        return Said("success", f"{sentence(report.dataset, saved)}{left_out(report.rejected)}", links(report))

    queried, is_loaded = int(report.queried_rows.sum()), checked.loaded_before is not None
    return Saving([checked], report.accepted, report.rejected, queried, is_loaded, do)


def offer(saving: Saving) -> None:
    """Show what saving would change, ask what is to be asked, and save at the press of the button."""
    st.header("Save", anchor=False)
    if not saving.accepted:
        st.write("Nothing can be saved until the errors are put right.")
        return
    for part in saving.parts:
        _show_part(part, alone=len(saving.parts) == 1)
    consent = _ask(saving)
    if saving.is_loaded and not consent.remove_gone:
        st.write("There is nothing to save: this file is loaded already.")
        return
    anew = drawn_anew(saving.parts[0].comparison.version)
    waits_for = _unanswered(saving, consent)
    if waits_for:
        st.caption(waits_for)
    label = f"Save {counted(saving.accepted, 'row')}"
    if st.button(label, type="primary", key=_key("save"), disabled=bool(waits_for)):
        who.require(Permission.SAVE_UPLOADS)
        if anew:
            tell(Said("warning", MEANWHILE))
        with st.spinner("Saving…"):
            _save(saving, consent)


def _unanswered(saving: Saving, consent: Consent) -> str:
    """What is to be ticked before the file can be saved, in a sentence; blank where nothing is."""
    if saving.rejected and not consent.good_rows:
        return "To save, tick that the good rows are saved and the others left out, or put the errors right first."
    if saving.queried and not consent.accept_queries:
        return "To save, tick that you have looked at the questions, or answer them in the file first."
    return ""


def drawn_anew(version: int) -> bool:
    """Whether differences of this data version were not drawn before: whoever presses now has seen others."""
    here = desk()
    seen, here.seen_version = here.seen_version, version
    return seen != version


def _key(name: str) -> str:
    """A key of the file in hand, so that a box ticked for one file is not ticked for the next."""
    return f"upload {name} {desk().file_id}"


def _ask(saving: Saving) -> Consent:
    rejected, queried = counted(saving.rejected, "row"), saving.queried
    those = f"questions: save those {queried:,} rows as they are" if queried > 1 else "question: save the row as it is"
    return Consent(
        good_rows=bool(saving.rejected)
        and st.checkbox(f"Save the good rows, and leave out the {rejected} with errors", key=_key("good rows")),
        accept_queries=bool(queried) and st.checkbox(f"I have looked at the {those}", key=_key("queries")),
        remove_gone=_ask_about_gone(saving.parts),
    )


def _ask_about_gone(parts: Sequence[Checked]) -> bool:
    gone = sum(len(part.comparison.gone) for part in parts)
    if not gone:
        return False
    return st.checkbox(
        f"Remove the {counted(gone, 'saved row')} not in this file (otherwise they stay)", key=_key("gone")
    )


def _save(saving: Saving, consent: Consent) -> None:
    try:
        done = saving.do(consent)
    except SomebodySaved:
        tell(Said("warning", MEANWHILE))
    except NotSaved as reason:
        st.error(text.plain(reason))
    else:
        finish(done)


def sentence(dataset: Dataset, saved: Saved) -> str:
    """What an upload did, in words."""
    parts = [
        f"{counted(number, 'row')} {what}"
        for number, what in (
            (saved.new, "added"),
            (saved.changed, "changed"),
            (saved.unchanged, "already there"),
            (saved.removed, "removed"),
        )
        if number
    ]
    return f"Saved as upload {saved.upload_id} ({dataset.title}): {listed(parts)}."


def left_out(rejected: int) -> str:
    """What to say of rows with errors after saving the others."""
    return f" {counted(rejected, 'row')} with errors left out." if rejected else ""


def links(report: Report) -> tuple[tuple[str, str], ...]:
    """Where to look: the pages, and those of the file's schools where they are few."""
    school = report.dataset.school
    urns = [urn for urn in report.columns[school].values if urn is not None] if school in report.columns else []
    if len(urns) > _LINKED_SCHOOLS:
        return PLACES
    schools = cached.answer(queries.schools)
    names = dict(zip(schools["urn"].astype(int), schools["school_name"].astype(str), strict=True))
    return (*PLACES, *((names[urn], f"/school?school={urn}") for urn in urns if urn in names))


def _show_part(part: Checked, *, alone: bool) -> None:
    report, difference = part.report, part.comparison
    if not alone:
        st.subheader(report.dataset.title, anchor=False)
    show_counts(difference)
    show_rows(report, difference)
