"""A file with a header and no rows: nothing happened, once somebody says for which term and schools."""

import streamlit as st

from access.roles import Permission
from analysis import queries
from analysis.wording import counted
from data_model.codes import SchoolStatus
from data_model.store import database, reading
from data_model.terms import Period
from loaders.compare import Comparison, compare
from loaders.files import Checked
from loaders.reach import Reach
from loaders.report import Report
from loaders.save import Consent, NotSaved, save
from loaders.upload_record import Sender
from ui import cached, text, who
from ui.uploading.changed_rows import show_rows
from ui.uploading.desk import Said, desk, finish, tell
from ui.uploading.differences import MEANWHILE, PLACES, drawn_anew
from ui.uploading.words import are

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
    with reading(database()) as connection:
        difference = compare(connection, report, Reach(connection, who.person().loads_for), schools)
    remove = _ask_about_saved(report, difference)
    anew = drawn_anew(difference.version)
    title = f"Save: no {report.dataset.title.lower()} in {report.period.label}"
    if st.button(title, type="primary", key=f"upload nil {desk().file_id}"):
        who.require(Permission.SAVE_UPLOADS)
        if anew:
            tell(Said("warning", MEANWHILE))
        _save(checked, report.period, schools, Consent(remove_gone=remove))


def _ask_schools() -> list[int] | None:
    """The URNs of the schools that it is for, none for all of them; None until that is chosen."""
    if st.radio("Which schools is it for?", [_ALL, _SOME], key="upload nil for") == _ALL:
        return []
    schools = cached.answer(queries.schools)
    named = schools[schools["status"].ne(SchoolStatus.CLOSED)].sort_values("school_name")
    names = {int(urn): f"{name} ({urn})" for urn, name in named[["urn", "school_name"]].itertuples(index=False)}
    chosen = st.multiselect("Schools", list(names), format_func=names.__getitem__, key="upload nil schools")
    return chosen or None


def _ask_about_saved(report: Report, difference: Comparison) -> bool:
    """Show the saved rows that a nil return denies; whether they are to go."""
    if not difference.gone:
        return False
    rows = counted(len(difference.gone), "row")
    st.warning(
        f"{rows} of {report.dataset.title.lower()} {are(len(difference.gone))} saved for that term. Look at them:"
    )
    show_rows(report, difference)
    return st.checkbox(f"Remove the saved {rows} (otherwise they stay, and are counted)", key=f"gone {desk().file_id}")


def _save(checked: Checked, period: Period, schools: list[int], consent: Consent) -> None:
    report = checked.report
    sender = Sender.of(who.person())
    try:
        saved = save(database(), report, checked.sha256, sender, consent, nil_schools=schools)
    except NotSaved as reason:
        st.error(text.plain(reason))
        return
    whose = counted(len(schools), "school") if schools else "every school"
    what = f"no {report.dataset.title.lower()} in {period.label} at {whose}"
    went = f" {counted(saved.removed, 'saved row')} removed." if saved.removed else ""
    finish(Said("success", f"Saved as upload {saved.upload_id}, a nil return: {what}.{went}", PLACES))
