"""Every measure of what follows a child, said once: pages, the command line and "About the measures" read it here."""

from dataclasses import dataclass

from analysis.alternative_provision import returns, sustained, waits
from analysis.alternative_provision.occupancy import FEWEST_DAYS
from analysis.caseload.first_contact import MINIMUM as FEWEST_REFERRALS
from analysis.caseload.limits import FIRST_CONTACT_DAYS
from analysis.first_response.views import FEWEST as FEWEST_CALLS
from analysis.moves_and_outreach.held import FEWEST as FEWEST_MOVES
from analysis.outcomes import alternative_provision as provision
from analysis.outcomes import casework
from analysis.outcomes.figures import Answer, By


@dataclass(frozen=True)
class Outcome:
    """One measure. `minimum` is what its groups need to have for anything to be said, of what `of` names.

    `by` is what it can be told apart by, the first unless another is asked for. `answer` works its figures out.
    """

    id: str
    label: str
    plain: str
    unit: str
    minimum: int
    of: str
    method: str
    caveat: str
    by: tuple[By, ...]
    answer: Answer


_APART = (By.AGE, By.TIER, By.REASON, By.PHASE, By.ALL)
_DUE = "Those who are not due yet count nowhere, whether or not it has happened already."

_EVERY = (
    Outcome(
        id="ap_tier",
        label="Alternative provision by tier",
        plain="How many placements are open, and how many started and ended in the year.",
        unit="placements",
        minimum=1,
        of="placements",
        method="Placements open on the last day of the year, or of the data if that is earlier. A count.",
        caveat="More is not worse. DfE's three collections overlap and are never added to it.",
        by=(By.TIER, By.AGE, By.REASON, By.PHASE, By.ALL),
        answer=provision.ap_tier,
    ),
    Outcome(
        id="ap_occupancy",
        label="Use of commissioned places",
        plain="How much of the places that the authority commissions is used.",
        unit="% of place-days",
        minimum=FEWEST_DAYS,
        of="school days",
        method="Days of placements (a part-time pupil counts for the half days of the week) over days of commissioned "
        "places, on the authority's school days. A count, so it has no range.",
        caveat="It can be over 100%. Places that are bought one by one have none. Being enrolled is not attending.",
        by=(By.PROVIDER, By.ALL),
        answer=provision.ap_occupancy,
    ),
    Outcome(
        id="ap_wait",
        label="Wait for a place",
        plain="The days by which half of the children had started for whom a panel decided on a place.",
        unit="days",
        minimum=waits.FEWEST,
        of="decisions",
        method="From the meeting to the first placement since, Kaplan and Meier's median: who still waits counts for "
        "as long as they have waited.",
        caveat="Places that no panel decides on are not in it. Leaving out who still waits would flatter it.",
        by=(By.TIER, By.ALL),
        answer=provision.ap_wait,
    ),
    Outcome(
        id="reintegrated",
        label="Back in mainstream within a year",
        plain="Of 100 placements that started, how many ended with a return to mainstream within a year.",
        unit="% of placements that started",
        minimum=returns.FEWEST,
        of="placements that started",
        method="Aalen and Johansen's incidence at 52 weeks: other ends compete, open placements count for as long as "
        "they were seen.",
        caveat="Younger children return more often: read it by age. It is not returned over closed, which leaves out "
        "everybody who is still there.",
        by=_APART,
        answer=provision.reintegrated,
    ),
    Outcome(
        id="outcomes",
        label="How placements ended within a year",
        plain="Of 100 placements that started, how many ended in each way within a year.",
        unit="% of placements that started",
        minimum=returns.FEWEST,
        of="placements that started",
        method="As for those back in mainstream, of each way of ending. What they leave of 100 is still open.",
        caveat="An end that is not recorded is among the others.",
        by=(By.ENDING,),
        answer=provision.outcomes,
    ),
    Outcome(
        id="sustained",
        label="Returns that lasted",
        plain="Of 100 children who came back, how many were still back 12 school weeks later (by weeks: 6, 12 and 24).",
        unit="% of returns due",
        minimum=sustained.FEWEST,
        of="returns due",
        method="No permanent exclusion, no other placement (but for tier 1) and no direction off site since, and "
        f"attendance at or above what the authority sets. Wilson's range. {_DUE}",
        caveat="Where attendance since the return is not known, the rest decides.",
        by=(By.WEEKS, *_APART),
        answer=provision.sustained_returns,
    ),
    Outcome(
        id="first_contact",
        label="First contact in time",
        plain=f"Of 100 accepted referrals, how many had a first contact within {FIRST_CONTACT_DAYS} school days.",
        unit="% of accepted referrals due",
        minimum=FEWEST_REFERRALS,
        of="referrals due",
        method=f"From the referral to the first contact of its case, in school days. Wilson's range. {_DUE}",
        caveat="A contact says that somebody was in touch, and not that it helped.",
        by=(By.ALL, By.PHASE),
        answer=casework.first_contact,
    ),
    Outcome(
        id="caseload",
        label="Caseload",
        plain="Open cases for each full-time worker.",
        unit="cases per full-time worker",
        minimum=1,
        of="full-time workers",
        method="Cases open on the last day of the year, or of the data if that is earlier, over the hours of the posts "
        "that carry cases and are filled. A count.",
        caveat="Cases differ in weight. It ranks nobody.",
        by=(By.ALL,),
        answer=casework.caseload,
    ),
    *(
        Outcome(
            id=f"resusp_{weeks}",
            label=f"Suspended within {weeks} school weeks of a case’s close",
            plain=f"Of 100 cases that closed, after how many the child was suspended within {weeks} school weeks.",
            unit="% of cases due",
            minimum=casework.FEWEST_CLOSED,
            of="cases due",
            method=f"Suspensions that count, from the day after the close. Wilson's range. {_DUE}",
            caveat="It is not known what would have happened without the case.",
            by=(By.ALL, By.PHASE),
            answer=answer,
        )
        for weeks, answer in ((6, casework.resusp_6), (12, casework.resusp_12))
    ),
    Outcome(
        id="att_change",
        label="Attendance after a case started",
        plain="How many points of attendance children gained, from the 6 school weeks before a case to the 12 after.",
        unit="points",
        minimum=casework.FEWEST_CLOSED,
        of="children of whom both are known",
        method="The mean of the children's changes, each against themselves; half days suspended are left out. The "
        "range draws whole children anew.",
        caveat="Cases open when attendance is at its worst, and some of it comes back without support: this is no "
        "effect.",
        by=(By.ALL, By.PHASE),
        answer=casework.att_change,
    ),
    Outcome(
        id="mm_success",
        label="Managed moves that held",
        plain="Of 100 managed moves, how many children were still at the new school 12 school weeks later.",
        unit="% of moves due",
        minimum=FEWEST_MOVES,
        of="moves due",
        method=f"By the school weeks of the new school. Wilson's range. {_DUE}",
        caveat="Not to be set against outreach without the page that says whether the children are alike.",
        by=(By.ALL, By.PHASE),
        answer=casework.mm_success,
    ),
    Outcome(
        id="first_response_conversion",
        label="Calls that became a referral",
        plain="Of 100 calls and consultations, how many became a referral or a case.",
        unit="% of calls",
        minimum=FEWEST_CALLS,
        of="calls",
        method="As the call's own record says; a case comes by way of a referral. Wilson's range.",
        caveat="More is not better: advice that was enough is a good call.",
        by=(By.ALL, By.PHASE),
        answer=casework.first_response_conversion,
    ),
    Outcome(
        id="clocks_met",
        label="Statutory clocks met",
        plain="Of 100 statutory deadlines that fell due, how many were met in time.",
        unit="% of deadlines due",
        minimum=casework.FEWEST_CLOCKS,
        of="deadlines due",
        method="Deadlines that fell due in the year, in school days. Rights that lapse and totals of days are not "
        "deadlines. Wilson's range.",
        caveat="A deadline that was met and not recorded counts as missed.",
        by=(By.CLOCK, By.ALL),
        answer=casework.clocks_met,
    ),
)

OUTCOMES: dict[str, Outcome] = {each.id: each for each in _EVERY}
"""Every measure by its id, in the order in which people read them."""
