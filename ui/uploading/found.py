"""What checking found, in words: how many rows can be saved, what to put right, how the file was read."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice

import pandas as pd
import streamlit as st

from analysis.wording import counted, listed
from data_model.severity import Severity
from loaders.files import Checked
from loaders.grouped import Group, grouped
from loaders.issues import Issue
from loaders.report import Report
from loaders.text_table import TextTable
from ui import show, text
from ui.uploading.words import have, lines

HeaderOf = Callable[[str], str]
"""What the file calls a column of the data dictionary."""

_GROUPS = 12
LINES = 500
_FEW_NOTES = 4
_BY_LINE = {
    "line": "Line",
    "column": "Column",
    "value": "It says",
    "severity": "Kind",
    "message": "What to put right",
}
_KINDS = {Severity.ERROR: "Error", Severity.QUERY: "Question"}
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def show_report(checked: Checked) -> None:
    """Show the result in one line, what to put right, and how the file was read."""
    report = checked.report
    if report.rows and not report.file_issues:
        show_result(report.rows, report.rejected, int(report.queried_rows.sum()))
    show_loaded_before([checked.loaded_before] if checked.loaded_before is not None else [])
    show_whole_file(report.file_issues)
    show_groups(grouped(report), header_of(report))
    show_lines(chain(report.issues(Severity.ERROR), report.issues(Severity.QUERY)), header_of(report))
    show_reading(report.table, report.notes)


def header_of(report: Report) -> HeaderOf:
    """What the file of a report calls each column; the column's own name where it has none for it."""
    places, headers = report.match.places, report.table.headers
    return lambda column: headers[places[column]] if column in places else column


def show_result(rows: int, rejected: int, queried: int) -> None:
    """Say how many rows can be saved, have errors and have questions."""
    sentence = result(rows, rejected, queried)
    if rejected:
        st.error(sentence, icon=":material/error:")
    elif queried:
        st.warning(sentence, icon=":material/help:")
    else:
        st.success(sentence, icon=":material/check:")


def result(rows: int, rejected: int, queried: int) -> str:
    """The result in words: `412 rows: 398 can be saved, 14 have errors, 6 have questions.`"""
    accepted = rows - rejected
    if not rejected and not queried:
        return f"{counted(rows, 'row')}: {'all' if rows > 1 else 'it'} can be saved."
    parts = [f"{accepted:,} can be saved" if accepted else "none can be saved"]
    parts += [f"{rejected:,} {have(rejected)} errors"] if rejected else []
    parts += [f"{queried:,} {have(queried)} questions"] if queried else []
    return f"{counted(rows, 'row')}: {', '.join(parts)}."


def show_loaded_before(uploads: Sequence[int]) -> None:
    """Say which uploads brought this file before, if any did."""
    if uploads:
        named = listed([str(number) for number in uploads])
        st.info(f"This file is already loaded, as upload {named}. Saving it again would change nothing.")


def show_whole_file(issues: Iterable[Issue]) -> None:
    """Say what is wrong with the whole file."""
    for issue in issues:
        st.error(text.plain(issue.message))


def show_groups(groups: Sequence[Group], header: HeaderOf) -> None:
    """Show what to put right, the most frequent first."""
    for severity, title in (
        (Severity.ERROR, "Errors: put these right, or leave their rows out"),
        (Severity.QUERY, "Questions: look at these, then save or correct"),
    ):
        own = [group for group in groups if group.severity is severity]
        if own:
            st.markdown(f"**{title}**")
            st.markdown("\n".join(f"- {_say(group, header)}" for group in own[:_GROUPS]))
        if len(own) > _GROUPS:
            st.write(f"And {counted(len(own) - _GROUPS, 'other kind')}: see the list by line.")


def _say(group: Group, header: HeaderOf) -> str:
    column = f" in **{text.plain(header(group.column))}**" if group.column else ""
    like = ", for example" if group.sentences > 1 else ""
    where = lines(group.lines, group.rows)
    return f"{counted(group.rows, 'row')}{column}{like}: {text.plain(group.message)} On {where}."


def show_lines(issues: Iterable[Issue], header: HeaderOf) -> None:
    """Show the same line by line, in a table that opens."""
    shown = list(islice((issue for issue in issues if issue.line is not None), LINES))
    if not shown:
        return
    first = f": the first {LINES}" if len(shown) == LINES else ""
    with st.expander("The same, line by line"):
        show.table(
            _frame(shown, header),
            columns=_BY_LINE,
            caption=f"What to put right, line by line{first}",
            name="messages-by-line",
        )


def _frame(issues: Sequence[Issue], header: HeaderOf) -> pd.DataFrame:
    rows = [
        (
            issue.line,
            header(issue.column) if issue.column else "",
            issue.value or "",
            _KINDS[issue.severity],
            issue.message,
        )
        for issue in issues
    ]
    return pd.DataFrame(rows, columns=list(_BY_LINE)).sort_values("line", kind="stable")


def show_reading(table: TextTable, notes: Sequence[str]) -> None:
    """Say how the file was read: encoding, delimiter, header line, and every note."""
    encoding, delimiter = table.encoding.upper(), _DELIMITERS[table.delimiter]
    how = f"It was read as {encoding}, with {delimiter} between cells and the header on line {table.header_line}."
    with st.expander("How the file was read", expanded=len(notes) <= _FEW_NOTES):
        st.markdown("\n".join(f"- {text.plain(sentence)}" for sentence in (how, *notes)))
