"""What a scope reaches, as conditions on rows. This is the one place that says so; what it does not name is denied."""

from sqlalchemy import ColumnElement, Connection, Select, and_, false, or_, select, true

from access.scope import Grant, Scope
from data_model.belonging import LA_CODE, school_of
from data_model.casework_codes import Panel, PanelDecision
from data_model.codes import Phase, ReferralDecision, ReferralSource
from data_model.dataset import Dataset
from data_model.fair_access import FAP_DECISIONS, FAP_REFERRALS
from data_model.outreach import OUTREACH_CASES, OUTREACH_REFERRALS
from data_model.schools import SCHOOLS

_schools = SCHOOLS.table


def reached(scope: Scope) -> ColumnElement[bool]:
    """True of each school that is in an LA of the scope, or in one of its districts."""
    parts = (_in(la_code, district) for la_code, district in sorted(scope.districts))
    return or_(false(), LA_CODE.in_(scope.la_codes), *parts)


def reached_urns(scope: Scope) -> Select[int]:
    """The URNs of the schools that the scope reaches."""
    return select(_schools.c.urn).where(reached(scope)).correlate(None)


def only_la(connection: Connection, scope: Scope) -> ColumnElement[bool]:
    """True where the database holds schools of one LA alone, and the scope reaches that LA whole.

    Only then may a row that names no school of ours be read: else nobody can tell whose it is.
    """
    codes = connection.scalars(select(LA_CODE).distinct().limit(2)).all()
    return true() if len(codes) == 1 and codes[0] in scope.la_codes else false()


def of_school(connection: Connection, scope: Scope, no_school: ColumnElement[bool]) -> ColumnElement[bool]:
    """True of rows that are outer-joined to their school and may be read.

    `no_school` is true of those that belong to no school: they are read where the only LA is reached whole.
    """
    return or_(reached(scope), and_(no_school, only_la(connection, scope)))


def of_area(scope: Scope, area: ColumnElement[int]) -> ColumnElement[bool]:
    """True where the area, an LA's code or a school's URN, is reached. An LA's term dates hold for its districts."""
    return or_(area.in_(scope.authorities), area.in_(reached_urns(scope)))


def pupils_in(scope: Scope, pupil: ColumnElement[str], urn: ColumnElement[int]) -> ColumnElement[bool]:
    """True of rows about pupils that may be returned; `pupil` and `urn` say whose a row is and of which school.

    It narrows rows whose school is reached, and never widens them. Those of work with a whole school name no pupil.
    A pupil is a service's by any case, open or closed, in the place of the grant; a panel's while a referral to the
    panel, or from it to outreach, has no decision, or waits for one.
    """
    if scope.sees_every_pupil:
        return true()
    own = scope.services if scope.pupil_rows and scope.services else ()
    of_services = (and_(_place(grant, urn), _of_service(grant, pupil)) for grant in sorted(own, key=repr))
    of_panels = (and_(_place(grant, urn), _before_panel(grant, pupil)) for grant in sorted(scope.panels, key=repr))
    return or_(pupil.is_(None) if scope.pupil_rows else false(), *of_services, *of_panels)


def columns_in(scope: Scope, dataset: Dataset) -> tuple[str, ...]:
    """The columns of a dataset that the scope may read, in their order: all but those of groups that it lacks."""
    groups = {permission.removeprefix("columns:") for permission in scope.columns}
    return tuple(name for name, column in dataset.columns.items() if column.group is None or column.group in groups)


def _in(la_code: int, district: str) -> ColumnElement[bool]:
    return and_(LA_CODE.in_([la_code]), _schools.c.district == district)


def _place(grant: Grant, urn: ColumnElement[int]) -> ColumnElement[bool]:
    return urn.in_(_schools_of(grant))


def _schools_of(grant: Grant) -> Select[int]:
    here = _in(grant.la_code, grant.district) if grant.district is not None else LA_CODE.in_([grant.la_code])
    return select(_schools.c.urn).where(here).correlate(None)


def _of_service(grant: Grant, pupil: ColumnElement[str]) -> ColumnElement[bool]:
    if grant.service is None:
        return true()
    source, urn = school_of(OUTREACH_CASES)
    cases = OUTREACH_CASES.table.c
    own = select(cases.pupil_ref).select_from(source).correlate(None)
    return pupil.in_(own.where(cases.provider_type == grant.service, urn.in_(_schools_of(grant))))


def _before_panel(grant: Grant, pupil: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a pupil is before the panel of a grant, which is named for a phase, or for a district."""
    return or_(pupil.in_(_sent_on_by_panel(grant)), pupil.in_(_on_the_list(grant)))


def _sent_on_by_panel(grant: Grant) -> Select[str]:
    """The pupils whom the panel referred to outreach, while that is undecided."""
    referrals = OUTREACH_REFERRALS.table.c
    undecided = or_(referrals.decision.is_(None), referrals.decision == str(ReferralDecision.WAITING))
    from_panel = referrals.source == str(ReferralSource.FAIR_ACCESS_PANEL)
    theirs = referrals.urn.in_(_schools_of_panel(grant))
    return select(referrals.pupil_ref).where(from_panel, undecided, theirs).correlate(None)


def _on_the_list(grant: Grant) -> Select[str]:
    """The pupils whom the panel is asked about, until it decides: one that is deferred stays on the list.

    Where a referral does not say which panel, it is that of its school. One without a school is nobody's here.
    """
    referrals, decisions = FAP_REFERRALS.table.c, FAP_DECISIONS.table.c
    over = decisions.decision.is_not(None) & (decisions.decision != str(PanelDecision.DEFER))
    undecided = referrals.fap_ref.not_in(select(decisions.fap_ref).where(over).correlate(None))
    of_its_school = referrals.urn.in_(_schools_of_panel(grant))
    named = referrals.panel == grant.panel
    if grant.panel not in set(Phase):
        named = (referrals.panel == str(Panel.DISTRICT)) & of_its_school
    theirs = or_(named, referrals.panel.is_(None) & of_its_school)
    here = referrals.urn.in_(_schools_of(grant))
    return select(referrals.pupil_ref).where(undecided, here, theirs).correlate(None)


def _schools_of_panel(grant: Grant) -> Select[int]:
    column = _schools.c.phase if grant.panel in set(Phase) else _schools.c.district
    return _schools_of(grant).where(column == grant.panel)
