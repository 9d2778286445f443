"""Code sets of what follows a child: moves, the Fair Access Panel, casework, plans, calls, transition and registers.

The lists are an authority's own unless a docstring names a source: nothing national collects most of this.
"""

from data_model.codes import Code


class MoveOutcome(Code):
    """What became of a managed move. The first three are those of a freedom of information template (Bexley, 2019)."""

    SUSTAINED = "sustained", "The pupil stayed at the new school"
    RETURNED = "returned", "The pupil went back"
    AP = "ap", "Alternative provision"
    PERMANENT_EXCLUSION = "pex", "Permanently excluded"
    ONGOING = "ongoing", "Still under review"
    WITHDRAWN = "withdrawn", "Agreement withdrawn before it started"


class DirectionNextStep(Code):
    RETURNED = "returned", "Returned to the home school"
    EXTENDED = "extended", "Extended: another direction follows"
    MANAGED_MOVE = "managed_move", "Managed move to the other school"
    AP = "ap", "Alternative provision"
    OTHER = "other", "Other"


class SeparationProvision(Code):
    """Where a pupil learns who is kept apart because of an alleged harm."""

    AT_SCHOOL = "at_school", "At the same school, apart"
    OTHER_SCHOOL = "other_school", "At another school"
    AP = "ap", "Alternative provision"
    TUITION = "tuition", "Tuition"
    ONLINE = "online", "Online"
    NONE = "none", "No provision yet"


class PanelBusiness(Code):
    """What a panel is asked: categories and the clock of 20 school days belong to the first alone."""

    ADMISSION = "admission_under_protocol", "A place under the fair access protocol"
    INCLUSION = "inclusion_and_placement", "Inclusion and placement of a child on roll"

    @classmethod
    def read_as(cls) -> "dict[str, Code]":
        return {"admission": cls.ADMISSION, "inclusion": cls.INCLUSION}


class FairAccessCategory(Code):
    """School Admissions Code 2021, paragraph 3.17, in short."""

    A = "a", "Child in need or on a protection plan, now or in the last 12 months"
    B = "b", "Living in a refuge or other relevant accommodation"
    C = "c", "From the criminal justice system"
    D = "d", "In alternative provision and to be reintegrated, or permanently excluded and suitable for mainstream"
    E = "e", "Special educational needs without a plan, disability or medical condition"
    F = "f", "Carer"
    G = "g", "Homeless"
    H = "h", "In formal kinship care"
    I = "i", "Gypsy, Roma or Traveller, refugee or asylum seeker"  # noqa: E741  # the Code's own letter
    J = "j", "Refused a place for challenging behaviour"
    K = "k", "Exceptional circumstances"
    L = "l", "Out of education for four weeks or more, and no place within reasonable distance"
    M = "m", "Previously looked after, and no place found promptly"


class PanelStatus(Code):
    """Where a child is when a panel is asked."""

    UNPLACED = "unplaced", "Without a school place"
    ON_ROLL = "on_roll", "On the roll of a school"
    AP = "AP", "In alternative provision"

    @classmethod
    def read_as(cls) -> "dict[str, Code]":
        return {"on roll": cls.ON_ROLL}


class Panel(Code):
    PRIMARY = "primary", "Primary panel"
    SECONDARY = "secondary", "Secondary panel"
    DISTRICT = "district", "District panel"


class PanelDecision(Code):
    PLACE_SCHOOL = "place_school", "A school place is allocated"
    OUTREACH = "outreach_t1", "Outreach (tier 1)"
    TIER_2 = "ap_t2", "Time-limited placement (tier 2)"
    TIER_3 = "ap_t3", "Transitional placement (tier 3)"
    MANAGED_MOVE = "managed_move", "Managed move"
    DEFER = "defer", "Deferred to a later meeting"
    NO_ACTION = "no_action", "No action"
    DIRECTION = "la_direction", "The authority directs a school to admit"


class RefusalGround(Code):
    """Why a school refused a place that a panel allocated."""

    FULL = "full", "Year group full"
    BEHAVIOUR = "behaviour", "Challenging behaviour"
    FAIR_SHARE = "fair_share", "Already above its fair share"
    NEEDS = "needs", "Cannot meet needs"
    PARENT = "parent", "Parents prefer another school"
    OTHER = "other", "Other"


class OutcomeMeasure(Code):
    """What is measured of a child at points of a case. `OUTCOME_RANGES` says from what to what."""

    SDQ_TOTAL = "SDQ_total", "Strengths and Difficulties Questionnaire, total (0 to 40, lower is better)"
    BOXALL = "Boxall", "Boxall Profile, developmental strands (0 to 136)"
    LEUVEN = "Leuven", "Leuven scale of well-being and involvement (1 to 5)"
    ENGAGEMENT = "engagement_0_100", "Engagement with learning (0 to 100)"
    ATTENDANCE = "attendance_pct", "Attendance, %"
    RISK = "risk_1_10", "Risk of exclusion (1 to 10, lower is better)"
    BEHAVIOUR_POINTS = "behaviour_points", "Behaviour points in the last half term (lower is better)"
    PASS = "PASS", "Pupil Attitudes to Self and School (percentile)"
    CONFIDENCE_OF_STAFF = "confidence_staff", "Confidence of staff (0 to 100)"


