"""First response: calls to the line, what came of them, heads who considered permanent exclusion, and a call logged."""

import streamlit as st

from access.roles import Permission
from analysis.first_response import sentences
from analysis.first_response.queries import first_response as asked_about
from analysis.first_response.queries import years
from analysis.first_response.views import FirstResponse
from charts.bar import bar
from charts.line_over_terms import line_over_terms
from data_model.terms import year_label
from ui import cached, filters, logging_calls, opening, show, text, who
from ui.opening import Place

_CALLS, _CONSIDERED, _LOG = "Calls", "Heads considering permanent exclusion", "Log a call"
_COUNTED = {"calls": "Calls"}
_BECAME = {
    "calls": "Calls",
    "referral": "Became a referral",
    "referral_words": "Referral, % of calls (range)",
    "case": "Became a case",
    "case_words": "Case, % of calls (range)",
}
_ANSWERED = {
    "group": "How it came",
    "calls": "Calls",
    "answered": "Answered",
    "on_the_day": "On the day",
    "share": "On the day, %",
    "low": "Range from",
    "high": "to",
    "days_half": "School days: half within",
    "days_most": "School days: nine in ten within",
    "timed": "With minutes known",
    "minutes_half": "Minutes: half within",
    "minutes_most": "Minutes: nine in ten within",
}
_WHERE = {
    "group": "Where the child was",
    "after_5": "5 school days later: calls",
    "after_20": "20 school days later: calls",
}


def first_response() -> None:
    """Draw the page."""
    who.require(Permission.FIRST_RESPONSE)
    st.title(Permission.FIRST_RESPONSE.label, anchor=False)
    place = opening.place(deadlines=True)
    if place is None:
        return
    enters = who.may(Permission.ENTER_CASEWORK)
    view = filters.view([_CALLS, _CONSIDERED, *([_LOG] if enters else [])])
    if view == _LOG and enters:
        logging_calls.log(place)
        return
    asked = _asked(place)
    if asked is None:
        show.nothing(sentences.NO_CALLS)
        return
    found = cached.answer(asked_about, **asked)
    if found is None:
        show.nothing(sentences.NOT_FOR_A_PART)
    elif view == _CONSIDERED:
        _considered(found, place, asked)
    else:
        _calls(found, place, asked)


def _asked(place: Place) -> dict[str, str | int] | None:
    known = {year_label(year): year for year in cached.answer(years, la=place.la)}
    if not known or place.now is None:
        return None
    with st.columns(3)[0]:
        chosen = filters.one_of("Year", list(known), "year", "The latest")
    return {"la": place.la, "year": known[chosen or next(iter(known))], "on": place.today.isoformat()}


def _again(asked: dict[str, str | int]) -> FirstResponse:
    found = cached.answer(asked_about, **asked)
    assert found is not None, "it was there a moment ago"
    return found


def _columns(first: str) -> dict[str, str]:
    """The columns of a table by group: what calls became is crossed with the group for those alone who see it all."""
    return {"group": first, **(_COUNTED if cached.hides_small_numbers() else _BECAME)}


def _calls(found: FirstResponse, place: Place, asked: dict[str, str | int]) -> None:
    show.finding(
        line_over_terms(found.terms, period="period", value="calls", series="series", unit="Calls in each term"),
        found.terms,
        columns={"group": "Term", **_COUNTED},
        title=sentences.came(found),
        source=place.local,
        name="calls-by-term",
        publish=lambda: _again(asked).terms,
    )
    show.table(
        found.conversion,
        columns={"group": "Calls of the year", **_BECAME},
        caption=f"What became of the calls of {year_label(found.year)}",
        name="calls-became",
        source=place.local,
        publish=lambda: _again(asked).conversion,
    )
    _soon(found, place, asked)
    _by_group(found, place, asked)
    show.notes(sentences.NOTES)


def _by_group(found: FirstResponse, place: Place, asked: dict[str, str | int]) -> None:
    show.finding(
        bar(found.themes, label="group", value="calls", unit="Calls"),
        found.themes,
        columns=_columns("About what"),
        title=sentences.by_theme(found),
        source=place.local,
        name="calls-by-theme",
        publish=lambda: _again(asked).themes,
    )
    for rows, title, first, name in (
        ("kinds", sentences.by_kind(found), "Kind of call", "calls-by-kind"),
        ("advice", sentences.advice(found), "What came of the call", "calls-by-advice"),
        ("phases", "Calls by phase", "Phase of the school", "calls-by-phase"),
    ):
        st.header(text.plain(title), anchor=False)
        show.table(
            getattr(found, rows),
            columns=_columns(first),
            caption=f"{first}, calls of {year_label(found.year)}",
            name=name,
            source=place.local,
            publish=lambda rows=rows: getattr(_again(asked), rows),
        )
    _by_school(found, place)


def _by_school(found: FirstResponse, place: Place) -> None:
    if cached.hides_small_numbers():
        show.nothing(sentences.BY_SCHOOL_HIDDEN)
        return
    st.header(text.plain(sentences.by_school(found)), anchor=False)
    show.sortable(
        found.schools,
        columns={
            "group": "School",
            "calls": "Calls",
            "considered": "Considering permanent exclusion",
            "referral": "Became a referral",
            "case": "Became a case",
        },
        caption=f"Schools that called in {year_label(found.year)}",
        source=place.local,
        name="calls-by-school",
        links="key",
    )


def _soon(found: FirstResponse, place: Place, asked: dict[str, str | int]) -> None:
    st.header(text.plain(sentences.answered(found)), anchor=False)
    show.table(
        found.answered,
        columns=_ANSWERED,
        caption="From the call to the answer",
        name="calls-answered",
        source=place.local,
        publish=lambda: _again(asked).answered,
    )


def _considered(found: FirstResponse, place: Place, asked: dict[str, str | int]) -> None:
    rows = found.considered
    st.header(text.plain(sentences.considered(rows)), anchor=False)
    if not rows.total:
        show.notes([sentences.WHERE_NOT_WHY])
        return
    st.write(text.plain(sentences.WHERE_NOT_WHY))
    show.table(
        rows.whereabouts,
        columns=_WHERE,
        caption="Where the children were afterwards",
        name="where-afterwards",
        source=place.local,
        publish=lambda: _again(asked).considered.whereabouts,
    )
    for name, caption, first in (
        ("offered", "What was offered", "Offered"),
        ("challenge", "Whether the case for another way was made", "The case was made"),
    ):
        show.table(
            getattr(rows, name),
            columns={"group": first, **_COUNTED},
            caption=caption,
            name=f"considered-{name}",
            source=place.local,
            publish=lambda name=name: getattr(_again(asked).considered, name),
        )
    if who.may(Permission.ENTER_CASEWORK):
        logging_calls.ask_where(rows, place)
