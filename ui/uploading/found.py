"""What checking found, in words: how many rows can be saved, what to put right, how the file was read."""

from itertools import chain, islice

import pandas as pd
import streamlit as st

from data_model.severity import Severity
from loaders.check import Report
from loaders.files import Checked
from loaders.grouped import Group, grouped
from loaders.issues import Issue
from ui import show, text
from ui.uploading.words import count, have, lines

_GROUPS = 12
_LINES = 500
_BY_LINE = {
    "line": "Line",
    "column": "Column",
    "value": "It says",
    "severity": "Kind",
    "message": "What to put right",
}
_KINDS = {Severity.ERROR: "Error", Severity.QUERY: "Question"}


def show_report(checked: Checked) -> None:
    """Show the result in one line, what to put right, and how the file was read."""
    report = checked.report
    _show_result(report)
    if checked.loaded_before is not None:
        st.info(
            f"This file is already loaded, as upload {checked.loaded_before}. Saving it again would change nothing."
        )
    for issue in report.file_issues:
        st.error(text.plain(issue.message))
    _show_groups(report)
    _show_lines(report)
    show_reading(report)


def result(report: Report) -> str:
    """The result in words: `412 rows: 398 can be saved, 14 have errors, 6 have questions.`"""
    rejected, queried = report.rejected, int(report.queried_rows.sum())
    if not rejected and not queried:
        can = "all can be saved" if report.rows > 1 else "it can be saved"
        return f"{count(report.rows, 'row')}: {can}."
    parts = [f"{report.accepted:,} can be saved" if report.accepted else "none can be saved"]
    parts += [f"{rejected:,} {have(rejected)} errors"] if rejected else []
    parts += [f"{queried:,} {have(queried)} questions"] if queried else []
    return f"{count(report.rows, 'row')}: {', '.join(parts)}."


def _show_result(report: Report) -> None:
    sentence = result(report)
    if not report.rows or report.file_issues:
        return
    if report.rejected:
        st.error(sentence, icon=":material/error:")
    elif report.queried_rows.any():
        st.warning(sentence, icon=":material/help:")
    else:
        st.success(sentence, icon=":material/check:")


def _show_groups(report: Report) -> None:
    groups = grouped(report)
    for severity, title in (
        (Severity.ERROR, "Errors: put these right, or leave their rows out"),
        (Severity.QUERY, "Questions: look at these, then save or correct"),
    ):
        own = [group for group in groups if group.severity is severity]
        if own:
            st.markdown(f"**{title}**")
            st.markdown("\n".join(f"- {_say(group, report)}" for group in own[:_GROUPS]))
        if len(own) > _GROUPS:
            st.write(f"And {count(len(own) - _GROUPS, 'other kind')}: see the list by line.")


def _say(group: Group, report: Report) -> str:
    where = lines(group.lines, group.rows)
    header = header_of(report, group.column)
    column = f" in **{text.plain(header)}**" if header else ""
    like = " (for example)" if group.sentences > 1 else ""
    return f"{count(group.rows, 'row')}{column}: {text.plain(group.message)}{like} On {where}."


def header_of(report: Report, column: str | None) -> str | None:
    """What the file calls a column; the column's own name where the file has none for it."""
    places = report.match.places
    return report.table.headers[places[column]] if column in places else column


def _show_lines(report: Report) -> None:
    issues = [
        issue
        for issue in islice(chain(report.issues(Severity.ERROR), report.issues(Severity.QUERY)), _LINES)
        if issue.line is not None
    ]
    if not issues:
        return
    with st.expander("The same, line by line"):
        show.table(
            _frame(issues, report),
            columns=_BY_LINE,
            caption="What to put right, line by line" + (f": the first {_LINES}" if len(issues) == _LINES else ""),
            name="messages-by-line",
        )


def _frame(issues: list[Issue], report: Report) -> pd.DataFrame:
    rows = [
        (issue.line, header_of(report, issue.column) or "", issue.value or "", _KINDS[issue.severity], issue.message)
        for issue in issues
    ]
    return pd.DataFrame(rows, columns=list(_BY_LINE)).sort_values("line", kind="stable")


def show_reading(report: Report) -> None:
    """Say how the file was read: encoding, delimiter, header line, and every note."""
    table = report.table
    delimiter = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}[table.delimiter]
    encoding = table.encoding.upper()
    how = f"It was read as {encoding}, with {delimiter} between cells and the header on line {table.header_line}."
    with st.expander("How the file was read", expanded=len(report.notes) <= 4):
        st.markdown("\n".join(f"- {text.plain(sentence)}" for sentence in (how, *report.notes)))
