"""What one school is, in a line under its name."""

import pandas as pd

from analysis.one_school import figures as school
from analysis.one_school.figures import About
from analysis.records import Records
from analysis.wording import counted
from data_model.codes import Phase, SchoolLink, SchoolStatus

_NO_POLICY = "Not applicable"
_CENSUS = {"AUT": "October", "SPR": "January", "SUM": "May"}
_LINKS = {
    str(SchoolLink.CONVERTER): "converted from {} (one school: its figures go on)",
    str(SchoolLink.SPONSORED): "a new school in place of {} (figures start with its opening)",
}


def context(records: Records, urn: int) -> str:
    """What the school is, in a line: phase, kind, trust, admissions, ages, size, district, dates, numbers."""
    about = school.about(records, urn)
    parts = [
        _phase(about.phase),
        _kind(about),
        about.admissions_policy if about.admissions_policy != _NO_POLICY else None,
        f"ages {about.low_age} to {about.high_age}" if about.low_age is not None and about.high_age else None,
        _size(about),
        f"{about.district} district" if about.district else None,
        _standing(about),
        _predecessor(records, urn),
        f"URN {about.urn}, LAESTAB {about.laestab}",
    ]
    return " · ".join(part for part in parts if part)


def published_context(schools: pd.DataFrame, key: int) -> str:
    """The same for a school that is known from published statistics alone."""
    row = schools[schools["key"].eq(key)].iloc[0]
    return f"{_phase(row['phase'])} · LAESTAB {row['laestab']} · known from DfE’s published statistics only"


def _phase(phase: str) -> str:
    return {str(each): each.label for each in Phase}[str(phase)]


def _kind(about: About) -> str:
    group = about.establishment_type_group or ""
    kind = about.establishment_type or group
    whose = "academy" if "academ" in group.lower() else "maintained by the authority" if "maintained" in group else ""
    said = f"{kind} ({whose})" if whose and kind != group and whose not in kind.lower() else kind
    return f"{said}, {about.trust_name}" if about.trust_name else said


def _size(about: About) -> str:
    if about.headcount is None:
        return "no headcount loaded"
    year, _, term = (about.headcount_at or "").partition(" ")
    room = f", room for {about.capacity:,}" if about.capacity else ""
    return f"{counted(about.headcount, 'pupil')} ({_CENSUS.get(term, term)} census {year}){room}"


def _standing(about: About) -> str:
    """Its status where that is more than open, and when it opened and closed."""
    labels = {str(status): status.label.lower() for status in SchoolStatus if status is not SchoolStatus.OPEN}
    opened = f"opened {about.open_date:%B %Y}" if about.open_date else None
    closed = f"closed {about.close_date:%B %Y}" if about.close_date else None
    return closed or ", ".join(part for part in (labels.get(about.status or ""), opened) if part)


def _predecessor(records: Records, urn: int) -> str | None:
    row = records.schools[records.schools["urn"].eq(urn)].iloc[0]
    if pd.isna(row["predecessor_urn"]):
        return None
    return _LINKS.get(str(row["link_type"]), "in place of {}").format(f"URN {int(row['predecessor_urn'])}")
