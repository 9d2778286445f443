"""Who is asking, as the gate tells the app: one header, which the gate alone writes.

It holds `demonstration:` and a role, or `session:` and a session's public name; anything else is nobody.
"""

from typing import TypeGuard

from access.roles import Role

COOKIE = "outreach_role"
"""The demonstration's: the role to look as. In live mode it means nothing."""

HEADER = "x-outreach-who"
"""What the gate tells the app, and .streamlit/config.toml trusts: the gate replaces any that a browser sends."""

DEFAULT_ROLE = Role.LEADER
_DEMONSTRATION, _SESSION = "demonstration:", "session:"


def role_named(name: object) -> Role | None:
    """The role of that name, such as `manager`; None where there is none."""
    return Role(name) if isinstance(name, str) and name in set(Role) else None


def as_role(name: object) -> str:
    """What to tell the app in the demonstration: the role of that name, else the leader, who sees no pupil's row."""
    return f"{_DEMONSTRATION}{role_named(name) or DEFAULT_ROLE}"


def as_session(session_id: str) -> str:
    """What to tell the app of somebody who signed in."""
    return f"{_SESSION}{session_id}"


def role_in(told: object) -> Role | None:
    """The demonstration's role in what the gate told; None where it told something else."""
    return role_named(told.removeprefix(_DEMONSTRATION)) if _is(told, _DEMONSTRATION) else None


def session_in(told: object) -> str | None:
    """The session's public name in what the gate told; None where it told something else."""
    return told.removeprefix(_SESSION) if _is(told, _SESSION) else None


def _is(told: object, kind: str) -> TypeGuard[str]:
    return isinstance(told, str) and told.startswith(kind)
