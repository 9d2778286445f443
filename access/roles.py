"""Roles, and the one table that says what each may see and do."""

from enum import StrEnum


class Role(StrEnum):
    """Who somebody is at work."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Role":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    LEADER = "leader", "LA leader"
    MANAGER = "manager", "Outreach manager"
    PANEL = "panel", "Fair Access Panel member"
    STEWARD = "steward", "Data steward"
    ADMIN = "admin", "Administrator"


class Permission(StrEnum):
    """Something a role may see or do. Those that start with `page:` open the page of that name."""

    OVERVIEW = "page:overview"
    SCHOOLS = "page:schools"
    SCHOOL = "page:school"
    UPLOAD = "page:upload"
    DATA_QUALITY = "page:data_quality"
    DATA_DICTIONARY = "page:data_dictionary"
    ABOUT_THE_MEASURES = "page:about_the_measures"
    SAVE_UPLOADS = "uploads:save"
    UNDO_UPLOADS = "uploads:undo"
    REMOVE_SAMPLE = "sample:remove"
    PUPIL_ROWS = "pupils:rows"


_ALL = frozenset(Role)
_SEES_SCHOOLS = frozenset({Role.LEADER, Role.MANAGER, Role.PANEL, Role.STEWARD})
_LOADS = frozenset({Role.MANAGER, Role.STEWARD})

PERMISSIONS: dict[Permission, frozenset[Role]] = {
    Permission.OVERVIEW: _SEES_SCHOOLS,
    Permission.SCHOOLS: _SEES_SCHOOLS,
    Permission.SCHOOL: _SEES_SCHOOLS,
    Permission.UPLOAD: _LOADS,
    Permission.DATA_QUALITY: _LOADS,
    Permission.DATA_DICTIONARY: _ALL,
    Permission.ABOUT_THE_MEASURES: _ALL,
    Permission.SAVE_UPLOADS: _LOADS,
    Permission.UNDO_UPLOADS: _LOADS,
    Permission.REMOVE_SAMPLE: _LOADS,
    Permission.PUPIL_ROWS: _LOADS,
}
"""Who may do what. What is not here is refused."""


def may(role: Role, permission: Permission) -> bool:
    """Whether a role has a permission."""
    return role in PERMISSIONS[permission]
