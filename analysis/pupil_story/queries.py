"""One child's story, read whole; and which children there are to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from access.scope import Scope
from analysis.casework.rows import pupil_rows, reached_pupils
from analysis.clocks.table import needing_attention
from analysis.pupil_story.clocks import Rows, clocks_from, clocks_of
from analysis.pupil_story.events import events
from analysis.pupil_story.roll import on_roll
from analysis.pupil_story.tried import measures, strategies, voice
from analysis.pupil_story.weeks import attendance_in_words, weeks
from analysis.queries import schools, term_dates
from data_model.attendance import ATTENDANCE
from data_model.belonging import pupil_of
from data_model.catalogue import DATASETS
from data_model.pupils import PUPILS
from data_model.thresholds import USUAL, Thresholds

_FREE_TEXT = ("notes",)


@dataclass(frozen=True, eq=False)
class Story:
    """What is recorded of one child, as far as the scope may read it, and the clocks on the day `on`.

    `events`: see `events.events`. `clocks`: see `clocks.clocks_of`; those that `attention` holds are due soon or late.
    `roll`: year group and school, in a sentence. `in_part`: that the scope is of a part alone, blank where it is not.
    `weeks`: see `weeks.weeks`; `attendance` compares the latest with those before, blank where too little is known.
    `strategies`, `measures`, `voice`: see `tried`.
    """

    reference: str
    on: date
    roll: str
    in_part: str
    events: pd.DataFrame
    clocks: pd.DataFrame
    attention: pd.DataFrame
    weeks: pd.DataFrame
    attendance: str
    strategies: pd.DataFrame
    measures: pd.DataFrame
    voice: tuple[str, ...]


def story(
    connection: Connection, scope: Scope, *, reference: str, on: date, thresholds: Thresholds = USUAL
) -> Story | None:
    """One child's story; None where the scope reaches nothing that is recorded of the child.

    Notes are for the service that wrote them: a panel's member reads none. Raises OutOfScope where the scope has no
    rows about pupils.
    """
    rows = _rows(connection, scope, reference)
    if not any(map(len, rows.values())):
        return None
    places = schools(connection, scope)
    names: Mapping[int, str] = dict(zip(places["urn"], places["school_name"].astype(str), strict=True))
    clocks = clocks_from(rows, places, term_dates(connection, scope), on)
    attended = rows[ATTENDANCE.name]
    return Story(
        reference=reference,
        on=on,
        roll=on_roll(pupil_rows(connection, scope, PUPILS, pupils=[reference]), names, on),
        in_part=_in_part(scope),
        events=events(rows, names),
        clocks=clocks,
        attention=needing_attention(clocks, on),
        weeks=weeks(attended, names),
        attendance=attendance_in_words(attended, on, thresholds),
        strategies=strategies(rows, names),
        measures=measures(rows, names),
        voice=voice(rows, names),
    )


def _in_part(scope: Scope) -> str:
    """That who reads may not read everything; blank for who reads whole authorities.

    It goes by the account and not by the child: that there is more of this one would tell of what is hidden.
    """
    if not scope.pupil_rows:
        return "You read what a panel may read while a child is on its list. There may be more in the records."
    if scope.services is not None:
        return "You read what your service may read of a child whom it supported. There may be more in the records."
    if scope.districts:
        return "You read what is recorded of schools in your districts. There may be more in the records."
    return ""


def children(connection: Connection, scope: Scope) -> tuple[str, ...]:
    """The references of the children whom the scope reaches, in order. None where it has no rows about pupils."""
    may = scope.pupil_rows or scope.panels
    return tuple(sorted(reached_pupils(connection, scope))) if may else ()


def needing_somebody(connection: Connection, scope: Scope, *, on: date) -> pd.DataFrame:
    """The clocks of all children whom the scope reaches that are due soon or late: the rows of `clocks.clocks_of`."""
    return needing_attention(clocks_of(connection, scope, on=on), on)


def _rows(connection: Connection, scope: Scope, reference: str) -> Rows:
    about = [dataset for dataset in DATASETS.values() if dataset.dated and pupil_of(dataset) is not None]
    rows = {each.name: pupil_rows(connection, scope, each, pupils=[reference]) for each in about}
    if scope.pupil_rows:
        return rows
    return {name: frame.drop(columns=[*_FREE_TEXT], errors="ignore") for name, frame in rows.items()}
