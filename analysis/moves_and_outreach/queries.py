"""Rows about single pupils, read for whole authorities and brought together. They never leave but as counts."""

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import Connection, select

from access.reach import of_school
from access.scope import Scope
from analysis import queries
from analysis.casework.attendance_change import sessions_of
from analysis.frames import read
from analysis.joining import that_count
from analysis.moves_and_outreach import follow_up, views
from analysis.moves_and_outreach.follow_up import Known
from analysis.moves_and_outreach.held import mm_success
from analysis.moves_and_outreach.starts import starts
from analysis.moves_and_outreach.views import Picture
from data_model.attendance import ATTENDANCE
from data_model.belonging import LA_CODE, pupil_of, school_of
from data_model.dataset import Dataset
from data_model.exclusions import OVER, PERMANENT_EXCLUSIONS
from data_model.moves import MANAGED_MOVES, OFF_SITE_DIRECTIONS
from data_model.outreach import OUTREACH_CASES
from data_model.placements import AP_PLACEMENTS
from data_model.pupils import PUPILS
from data_model.school_days import SchoolDays
from data_model.schools import SCHOOLS
from data_model.settings import settings
from data_model.suspensions import SUSPENSIONS

_schools = SCHOOLS.table

_NAMES: dict[str, tuple[Dataset, Sequence[str]]] = {
    "cases": (OUTREACH_CASES, ("case_type", "start_date", "end_date")),
    "moves": (MANAGED_MOVES, ("to_urn", "start_date", "end_date", "outcome")),
    "directions": (OFF_SITE_DIRECTIONS, ("to_urn", "start_date", "end_date", "attendance_pattern")),
    "suspensions": (SUSPENSIONS, ("start_date", "category", "status")),
    "exclusions": (PERMANENT_EXCLUSIONS, ("head_decision_date", "review_outcome")),
    "placements": (AP_PLACEMENTS, ("start_date", "end_date", "attendance_pattern")),
    "pupils": (PUPILS, ("valid_from", "sex", "sen_provision", "ncyg")),
    "attendance": (
        ATTENDANCE,
        ("week_start", "possible", "present", "authorised", "unauthorised", "code_e", "code_b", "code_k"),
    ),
}


def moves_and_outreach(connection: Connection, scope: Scope, la: int) -> Picture | None:
    """The picture of one authority, without small numbers where the scope hides them; None where it is not reached
    whole."""
    if la not in scope.la_codes:
        return None
    own = scope.within(la)
    found = _numbered({name: _rows(connection, own, *each) for name, each in _of_source(connection, own).items()})
    schools = queries.schools(connection, own)
    suspensions = that_count(found["suspensions"]).rename(columns={"start_date": "day"})
    until = suspensions["day"].max()
    if pd.isna(until):
        return views.without_suspensions()
    phases = schools.set_index("urn")["phase"].astype("str")
    exclusions = found["exclusions"]
    stand = exclusions[~exclusions["review_outcome"].astype("object").isin(OVER)]
    known = Known(
        suspensions=suspensions,
        exclusions=stand.rename(columns={"head_decision_date": "day"})[["pupil", "day"]],
        away=follow_up.away_from_mainstream(found["placements"], found["directions"], phases),
        sessions=sessions_of(found["attendance"]),
        pupils=found["pupils"].rename(columns={"sen_provision": "sen", "ncyg": "year_group"}),
        phases=phases,
        school_days=SchoolDays.of(queries.term_dates(connection, own)),
        until=until,
    )
    moves = found["moves"]
    began = starts(found["cases"], moves, found["directions"], until, schools["urn"])
    held = mm_success(moves, known.school_days, until)
    threshold = None if scope.full_figures else settings().small_number
    return views.picture(began, follow_up.followed(began.rows, known), held, until.date(), threshold)


def _of_source(connection: Connection, scope: Scope) -> dict[str, tuple[Dataset, Sequence[str], str]]:
    source = str(queries.local_source(connection, scope))
    return {name: (dataset, names, source) for name, (dataset, names) in _NAMES.items()}


def _rows(connection: Connection, scope: Scope, dataset: Dataset, names: Sequence[str], source: str) -> pd.DataFrame:
    pupil, (rows, urn) = pupil_of(dataset), school_of(dataset)
    assert pupil is not None, f"{dataset.name} is about no pupils"
    columns = [dataset.table.c[name] for name in names]
    statement = select(pupil.label("pupil_ref"), urn.label("urn"), *columns)
    statement = statement.select_from(rows.outerjoin(_schools, _schools.c.urn == urn))
    statement = statement.where(pupil.is_not(None), of_school(connection, scope, LA_CODE.is_(None)))
    if dataset.by_source:
        statement = statement.where(dataset.table.c.source == source)
    return read(connection, statement.order_by(*(dataset.table.c[name] for name in dataset.key)))


def _numbered(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The frames with `pupil`, a number that means nothing elsewhere, in place of the reference."""
    references = pd.concat([frame["pupil_ref"].astype("str") for frame in frames.values()], keys=list(frames))
    numbers = pd.Series(pd.factorize(references)[0], index=references.index)
    return {
        name: frame.drop(columns="pupil_ref").assign(
            pupil=numbers.loc[[name]].to_numpy() if len(frame) else pd.Series(dtype="int64")
        )
        for name, frame in frames.items()
    }
