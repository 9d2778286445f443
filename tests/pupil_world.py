"""Everything that can be held on a pupil: files of two children, saved, corrected and asked about."""

import pytest
from desk import Desk, with_schools

from data_model.columns import upn_check_letter
from data_model.settings import settings


def upn(number: int, la_code: int = 999) -> str:
    """A UPN that the LA could have given out."""
    twelve = f"{la_code}{number:09d}"
    return upn_check_letter(twelve) + twelve


MARA, NOOR = upn(101_000_077), upn(101_000_088)
NOTE = "Mara's canary note qzx"

FILES = {
    "pupils": "pupil_ref,valid_from,upn,main_urn,enrol_status,sex\n{ref},2025-09-01,{ref},900002,C,{sex}\n",
    "suspensions": (
        "suspension_id,pupil_ref,urn,start_date,end_date,sessions,category,reason_1,ncyg\n"
        "S{n},{ref},900002,{weekend},2025-10-06,2,SUSP,DB,8\n"
    ),
    "permanent_exclusions": "pex_id,pupil_ref,urn,head_decision_date,reason_1\nX{n},{ref},900002,2025-10-2{n},DB\n",
    "ap_placements": (
        "placement_id,pupil_ref,home_urn,setting_type,start_date,end_date,attendance_pattern,sessions_per_week\n"
        "A{n},{ref},900002,OOT,2025-09-0{n},2025-11-28,FT,10\n"
    ),
    "outreach_referrals": (
        "referral_id,received_date,urn,pupil_ref,parent_agreement\nR{n},2025-09-10,900002,{ref},y\n"
    ),
    "outreach_cases": "case_id,referral_id,start_date,urn,pupil_ref,worker_ref\nC{n},R{n},2025-09-15,900002,{ref},W1\n",
    "outreach_contacts": "contact_id,date,case_id,kind,minutes,notes\nK{n},2025-10-06,C{n},1to1,45,{note}\n",
    "attendance": "pupil_ref,urn,week_start,possible,present\n{ref},900002,2025-10-06,10,8\n",
    "first_response": "call_id,received_date,urn,kind,pupil_ref\nL{n},2025-09-08,900002,pex_considered,{ref}\n",
    "behaviour_plans": "plan_id,strategy,pupil_ref,urn,start_date\nB{n},mentor,{ref},900002,2025-09-03\n",
    "outcome_measures": "case_id,measure,stage,measured_on,value\nC{n},SDQ_total,baseline,2025-09-16,2{n}\n",
    "agency_involvement": "case_id,agency,referred_date,answer\nC{n},camhs,2025-09-22,threshold_not_met\n",
    "family_support": (
        "family_id,pupil_ref,urn,referred_date,end_date,close_reason\nH{n},{ref},900002,2025-09-08,2025-11-28,goals_met\n"
    ),
    "managed_moves": (
        "move_id,pupil_ref,from_urn,to_urn,start_date,parent_agreed\nM{n},{ref},900002,900001,2025-09-0{n},Y\n"
    ),
    "off_site_directions": (
        "direction_id,pupil_ref,from_urn,start_date,planned_end_date\nD{n},{ref},900002,2025-09-0{n},2025-11-28\n"
    ),
    "safeguarding_separations": "separation_id,pupil_ref,urn,start_date\nG{n},{ref},900002,2025-10-0{n}\n",
    "fap_referrals": "fap_ref,referral_date,pupil_ref,urn,business\nF{n},2025-09-08,{ref},900002,inclusion\n",
    "fap_decisions": "fap_ref,meeting_date,decision,reason\nF{n},2025-09-22,defer,{note}\n",
    "transitions": "pupil_ref,academic_year,identified_date,from_urn\n{ref},202627,2025-11-03,900001\n",
    "pupil_names": "pupil_ref,forename,surname\n{ref},Robin{n},Fictional\n",
    "internal_suspensions": "pupil_ref,urn,start_date,sessions\n{ref},900002,2025-10-0{n},2\n",
}


def file_of(dataset: str, *numbers: int, sex: str = "F", sessions: int = 2) -> str:
    """A file of a dataset with a row for each of these children: 1 is Mara, 2 is Noor."""
    header, row = FILES[dataset].splitlines()
    told = {1: (MARA, NOTE), 2: (NOOR, "went well")}
    weekend = {1: "2025-10-04", 2: "2025-10-05"}
    rows = [row.format(n=n, ref=told[n][0], note=told[n][1], sex=sex, weekend=weekend[n]) for n in numbers]
    if dataset == "suspensions":
        rows = [line.replace(",2,SUSP", f",{sessions},SUSP") for line in rows]
    return "\n".join([header, *rows, ""])


def load_everything(desk: Desk) -> None:
    """Both children in every dataset, with rows that a later file changed or removed, and questions left open."""
    for dataset in FILES:
        desk.load(dataset, file_of(dataset, 1, 2), accept_queries=True)
    desk.load("suspensions", file_of("suspensions", 1, 2, sessions=1), accept_queries=True)
    desk.load(
        "outreach_cases", file_of("outreach_cases", 1, 2).replace("2025-09-15", "2025-09-16"), accept_queries=True
    )
    desk.load("outreach_contacts", file_of("outreach_contacts", 1, 2).replace(",45,", ",50,"), accept_queries=True)
    desk.load("pupils", file_of("pupils", 1, 2, sex="M"), accept_queries=True)
    desk.load("attendance", file_of("attendance", 2), accept_queries=True, remove_gone=True)


PSEUDONYM_KEY = "a pseudonym key of the tests alone, 0123456789"


def both_children(url: str) -> None:
    """Both in every dataset, into the empty database at `url`."""
    _fill(url, None)


def both_under_pseudonyms(url: str) -> None:
    """The same under pseudonyms."""
    _fill(url, PSEUDONYM_KEY)


def _fill(url: str, key: str | None) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTREACH_PSEUDONYM_KEY", key) if key else patch.delenv("OUTREACH_PSEUDONYM_KEY", raising=False)
        settings.cache_clear()
        with_schools(url)
        with Desk(url) as desk:
            load_everything(desk)
    settings.cache_clear()
