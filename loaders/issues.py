"""What is wrong with a file, said to the person who sent it."""

from dataclasses import dataclass

from data_model.severity import Severity


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault: where, what the cell says, and a sentence on what is wrong and how to put it right.

    `line` counts as a text editor does (the file's first line is 1); None means the whole file.
    `column` is the data dictionary's name; None means the whole row or file.
    """

    line: int | None
    column: str | None
    value: str | None
    code: str
    severity: Severity
    message: str


class Unreadable(ValueError):
    """The file is not a table of text. Its message is one sentence that says what to do; `code` names the kind."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
