"""Roles, and the one table that says what each may see and do."""

from data_model.labelled import Labelled


class Role(Labelled):
    """Who somebody is at work."""

    LEADER = "leader", "LA leader"
    MANAGER = "manager", "Outreach manager"
    PANEL = "panel", "Fair Access Panel member"
    STEWARD = "steward", "Data steward"
    ADMIN = "admin", "Administrator"


class Permission(Labelled):
    """Something a role may see or do. Those that start with `page:` open the page of that name, in this order."""

    OVERVIEW = "page:overview", "Overview"
    TARGETING = "page:targeting", "Where next"
    ALLOCATION = "page:allocation", "Share out the hours"
    SCHOOLS = "page:schools", "Schools"
    SCHOOL = "page:school", "School"
    FAIRNESS = "page:fairness", "Who is affected"
    CAN_WE_TRUST_THIS = "page:can_we_trust_this", "Can we trust this?"
    CHILDREN_WITHOUT_SUPPORT = "page:children_without_support", "Children without support"
    CASELOAD = "page:caseload", "Caseload"
    CASE = "page:case", "Case"
    PUPIL = "page:pupil", "A pupil’s story"
    FIRST_RESPONSE = "page:first_response", "First response"
    ALTERNATIVE_PROVISION = "page:alternative_provision", "Alternative provision and return"
    MOVES_AND_OUTREACH = "page:moves_and_outreach", "Outreach and managed moves"
    TRANSITION = "page:transition", "Transition"
    PANEL_MEETING = "page:panel_meeting", "Panel meeting"
    PANEL_SCHOOLS = "page:panel_schools", "Schools before the panel"
    UPLOAD = "page:upload", "Upload"
    DATA_QUALITY = "page:data_quality", "Data quality"
    PEOPLE = "page:people", "People"
    AUDIT = "page:audit", "Audit"
    RETENTION = "page:retention", "Retention"
    DATA_DICTIONARY = "page:data_dictionary", "Data dictionary"
    ABOUT_THE_MEASURES = "page:about_the_measures", "About the measures"
    WHO_MAY_SEE_WHAT = "page:who_may_see_what", "Who may see what"
    PRIVACY = "page:privacy", "Privacy"
    YOUR_ACCOUNT = "page:your_account", "Your account"

    FULL_FIGURES = "figures:full", "See figures of fewer than five pupils, and frozen lists, which hold them"
    SCHOOLS_UNSEEN_BY_HEADS = "figures:before_reply", "See a school’s page before its head has had their say"
    PUPIL_ROWS = "pupils:rows", "See rows about pupils of their service"
    PANEL_PUPIL_ROWS = "pupils:panel", "See rows about pupils referred to their panel, while referred"
    NAMES = "columns:names", "See pupils’ names"
    HEALTH = "columns:health", "See health and special educational needs"
    CARE = "columns:care", "See care status and social care"
    YOUTH_JUSTICE = "columns:youth_justice", "See youth justice involvement"
    ETHNICITY = "columns:ethnicity", "See ethnicity"
    STAFF = "columns:staff", "See which worker did what"

    SAVE_UPLOADS = "uploads:save", "Save uploads"
    UNDO_UPLOADS = "uploads:undo", "Undo uploads"
    REMOVE_SAMPLE = "sample:remove", "Remove the fictional LA"
    DOWNLOAD_FULL = "downloads:full", "Download full figures, for use inside the authority"
    DOWNLOAD_PUBLISHABLE = "downloads:publishable", "Download figures fit to publish"

    ENTER_CASEWORK = "casework:enter", "Log calls, contacts, reviews and decisions on a page, and correct them"
    RECORD_REPLIES = "replies:record", "Record what was sent to a head and what came back"
    FREEZE_LISTS = "lists:freeze", "Freeze a meeting’s list, and withdraw one"
    DECIDE_ALLOCATION = "allocation:decide", "Record how outreach hours are shared out"
    PANEL_DECIDE = "panel:decide", "Record what a Fair Access Panel decides of a child on its list"
    SET_THRESHOLDS = "thresholds:set", "Set from which number on a fact about a child is pointed out"
    DECIDE_SUPPORT = "support:decide", "Record what was decided of a child without support"

    MANAGE_PEOPLE = "people:manage", "Add people, change what they may reach, end their sessions"
    READ_AUDIT = "audit:read", "Read and export who saw and did what"
    APPLY_RETENTION = (
        "retention:apply",
        "Delete what is past its time, erase a pupil, export what is held on one",
    )


