"""The permission table in words: what the app shows, and docs/who-may-see-what.md holds.

python -m access.who_may_what > docs/who-may-see-what.md
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from access.roles import PERMISSIONS, Permission, Role

ROLES = {
    Role.LEADER: "Sees figures of schools and of the whole authority, small numbers hidden. No pupil’s row, no worker.",
    Role.MANAGER: "Runs outreach: loads files, and sees the rows of pupils whom their service works with.",
    Role.PANEL: "Sees figures of schools, and the rows of pupils referred to their panel, while they are referred.",
    Role.STEWARD: "Loads files and mends what is wrong with them: sees pupils’ rows, without free text and UPNs.",
    Role.ADMIN: "Adds people, and looks after the audit trail and how long records are kept. Sees no figures.",
}
"""What each role is for."""

_GROUPS = {"page:": "Pages", "figures:": "Figures", "pupils:": "Pupils", "columns:": "What a pupil’s row tells"}
_OTHER = "Doing"


@dataclass(frozen=True)
class Line:
    """A permission in words, and the roles that have it."""

    group: str
    what: str
    roles: frozenset[Role]

    def cells(self) -> list[str]:
        """A word for each role, in their order."""
        return ["Yes" if role in self.roles else "No" for role in Role]


def lines() -> Iterator[Line]:
    """A line for each permission: pages first, in the order of the menu."""
    for permission in Permission:
        yield Line(_group(permission), permission.label, PERMISSIONS[permission])


def markdown() -> str:
    """The whole document."""
    head = ["What", *(role.label for role in Role)]
    parts = [
        "# Who may see what",
        "",
        "Written by `python -m access.who_may_what` from the one table that decides (`access/roles.py`): a test fails "
        "while the two differ. What a role may do it may do only where its grants reach: an authority, one of its "
        "districts, an outreach service or a Fair Access Panel. Without a grant nobody sees any data.",
        "",
        *(f"* **{role.label}.** {words}" for role, words in ROLES.items()),
        *_tables(head),
    ]
    return "\n".join(parts) + "\n"


def _tables(head: list[str]) -> Iterator[str]:
    before = ""
    for line in lines():
        if line.group != before:
            yield from ("", f"## {line.group}", "", f"| {' | '.join(head)} |", "|---" * len(head) + "|")
            before = line.group
        yield f"| {' | '.join([line.what, *line.cells()])} |"


def _group(permission: Permission) -> str:
    return next((title for start, title in _GROUPS.items() if permission.startswith(start)), _OTHER)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(markdown())
