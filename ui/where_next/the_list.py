"""The list itself: the first three schools, and all of them in a table."""

import pandas as pd
import streamlit as st

from analysis.targeting import list_sentences as sentences
from analysis.targeting import list_views as views
from ui import show, text
from ui.where_next import frozen
from ui.where_next.asked import Asked, address

_THREE = {
    "phase_name": "Phase",
    "how_high": "How high",
    "how_much": "How much",
    "how_sure": "How sure",
    "standing": "Standing",
}
_OWN = {
    "outreach_brief": "Outreach",
    "three_plus": "Pupils 3+",
    "permanent_exclusions": "PEX",
    "placements_open": "In AP",
}
_PUBLISHED = {"pupils_suspended": "Pupils suspended", "permanent_exclusions": "PEX"}
_REGISTER = {
    "note": "Note",
    "pupils": "Pupils on roll",
    "district": "District",
    "trust_name": "Trust",
    "governance": "Kind of school",
    "admissions": "Admissions",
    "size_name": "Size",
}


_COLUMNS = (
    "How high: times the average of schools of its size and phase. How much: suspensions above that average in a year. "
    "How sure: the chance of being above average next year. Ranges in brackets hold 8 times in 10. All three weigh up "
    "to three years; suspensions are those of the latest year alone, beside the average of such a school, so their "
    "difference is not “How much”. Each school’s page shows the sum. PEX: permanent exclusions in the latest year."
)
_BESIDE = (
    "Pupils 3+: pupils suspended three times or more in it. In AP: its pupils in alternative provision now. Outreach: "
    "cases open now, and hours in the latest year."
)
_FIRST = 20


def finding(asked: Asked) -> None:
    """Show which three schools, why and how sure; and which others have high need and no outreach."""
    st.header(text.plain(sentences.finding(asked.rows, asked.order)), anchor=False)
    if asked.found.averages:
        st.markdown(f"**{text.plain(asked.found.averages)}**")
    for sentence in (sentences.unmet(asked.rows), sentences.contested(asked.rows)):
        if sentence:
            st.markdown(f"**{text.plain(sentence)}**")
    top = views.first(asked.rows)
    for column, (_, row) in zip(st.columns(views.TOP), top.iterrows(), strict=False):
        with column:
            st.html(_card(row))


def _card(row: "pd.Series") -> str:
    there = f"{address(to_a_school=True)}{row['key']}"
    lines = "".join(
        f"<p><strong>{text.html(what)}:</strong> {text.html(said)}</p>" for what, said in views.card(row).items()
    )
    heading = f'<h3><a href="{text.html(there)}">{text.html(row["school_name"])}</a></h3>'
    return f'<article class="card">{heading}<p>{text.html(row["phase_name"])}</p>{lines}</article>'


def every_school(asked: Asked) -> None:
    """Show every school that was chosen, with its three numbers and what stands beside them."""
    of = f"{len(asked.rows)} of {len(asked.found.rows)} schools"
    chosen = f"{of}: {', '.join(asked.narrowed)}" if asked.narrowed else f"{len(asked.rows)} schools"
    more = st.toggle("Show notes, trust, district, size and kind of school", key="register columns")
    columns = {
        "school_name": "School",
        **asked.reply_column,
        **_THREE,
        **(_PUBLISHED if asked.found.published else _OWN),
        "counted": "Suspensions (average)",
        **(_REGISTER if more else {}),
    }
    st.caption(_COLUMNS if asked.found.published else f"{_COLUMNS} {_BESIDE}")
    rows = asked.rows
    if len(rows) > _FIRST and not st.toggle(f"Show all {len(rows)} schools", key="all schools"):
        rows = rows.head(_FIRST)
        chosen = f"The first {_FIRST} of {chosen}"
    show.table(
        rows,
        columns=columns,
        caption=f"{chosen}, {asked.order.label.lower()} first, {asked.found.window}. Choose a school to see why",
        source=asked.source,
        name="where-next",
        links="key",
        leads_to=address(to_a_school=True),
        publish=asked.again,
    )
    frozen.freeze(asked)
    show.notes([*asked.found.notes, *_ABOUT])


_ABOUT = (
    "How high: suspensions of up to three years beside what schools of the same size and phase here had, the latest "
    "counting in full and each earlier year half as much as the one after it; steadied, because one year can mislead.",
    "How much: suspensions above that average in a year like the latest: what there would be to gain.",
    "How sure: of schools with such figures, how many are above average in the next year. It is never said to be more "
    "than about 9 in 10.",
    "None of the three is blended into one score. What stands beside them is not in them: it is for people to weigh.",
    "A change of head is in no file that is loaded: heads can tell of it in their reply.",
)
