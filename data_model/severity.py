"""How much a fault matters."""

from enum import StrEnum


class Severity(StrEnum):
    """`error` stops its row; `query` asks the sender and lets the row through; `note` only tells."""

    ERROR = "error"
    QUERY = "query"
    NOTE = "note"
