"""What loading a published file did."""

from dataclasses import dataclass
from typing import Any

from data_model.severity import Severity
from loaders.files import issue_as_dict
from loaders.issues import Issue


@dataclass(frozen=True)
class PublishedReport:
    """What became of a published file. rows = accepted + rejected; the notes count what was accepted but left out.

    `new`, `changed` and `unchanged` count rows as they are kept. `upload_id` is None where nothing was saved: each row
    has an error, or the file is `already_loaded`, and then it is the earlier upload's.
    """

    kind: str
    file: str
    sha256: str
    rows: int
    accepted: int
    rejected: int
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    issues: tuple[Issue, ...] = ()
    notes: tuple[str, ...] = ()
    upload_id: int | None = None
    already_loaded: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As the command line prints it: errors and queries are lists of `line, column, value, code, severity,
        message`."""
        names = ("kind", "file", "rows", "accepted", "rejected", "new", "changed", "unchanged")
        return {
            **{name: getattr(self, name) for name in names},
            "errors": self._listed(Severity.ERROR),
            "queries": self._listed(Severity.QUERY),
            "notes": list(self.notes),
        }

    def _listed(self, severity: Severity) -> list[dict[str, Any]]:
        return [issue_as_dict(issue) for issue in self.issues if issue.severity is severity]
