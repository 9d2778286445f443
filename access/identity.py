"""Who is asking. Until sign-in exists, the role that the demonstration's cookie names."""

from access.roles import Role

COOKIE = "outreach_role"
HEADER = "x-outreach-role"
"""What the gate tells the app, and .streamlit/config.toml trusts: the gate replaces any that a browser sends."""

DEFAULT_ROLE = Role.LEADER


def role_named(name: object) -> Role | None:
    """The role of that name, such as `manager`; None where there is none."""
    return Role(name) if isinstance(name, str) and name in set(Role) else None


def role_of(name: object) -> Role:
    """The role of that name; for anything else the leader, who sees no pupil's row."""
    return role_named(name) or DEFAULT_ROLE
