"""Who is asking, as pages and queries know them."""

from dataclasses import dataclass

from access.roles import Permission, Role, may
from access.scope import Grant, Scope


@dataclass(frozen=True)
class Person:
    """Somebody who may use the app: an account, or in the demonstration whoever looks at it as a role."""

    account_id: int | None
    name: str
    role: Role
    grants: frozenset[Grant]

    def may(self, permission: Permission) -> bool:
        """Whether their role has the permission."""
        return may(self.role, permission)

    @property
    def scope(self) -> Scope:
        """How far their questions reach."""
        return Scope.of(self.role, self.grants)
