"""What is read of one authority's alternative provision, for figures about groups: no row that is returned is shown.

Pupils are numbers that mean nothing outside it. Reasons and year groups are read for every scope that reaches the
authority whole, and never leave but as counts; small ones are hidden where they are put to use (masks.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, select

from access.reach import of_school, reached_urns
from access.scope import Scope
from analysis import queries
from analysis.frames import read
from analysis.joining import that_count
from data_model.attendance import ATTENDANCE
from data_model.belonging import LA_CODE, pupil_of, school_of
from data_model.codes import Phase
from data_model.dataset import Dataset
from data_model.exclusions import PERMANENT_EXCLUSIONS
from data_model.fair_access import FAP_DECISIONS
from data_model.moves import OFF_SITE_DIRECTIONS
from data_model.outreach import OUTREACH_CASES, OUTREACH_CONTACTS, OUTREACH_REFERRALS
from data_model.placements import AP_PLACEMENTS
from data_model.providers import PROVIDERS
from data_model.pupils import PUPILS
from data_model.schools import SCHOOLS
from data_model.suspensions import SUSPENSIONS

_schools = SCHOOLS.table

_DAYS: dict[Dataset, tuple[str, ...]] = {
    PERMANENT_EXCLUSIONS: ("head_decision_date",),
    AP_PLACEMENTS: ("start_date", "end_date"),
    OUTREACH_REFERRALS: ("received_date",),
    OUTREACH_CASES: ("start_date", "end_date"),
    OUTREACH_CONTACTS: ("date",),
}
_PLACEMENT = [
    *("placement_id", "provider_urn", "provider_ukprn", "setting_type", "provider_ref", "tier", "commissioner"),
    *("placement_reason", "start_date", "planned_end_date", "end_date", "attendance_pattern", "sessions_per_week"),
    *("planned_reintegration_date", "end_reason", "destination_urn"),
]


@dataclass(frozen=True, eq=False)
class Provision:
    """One authority's alternative provision as a scope reaches it. `pupil` is a number, `urn` a row's school.

    placements: `pupil, urn`, the dataset's columns on where, why and how long, the `phase` of the school, the
    `year_group` at the start (missing where it is not known) and the `register` reference of the provider (blank
    without one).
    directions: `pupil, urn, start_date, end_date`. decisions: `pupil, urn, meeting_date, decision`, of panels.
    exclusions: `pupil, urn, start_date`. attendance: `pupil, urn, week_start` and its half days. providers and
    term_dates: the columns of their datasets.
    `ap_schools` are the URNs of the authority's AP schools, `now` is the last day in the data (None without events).
    """

    placements: pd.DataFrame
    directions: pd.DataFrame
    decisions: pd.DataFrame
    exclusions: pd.DataFrame
    attendance: pd.DataFrame
    providers: pd.DataFrame
    term_dates: pd.DataFrame
    ap_schools: frozenset[int]
    now: date | None


def provision(connection: Connection, scope: Scope, la: int) -> Provision | None:
    """What is read of one authority. None where small numbers are hidden from the scope and it reaches a part alone:
    what is hidden is decided on whole authorities."""
    if not scope.full_figures and la not in scope.la_codes:
        return None
    own = scope.within(la)
    source = str(queries.local_source(connection, own))
    events = {
        "placements": _rows(connection, own, AP_PLACEMENTS, _PLACEMENT),
        "directions": _rows(connection, own, OFF_SITE_DIRECTIONS, ["start_date", "end_date"]),
        "decisions": _rows(connection, own, FAP_DECISIONS, ["meeting_date", "decision"]),
        "exclusions": _rows(connection, own, PERMANENT_EXCLUSIONS, ["head_decision_date"], source).rename(
            columns={"head_decision_date": "start_date"}
        ),
        "attendance": _rows(
            connection,
            own,
            ATTENDANCE,
            ["week_start", "possible", "present", "code_e"],
        ),
    }
    schools = queries.schools(connection, own)
    providers = _providers(connection, own, la)
    placements = _with_year_group(connection, own, events["placements"])
    phase = schools.set_index("urn")["phase"].astype("str")
    events["placements"] = placements.assign(
        phase=placements["urn"].map(phase).fillna(""), register=registered_as(placements, providers)
    )
    return Provision(
        **_numbered(events),
        providers=providers,
        term_dates=queries.term_dates(connection, own),
        ap_schools=frozenset(phase.index[phase.eq(str(Phase.AP))].astype(int)),
        now=last_day(connection, scope, la),
    )


def last_day(connection: Connection, scope: Scope, la: int) -> date | None:
    """The last day on which anything happened in an authority, by the days of `Records.now`; None without events."""
    own = scope.within(la)
    source = str(queries.local_source(connection, own))
    suspended = _rows(connection, own, SUSPENSIONS, ["start_date", "category", "status"], source)
    days = [that_count(suspended)["start_date"]]
    for dataset, columns in _DAYS.items():
        rows_of, urn = school_of(dataset)
        with_school = rows_of.outerjoin(_schools, _schools.c.urn == urn)
        statement = select(*(dataset.table.c[column] for column in columns)).select_from(with_school).distinct()
        statement = statement.where(of_school(connection, own, urn.is_(None)))
        statement = statement.where(dataset.table.c.source == source) if dataset.by_source else statement
        rows = read(connection, statement)
        days += [rows[column] for column in columns]
    known = pd.concat(days).dropna()
    return known.max().date() if len(known) else None


def started_on(connection: Connection, scope: Scope, la: int) -> pd.Series:
    """The days on which an authority's placements started."""
    own = scope.within(la)
    return _rows(connection, own, AP_PLACEMENTS, ["start_date"])["start_date"]


