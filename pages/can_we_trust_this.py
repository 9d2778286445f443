"""Whether the list of schools can be trusted: what earlier lists said, and what happened next."""

import streamlit as st

from access.roles import Permission
from analysis.targeting import trust_sentences as sentences
from analysis.targeting import trust_views as views
from analysis.targeting.trust import Trust, trust
from charts.calibration import calibration
from charts.column_by_phase import column_by_phase
from ui import cached, filters, opening, show, text, who
from ui.opening import Place
from ui.show import Source

_CLAIMS = {
    "phase": "Phase",
    "picked": "School-years picked",
    "raw": "A list by rate said (times average)",
    "steadied": "Our list said",
    "came": "The next year was",
    "raw_over": "By rate: said ÷ came (range)",
    "steadied_over": "Ours: said ÷ came (range)",
}
_HITS = {
    "phase": "Phase",
    "picked": "School-years picked",
    "raw": "List by rate (range)",
    "steadied": "Our list (range)",
}
_CHANCES = {"given": "We gave a chance of", "judged": "School-years", "in_words": "Above average next year (range)"}
_HELD = {
    "phase": "Phase",
    "judged": "School-years",
    "in80": "In the 80% range (range)",
    "in95": "In the 95% range (range)",
    "off": "Chances off by",
}
_WORDS = {
    "phase": "Phase",
    "band": "We call it",
    "we_say": "What that says",
    "above": "Above average next year",
    "share": "Share (range)",
    "judged": "School-years",
}
_CONSTANTS = {
    "phase": "Phase",
    "published": "Published",
    "best": "Best on these schools’ earlier years",
    "judged": "School-years to choose from",
    "why": "Used",
}
_OWN, _PUBLISHED = "The authority’s own records", "DfE’s published figures"


def can_we_trust_this() -> None:
    """Draw the page."""
    who.require(Permission.CAN_WE_TRUST_THIS)
    st.title("Can we trust this?", anchor=False)
    place = opening.place()
    if place is None:
        return
    st.write(
        "For every earlier year we make the list of schools again from what was known then, and look at what happened "
        "in the year after. A school-year is one school at the end of one such year."
    )
    published = _by_published(place)
    found = _asked(place, published)
    if found.backtest.every.empty:
        show.nothing(" ".join(found.notes[:2]))
        return
    source = place.source(["published"]) if published else place.local
    _in_short(found)
    _claims(place, published, source)
    _chances(place, published, source)
    _words(place, published, source)
    _hits(place, published, source)
    _held(place, published, source)
    _constants(place, published, source)
    show.notes([*found.notes, *views.LIMITS])


def _asked(place: Place, published: bool) -> Trust:
    return cached.counted(trust, la=place.la, published=published)


def _by_published(place: Place) -> bool:
    """Whether the lists are judged by DfE's figures: where there are both, the user chooses."""
    own, printed = _asked(place, published=False), _asked(place, published=True)
    if not own.years or not printed.years:
        return not own.years
    first, second = (_PUBLISHED, _OWN) if own.backtest.every.empty else (_OWN, _PUBLISHED)
    with st.columns(3)[0]:
        other = filters.one_of("Judged by", [second], "judged_by", first)
    return (other or first) == _PUBLISHED


def _in_short(found: Trust) -> None:
    said = (sentences.chances(found), sentences.words(found), sentences.ranges(found))
    st.markdown("\n".join(f"* {text.plain(sentence)}." for sentence in said))


def _claims(place: Place, published: bool, source: Source) -> None:
    table = views.claims(_asked(place, published))
    show.finding(
        column_by_phase(views.claim_parts(table), phase="phase", value="times", unit="times average", series="said"),
        table,
        columns=_CLAIMS,
        title=sentences.claimed(table),
        source=source,
        name="claimed-and-came",
        publish=lambda: views.claims(_asked(place, published)),
    )
    st.caption(
        "Of the tenth of schools with the highest rates of their phase. They fall whether or not anybody helps them: a "
        "bad year is partly bad luck."
    )


def _chances(place: Place, published: bool, source: Source) -> None:
    found = _asked(place, published)
    table = views.chances(found)
    show.finding(
        calibration(
            table,
            said="said",
            came_true="came_true",
            low="low",
            high="high",
            number="judged",
            unit="above average in the next year",
        ),
        table,
        columns=_CHANCES,
        title=sentences.chances(found),
        source=source,
        name="chances",
        publish=lambda: views.chances(_asked(place, published)),
    )
    st.caption("Points on the dashed line: we were right. Larger points are of more schools; the bars are 95% ranges.")


def _words(place: Place, published: bool, source: Source) -> None:
    found = _asked(place, published)
    st.header(text.plain(sentences.words(found)), anchor=False)
    show.table(
        views.words(found),
        columns=_WORDS,
        caption="What our words said, and how many of those schools were above average in the next year",
        source=source,
        name="words",
        publish=lambda: views.words(_asked(place, published)),
    )


def _hits(place: Place, published: bool, source: Source) -> None:
    table = views.hits(_asked(place, published))
    st.header(text.plain(sentences.found_again(table)), anchor=False)
    show.table(
        table,
        columns=_HITS,
        caption="Of the schools on each list, how many were in the highest tenth by rate in the next year",
        source=source,
        name="found-again",
        publish=lambda: views.hits(_asked(place, published)),
    )


def _held(place: Place, published: bool, source: Source) -> None:
    found = _asked(place, published)
    st.header(text.plain(sentences.ranges(found)), anchor=False)
    show.table(
        views.held(found),
        columns=_HELD,
        caption="How often the ranges held next year’s count, and how far the chances were off on average",
        source=source,
        name="ranges",
        publish=lambda: views.held(_asked(place, published)),
    )


def _constants(place: Place, published: bool, source: Source) -> None:
    found = _asked(place, published)
    st.header(text.plain(sentences.constants(found)), anchor=False)
    show.table(
        views.constants(found),
        columns=_CONSTANTS,
        caption="How strongly one year is steadied, as published and as these schools’ own earlier years would have it",
        source=source,
        name="constants",
        publish=lambda: views.constants(_asked(place, published)),
    )
