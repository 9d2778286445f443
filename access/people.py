"""Who is asking, as pages and queries know them."""

from dataclasses import dataclass

from access.roles import Permission, Role, may
from access.scope import EVERYWHERE, Grant, Scope
from data_model.settings import settings


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

    @property
    def loads_for(self) -> Scope:
        """Whose files they may load, if they may load any: in the demonstration any fictional LA's, loaded or not."""
        return self.scope if settings().is_live else EVERYWHERE
