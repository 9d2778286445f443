"""What a panel's meeting reads. Rows about children come from `pupil_rows` alone, in the scope of who asks."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

import pandas as pd
from sqlalchemy import Connection, select

from access.reach import of_school
from access.scope import Scope
from analysis import queries
from analysis.casework.rows import pupil_rows
from analysis.clocks.table import needing_attention
from analysis.frames import read
from analysis.panel_meeting import agenda as lists
from analysis.panel_meeting import child as screens
from analysis.panel_meeting.child import Child
from analysis.panel_meeting.circulation import Circulation
from analysis.pupil_story.clocks import clocks_of
from data_model.belonging import LA_CODE, school_of
from data_model.dataset import Dataset
from data_model.fair_access import FAP_DECISIONS, FAP_REFERRALS
from data_model.pupils import PUPILS
from data_model.schools import SCHOOLS

_schools = SCHOOLS.table
_WHICH = ("business", "panel")
_WHAT = ("fap_ref", "meeting_date", "decision", "allocated_urn", "start_date", "refused", "refusal_ground")


def agenda(connection: Connection, scope: Scope, *, la: int, panel: str, on: date) -> pd.DataFrame:
    """Who is before a panel on a day (see `agenda.agenda`). Raises OutOfScope where the scope has no rows on pupils."""
    schools = queries.schools(connection, scope)
    asked = _rows(connection, scope, FAP_REFERRALS, la_code=la)
    asked = asked[asked["referral_date"].le(pd.Timestamp(on))]
    # What was decided tonight is decided: the list is what is left.
    decided = _rows(connection, scope, FAP_DECISIONS, la_code=la)
    waiting = lists.undecided(lists.before(asked, schools, panel), decided)
    pupils = set(waiting["pupil_ref"])
    clocks = clocks_of(connection, scope, on=on, pupils=pupils)
    known = _rows(connection, scope, PUPILS, pupils=pupils)
    return lists.agenda(waiting, clocks, known, schools, on)


def children(connection: Connection, scope: Scope, *, items: list[Mapping[str, object]], on: date) -> tuple[Child, ...]:
    """The screens of these rows of an agenda, in their order, as far as the scope still reaches each child."""
    pupils = {str(item["pupil_ref"]) for item in items}
    names = queries.schools(connection, scope).set_index("urn")["school_name"].astype("str")
    rows = {each.name: _rows(connection, scope, each, pupils=pupils) for each in screens.DATASETS}
    near = needing_attention(clocks_of(connection, scope, on=on, pupils=pupils), on)
    reached = pupil_rows(connection, scope, FAP_REFERRALS, pupils=pupils)
    found = []
    for item in items:
        pupil = item["pupil_ref"]
        own = {name: frame[frame["pupil_ref"].eq(pupil)] for name, frame in rows.items()}
        if reached["fap_ref"].eq(item["fap_ref"]).any():
            found.append(screens.child(item, own, near[near["pupil_ref"].eq(pupil)], names, on))
    return tuple(found)


def decisions(connection: Connection, scope: Scope, *, la: int, panel: str) -> pd.DataFrame:
    """Every decision of a panel: `fap_ref, meeting_date, decision, allocated_urn, start_date, refused, refusal_ground`.

    They name no child, no reason and no school that a child comes from. Who may see no rows about pupils is shown
    counts of them alone (`minutes.counted_by_decision`).
    """
    own = scope.within(la)
    source, urn = school_of(FAP_DECISIONS)
    asked = [FAP_REFERRALS.table.c[name] for name in _WHICH]
    columns = [FAP_DECISIONS.table.c[name] for name in _WHAT]
    statement = select(urn.label("urn"), *asked, *columns).select_from(
        source.outerjoin(_schools, _schools.c.urn == urn)
    )
    rows = _plain(read(connection, statement.where(of_school(connection, own, LA_CODE.is_(None)))))
    return lists.before(rows, queries.schools(connection, own), panel).reset_index(drop=True)


def pupils_of(connection: Connection, scope: Scope, *, la: int, referrals: Collection[str]) -> frozenset[str]:
    """The pupils whom referrals (`fap_ref`) of `decisions` are about: for the audit trail, and shown to nobody."""
    source, urn = school_of(FAP_REFERRALS)
    table = FAP_REFERRALS.table.c
    asked = select(table.pupil_ref).select_from(source.outerjoin(_schools, _schools.c.urn == urn))
    own = of_school(connection, scope.within(la), LA_CODE.is_(None))
    return frozenset(connection.scalars(asked.where(own, table.fap_ref.in_(sorted(referrals)))))


def for_circulation(
    connection: Connection,
    scope: Scope,
    *,
    circulation: Circulation,
    la: int,
    panel: str,
    on: date,
    urn: int | None = None,
) -> tuple[pd.DataFrame, tuple[Child, ...]]:
    """The list (`agenda`) and the screens of its children as the readers of a circulation list may read them.

    No column is read that they may not, also where whoever prints the pack may. For a school's list `urn` names it.
    Raises OutOfScope where the scope has no rows about pupils.
    """
    theirs = replace(scope, columns=scope.columns & circulation.columns, full_figures=False)
    items = agenda(connection, theirs, la=la, panel=panel, on=on)
    if circulation.is_of_a_school:
        items = items[items["urn"].eq(urn)].reset_index(drop=True)
    return items, children(connection, theirs, items=items.to_dict("records"), on=on)


def _rows(
    connection: Connection,
    scope: Scope,
    dataset: Dataset,
    *,
    pupils: Collection[str] | None = None,
    la_code: int | None = None,
) -> pd.DataFrame:
    return _plain(pupil_rows(connection, scope, dataset, pupils=pupils, la_code=la_code))


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with codes and texts as they are: of a few children categories save nothing."""
    return rows.astype(dict.fromkeys(rows.select_dtypes("category"), object))
