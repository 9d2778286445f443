"""A file of one dataset: read, checked, put right, compared, saved."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data_model.store import database
from loaders.headers import better_fit
from loaders.published import published_kind
from loaders.remember import remembered_headers
from loaders.report import Report
from ui import text
from ui.uploading import corrections, differences, found, mapping, nil_return, seen, staging
from ui.uploading.choice import KIND, PUBLISHED, Choice
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
    seen.record([checked])
    found.show_report(checked)
    if _offer_published(report):
        return
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


def _offer_published(report: Report) -> bool:
    """Whether the file is a published one that was taken for a dataset; then the way there is offered."""
    kind = published_kind(report.table.headers) if report.file_issues else None
    if kind:
        st.info(text.plain(f"This looks like a published file ({kind.title}), which is loaded as it comes."))
        st.button("Load it as published statistics", type="primary", on_click=_choose, args=(PUBLISHED,))
    return kind is not None


def _choose(kind: str) -> None:
    st.session_state[KIND] = kind
