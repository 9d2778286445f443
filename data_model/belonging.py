"""Which school a saved row belongs to, also where the row itself does not name one."""

from sqlalchemy import ColumnElement, FromClause, func

from data_model.dataset import Dataset
from data_model.outreach import OUTREACH_CASES, OUTREACH_CONTACTS, OUTREACH_REFERRALS
from data_model.placements import AP_PLACEMENTS
from data_model.schools import SCHOOLS

LA_CODE: ColumnElement[int] = SCHOOLS.table.c.laestab // 10_000
"""The LA of a school, by its LAESTAB: what every row's LA is read from."""

_placed, _referred = AP_PLACEMENTS.table, OUTREACH_REFERRALS.table
_worked, _made = OUTREACH_CASES.table, OUTREACH_CONTACTS.table
_of_case, _of_referral = _worked.c.case_id == _made.c.case_id, _referred.c.referral_id == _worked.c.referral_id
_ELSEWHERE: dict[str, tuple[FromClause, ColumnElement[int]]] = {
    AP_PLACEMENTS.name: (_placed, func.coalesce(_placed.c.home_urn, _placed.c.provider_urn)),
    OUTREACH_CASES.name: (_worked.outerjoin(_referred, _of_referral), func.coalesce(_worked.c.urn, _referred.c.urn)),
    OUTREACH_CONTACTS.name: (
        _made.outerjoin(_worked, _of_case).outerjoin(_referred, _of_referral),
        func.coalesce(_made.c.urn, _worked.c.urn, _referred.c.urn),
    ),
}


def school_of(dataset: Dataset) -> tuple[FromClause, ColumnElement[int]]:
    """What to select rows of a dataset from, and the URN of the school that each belongs to; missing where none is told.

    A placement without a home school is its provider's, a case its referral's, a contact its case's.
    """
    if dataset.name in _ELSEWHERE:
        return _ELSEWHERE[dataset.name]
    return dataset.table, dataset.table.c[dataset.school or SCHOOLS.key[0]]


def pupil_of(dataset: Dataset) -> ColumnElement[str] | None:
    """The pupil that each row of a dataset is about, in a select from `school_of`: None where rows are about none.

    A contact is about its case's pupil.
    """
    if dataset.name == OUTREACH_CONTACTS.name:
        return _worked.c.pupil_ref
    return dataset.table.c[dataset.pupil] if dataset.pupil else None
