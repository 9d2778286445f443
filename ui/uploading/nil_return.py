"""A file with a header and no rows: nothing happened, once somebody says for which term and schools."""

import streamlit as st

from access.roles import Permission
from analysis import queries
from analysis.wording import counted
from data_model.codes import SchoolStatus
from data_model.store import database
from data_model.terms import Period
from loaders.files import Checked
from loaders.save import NotSaved, Sender, save
from ui import cached, text, who
from ui.uploading.desk import Said, desk, finish
from ui.uploading.differences import PLACES

_ALL, _SOME = "Every school of the local authority", "Only these schools"


def offer(checked: Checked) -> None:
    """Ask for which term and schools nothing happened, and save that."""
    report = checked.report
    st.header("A nil return?", anchor=False)
    if report.dataset.dated is None:
        st.write("The file has a header and no rows, so there is nothing to load from it.")
        return
    st.write(
        f"The file has a header and no rows. That can mean that there were no {report.dataset.title.lower()}: "
        "then nobody is asked for them again, and they count as 0."
    )
    if report.period is None:
        st.info("Choose above which term it is for.")
        return
    schools = _ask_schools()
    if schools is None:
        return
    title = f"Save: no {report.dataset.title.lower()} in {report.period.label}"
    if st.button(title, type="primary", key=f"upload nil {desk().file_id}"):
        who.require(Permission.SAVE_UPLOADS)
        _save(checked, report.period, schools)


def _ask_schools() -> list[int] | None:
    """The URNs of the schools that it is for, none for all of them; None until that is chosen."""
    if st.radio("Which schools is it for?", [_ALL, _SOME], key="upload nil for") == _ALL:
        return []
    schools = cached.answer(queries.schools)
    named = schools[schools["status"].ne(SchoolStatus.CLOSED)].sort_values("school_name")
    names = {int(urn): f"{name} ({urn})" for urn, name in named[["urn", "school_name"]].itertuples(index=False)}
    chosen = st.multiselect("Schools", list(names), format_func=names.__getitem__, key="upload nil schools")
    return chosen or None


def _save(checked: Checked, period: Period, schools: list[int]) -> None:
    report = checked.report
    sender = Sender(who.role().label)
    try:
        saved = save(database(), report, checked.sha256, sender, nil_schools=schools)
    except NotSaved as reason:
        st.error(text.plain(reason))
        return
    whose = counted(len(schools), "school") if schools else "every school"
    what = f"no {report.dataset.title.lower()} in {period.label} at {whose}"
    finish(Said("success", f"Saved as upload {saved.upload_id}, a nil return: {what}.", PLACES))
