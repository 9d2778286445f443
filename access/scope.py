"""Whose data a question may reach. Every query takes a scope, and a scope reaches nothing that it does not name."""

from dataclasses import dataclass, replace

from access.roles import Permission, Role, may


@dataclass(frozen=True, order=True)
class Grant:
    """A part of the data that an account was granted: an LA (three-digit code), or less of it."""

    la_code: int
    district: str | None = None
    service: str | None = None
    panel: str | None = None


@dataclass(frozen=True)
class Scope:
    """What a question may reach. Hashable, so that it can be part of a cache key. The empty scope reaches nothing.

    `la_codes` are LAs that are reached whole, `districts` pairs of an LA and one of its districts. `pupil_rows` says
    whether rows about pupils may be returned: of the pupils of `services`, each service in the place that its grant
    names; None where no grant names a service, and then of every pupil. `panels` are the grants of Fair Access Panels
    whose referred pupils' rows may be returned besides, while they are referred. `columns` are the groups of sensitive
    columns that may be returned (Permission members that start with `columns:`). Without `full_figures` small numbers
    are hidden (analysis/hiding/disclosure.py). What the conditions are is said in access/reach.py, and nowhere else.
    """

    la_codes: frozenset[int] = frozenset()
    pupil_rows: bool = False
    districts: frozenset[tuple[int, str]] = frozenset()
    services: frozenset[Grant] | None = None
    panels: frozenset[Grant] = frozenset()
    columns: frozenset[Permission] = frozenset()
    full_figures: bool = False

    @classmethod
    def of(cls, role: Role, grants: frozenset[Grant]) -> "Scope":
        """What a role may reach with these grants: nothing at all where it may not see schools."""
        if not may(role, Permission.SCHOOLS):
            return cls()
        panels = (grant for grant in grants if grant.panel)
        return cls(
            la_codes=frozenset(grant.la_code for grant in grants if grant.district is None),
            pupil_rows=may(role, Permission.PUPIL_ROWS),
            districts=frozenset((grant.la_code, grant.district) for grant in grants if grant.district is not None),
            services=grants if any(grant.service for grant in grants) else None,
            panels=frozenset(panels if may(role, Permission.PANEL_PUPIL_ROWS) else ()),
            columns=_GROUPS & frozenset(permission for permission in Permission if may(role, permission)),
            full_figures=may(role, Permission.FULL_FIGURES),
        )

    @property
    def authorities(self) -> frozenset[int]:
        """Every LA that is reached, whole or in part."""
        return self.la_codes | {la_code for la_code, _ in self.districts}

    @property
    def sees_every_pupil(self) -> bool:
        """Whether rows about every pupil of the schools that are reached may be returned."""
        return self.pupil_rows and self.services is None

    def within(self, la_code: int) -> "Scope":
        """What of this scope lies in one LA."""
        own = frozenset((la, district) for la, district in self.districts if la == la_code)
        return replace(self, la_codes=self.la_codes & {la_code}, districts=own)


class OutOfScope(PermissionError):
    """The question reaches past what the asker may see. Its message is a sentence without any figures."""


_GROUPS = frozenset(permission for permission in Permission if permission.startswith("columns:"))

EVERYWHERE = Scope(la_codes=frozenset(range(100, 1000)), pupil_rows=True, columns=_GROUPS, full_figures=True)
"""Every LA that there can be: for the demonstration's loading, and for what the product itself loads."""
