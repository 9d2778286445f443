"""Codes that people read: each a plain text with its label."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A code with its words for people. A kind that says more of its members takes the rest in its `__init__`."""

    label: str

    def __new__(cls, value: str, label: str = "", *more: object) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
