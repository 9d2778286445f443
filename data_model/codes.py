"""Code sets: each code with the label that people read and the dates it is valid.

Source: DfE common basic data set (CBDS) May 2026, and the reason codes collected before 2020/21.
"""

from datetime import date

from data_model.labelled import Labelled

_SINCE_2020 = date(2020, 8, 1)
# The first collection of these reasons is not published in anything we could find. The code set is published ahead of
# the census, so events from the autumn term 2026 are assumed (docs/decisions.md).
_SINCE_2026 = date(2026, 8, 1)


class Code(Labelled):
    """A code with its label and the first and last day an event may carry it (None: no limit)."""

    def __init__(
        self, value: str, label: str = "", valid_from: date | None = None, valid_to: date | None = None
    ) -> None:
        self.valid_from = valid_from
        self.valid_to = valid_to

    @classmethod
    def read_as(cls) -> "dict[str, Code]":
        """Other spellings that mean one of these codes beyond doubt, in lower case. Each use is noted to the sender."""
        return {}

    @classmethod
    def refused(cls) -> dict[str, str]:
        """Values, in lower case, that deserve more than "not one of the codes": the sentence that says what to do."""
        return {}


class Source(Code):
    """Where an authority's own records come from. Records of one source are never mixed with another's."""

    NOTIFIED = "notified", "Notified to the authority"
    CENSUS = "census", "School census"


class YesNo(Code):
    YES = "Y", "Yes"
    NO = "N", "No"

    @classmethod
    def read_as(cls) -> "dict[str, Code]":
        return {"true": cls.YES, "false": cls.NO, "1": cls.YES, "0": cls.NO}


class Phase(Code):
    """DfE's grouping for these statistics: middle schools as deemed, all-through and 16 plus as secondary."""

    PRIMARY = "primary", "Primary"
    SECONDARY = "secondary", "Secondary"
    SPECIAL = "special", "Special"
    AP = "ap", "Alternative provision"

    @classmethod
    def read_as(cls) -> "dict[str, Code]":
        return {
            "state-funded primary": cls.PRIMARY,
            "middle deemed primary": cls.PRIMARY,
            "state-funded secondary": cls.SECONDARY,
            "middle deemed secondary": cls.SECONDARY,
            "all-through": cls.SECONDARY,
            "all through": cls.SECONDARY,
            "all_through": cls.SECONDARY,
            "16 plus": cls.SECONDARY,
            "16plus": cls.SECONDARY,
            "state-funded special": cls.SPECIAL,
            "special school": cls.SPECIAL,
            "pupil referral unit": cls.AP,
            "pru": cls.AP,
            "state-funded alternative provision": cls.AP,
        }

    @classmethod
    def refused(cls) -> dict[str, str]:
        return {
            "nursery": "Nursery schools are not in these statistics: leave this row out.",
            "not applicable": "Say whether this school is primary, secondary, special or ap.",
        }


class SchoolStatus(Code):
    OPEN = "open", "Open"
    OPEN_PROPOSED_TO_CLOSE = "open_proposed_close", "Open, but proposed to close"
    CLOSED = "closed", "Closed"
    PROPOSED_TO_OPEN = "proposed_open", "Proposed to open"

    @classmethod
    def read_as(cls) -> "dict[str, Code]":
        return {"open, but proposed to close": cls.OPEN_PROPOSED_TO_CLOSE, "proposed to open": cls.PROPOSED_TO_OPEN}


class SchoolLink(Code):
    CONVERTER = "converter", "Became an academy by converting"
    SPONSORED = "sponsored", "Became a sponsored academy"
    MERGER = "merger", "Schools merged"
    SPLIT = "split", "School split"


class CensusTerm(Code):
    AUTUMN = "AUT", "October census"
    SPRING = "SPR", "January census"
    SUMMER = "SUM", "May census"

    @classmethod
    def read_as(cls) -> "dict[str, Code]":
        return {
            "autumn": cls.AUTUMN,
            "autumn term": cls.AUTUMN,
            "spring": cls.SPRING,
            "spring term": cls.SPRING,
            "summer": cls.SUMMER,
            "summer term": cls.SUMMER,
        }