_ALL = frozenset(Role)
_SEES_SCHOOLS = frozenset({Role.LEADER, Role.MANAGER, Role.PANEL, Role.STEWARD})
_LOADS = frozenset({Role.MANAGER, Role.STEWARD})
_CASEWORK = frozenset({Role.MANAGER, Role.PANEL})
_RUNS_OUTREACH = frozenset({Role.MANAGER})
_ADMIN = frozenset({Role.ADMIN})

PERMISSIONS: dict[Permission, frozenset[Role]] = {
    Permission.OVERVIEW: _SEES_SCHOOLS,
    Permission.TARGETING: _SEES_SCHOOLS - {Role.PANEL},
    Permission.ALLOCATION: _RUNS_OUTREACH | {Role.LEADER},
    Permission.CHILDREN_WITHOUT_SUPPORT: _RUNS_OUTREACH,
    Permission.CASELOAD: _RUNS_OUTREACH,
    Permission.CASE: _RUNS_OUTREACH,
    Permission.FIRST_RESPONSE: _RUNS_OUTREACH | {Role.LEADER},
    Permission.PUPIL: _CASEWORK,
    Permission.ALTERNATIVE_PROVISION: _SEES_SCHOOLS,
    Permission.MOVES_AND_OUTREACH: _SEES_SCHOOLS - {Role.STEWARD},
    Permission.PANEL_MEETING: _CASEWORK,
    Permission.TRANSITION: _RUNS_OUTREACH | {Role.LEADER},
    Permission.PANEL_SCHOOLS: _SEES_SCHOOLS,
    Permission.SCHOOLS: _SEES_SCHOOLS,
    Permission.SCHOOL: _SEES_SCHOOLS,
    Permission.FAIRNESS: _SEES_SCHOOLS,
    Permission.CAN_WE_TRUST_THIS: _SEES_SCHOOLS,
    Permission.UPLOAD: _LOADS,
    Permission.DATA_QUALITY: _LOADS,
    Permission.PEOPLE: _ADMIN,
    Permission.AUDIT: _ADMIN,
    Permission.RETENTION: _ADMIN,
    Permission.DATA_DICTIONARY: _ALL,
    Permission.ABOUT_THE_MEASURES: _ALL,
    Permission.WHO_MAY_SEE_WHAT: _ALL,
    Permission.PRIVACY: _ALL,
    Permission.YOUR_ACCOUNT: _ALL,
    Permission.FULL_FIGURES: _LOADS,
    Permission.SCHOOLS_UNSEEN_BY_HEADS: _SEES_SCHOOLS - {Role.PANEL},
    Permission.PUPIL_ROWS: _LOADS,
    Permission.PANEL_PUPIL_ROWS: frozenset({Role.PANEL}),
    Permission.NAMES: _CASEWORK,
    Permission.HEALTH: _CASEWORK | _LOADS,
    Permission.CARE: _CASEWORK | _LOADS,
    Permission.YOUTH_JUSTICE: _CASEWORK | _LOADS,
    Permission.ETHNICITY: _LOADS,
    Permission.STAFF: _LOADS,
    Permission.SAVE_UPLOADS: _LOADS,
    Permission.UNDO_UPLOADS: _LOADS,
    Permission.REMOVE_SAMPLE: _LOADS,
    Permission.DOWNLOAD_FULL: _LOADS,
    Permission.DOWNLOAD_PUBLISHABLE: _SEES_SCHOOLS,
    Permission.ENTER_CASEWORK: _RUNS_OUTREACH,
    Permission.RECORD_REPLIES: _RUNS_OUTREACH,
    Permission.FREEZE_LISTS: _RUNS_OUTREACH,
    Permission.DECIDE_ALLOCATION: _RUNS_OUTREACH,
    Permission.PANEL_DECIDE: _CASEWORK,
    Permission.SET_THRESHOLDS: _RUNS_OUTREACH,
    Permission.DECIDE_SUPPORT: _RUNS_OUTREACH,
    Permission.MANAGE_PEOPLE: _ADMIN,
    Permission.READ_AUDIT: _ADMIN,
    Permission.APPLY_RETENTION: _ADMIN,
}
"""Who may do what. What is not here is refused."""

PAGES = {permission.removeprefix("page:"): permission for permission in Permission if permission.startswith("page:")}
"""The permission that opens each page, by the page's name, in the order of the navigation."""


def may(role: Role, permission: Permission) -> bool:
    """Whether a role has a permission."""
    return role in PERMISSIONS[permission]