class MeasureStage(Code):
    BASELINE = "baseline", "At the start"
    REVIEW_1 = "review1", "First review"
    REVIEW_2 = "review2", "Second review"
    REVIEW_3 = "review3", "Third review"
    REVIEW_4 = "review4", "Fourth review"
    CLOSURE = "closure", "At the close"
    FOLLOW_UP_12 = "followup_12w", "12 weeks after the close"
    FOLLOW_UP_26 = "followup_26w", "26 weeks after the close"


class Rater(Code):
    CHILD = "child", "The child"
    PARENT = "parent", "Parent or carer"
    TEACHER = "teacher", "School staff"
    WORKER = "worker", "Outreach worker"


class Agency(Code):
    CAMHS = "camhs", "Child and adolescent mental health services"
    EDUCATIONAL_PSYCHOLOGY = "ep", "Educational psychology"
    SOCIAL_CARE = "social_care", "Children’s social care"
    YOUTH_JUSTICE = "yjs", "Youth justice service"
    POLICE = "police", "Police"
    HEALTH = "health", "Other health service"
    EARLY_HELP = "early_help", "Early help"
    HOUSING = "housing", "Housing"


class AgencyAnswer(Code):
    WAITING = "waiting", "No answer yet"
    ACCEPTED = "accepted", "Accepted"
    THRESHOLD_NOT_MET = "threshold_not_met", "Threshold not met"
    REDIRECTED = "redirected", "Sent on to another service"
    DECLINED = "declined_by_family", "The family declined"


class PlanKind(Code):
    PASTORAL = "psp", "Pastoral support plan"
    BEHAVIOUR = "ibp", "Individual behaviour plan"
    RISK = "risk", "Risk reduction plan"
    ATTENDANCE = "attendance", "Attendance plan"


class Strategy(Code):
    """What a school can try before it asks others, in the order of a graduated response (ladders of Lincolnshire,
    Somerset and Stevenage, which count strategies that did not work too)."""

    TIMETABLE = "timetable", "Changes to seating, groups or timetable"
    REPORT_CARD = "report_card", "Report card with targets"
    MENTOR = "mentor", "Mentor or key adult"
    CHECK_IN = "check_in", "Daily check-in"
    MEETING_PARENTS = "meeting_parents", "Meetings with parents"
    REWARD = "reward", "Rewards and sanctions of the pupil’s own"
    RESTORATIVE = "restorative", "Restorative meeting"
    SOCIAL_SKILLS = "social_skills", "Social skills or nurture group"
    EMOTIONAL_SUPPORT = "emotional_support", "Emotional literacy support or counselling at school"
    SENCO_ASSESSMENT = "senco_assessment", "Assessment of special needs"
    SENSORY = "sensory", "Sensory or communication support"
    REASONABLE_ADJUSTMENT = "adjustment", "Changes to rules or uniform for this pupil"
    SMALL_GROUP = "small_group", "Small-group teaching or a base in school"
    REDUCED_TIMETABLE = "reduced_timetable", "Reduced timetable, for a limited time"
    OUTSIDE_ADVICE = "outside_advice", "Advice from another service"
    ALTERNATIVE_CURRICULUM = "alternative_curriculum", "Other courses or work-related learning"


class Helped(Code):
    YES = "yes", "It helped"
    PARTLY = "partly", "It helped in part"
    NO = "no", "It did not help"
    TOO_SOON = "too_soon", "Too soon to say"


class CallChannel(Code):
    PHONE = "phone", "Phone line"
    BOOKED = "booked", "Booked consultation"
    ONLINE = "online", "Online form or e-mail"


class CallKind(Code):
    ADVICE = "advice", "Advice about a child, without a name"
    CONSULTATION = "consultation", "Consultation before a referral"
    PEX_CONSIDERED = "pex_considered", "A head is considering permanent exclusion"
    STAFF = "staff", "Staff support or training"
    SIGNPOSTING = "signposting", "Which service to turn to"
    EXISTING_CASE = "existing_case", "About an open case"


class CallerRole(Code):
    HEAD = "head", "Head or deputy"
    SENCO = "senco", "Special needs coordinator"
    PASTORAL = "pastoral", "Pastoral or behaviour lead"
    TEACHER = "teacher", "Class or subject teacher"
    PARENT = "parent", "Parent or carer"
    SOCIAL_WORKER = "social_worker", "Social worker"
    OTHER = "other", "Somebody else"


class CallAdvice(Code):
    STRATEGY = "strategy", "Strategies to try"
    CHALLENGE = "challenge", "The case for another way was made"
    VISIT = "visit", "A visit or consultation was booked"
    REFER = "refer", "Referral to outreach invited"
    SIGNPOSTED = "signposted", "Pointed to another service"
    NONE = "none", "Nothing further"


