"""Single children on the screen: asked about without a cache, and noted in the audit trail."""

from collections.abc import Callable, Collection
from typing import TypeVar

from data_model.store import database, reading
from ui import cached, trail, who

T = TypeVar("T")


def ask(question: Callable[..., T], **choices: object) -> T:
    """What `question(connection, scope, **choices)` returns, in the scope of who is here. Nothing of it is kept."""
    with reading(database()) as connection:
        return question(connection, cached.scope(), **choices)


def saw(place: str, references: Collection[str]) -> None:
    """Record, before they are shown, that who is here sees these pupils in a place such as “Caseload”."""
    trail.saw_pupils(who.person(), place, references)


def labels(references: Collection[str]) -> dict[str, str]:
    """What each pupil is called on the screen, by reference."""
    return {reference: reference for reference in references}
