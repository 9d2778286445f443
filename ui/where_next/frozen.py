"""A meeting's list: frozen under a name, and opened beside the list of now."""

import pandas as pd
import streamlit as st

from access.roles import Permission
from analysis.targeting.changes import FROZEN, changes
from analysis.wording import counted
from data_model.store import current_version, database, reading
from data_model.terms import Period
from recording.frozen_lists import KeptList, freeze_list, kept_lists, list_rows, withdraw_list
from ui import cached, clock, show, telling, text, who
from ui.where_next.asked import Asked

_CHANGES = {
    "school_name": "School",
    "change_name": "What changed",
    "words": "In words",
    "before": "To gain then (range)",
    "now": "To gain now (range)",
}
_AS_IT_WAS = {
    "school_name": "School",
    "observed": "Suspensions",
    "expected": "Average of such a school",
    "steadied_ratio": "How high",
    "low80": "from",
    "high80": "to",
    "gain": "How much",
    "gain_low": "at least",
    "gain_high": "at most",
}


def freeze(asked: Asked) -> None:
    """A form that freezes the list as it stands, for who may."""
    if not who.may(Permission.FREEZE_LISTS) or not len(_keepable(asked)):
        return
    with reading(database()) as connection:
        version = current_version(connection)
    with st.expander("Freeze this list for a meeting", key="freeze"), st.form("freeze", border=False):
        st.write("It is kept as it stands, with the schools chosen above, and can be compared with a later list.")
        name = st.text_input("Name, such as: Panel of March 2026", max_chars=80)
        names_nobody = st.checkbox(telling.NAMES_NOBODY)
        if st.form_submit_button("Freeze the list"):
            who.require(Permission.FREEZE_LISTS)
            rows = _keepable(asked).to_dict("records")

            def frozen() -> str:
                freeze_list(
                    database(),
                    who.person(),
                    la_code=asked.place.la,
                    name=name,
                    question=_question(asked),
                    rows=[{key: None if pd.isna(value) else value for key, value in row.items()} for row in rows],
                    data_version=version,
                    names_nobody=names_nobody,
                )
                return f"“{name}” was frozen: {len(rows)} schools. Open it under “What changed”."

            telling.told(frozen)


def _keepable(asked: Asked) -> pd.DataFrame:
    """The rows of schools with a URN, as they are kept; without one a school could not be found again."""
    rows = asked.rows[asked.rows["urn"].notna()]
    return rows[list(FROZEN)].astype({"urn": "int64"})


def _question(asked: Asked) -> dict[str, object]:
    others = {name: str(value) for name, value in asked.filters.items() if value and name != "phase"}
    phase = asked.filters["phase"]
    return {"period": str(asked.period), "phase": phase, "filters": others, "order": asked.order.label}


def what_changed(asked: Asked) -> None:
    """Show a frozen list beside the present one."""
    with reading(database()) as connection:
        kept = [each for each in kept_lists(connection, cached.scope(), asked.place.la) if each.withdrawn is None]
    if not kept:
        show.nothing("No list is frozen yet. Freeze one under the list, and it can be compared with a later one here.")
        return
    names = {each.name: each for each in kept}
    with st.columns(2)[0]:
        since = names[st.selectbox("Compare with", list(names), key="since")]
    with reading(database()) as connection:
        before = list_rows(connection, cached.scope(), since.list_id)
    found = changes(before, _keepable(asked))
    st.header(text.plain(f"Since {since.name}: {found.sentence}"), anchor=False)
    if len(found.changed):
        show.table(
            found.changed,
            columns=_CHANGES,
            caption=f"{counted(len(found.changed), 'school')} changed, those in high need now first",
            source=asked.source,
            name="what-changed",
        )
    if found.unchanged:
        st.write(text.plain(found.unchanged))
    frozen_on = clock.day(since.frozen_at)
    of = Period.parse(since.question.period).label
    st.caption(
        text.plain(
            f"{since.name} was frozen on {frozen_on} from figures up to {of}; the list now is of {asked.period.label}. "
            "Schools that were picked for a bad year usually fall by themselves: a fall proves nothing."
        )
    )
    with st.expander("The list as it was frozen", key="as it was"):
        show.table(before, columns=_AS_IT_WAS, caption=since.name, name="frozen-list")
    if who.may(Permission.FREEZE_LISTS):
        _withdraw(since)


def _withdraw(kept: KeptList) -> None:
    with st.expander("Withdraw this list", key="withdraw list"), st.form("withdraw list", border=False):
        why = st.text_input("Why", max_chars=500)
        names_nobody = st.checkbox(telling.NAMES_NOBODY)
        if st.form_submit_button("Withdraw the list"):
            who.require(Permission.FREEZE_LISTS)

            def withdrawn() -> str:
                withdraw_list(database(), who.person(), list_id=kept.list_id, why=why, names_nobody=names_nobody)
                return f"“{kept.name}” was withdrawn."

            telling.told(withdrawn)
