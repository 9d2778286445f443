"""Every dataset, in the order in which to load them."""

from data_model.agency_involvement import AGENCY_INVOLVEMENT
from data_model.attendance import ATTENDANCE
from data_model.behaviour_plans import BEHAVIOUR_PLANS
from data_model.dataset import Dataset
from data_model.exclusions import PERMANENT_EXCLUSIONS
from data_model.fair_access import FAP_DECISIONS, FAP_REFERRALS
from data_model.family_support import FAMILY_SUPPORT
from data_model.first_response import FIRST_RESPONSE
from data_model.headcounts import HEADCOUNTS
from data_model.internal_suspensions import INTERNAL_SUSPENSIONS
from data_model.moves import MANAGED_MOVES, OFF_SITE_DIRECTIONS, SAFEGUARDING_SEPARATIONS
from data_model.outcome_measures import OUTCOME_MEASURES
from data_model.outreach import OUTREACH_CASES, OUTREACH_CONTACTS, OUTREACH_REFERRALS
from data_model.placements import AP_PLACEMENTS
from data_model.providers import PROVIDERS
from data_model.pupil_names import PUPIL_NAMES
from data_model.pupils import PUPILS
from data_model.schools import SCHOOLS
from data_model.suspensions import SUSPENSIONS
from data_model.term_dates import TERM_DATES
from data_model.transitions import TRANSITIONS
from data_model.workforce import WORKFORCE

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
        PROVIDERS,
        WORKFORCE,
        FIRST_RESPONSE,
        BEHAVIOUR_PLANS,
        OUTCOME_MEASURES,
        AGENCY_INVOLVEMENT,
        FAMILY_SUPPORT,
        MANAGED_MOVES,
        OFF_SITE_DIRECTIONS,
        SAFEGUARDING_SEPARATIONS,
        FAP_REFERRALS,
        FAP_DECISIONS,
        TRANSITIONS,
        INTERNAL_SUSPENSIONS,
        PUPIL_NAMES,
    )
}
