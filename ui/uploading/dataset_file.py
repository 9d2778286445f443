"""A file of one dataset: read, checked, put right, compared, saved."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data_model.store import database
from loaders.check import Report
from loaders.headers import better_fit
from loaders.remember import remembered_headers
from ui import text
from ui.uploading import corrections, differences, found, mapping, nil_return, staging
from ui.uploading.choice import KIND, Choice
from ui.uploading.desk import desk


def handle(choice: Choice, file: UploadedFile) -> None:
    """Take a file through the steps."""
    in_hand = staging.read(file)
    st.header("What was found", anchor=False)
    if in_hand.table is None:
        st.error(text.plain(in_hand.refusal))
        return
    corrections.take_edits(in_hand.table)
    here, dataset = desk(), choice.dataset
    remembered = remembered_headers(database(), choice.sender, dataset.name) if choice.sender else {}
    headers = {**remembered, **here.headers.get(dataset.name, {})}
    checked = staging.check(in_hand, dataset, choice.period, choice.source, headers, here.edits)
    report = checked.report
    found.show_report(checked)
    _offer_other_dataset(report)
    mapping.offer(report, headers, choice.sender)
    if report.rows:
        corrections.offer(corrections.of_report(report))
    if report.rows and not report.file_issues:
        differences.offer(differences.of_report(checked))
    if not report.rows and not report.file_issues:
        nil_return.offer(checked)


def _offer_other_dataset(report: Report) -> None:
    other = better_fit(report.table, report.dataset)
    if other and any(issue.code == "E-WRONG-DATASET" for issue in report.file_issues):
        st.button(f"Check it as {other.title.lower()}", type="primary", on_click=_choose, args=(other.name,))


def _choose(kind: str) -> None:
    st.session_state[KIND] = kind