class SchoolTerm(Code):
    AUTUMN = "AUT", "Autumn term"
    SPRING = "SPR", "Spring term"
    SUMMER = "SUM", "Summer term"

    @classmethod
    def read_as(cls) -> "dict[str, Code]":
        return {"autumn": cls.AUTUMN, "spring": cls.SPRING, "summer": cls.SUMMER}


class CharacteristicGroup(Code):
    TOTAL = "Total", "All pupils"
    YEAR_GROUP = "NC year", "National curriculum year"
    FREE_SCHOOL_MEALS = "FSM", "Free school meals"
    SEN_PROVISION = "SEN provision", "Special educational needs provision"
    ETHNICITY = "Ethnicity", "Ethnic group"
    SEX = "Sex", "Sex"


class SuspensionCategory(Code):
    SUSPENSION = "SUSP", "Suspension"
    LUNCHTIME = "LNCH", "Lunchtime suspension: kept, never counted in DfE's totals"

    @classmethod
    def read_as(cls) -> "dict[str, Code]":
        return {"fixd": cls.SUSPENSION, "fixed period": cls.SUSPENSION, "lunchtime": cls.LUNCHTIME}

    @classmethod
    def refused(cls) -> dict[str, str]:
        sentence = "A permanent exclusion does not belong here: move this row to the permanent exclusions file."
        return {"perm": sentence, "permanent": sentence, "permanent exclusion": sentence}


class ExclusionReason(Code):
    """Why a pupil was suspended or permanently excluded: the 29 codes of CBDS May 2026 and the older `OT`."""

    PHYSICAL_ASSAULT_PUPIL = "PP", "Physical assault against a pupil"
    PHYSICAL_ASSAULT_ADULT = "PA", "Physical assault against an adult"
    VERBAL_ABUSE_PUPIL = "VP", "Verbal abuse or threatening behaviour against a pupil"
    VERBAL_ABUSE_ADULT = "VA", "Verbal abuse or threatening behaviour against an adult"
    WEAPON_USE = "OW", "Use or threat of use of an offensive weapon or prohibited item", _SINCE_2020
    WEAPON_FOUND = "BW", "Found to have brought a weapon or prohibited item into school", _SINCE_2026
    BULLYING = "BU", "Bullying"
    BULLYING_ONLINE = "TB", "Cyber-bullying or threatening behaviour online", _SINCE_2026
    RACIST_ABUSE = "RA", "Racist abuse, including bullying"
    ORIENTATION_ABUSE = "LG", "Abuse against sexual orientation and gender identity, including bullying", _SINCE_2020
    DISABILITY_ABUSE = "DS", "Abuse relating to disability, including bullying", _SINCE_2020
    SEXUAL_MISCONDUCT = "SM", "Sexual misconduct"
    HARMFUL_SEXUAL_BEHAVIOUR = "SB", "Harmful sexual behaviour", _SINCE_2026
    MISOGYNY = "MB", "Misogynistic behaviour", _SINCE_2026
    MISANDRY = "AB", "Misandry behaviour", _SINCE_2026
    DRUG = "DR", "Drug related", _SINCE_2026
    ALCOHOL = "AR", "Alcohol related", _SINCE_2026
    SMOKING = "SR", "Smoking related", _SINCE_2026
    VAPE = "VR", "Vape related", _SINCE_2026
    DRUG_AND_ALCOHOL = "DA", "Drug and alcohol related"
    DAMAGE = "DM", "Damage to property"
    THEFT = "TH", "Theft"
    LOW_LEVEL_DISRUPTION = "LD", "Persistent disruptive behaviour: low level disruption", _SINCE_2026
    CHALLENGING_BEHAVIOUR = "CB", "Persistent disruptive behaviour: challenging behaviour", _SINCE_2026
    PERSISTENT_DISRUPTION = "DB", "Persistent or general disruptive behaviour"
    ONLINE_MISUSE = "MT", "Inappropriate use of social media or online technology", _SINCE_2020
    MOBILE_PHONE = "MP", "Use of mobile phone", _SINCE_2026
    OUTSIDE_SCHOOL = "OS", "Misbehaviour outside of school", _SINCE_2026
    PUBLIC_HEALTH = "PH", "Wilful and repeated transgression of measures to protect public health", _SINCE_2020
    OTHER = "OT", "Other (collected before 2020/21 only)", None, date(2020, 7, 31)


