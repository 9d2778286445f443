"""Whose data a question may reach. Every query takes a scope, and a scope reaches nothing that it does not name."""

from dataclasses import dataclass

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
    whether rows about pupils may be returned: those of `services`, None for every outreach service. `panels` are the
    Fair Access Panels whose referred pupils' rows may be returned besides, while they are referred. `columns` are the
    groups of sensitive columns that may be returned (Permission members that start with `columns:`). Without
    `full_figures` small numbers are hidden (analysis/disclosure.py).
    """

    la_codes: frozenset[int] = frozenset()
    pupil_rows: bool = False
    districts: frozenset[tuple[int, str]] = frozenset()
    services: frozenset[str] | None = None
    panels: frozenset[str] = frozenset()
    columns: frozenset[Permission] = frozenset()
    full_figures: bool = False

    @classmethod
    def of(cls, role: Role, grants: frozenset[Grant]) -> "Scope":
        """What a role may reach with these grants: nothing at all where it may not see schools."""
        if not may(role, Permission.SCHOOLS):
            return cls()
        every_service = any(grant.service is None for grant in grants)
        panels = (grant.panel for grant in grants if grant.panel)
        return cls(
            la_codes=frozenset(grant.la_code for grant in grants if grant.district is None),
            pupil_rows=may(role, Permission.PUPIL_ROWS),
            districts=frozenset((grant.la_code, grant.district) for grant in grants if grant.district is not None),
            services=None if every_service else frozenset(grant.service for grant in grants if grant.service),
            panels=frozenset(panels if may(role, Permission.PANEL_PUPIL_ROWS) else ()),
            columns=frozenset(p for p in Permission if p.startswith("columns:") and may(role, p)),
            full_figures=may(role, Permission.FULL_FIGURES),
        )

    @property
    def authorities(self) -> frozenset[int]:
        """Every LA that is reached, whole or in part."""
        return self.la_codes | {la_code for la_code, _ in self.districts}


class OutOfScope(PermissionError):
    """The question reaches past what the asker may see. Its message is a sentence without any figures."""