def registered_as(placements: pd.DataFrame, providers: pd.DataFrame) -> pd.Series:
    """The reference of each placement's provider in the register: its own, or that of the row with the same URN, UKPRN
    or kind of setting; blank without one, and where several have it."""
    found = placements["provider_ref"].astype("str").where(placements["provider_ref"].notna(), "")
    for theirs, own in (("urn", "provider_urn"), ("ukprn", "provider_ukprn"), ("setting_type", "setting_type")):
        named = providers[providers[theirs].notna()][[theirs, "provider_ref"]].astype("str").drop_duplicates()
        alone = named.drop_duplicates(theirs, keep=False).set_index(theirs)["provider_ref"]
        found = found.where(found.ne(""), placements[own].astype("str").map(alone).astype(object).fillna(""))
    return found.astype("str")


def _rows(
    connection: Connection, scope: Scope, dataset: Dataset, names: Sequence[str], source: str | None = None
) -> pd.DataFrame:
    """The rows of a dataset about pupils in the scope's schools: `pupil_ref, urn` and these columns."""
    table, urn, pupil = dataset.table.c, school_of(dataset)[1], pupil_of(dataset)
    assert pupil is not None
    columns: list[ColumnElement[Any]] = [pupil.label("pupil_ref"), urn.label("urn"), *(table[name] for name in names)]
    statement = select(*columns).select_from(school_of(dataset)[0].outerjoin(_schools, _schools.c.urn == urn))
    statement = statement.where(of_school(connection, scope, LA_CODE.is_(None)), pupil.is_not(None))
    return read(connection, statement if source is None else statement.where(table.source == source))


def _providers(connection: Connection, scope: Scope, la: int) -> pd.DataFrame:
    table = PROVIDERS.table
    statement = select(*(table.c[name] for name in PROVIDERS.columns)).where(table.c.la_code == la)
    # The register is the authority's own: whoever reaches a part of it may know whom it commissions.
    found = read(connection, statement.order_by(table.c.provider_ref, table.c.valid_from))
    return found if la in scope.authorities else found.iloc[:0]


def _with_year_group(connection: Connection, scope: Scope, placements: pd.DataFrame) -> pd.DataFrame:
    """Adds `year_group` at the start: the latest known before, a year more for each September since."""
    table = PUPILS.table.c
    placed = select(AP_PLACEMENTS.table.c.pupil_ref).where(AP_PLACEMENTS.table.c.home_urn.in_(reached_urns(scope)))
    with_school = PUPILS.table.outerjoin(_schools, _schools.c.urn == table.main_urn)
    statement = select(table.pupil_ref, table.valid_from, table.ncyg).select_from(with_school)
    known = read(
        connection, statement.where(of_school(connection, scope, LA_CODE.is_(None)), table.pupil_ref.in_(placed))
    )
    number = pd.to_numeric(known["ncyg"].astype("str").replace({"R": "0"}), errors="coerce")
    known = known.assign(pupil_ref=known["pupil_ref"].astype("str"), number=number).dropna(subset=["number"])
    own = placements.assign(pupil_ref=placements["pupil_ref"].astype("str"), place=range(len(placements)))
    joined = pd.merge_asof(
        own.sort_values("start_date", kind="stable"),
        known[["pupil_ref", "valid_from", "number"]].sort_values("valid_from", kind="stable"),
        left_on="start_date",
        right_on="valid_from",
        by="pupil_ref",
    )
    years = _school_year(joined["start_date"]) - _school_year(joined["valid_from"])
    joined = joined.assign(year_group=(joined["number"] + years).astype("float64"))
    return joined.sort_values("place").drop(columns=["place", "valid_from", "number"]).reset_index(drop=True)


def _school_year(days: pd.Series) -> pd.Series:
    return days.dt.year - days.dt.month.lt(9)


def _numbered(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The frames with a number for each pupil in place of the reference."""
    references = pd.concat([frame["pupil_ref"].astype("str") for frame in frames.values()])
    numbers = np.split(pd.factorize(references)[0], np.cumsum([len(frame) for frame in frames.values()])[:-1])
    return {
        name: frame.drop(columns="pupil_ref").assign(pupil=own).reset_index(drop=True)
        for (name, frame), own in zip(frames.items(), numbers, strict=True)
    }