REASON_GROUPS: dict[str, tuple[ExclusionReason, ...]] = {
    "Persistent disruptive behaviour": (
        ExclusionReason.PERSISTENT_DISRUPTION,
        ExclusionReason.LOW_LEVEL_DISRUPTION,
        ExclusionReason.CHALLENGING_BEHAVIOUR,
    ),
    "Physical assault against a pupil": (ExclusionReason.PHYSICAL_ASSAULT_PUPIL,),
    "Physical assault against an adult": (ExclusionReason.PHYSICAL_ASSAULT_ADULT,),
    "Verbal abuse against a pupil": (ExclusionReason.VERBAL_ABUSE_PUPIL,),
    "Verbal abuse against an adult": (ExclusionReason.VERBAL_ABUSE_ADULT,),
    "Weapon or prohibited item": (ExclusionReason.WEAPON_USE, ExclusionReason.WEAPON_FOUND),
    "Drugs, alcohol, smoking, vaping": (
        ExclusionReason.DRUG_AND_ALCOHOL,
        ExclusionReason.DRUG,
        ExclusionReason.ALCOHOL,
        ExclusionReason.SMOKING,
        ExclusionReason.VAPE,
    ),
    "Abuse and bullying": (
        ExclusionReason.BULLYING,
        ExclusionReason.BULLYING_ONLINE,
        ExclusionReason.RACIST_ABUSE,
        ExclusionReason.ORIENTATION_ABUSE,
        ExclusionReason.DISABILITY_ABUSE,
    ),
    "Sexual misconduct or harm": (ExclusionReason.SEXUAL_MISCONDUCT, ExclusionReason.HARMFUL_SEXUAL_BEHAVIOUR),
    "Misogyny or misandry": (ExclusionReason.MISOGYNY, ExclusionReason.MISANDRY),
    "Damage or theft": (ExclusionReason.DAMAGE, ExclusionReason.THEFT),
    "Online or phone misuse": (ExclusionReason.ONLINE_MISUSE, ExclusionReason.MOBILE_PHONE),
    "Outside school": (ExclusionReason.OUTSIDE_SCHOOL,),
    "Public health": (ExclusionReason.PUBLIC_HEALTH,),
    "Other (before 2020/21)": (ExclusionReason.OTHER,),
}


class SuspensionStatus(Code):
    ACTIVE = "active", "Stands"
    CANCELLED = "cancelled", "Cancelled by the head"
    REINSTATED = "reinstated", "Pupil reinstated by the governing board"


class HalfDay(Code):
    MORNING = "AM", "Morning"
    AFTERNOON = "PM", "Afternoon"


class ReviewOutcome(Code):
    """What came of the governing board and the independent review panel (CBDS CS105)."""

    NOT_REINSTATED = "ANO", "Not reinstated, no review requested"
    REINSTATED_NOT_BACK = "BRE", "Board reinstates, pupil not yet back"
    REINSTATED_DECLINED = "CNO", "Reinstated, but declined"
    REVIEW_WINDOW_OPEN = "DNO", "Not reinstated, review window open"
    ONGOING_REPRESENTATIONS = "EON", "Representations ongoing"
    REINSTATED_BY_BOARD = "FRE", "Reinstated by the governing board"
    REVIEW_REQUESTED = "GNO", "Review requested, not determined"
    WITHDRAWN = "HWD", "Withdrawn"
    REVIEW_UPHELD = "INO", "Review panel upheld the decision"
    REINSTATED_RECOMMENDED = "JRE", "Reinstated after recommended reconsideration"
    REINSTATED_DIRECTED = "KRE", "Reinstated after directed reconsideration"
    UPHELD_RECOMMENDED = "LNO", "Not reinstated after recommended reconsideration"
    UPHELD_DIRECTED = "MNO", "Not reinstated after directed reconsideration"
    ONGOING = "NOG", "Ongoing"


class PexStatus(Code):
    """Where a permanent exclusion stands; derived from the review outcome, never typed."""

    UPHELD = "upheld", "Upheld: not reinstated, reviews over"
    NOT_RECORDED = "not_recorded", "No outcome recorded yet"
    PENDING = "pending", "Before the governing board or the review panel"
    REINSTATED = "reinstated", "Pupil reinstated: not an exclusion in DfE's figures"
    WITHDRAWN = "withdrawn", "Withdrawn by the head"


