"""Whose data a question may reach. Every query takes a scope, and a scope reaches nothing that it does not name."""

from dataclasses import dataclass

from access.roles import Permission, Role, may


@dataclass(frozen=True)
class Scope:
    """The local authorities (three-digit codes) that a question may reach, and whether it may return pupils' rows.

    Hashable, so that it can be part of a cache key. The empty scope reaches nothing.
    """

    la_codes: frozenset[int] = frozenset()
    pupil_rows: bool = False

    @classmethod
    def of(cls, role: Role, la_codes: frozenset[int]) -> "Scope":
        """What a role may reach in these local authorities."""
        return cls(la_codes, may(role, Permission.PUPIL_ROWS))


class OutOfScope(PermissionError):
    """The question reaches past what the asker may see. Its message is a sentence without any figures."""
