"""The data steward's page: what data there are, what is missing, what is stale, what is still asked."""

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis import choices, queries
from analysis import data_quality as quality
from analysis.completeness import Sent
from charts.grid import Sign, grid
from data_model.catalogue import DATASETS
from ui import cached, filters, show, tables, trail, who
from ui.clock import in_england
from ui.show import Source

_SIGNS = {
    str(Sent.ROWS): Sign("✓", quality.WORDS[Sent.ROWS], "#BFD7EA"),
    str(Sent.NIL): Sign("0", quality.WORDS[Sent.NIL], "#E6E6E6"),
    str(Sent.NOTHING): Sign("–", quality.WORDS[Sent.NOTHING], "#F9C9AE"),
    str(Sent.NOT_OPEN): Sign("·", quality.WORDS[Sent.NOT_OPEN], "#FFFFFF"),
}
_BY_SCHOOL = [dataset for dataset in DATASETS.values() if dataset.dated and dataset.school]
_FRESHNESS = {
    "title": "Dataset",
    "state": "How up to date",
    "last_day": "Last day in it",
    "last_upload": "Last upload",
    "files": "Uploads",
}
_KINDS = {
    "dataset": "Dataset",
    "column_name": "Column",
    "message": "Question (an example)",
    "rows": "Rows",
    "files": "In the files",
    "lines": "On lines",
}
_QUESTIONS = {
    "dataset": "Dataset",
    "file_name": "File",
    "line": "Line",
    "column_name": "Column",
    "message": "Question",
}
_COMPARED = {"school_name": "School", "period": "Period", "measure": "Measure"}
_WITH_CENSUS = {"notified": "Notified to the LA", "census": "In the school census", "difference": "Difference"}


def data_quality() -> None:
    """Draw the page."""
    who.require(Permission.DATA_QUALITY)
    who.require(Permission.PUPIL_ROWS)
    st.title("Data quality", anchor=False)
    authorities = cached.counted(choices.authorities)
    if not authorities:
        show.nothing("Nothing is loaded yet, so nothing is missing. Start with the schools file on the Upload page.")
        show.link("Upload a file", "upload")
        return
    la = filters.authority(authorities)
    _who_has_sent(la)
    _what_is_stale()
    _what_is_still_asked()
    _what_the_census_says(la)
    _what_is_published(la)


def _who_has_sent(la: int) -> None:
    left, right = st.columns(2)
    with left:
        dataset = filters.dataset(_BY_SCHOOL)
    with right:
        phase = filters.phase()
    found = cached.counted(quality.sent_by_term, la=la, dataset=dataset.name, phase=phase)
    if not found.terms:
        st.header(found.sentence, anchor=False)
        return
    show.finding(
        grid(found.cells, row="school", column="term", status="sent", signs=_SIGNS),
        found.table,
        columns={"school": "School", "phase": "Phase"} | {term: term for term in found.terms},
        title=found.sentence,
        source=Source("Files that were uploaded here"),
        name=f"{dataset.name}-by-school-and-term",
        links="urn",
    )
    drawn = found.cells["school"].nunique()
    if drawn < len(found.table):
        st.caption(f"Drawn are the {drawn} schools with the most gaps; the table has all {len(found.table)}.")
    st.caption(
        "A school in no file has not sent, or had nothing to send: a file with a header and no rows, loaded for the "
        "term as a nil return, settles which."
    )


def _what_is_stale() -> None:
    found = cached.answer(quality.freshness)
    st.header(found.sentence, anchor=False)
    table = found.table.assign(
        last_day=[
            _last_day(name, day) for name, day in zip(found.table["dataset"], found.table["last_day"], strict=True)
        ],
        last_upload=["" if pd.isna(at) else tables.day(in_england(at)) for at in found.table["last_upload"]],
    )
    show.table(
        table,
        columns=_FRESHNESS,
        caption="How up to date each dataset is",
        name="how-up-to-date",
    )


def _last_day(dataset: str, day: pd.Timestamp) -> str:
    """The last day that a dataset tells of, in words; blank where nothing of it is loaded."""
    if DATASETS[dataset].dated is None:
        return "has no dates"
    return "" if pd.isna(day) else tables.day(day)


def _what_is_still_asked() -> None:
    trail.saw_pupils(who.person(), "Data quality", cached.answer(queries.pupils_asked_about))
    found = cached.answer(quality.still_asked)
    st.header(found.sentence, anchor=False)
    if found.rows.empty:
        st.write("Questions that were open when rows were saved would be listed here.")
        return
    st.write("A question goes once a corrected file is loaded, or the upload that it came with is undone.")
    show.table(found.kinds, columns=_KINDS, caption="Open questions by kind", name="open-questions-by-kind")
    with st.expander("Every open question"):
        show.table(found.rows, columns=_QUESTIONS, caption="Every open question", name="open-questions")


def _what_the_census_says(la: int) -> None:
    found = cached.answer(quality.agreement_with_census, la=la)
    if found.table.empty:
        return
    st.header(found.sentence, anchor=False)
    show.sortable(
        found.table,
        columns=_COMPARED | _WITH_CENSUS,
        caption="Notified and census counts by school and term, the largest differences first",
        source=Source("Notified to the LA, and the school census"),
        name="notified-and-census",
        links="urn",
    )


def _what_is_published(la: int) -> None:
    found = cached.counted(quality.agreement, la=la)
    if found.table.empty:
        st.header("Nothing to compare with published counts yet", anchor=False)
        st.write(
            "Load DfE’s school-level file of suspensions and permanent exclusions on the Upload page. Where it has a "
            "year or term that your own records have too, the two stand side by side here, school by school."
        )
        return
    st.header(found.sentence, anchor=False)
    local = cached.records().by_la[la].source.label
    show.sortable(
        found.table,
        columns=_COMPARED | {"local": local, "published": "Published by DfE", "difference": "Difference"},
        caption="The authority’s own and published counts by school and term, the largest differences first",
        source=Source(f"{local}; DfE, as published"),
        name="notified-and-published",
        links="urn",
    )
