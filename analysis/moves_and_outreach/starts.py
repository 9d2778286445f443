"""Who is counted in which group, and from which day: pupils with outreach, pupils who moved, pupils directed off site.

Managed moves are permanent and agreed; an off-site direction is for a time and may be imposed. They are two groups and
never one number.
"""

from dataclasses import dataclass

import pandas as pd

from data_model.casework_codes import MoveOutcome
from data_model.codes import CaseType
from data_model.labelled import Labelled


class Group(Labelled):
    """What began for a pupil."""

    OUTREACH = "outreach", "Outreach"
    MOVED = "moved", "Managed move"
    DIRECTED = "directed", "Off-site direction"


OF_PUPILS = (CaseType.PUPIL, CaseType.FAMILY)
"""The cases that are outreach for a pupil in school. Transition and reintegration begin elsewhere and otherwise."""
APART = pd.Timedelta(days=24 * 7)
"""Whoever had another kind of start in this time before is in no group: what followed may be either's doing."""

COLUMNS = ["pupil", "group", "urn", "start", "end"]
_KINDS = {"pupil": "int64", "group": "object", "start": "datetime64[s]", "end": "datetime64[s]"}


@dataclass(frozen=True, eq=False)
class Starts:
    """One row for each pupil and group, of the first time: `pupil, group, urn, start, end`.

    `after_another` are the pupils left out for another kind of start shortly before, `left_the_area` those who moved to
    a school of which nothing is known here.
    """

    rows: pd.DataFrame
    after_another: int
    left_the_area: int


def that_began(moves: pd.DataFrame) -> pd.DataFrame:
    """The managed moves but those whose agreement was withdrawn before the pupil's first day at the new school."""
    never = moves["outcome"].astype("object").eq(str(MoveOutcome.WITHDRAWN)) & ~moves["end_date"].gt(
        moves["start_date"]
    )
    return moves[~never]


def starts(
    cases: pd.DataFrame,
    moves: pd.DataFrame,
    directions: pd.DataFrame,
    known_until: pd.Timestamp,
    urns: "pd.Series[int]",
) -> Starts:
    """The starts by `known_until`. Whoever had outreach and moved later stays with outreach: what began first counts.

    cases: `pupil, urn, case_type, start_date, end_date`. moves: `pupil, urn, to_urn, start_date, end_date, outcome`.
    directions: `pupil, urn, start_date, end_date`. `urns` are the schools whose pupils' suspensions are known. Every
    case counts that was started, whatever became of it: leaving out those that broke off would flatter outreach.
    """
    began = that_began(moves)
    within = began["to_urn"].isin(urns)
    every = pd.concat(
        [
            _of(cases[cases["case_type"].astype("object").isin([str(each) for each in OF_PUPILS])], Group.OUTREACH),
            _of(began[within], Group.MOVED),
            _of(directions, Group.DIRECTED),
        ],
        ignore_index=True,
    )
    every = every[every["start"].le(known_until)].sort_values(["start", "pupil", "group"], kind="stable")
    first = every.drop_duplicates(["pupil", "group"])
    both = first.merge(every, on="pupil", suffixes=("", "_other"))
    gap = both["start"] - both["start_other"]
    mixed = both[both["group"].ne(both["group_other"]) & gap.ge(pd.Timedelta(0)) & gap.le(APART)]
    taken = pd.MultiIndex.from_frame(mixed[["pupil", "group"]])
    kept = ~pd.MultiIndex.from_frame(first[["pupil", "group"]]).isin(taken)
    away = began.loc[~within & began["start_date"].le(known_until), "pupil"].nunique()
    return Starts(first[kept].reset_index(drop=True), int(first.loc[~kept, "pupil"].nunique()), int(away))


def _of(rows: pd.DataFrame, group: Group) -> pd.DataFrame:
    named = rows.rename(columns={"start_date": "start", "end_date": "end"}).assign(group=str(group))
    return named[COLUMNS].astype(_KINDS)
