"""Whom a panel's pack is for, and what it may hold: the columns that those readers may read, and no more."""

from access.roles import Permission
from data_model.labelled import Labelled


class Circulation(Labelled):
    """A circulation list. `columns` are the groups of sensitive columns that its readers may read.

    `by_name`: children are called what the panel calls them; without it by the panel's reference alone.
    `tells_history`: what happened to the child elsewhere is in it, as it is not for a school. `is_of_a_school`: its own
    children alone.
    """

    def __init__(
        self,
        value: str,
        label: str = "",
        columns: frozenset[Permission] = frozenset(),
        by_name: bool = False,
        tells_history: bool = False,
        is_of_a_school: bool = False,
    ) -> None:
        self.columns = columns
        self.by_name = by_name
        self.tells_history = tells_history
        self.is_of_a_school = is_of_a_school

    MEMBERS = (
        "members",
        "Members who may see the children on the list",
        frozenset({Permission.NAMES, Permission.HEALTH, Permission.CARE, Permission.YOUTH_JUSTICE}),
        True,
        True,
    )
    ALL_MEMBERS = (
        "all_members",
        "All members: children by reference, no health, care or youth justice",
        frozenset[Permission](),
        False,
        True,
    )
    SCHOOL = (
        "school",
        "One school: its own children, no health, care or youth justice",
        frozenset({Permission.NAMES}),
        True,
        False,
        True,
    )
