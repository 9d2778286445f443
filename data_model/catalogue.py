"""Every dataset, in the order in which to load them."""

from data_model.attendance import ATTENDANCE
from data_model.dataset import Dataset
from data_model.exclusions import PERMANENT_EXCLUSIONS
from data_model.headcounts import HEADCOUNTS
from data_model.outreach import OUTREACH_CASES, OUTREACH_CONTACTS, OUTREACH_REFERRALS
from data_model.placements import AP_PLACEMENTS
from data_model.pupils import PUPILS
from data_model.schools import SCHOOLS
from data_model.suspensions import SUSPENSIONS
from data_model.term_dates import TERM_DATES

DATASETS: dict[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        SCHOOLS,
        TERM_DATES,
        HEADCOUNTS,
        PUPILS,
        SUSPENSIONS,
        PERMANENT_EXCLUSIONS,
        AP_PLACEMENTS,
        OUTREACH_REFERRALS,
        OUTREACH_CASES,
        OUTREACH_CONTACTS,
        ATTENDANCE,
    )
}
