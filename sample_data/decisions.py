"""What the fictional manager decided about children without support, on two days of the last summer term.

Each time the list is read as it stood that day, by the usual thresholds, and most of those are decided about of whom
somebody has to. Who came onto it since, or was suspended again, is left for whoever looks at the demonstration.

The page dates what is decided there by the clock. These days lie before the sample's end, so that there is something
new since them: they are written past that door, checked as it checks.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Engine, insert

from access.noting import noting
from access.people import Person
from access.roles import Role
from access.scope import Grant
from analysis import queries
from analysis.casework import views
from analysis.casework.queries import Children, children
from analysis.casework.without_support import Fact
from data_model.store import reading
from data_model.support_decisions import SupportChoice, SupportDecision, support_decisions
from data_model.thresholds import USUAL
from recording.checking import checked
from recording.support_decisions import support_decisions_of
from sample_data.arrays import Random
from sample_data.figures import LAST_YEAR

_DAYS = (date(LAST_YEAR + 1, 5, 22), date(LAST_YEAR + 1, 7, 3))
_AT = time(15, 30, tzinfo=UTC)
_LOOKED_AT = 0.9  # of those on the list: some are always left for the next time
_NOT_NOW, _NOT_NOW_GRAVE, _OUTREACH = 0.8, 0.25, 0.5  # shares so far: with some suspensions; with more, and outreach
_LOOK_AGAIN = (date(LAST_YEAR + 1, 7, 13), date(LAST_YEAR + 2, 1, 11), date(LAST_YEAR + 2, 4, 26))
_WHEN = (0.1, 0.55, 0.35)
REASONS = (
    "The school has a plan in place and reviews it at the end of the half term",
    "The suspensions lie some months back, and the school reports a calm term since",
    "The school asked for training for its staff instead, which is booked",
    "The family asked for time, and the school keeps in touch with them",
)
_OF_NOTHING_ELSE = "nothing known"


def seed_decisions(engine: Engine, seed: int) -> None:
    """Write down the fictional manager's decisions about the children of each LA that is loaded."""
    with reading(engine) as connection:
        las = queries.local_authorities(connection)
    for la in sorted(las):
        manager = Person(None, Role.MANAGER.label, Role.MANAGER, frozenset({Grant(la)}))
        with reading(engine) as connection:
            found = children(connection, manager.scope, la)
        rng = np.random.default_rng(np.random.SeedSequence([seed, la, *b"support_decisions"]))
        for on in _DAYS:
            with noting(engine) as connection:
                before = support_decisions_of(connection, manager.scope, la)
                rows = list(_decided(rng, found, before, on))
                written = {"la_code": la, "recorded_by": manager.name, "recorded_at": datetime.combine(on, _AT)}
                if rows:
                    connection.execute(insert(support_decisions), [row | written for row in rows])


def _decided(rng: Random, found: Children, before: pd.DataFrame, on: date) -> Iterator[dict[str, Any]]:
    """The decisions of one day."""
    listed = views.with_decisions(views.listing(found, on, USUAL), before, on)
    waiting = listed[listed["to_decide"] & (rng.random(len(listed)) < _LOOKED_AT)]
    for row, luck in zip(waiting.to_dict("records"), rng.random((len(waiting), 3)), strict=True):
        decision = _decision(row, luck[0])
        happened = row["last_happened"]
        given = {
            "pupil_ref": row["pupil_ref"],
            "urn": int(row["urn"]),
            "decision": decision,
            "facts": tuple(str(fact) for fact in Fact if row[fact]),
            "suspensions": int(row["suspensions"]),
            "last_happened": happened.date() if pd.notna(happened) else None,
        }
        if decision.needs_reason:
            given["reason"] = REASONS[int(luck[1] * len(REASONS))]
            given["look_again"] = _LOOK_AGAIN[int(np.searchsorted(np.cumsum(_WHEN), luck[2]))]
        support = checked(SupportDecision, given, names_nobody=True)
        yield {**support.model_dump(), "facts": list(support.facts)}


def _decision(row: dict[str, Any], luck: float) -> SupportChoice:
    if row["beside"] != _OF_NOTHING_ELSE:
        return SupportChoice.SUPPORTED_ELSEWHERE
    is_grave = row[Fact.CONSIDERED] or row[Fact.DAYS_LOST] or row[Fact.MANY_SUSPENSIONS]
    if luck < (_NOT_NOW_GRAVE if is_grave else _NOT_NOW):
        return SupportChoice.NOT_NOW
    return SupportChoice.OFFER_OUTREACH if is_grave and luck < _OUTREACH else SupportChoice.SCHOOL_REFERS