class SenProvision(Code):
    NONE = "N", "No special educational needs"
    SUPPORT = "K", "SEN support"
    PLAN = "E", "Education, health and care plan"


class PrimaryNeed(Code):
    SPLD = "SPLD", "Specific learning difficulty"
    MLD = "MLD", "Moderate learning difficulty"
    SLD = "SLD", "Severe learning difficulty"
    PMLD = "PMLD", "Profound and multiple learning difficulty"
    SEMH = "SEMH", "Social, emotional and mental health"
    SLCN = "SLCN", "Speech, language and communication needs"
    HI = "HI", "Hearing impairment"
    VI = "VI", "Vision impairment"
    MSI = "MSI", "Multi-sensory impairment"
    PD = "PD", "Physical disability"
    ASD = "ASD", "Autistic spectrum disorder"
    DS = "DS", "Down syndrome"
    OTH = "OTH", "Other difficulty or disability"
    NSA = "NSA", "SEN support, no specialist assessment of need"


class Sex(Code):
    FEMALE = "F", "Female"
    MALE = "M", "Male"
    UNKNOWN = "U", "Not known"


class Ethnicity(Code):
    """Main ethnicity codes of the school census."""

    WBRI = "WBRI", "White British"
    WIRI = "WIRI", "White Irish"
    WIRT = "WIRT", "Traveller of Irish heritage"
    WROM = "WROM", "Gypsy or Roma"
    WOTH = "WOTH", "Any other White background"
    MWBC = "MWBC", "White and Black Caribbean"
    MWBA = "MWBA", "White and Black African"
    MWAS = "MWAS", "White and Asian"
    MOTH = "MOTH", "Any other mixed background"
    AIND = "AIND", "Indian"
    APKN = "APKN", "Pakistani"
    ABAN = "ABAN", "Bangladeshi"
    AOTH = "AOTH", "Any other Asian background"
    BCRB = "BCRB", "Black Caribbean"
    BAFR = "BAFR", "Black African"
    BOTH = "BOTH", "Any other Black background"
    CHNE = "CHNE", "Chinese"
    OOTH = "OOTH", "Any other ethnic group"
    REFU = "REFU", "Refused"
    NOBT = "NOBT", "Information not yet obtained"
    ABRI = "ABRI", "Asian British"
    AWEL = "AWEL", "Asian Welsh"
    BBRI = "BBRI", "Black British"
    BWEL = "BWEL", "Black Welsh"
    WNIR = "WNIR", "White Northern Irish"


class FreeSchoolMeals(Code):
    """Free school meal category (CS133, 2026): the series breaks at 2026/27."""

    TARGETED = "TFSM", "Targeted free school meals"
    EXPANDED = "EFSM", "Expanded free school meals"
    OTHER = "OFSM", "Other free school meals"


class PupilPremium(Code):
    DEPRIVATION = "DPP", "Deprivation pupil premium"
    SERVICE_CHILD = "SCP", "Service child premium"
    LOOKED_AFTER = "LAP", "Looked-after premium"
    ADOPTED_FROM_CARE = "AFC", "Adopted from care premium"
    EARLY_YEARS = "EYP", "Early years pupil premium"


class SocialCare(Code):
    NONE = "none", "No social care involvement"
    CHILD_IN_NEED = "CIN", "Child in need"
    CHILD_PROTECTION_PLAN = "CPP", "On a child protection plan"
    LOOKED_AFTER = "CLA", "Looked after"
    PREVIOUSLY_LOOKED_AFTER = "previously_CLA", "Previously looked after"


class YoungCarer(Code):
    """Young carer (CBDS CS118)."""

    BY_PARENT_OR_CHILD = "P", "Identified by parent, guardian or child"
    BY_SCHOOL = "S", "Identified by school"
    NOT_DECLARED = "N", "Not declared"


class EnrolmentStatus(Code):
    CURRENT = "C", "Current, single registration"
    CURRENT_MAIN = "M", "Current main, dual registration"
    CURRENT_SUBSIDIARY = "S", "Current subsidiary, dual registration"
    GUEST = "G", "Guest"
    FURTHER_EDUCATION = "F", "Further education college"
    OTHER_PROVIDER = "O", "Other provider"
    PREVIOUS = "P", "Previous"


