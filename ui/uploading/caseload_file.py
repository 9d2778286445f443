"""The caseload sheet, one row for each child: what its columns mean, then the same steps as for any file."""

from collections.abc import Mapping

import numpy as np
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from access.roles import Permission
from data_model.codes import Agreement
from data_model.dataset import Dataset
from data_model.severity import Severity
from data_model.store import database
from loaders.caseload_sheet import NAME, SheetChecked, check_sheet, save_sheet
from loaders.correct import messages_by_line, with_cells
from loaders.grouped import grouped_issues
from loaders.layout import normalise_header
from loaders.remember import remember_headers, remembered_headers
from loaders.save import Consent
from loaders.sheet_headers import SheetMapping, meanings, recognise
from loaders.text_table import TextTable
from loaders.upload_record import Sender
from ui import text, who
from ui.uploading import corrections, differences, found, seen, staging
from ui.uploading.choice import Choice
from ui.uploading.corrections import Faulty
from ui.uploading.desk import Said, desk
from ui.uploading.differences import PLACES, Saving
from ui.uploading.mapping import with_examples


def handle(choice: Choice, file: UploadedFile) -> None:
    """Take a sheet through the steps: what its columns mean is confirmed before anything is checked."""
    in_hand = staging.read(file)
    if in_hand.table is None:
        st.header("What was found", anchor=False)
        st.error(text.plain(in_hand.refusal))
        return
    corrections.take_edits(in_hand.table)
    remembered = remembered_headers(database(), choice.sender, NAME) if choice.sender else {}
    said = {**remembered, **desk().headers.get(NAME, {})}
    mapping = recognise(in_hand.table, said)
    agreement = _ask_meanings(in_hand.table, mapping, said, choice.sender)
    if not _is_confirmed(in_hand.table, said):
        return
    checked = _checked(in_hand, mapping, agreement)
    st.header("What was found", anchor=False)
    seen.record([checked.referrals, checked.cases])
    _show(checked)
    corrections.offer(_faulty(checked))
    if not checked.referrals.report.file_issues:
        differences.offer(_saving(checked))


def _is_confirmed(table: TextTable, said: Mapping[str, str]) -> bool:
    return all(normalise_header(header) in said for header in table.headers)


def _ask_meanings(table: TextTable, mapping: SheetMapping, said: Mapping[str, str], sender: str) -> Agreement | None:
    """Show what each column is taken for, to confirm or change; the parents' answer for rows that give none."""
    if _is_confirmed(table, said):
        with st.expander("What each column means"):
            return _meanings_form(table, mapping, sender)
    st.header("What each column means", anchor=False)
    st.write("This is what the headers say. Change what is wrong, then check the sheet.")
    return _meanings_form(table, mapping, sender)


def _meanings_form(table: TextTable, mapping: SheetMapping, sender: str) -> Agreement | None:
    titles = meanings()
    with st.form(f"upload meanings {desk().file_id}", border=False):
        left_and_right = st.columns(2)
        chosen = {
            normalise_header(header): left_and_right[place % 2].selectbox(
                text.plain(with_examples(header, table)),
                list(titles),
                index=list(titles).index(mapping.by_header[header]),
                format_func=titles.__getitem__,
                key=f"upload meaning {desk().file_id} {place}",
            )
            for place, header in enumerate(table.headers)
        }
        agreement: Agreement | None = st.selectbox(
            "Did the parents agree? For rows of the sheet that do not say",
            [None, *Agreement],
            format_func=lambda answer: answer.label if answer else "Not known",
            key=f"upload agreement {desk().file_id}",
        )
        remembering = f", and remember it for {text.plain(sender)}" if sender else ""
        if st.form_submit_button(f"Check the sheet like this{remembering}", type="primary"):
            _keep(chosen, sender)
    return agreement


def _keep(chosen: dict[str, str], sender: str) -> None:
    if sender:
        who.require(Permission.SAVE_UPLOADS)
        remember_headers(database(), sender, NAME, chosen)
    desk().headers[NAME] = chosen
    st.rerun()


def _checked(in_hand: staging.FileInHand, mapping: SheetMapping, agreement: Agreement | None) -> SheetChecked:
    table, edits = in_hand.table, desk().edits
    assert table is not None, "a refused file is not checked"
    scope, said = who.person().loads_for, (staging.fingerprint(mapping.by_header), staging.fingerprint(edits))
    question = (NAME, in_hand.file_id, *said, agreement, scope)
    return staging.once(
        question,
        lambda progress: check_sheet(
            database(), with_cells(table, edits), in_hand.sha256, mapping, scope=scope, parent_agreement=agreement
        ),
    )


def _show(checked: SheetChecked) -> None:
    issues = [*checked.issues(Severity.ERROR), *checked.issues(Severity.QUERY)]
    if checked.rows and not checked.referrals.report.file_issues:
        found.show_result(checked.rows, checked.rejected, _queried(checked))
    found.show_loaded_before(checked.loaded_before)
    found.show_whole_file(issue for issue in issues if issue.line is None)
    found.show_groups(grouped_issues(issues), checked.mapping.header_of)
    found.show_lines(issues, checked.mapping.header_of)
    found.show_reading(checked.table, checked.notes)


def _queried(checked: SheetChecked) -> int:
    reports = (checked.referrals.report, checked.cases.report)
    return len(np.unique(np.concatenate([report.table.lines[report.queried_rows] for report in reports])))


def _faulty(checked: SheetChecked) -> Faulty:
    issues = [*checked.issues(Severity.ERROR), *checked.issues(Severity.QUERY)]
    lines = {issue.line for issue in issues if issue.line is not None}
    header_of = checked.mapping.header_of
    return Faulty(
        table=checked.table,
        lines=sorted(lines - set(checked.table.lines[checked.table.broken].tolist())),
        rows=len(lines),
        headers={header_of(issue.column) for issue in issues if issue.column},
        name=NAME,
        csv=lambda: checked.faulty_rows_csv(with_queries=True),
        about=lambda: seen.references_of(
            checked.referrals.report, np.flatnonzero(np.isin(checked.table.lines, list(lines)))
        ),
        messages=lambda shown: messages_by_line(shown, issues, header_of),
    )


def _saving(checked: SheetChecked) -> Saving:
    def do(consent: Consent) -> Said:
        saved = save_sheet(database(), checked, Sender.of(who.person()), consent)
        done = [differences.sentence(_dataset(checked, name), upload) for name, upload in saved.items()]
        return Said("success", f"{' '.join(done)}{differences.left_out(checked.rejected)}", PLACES)

    return Saving(
        checked.to_save, checked.accepted, checked.rejected, _queried(checked), bool(checked.loaded_before), do
    )


def _dataset(checked: SheetChecked, name: str) -> Dataset:
    return next(part.report.dataset for part in checked.to_save if part.report.dataset.name == name)
