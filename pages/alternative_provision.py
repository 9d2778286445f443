"""Alternative provision and the way back: who is placed, for how long, who returns and whether it lasts."""

from datetime import date

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis.alternative_provision import pupils, sentences, views
from analysis.alternative_provision.stays import Split
from analysis.alternative_provision.views import Provided
from charts.curves import curves
from data_model.terms import year_label
from data_model.thresholds import Thresholds
from data_model.today import not_known_since
from recording.thresholds import thresholds_in_force
from ui import cached, children, filters, opening, show, text, who
from ui.opening import Place

_RETURNS, _PLACES, _WRONG, _CHILDREN = "The way back", "Places and waits", "What went wrong", "Children"
_CURVE = {
    "group": "Group",
    "week": "Weeks since the start",
    "share": "Back in mainstream, %",
    "low": "Range from",
    "high": "to",
    "at_risk": "Still there, and followed",
}
_RETURNED = {
    "group": "Group",
    "started": "Placements that started",
    "open": "Still open",
    "returned": "Returned",
    "otherwise": "Ended otherwise",
    "share": "Back within a year, %",
    "low": "Range from",
    "high": "to",
    "closed": "Closed",
    "claimed": "“Returned / closed” would have claimed, %",
    "stayed": "Half had ended after",
    "note": "Note",
}
_LASTED = {
    "count": "Still back",
    "out_of": "Returns due",
    "share": "Lasted, %",
    "low": "Range from",
    "high": "to",
    "not_due": "Not due yet",
    "unknown": "Of those due, attendance not known",
    "note": "Note",
}
_COLLECTIONS = {
    "collection": "Collection",
    "started": "Started in the year",
    "ended": "Ended in the year",
    "open": "Open now",
    "also": "Of these, pupil also in another row",
}
_TIERS = {"group": "Tier", "started": "Started in the year", "ended": "Ended in the year", "open": "Open now"}
_OCCUPANCY = {
    "provider": "Provider",
    "places": "Places commissioned",
    "open_now": "Placements open now",
    "placements": "Placements in the year",
    "pupil_days": "Days used",
    "place_days": "Days commissioned",
    "occupancy": "Used, %",
    "note": "Note",
}
_WAITS = {
    "group": "Decision",
    "decided": "Decisions",
    "started": "Started",
    "waiting": "Still waiting",
    "median_words": "Half had started within",
    "most_words": "Nine in ten within",
    "note": "Note",
}
_SIGNS = {
    "sign": "Placements that",
    "count": "Count",
    "out_of": "Of",
    "share": "Share, %",
    "low": "Range from",
    "high": "to",
    "note": "Note",
}
_DUE = {
    "child": "Child",
    "school": "Home school",
    "tier": "Tier",
    "start_date": "Placed since",
    "sentence": "Due back",
}
_BACK = {"child": "Child", "school": "Back at", "back_on": "Back since", "sentence": "Since then"}


def alternative_provision() -> None:
    """Draw the page."""
    who.require(Permission.ALTERNATIVE_PROVISION)
    st.title(Permission.ALTERNATIVE_PROVISION.label, anchor=False)
    place = opening.place()
    if place is None:
        return
    if place.now is None:
        show.nothing("Only published statistics are loaded: they say nothing of placements.")
        return
    thresholds = children.ask(_in_force, la=place.la)
    sees_pupils = who.may(Permission.PUPIL)
    view = filters.view([_RETURNS, _PLACES, _WRONG, *([_CHILDREN] if sees_pupils else [])])
    if view == _CHILDREN and sees_pupils:
        _due_back(place)
        _back_again(place, place.now, thresholds)
        return
    _figures(view, place, thresholds)


def _figures(view: str, place: Place, thresholds: Thresholds) -> None:
    asked = _asked(place, thresholds)
    found = cached.answer(views.provided, **asked)
    if found is None:
        show.nothing(sentences.NOTHING)
        return
    if view == _PLACES:
        _stock(found, place, asked)
        _places(found, place, asked)
    elif view == _WRONG:
        _signs(found, place, asked)
    else:
        _returns(found, place, asked)
        _lasted(found, place, asked)
    show.notes((*sentences.NOTES, sentences.standard(thresholds)))


def _in_force(connection: object, scope: object, la: int) -> Thresholds:
    """The thresholds of an authority, which are numbers alone and told to everybody."""
    return thresholds_in_force(connection, la)


def _asked(place: Place, thresholds: Thresholds) -> dict[str, object]:
    years = {year_label(year): year for year in cached.answer(views.years, la=place.la)}
    left, middle, _ = st.columns(3)
    with left:
        chosen = filters.one_of("Years", list(years), "years", "The latest three together")
    with middle:
        split = filters.labelled("Split by", tuple(Split), "split")
    return {
        "la": place.la,
        "split": str(split),
        "year": years[chosen] if chosen else None,
        "attendance": thresholds.sustained_attendance,
        "fewest": thresholds.fewest_sessions,
    }