class CallOffer(Code):
    """What a head who considers permanent exclusion was offered."""

    OUTREACH = "outreach", "Outreach"
    CONSULTATION = "consultation", "Consultation"
    TIER_2 = "ap_t2", "Time-limited placement (tier 2)"
    OFF_SITE_DIRECTION = "off_site", "Off-site direction"
    MANAGED_MOVE = "managed_move", "Managed move"
    MULTI_AGENCY = "multi_agency", "Meeting of agencies"
    NOTHING = "nothing", "Nothing could be offered"


class CallBecame(Code):
    NOTHING = "nothing", "Ended with the call"
    REFERRAL = "referral", "Became a referral"
    CASE = "case", "Became a case"


class Whereabouts(Code):
    """Where a child was some school days after a call. Nothing here says that anything was averted."""

    IN_SCHOOL = "in_school", "In the same school"
    SUSPENDED = "suspended", "Suspended that day"
    AP = "ap", "In alternative provision"
    OFF_SITE = "off_site", "Directed off site"
    OTHER_SCHOOL = "other_school", "At another school"
    EXCLUDED = "excluded", "Permanently excluded"
    HOME_EDUCATED = "ehe", "Home educated"
    NOT_KNOWN = "not_known", "Not known"


class TransitionNeed(Code):
    USUAL = "usual", "What every child gets"
    ENHANCED = "enhanced", "Enhanced transition"
    INTENSIVE = "intensive", "Intensive: a worker goes with the child"


class Settled(Code):
    """How a child is at the end of the first secondary term."""

    SETTLED = "settled", "Settled"
    SOME_CONCERN = "some_concern", "Some concern"
    NOT_SETTLED = "not_settled", "Not settled"
    LEFT = "left", "No longer at that school"


class ProviderKind(Code):
    PUPIL_REFERRAL_UNIT = "pru", "Pupil referral unit"
    AP_ACADEMY = "ap_academy", "AP academy"
    AP_FREE_SCHOOL = "ap_free", "AP free school"
    INDEPENDENT = "independent", "Independent school"
    NON_SCHOOL = "non_school", "Provider that is not a school"
    ONLINE = "online", "Online provider"
    FURTHER_EDUCATION = "fe", "Further education college"
    TUITION = "tuition", "Tuition"


class ProviderPhase(Code):
    PRIMARY = "primary", "Primary age"
    SECONDARY = "secondary", "Secondary age"
    BOTH = "both", "Both"


class StandardMet(Code):
    """How a provider stands against a theme of the voluntary national standards for non-school AP (August 2025)."""

    MET = "met", "Met"
    PARTLY = "partly", "Partly met"
    NOT_MET = "not", "Not met"
    NOT_APPLICABLE = "na", "Does not apply"


class WorkerRole(Code):
    OUTREACH_WORKER = "outreach_worker", "Outreach worker"
    SENIOR = "senior", "Senior outreach worker"
    FAMILY_PRACTITIONER = "family_practitioner", "Family practitioner"
    FIRST_RESPONSE = "first_response", "First response"
    MANAGER = "manager", "Manager"
    OTHER = "other", "Other"


class FamilyIssue(Code):
    """What a family brings when it is referred (after School-Home Support's practitioners)."""

    ATTENDANCE = "attendance", "Attendance"
    PARENTING = "parenting", "Routines and parenting"
    PARENT_HEALTH = "parent_health", "A parent’s health"
    CHILD_HEALTH = "child_health", "A child’s health or well-being"
    HOUSING = "housing", "Housing"
    MONEY = "money", "Money, food or debt"
    DOMESTIC_ABUSE = "domestic_abuse", "Domestic abuse"
    BEREAVEMENT = "bereavement", "Bereavement or separation"
    SUBSTANCE = "substance", "Alcohol or drugs"
    SCHOOL_RELATIONS = "school_relations", "The family and the school"
    OTHER = "other", "Other"


class FamilyClose(Code):
    GOALS_MET = "goals_met", "Goals met"
    PARTIAL = "partial", "Goals partly met"
    STEPPED_UP = "stepped_up", "Passed to social care or early help"
    DISENGAGED = "disengaged", "Disengaged"
    MOVED = "moved", "Moved away"
    OTHER = "other", "Other"


class NoActionReason(Code):
    """Why a service that a family was referred on to took no action."""

    THRESHOLD = "threshold", "Threshold not met"
    WAITING_LIST = "waiting_list", "Waiting list closed"
    FAMILY_DECLINED = "family_declined", "The family declined"
    NO_ANSWER = "no_answer", "No answer"
    OTHER = "other", "Other"


class InternalPlace(Code):
    OWN_SCHOOL = "own_school", "At the pupil’s own school"
    OTHER_SCHOOL = "other_school", "At another school"
    SHARED_BASE = "shared_base", "At a base that schools share"
