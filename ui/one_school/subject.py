"""The school that the page is about."""

from dataclasses import dataclass

from ui.opening import Place


@dataclass(frozen=True)
class Subject:
    """Its URN (or LAESTAB where none is known), name, phase in words, and authority."""

    key: int
    name: str
    phase: str
    place: Place