class ProviderSetting(Code):
    """Where a placement has neither URN nor UKPRN (school census AP module)."""

    FURTHER_EDUCATION = "NFE", "Non-maintained further education college"
    ONE_TO_ONE_TUITION = "OOT", "One-to-one tuition"
    OTHER_UNREGISTERED = "OTH", "Other unregistered provider"
    WORK_BASED = "WBP", "Work-based placement"


class Tier(Code):
    """Three-tier model of the SEND and AP improvement plan, March 2023."""

    TARGETED_SUPPORT = "1", "Tier 1: targeted support in mainstream"
    TIME_LIMITED = "2", "Tier 2: time-limited placement"
    TRANSITIONAL = "3", "Tier 3: transitional placement"


class Commissioner(Code):
    LOCAL_AUTHORITY = "LA", "Local authority"
    SCHOOL = "school", "School"
    JOINT = "joint", "Joint"


class PlacementReason(Code):
    BEHAVIOUR = "behaviour_support", "Off-site placement for behavioural support"
    MENTAL_HEALTH = "mental_health", "Medical condition (mental health need)"
    PHYSICAL_HEALTH = "physical_health", "Medical condition (physical health need)"
    PERMANENT_EXCLUSION = "permanent_exclusion", "Permanent exclusion"
    SUSPENSION = "suspension", "Suspension"
    PLAN_NAMED = "ehcp_named", "Named in an education, health and care plan"
    OTHER = "other", "Other"

    @classmethod
    def read_as(cls) -> "dict[str, Code]":
        return {
            "permanent exclusion (where still going through the review process)": cls.PERMANENT_EXCLUSION,
            "ehcp named": cls.PLAN_NAMED,
        }


class AttendancePattern(Code):
    FULL_TIME = "FT", "Full time"
    PART_TIME = "PT", "Part time"


class Registration(Code):
    SOLE = "sole", "Sole registration"
    DUAL_MAIN = "dual_main", "Dual registration, main"
    DUAL_SUBSIDIARY = "dual_subsidiary", "Dual registration, subsidiary"


class PlacementEnd(Code):
    RETURNED_HOME_SCHOOL = "returned_home_school", "Returned to the home school"
    NEW_MAINSTREAM = "new_mainstream", "New mainstream school"
    SPECIAL = "special", "Special school"
    POST_16 = "post16", "Post-16 destination"
    OTHER_AP = "other_ap", "Other alternative provision"
    ELECTIVE_HOME_EDUCATION = "ehe", "Elective home education"
    MOVED_LA = "moved_la", "Moved to another local authority"
    BREAKDOWN = "breakdown", "Placement broke down"
    CUSTODY = "custody", "Custody"
    OTHER = "other", "Other"


class ReferralSource(Code):
    SCHOOL = "school", "School"
    PHONE_LINE = "phone_line", "Phone line"
    FAIR_ACCESS_PANEL = "fap", "Fair Access Panel"
    SELF = "self", "Self"
    PARENT = "parent", "Parent or carer"
    SOCIAL_CARE = "social_care", "Social care"
    VIRTUAL_SCHOOL = "vs", "Virtual school"
    YOUTH_JUSTICE = "yjs", "Youth justice service"
    HEALTH = "health", "Health"


class Concern(Code):
    SEMH = "SEMH", "Social, emotional and mental health"
    EBSA = "EBSA", "Emotionally based school avoidance"
    PERSISTENT_DISRUPTION = "persistent_disruption", "Persistent disruptive behaviour"
    AGGRESSION = "aggression", "Aggression"
    SUBSTANCE = "substance", "Substance misuse"
    EXPLOITATION = "exploitation", "Exploitation"
    TRANSITION = "transition", "Transition between schools"
    BEREAVEMENT_TRAUMA = "bereavement_trauma", "Bereavement or trauma"
    OTHER = "other", "Other"


class Agreement(Code):
    """Parents' agreement to take part in support: not a legal basis for processing."""

    YES = "y", "Yes"
    NO = "n", "No"
    VERBAL = "verbal", "Verbal"
    NOT_NEEDED = "not_needed", "Not needed"


class ReferralDecision(Code):
    ACCEPTED = "accepted", "Accepted"
    ADVICE_ONLY = "advice_only", "Advice only"
    DECLINED = "declined", "Declined"
    REDIRECTED = "redirected", "Redirected"
    WAITING = "waiting", "Waiting"