def _returns(found: Provided, place: Place, asked: dict[str, object]) -> None:
    marks = found.returns.steps[found.returns.steps["mark"].astype(bool)]
    chart = curves(
        found.returns.steps,
        group="group",
        time="week",
        share="share",
        low="low",
        high="high",
        at_risk="at_risk",
        mark="mark",
        unit="placements back in mainstream, of all that started",
        time_unit="weeks",
    )
    show.finding(
        chart,
        marks,
        columns=_CURVE,
        title=sentences.returned(found.returns.rows, f"in {found.asked.label}"),
        source=place.local,
        name="way-back",
        publish=lambda: _again(asked).returns.steps.loc[lambda rows: rows["mark"].astype(bool)],
    )
    st.markdown(text.plain(sentences.claims(found.returns.rows)))
    show.table(
        found.returns.rows,
        columns=_there(found.returns.rows, _RETURNED),
        caption=f"Placements that started in {found.asked.label}, and what became of them",
        name="returns",
        source=place.local,
        publish=lambda: _again(asked).returns.rows,
    )


def _lasted(found: Provided, place: Place, asked: dict[str, object]) -> None:
    st.header(text.plain(sentences.lasted(found.lasted)), anchor=False)
    show.table(
        found.lasted,
        columns={"after": "After the return"} | _LASTED,
        caption=f"Returns in {found.asked.label} that lasted, of those for whom that day has come",
        name="lasted",
        source=place.local,
        publish=lambda: _again(asked).lasted,
    )
    show.table(
        found.lasted_by,
        columns=_there(found.lasted_by, {"group": "Group"} | _LASTED),
        caption="The same 12 school weeks after the return, by group",
        name="lasted-by-group",
        source=place.local,
        publish=lambda: _again(asked).lasted_by,
    )


def _stock(found: Provided, place: Place, asked: dict[str, object]) -> None:
    st.header(text.plain(sentences.stock(found.tiers, found.stood_on)), anchor=False)
    show.table(
        found.tiers,
        columns=_there(found.tiers, _TIERS),
        caption=f"Placements by tier in {year_label(found.asked.years[-1])}",
        name="tiers",
        source=place.local,
        publish=lambda: _again(asked).tiers,
    )
    show.table(
        found.collections,
        columns=_there(found.collections, _COLLECTIONS),
        caption=sentences.NEVER_SUMMED,
        name="collections",
        source=place.local,
        publish=lambda: _again(asked).collections,
    )


def _places(found: Provided, place: Place, asked: dict[str, object]) -> None:
    st.header(text.plain(sentences.used(found.occupancy)), anchor=False)
    show.table(
        found.occupancy,
        columns=_OCCUPANCY,
        caption=f"Commissioned places and their use in {year_label(found.asked.years[-1])}",
        name="occupancy",
        source=place.local,
        publish=lambda: _again(asked).occupancy,
    )
    st.header(text.plain(sentences.waited(found.waits)), anchor=False)
    show.table(
        found.waits,
        columns=_WAITS,
        caption=f"From the panel’s decision for a place to its start, decisions of {found.asked.label}",
        name="waits",
        source=place.local,
        publish=lambda: _again(asked).waits,
    )


def _signs(found: Provided, place: Place, asked: dict[str, object]) -> None:
    st.header(text.plain(sentences.went_wrong(found.signs)), anchor=False)
    st.write(sentences.ASK_ABOUT)
    show.table(
        found.signs,
        columns=_SIGNS,
        caption=f"Placements that started in {found.asked.label}",
        name="signs",
        source=place.local,
        publish=lambda: _again(asked).signs,
    )


def _there(rows: pd.DataFrame, columns: dict[str, str]) -> dict[str, str]:
    """The columns that there are: who may not see small numbers gets none that would give them away."""
    return {name: title for name, title in columns.items() if name in rows}


def _again(asked: dict[str, object]) -> Provided:
    found = cached.answer(views.provided, **asked)
    assert found is not None, "it was there a moment ago"
    return found


def _due_back(place: Place) -> None:
    found = children.ask(pupils.due_back, la=place.la, on=place.today)
    rows = _named(found, "Due back from alternative provision")
    st.header(text.plain(sentences.due_back(rows)), anchor=False)
    if since := not_known_since(place.now, place.today):
        st.write(since)
    show.sortable(
        rows,
        columns=_DUE,
        caption="Children in an open placement who are due back within six school weeks, or were by now",
        name="due-back",
        source=place.local,
        about=list(rows["pupil_ref"]),
    )
    children.story_of_one(rows, "due")


def _back_again(place: Place, on: date, thresholds: Thresholds) -> None:
    found = children.ask(pupils.back_again, la=place.la, on=on, thresholds=thresholds)
    rows = _named(found, "Back from alternative provision")
    st.header(text.plain(sentences.back_again(rows)), anchor=False)
    st.write(sentences.FACTS)
    show.sortable(
        rows,
        columns=_BACK,
        caption="Children back for 24 school weeks or less who were suspended, or whose attendance is low or falling",
        name="back-again",
        source=place.local,
        about=list(rows["pupil_ref"]),
    )
    children.story_of_one(rows, "back")


def _named(rows: pd.DataFrame, place: str) -> pd.DataFrame:
    """The rows with what each child is called. Whoever is here sees them now, which the audit trail keeps."""
    references = list(rows["pupil_ref"])
    children.saw(place, references)
    days = {name: rows[name].dt.date for name in ("start_date", "back_on") if name in rows}
    return rows.assign(child=rows["pupil_ref"].map(children.labels(references)).astype("object"), **days)
