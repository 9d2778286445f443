"""Why one school stands where it does: the page of `?school=`."""

import streamlit as st

from analysis.targeting import list_sentences as sentences
from analysis.targeting import list_views as views
from analysis.targeting.why import Why, why
from data_model.terms import Period
from ui import cached, filters, show, text
from ui.opening import Place
from ui.show import Source
from ui.where_next import reply
from ui.where_next.asked import address

_TERMS = {
    "label": "Term or year",
    "had": "The school had",
    "pupils": "Its pupils",
    "phase_suspensions": "Suspensions in its phase",
    "phase_pupils": "Pupils in its phase",
    "average": "Average for its pupils",
    "next_average": "For its latest pupils",
}


def one_school(place: Place, key: int) -> None:
    """Show why a school stands where it does on the list, and its right of reply."""
    st.html(f'<p class="onward"><a href="{text.html(address(to_a_school=False))}">Back to the list</a></p>')
    with st.columns(3)[0]:
        period = filters.period(place.periods)
    found = cached.counted(why, la=place.la, period=period, key=key)
    if found is None:
        show.nothing(f"This school is not on the list of {period.label}: it is not open, or nothing is expected of it.")
        return
    st.header(text.plain(sentences.why_title(found.row)), anchor=False)
    _said("", found.cautions)
    if found.figures:
        _three(found)
    _said("", views.stands_beside(found.row))
    st.subheader("In words for the head, to check with a calculator", anchor=False)
    _said("", found.sentences)
    _said("What is behind it", found.drivers)
    _terms(found, place, period)
    show.link("Everything that is known of this school", "school", school=str(key))
    if not found.published:
        reply.right_of_reply(found, place, period)


def _three(found: Why) -> None:
    for column, figure in zip(st.columns(len(found.figures)), found.figures, strict=True):
        with column:
            show.metric(figure.name, figure.number, against=figure.of, explained=figure.worked_out)


def _said(heading: str, lines: tuple[str, ...]) -> None:
    if not lines:
        return
    if heading:
        st.subheader(heading, anchor=False)
    st.markdown("\n".join(f"* {text.plain(line)}" for line in lines))


def _terms(found: Why, place: Place, period: Period) -> None:
    if found.terms.empty:
        return
    with st.expander("Where the averages come from, term by term", key="terms"):
        st.write("Average: its pupils × suspensions in its phase ÷ pupils in its phase, rounded as it stands here.")
        show.table(
            found.terms,
            columns=_TERMS,
            caption=f"What a school of this size averages, up to {period.label}",
            source=Source("DfE’s published figures") if found.published else place.local,
            name="why-terms",
            publish=lambda: _again(place, period, int(found.row["key"])).terms,
        )


def _again(place: Place, period: Period, key: int) -> Why:
    found = cached.counted(why, la=place.la, period=period, key=key)
    assert found is not None, "it was there when the page was drawn"
    return found