class CaseType(Code):
    PUPIL = "pupil", "Pupil"
    GROUP = "group", "Group"
    WHOLE_SCHOOL = "whole_school", "Whole school"
    TRANSITION = "transition_y6_7", "Transition from Year 6 to Year 7"
    REINTEGRATION = "reintegration", "Reintegration"
    FAMILY = "family", "Family"
    AP_TO_SCHOOL = "ap_to_school", "Alternative provision to school"


class CaseClose(Code):
    GOALS_MET = "goals_met", "Goals met"
    PARTIAL = "partial", "Goals partly met"
    DISENGAGED = "disengaged", "Disengaged"
    ESCALATED_TIER_2 = "escalated_t2", "Escalated to tier 2"
    ESCALATED_TIER_3 = "escalated_t3", "Escalated to tier 3"
    MOVED = "moved", "Moved away"
    AGREEMENT_WITHDRAWN = "declined_consent", "Agreement withdrawn"
    CAPACITY = "capacity", "No capacity"
    PERMANENT_EXCLUSION = "pex", "Permanently excluded"
    TIME_LIMIT = "time_limit", "Time limit reached"
    OTHER = "other", "Other"


class ContactKind(Code):
    PHONE_LINE = "phone_line", "Phone line"
    CONSULTATION = "consultation", "Consultation"
    OBSERVATION = "observation", "Observation"
    ONE_TO_ONE = "1to1", "One-to-one work"
    GROUP = "group", "Group work"
    FAMILY_VISIT = "family_visit", "Family visit"
    STAFF_SUPPORT = "staff_support", "Staff support"
    TRAINING = "training", "Training"
    MULTI_AGENCY = "multi_agency", "Multi-agency meeting"
    REVIEW = "review", "Review"
    PANEL = "panel", "Panel"
    ADMINISTRATION = "admin", "Administration"


class ContactPlace(Code):
    SCHOOL = "school", "School"
    AP = "ap", "Alternative provision"
    HOME = "home", "Home"
    NEUTRAL = "neutral", "Neutral place"
    ONLINE = "online", "Online"


class ContactWith(Code):
    CHILD = "child", "Child"
    PARENT = "parent", "Parent or carer"
    STAFF = "staff", "School staff"
    AGENCY = "agency", "Another agency"


class ContactOutcome(Code):
    ADVICE = "advice", "Advice"
    STRATEGY = "strategy", "Strategy agreed"
    REFERRAL_OUT = "referral_out", "Referred on"
    TO_CASE = "to_case", "Became a case"
    NO_SHOW = "no_show", "Nobody came"


class ProviderType(Code):
    """Who employs the outreach workers."""

    LA_TEAM = "la_team", "Local authority team"
    LA_COMPANY = "la_company", "Company owned by the local authority"
    PUPIL_REFERRAL_UNIT = "pru", "Pupil referral unit or AP academy"
    DISTRICT_PARTNERSHIP = "district_partnership", "District partnership of schools"
    SEPARATE_PROVIDER = "separate_provider", "Separate provider"


class YearGroup(Code):
    """National curriculum year as the census codes it."""

    NURSERY_1 = "N1", "Nursery, first year"
    NURSERY_2 = "N2", "Nursery, second year"
    RECEPTION = "R", "Reception"
    YEAR_1 = "1", "Year 1"
    YEAR_2 = "2", "Year 2"
    YEAR_3 = "3", "Year 3"
    YEAR_4 = "4", "Year 4"
    YEAR_5 = "5", "Year 5"
    YEAR_6 = "6", "Year 6"
    YEAR_7 = "7", "Year 7"
    YEAR_8 = "8", "Year 8"
    YEAR_9 = "9", "Year 9"
    YEAR_10 = "10", "Year 10"
    YEAR_11 = "11", "Year 11"
    YEAR_12 = "12", "Year 12"
    YEAR_13 = "13", "Year 13"
    YEAR_14 = "14", "Year 14"
    NOT_FOLLOWED = "X", "National curriculum not followed"

    @classmethod
    def read_as(cls) -> "dict[str, Code]":
        padded: dict[str, Code] = {f"0{year.value}": year for year in cls if year.value in "123456789"}
        return padded | {"0": cls.RECEPTION}
