"""The measures of alternative provision: placements, places, waits, returns and whether they last."""

from collections.abc import Iterator
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from access.scope import Scope
from analysis.alternative_provision import returns, stock_and_flow, sustained, waits
from analysis.alternative_provision.occupancy import NOT_REGISTERED, occupancy
from analysis.alternative_provision.queries import Provision, provision
from analysis.alternative_provision.stays import Ending, groups, stays
from analysis.outcomes.figures import NOT_DUE, WHOLE, Asked, By, Figure, of_share
from analysis.statistics.survival import OPEN, TooFew
from data_model.thresholds import in_force


def ap_tier(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """Placements open on the last day of the year that the data reaches."""
    found = _provision(connection, scope, asked)
    return [
        Figure(
            group,
            counts["open"],
            None,
            counts["open"],
            note=f"{counts['started']} started and {counts['ended']} ended in the year",
            pupils=tuple(stock_and_flow.pupils(own, asked.first, day).values()),
        )
        for found, day in _known(found, asked)
        for group, own in _groups(stays(found), asked.by)
        for counts in [stock_and_flow.counts(own, asked.first, day)]
    ]


def ap_occupancy(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """Half days of placements over half days of commissioned places, by provider."""
    found = _provision(connection, scope, asked)
    rows = [
        row
        for found, _ in _known(found, asked)
        for row in occupancy(found, asked.first, asked.last, full=True).to_dict("records")
        if row["provider"] != NOT_REGISTERED
    ]
    if asked.by is By.PROVIDER:
        return [
            Figure(
                str(row["provider"]),
                row["pupil_days"],
                row["place_days"],
                None if pd.isna(row["occupancy"]) else row["occupancy"],
                note=str(row["note"]),
                pupils=(row["pupils_now"], row["pupils"]),
            )
            for row in rows
        ]
    used, there = sum(row["pupil_days"] for row in rows), sum(row["place_days"] for row in rows)
    said = all(not row["note"] for row in rows) and there > 0
    note = "" if said else "No places, or too few school days, to say"
    pupils = (sum(row["pupils"] for row in rows),)
    return [Figure(WHOLE, used, there, 100 * used / there if said else None, note=note, pupils=pupils)]


def ap_wait(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """The days by which half had started, of those for whom a panel decided on a place in the year."""
    found = _provision(connection, scope, asked)
    rows = [
        row
        for found, _ in _known(found, asked)
        for row in waits.waits(found, asked.first, asked.last, full=True, apart=asked.by is By.TIER).to_dict("records")
    ]
    return [
        Figure(
            str(row["group"]),
            row["started"],
            row["decided"],
            _number(row["median"]),
            _number(row["median_low"]),
            _number(row["median_high"]),
            note=str(row["note"] or f"Nine in ten within {row['most_words']}"),
            pupils=(row["started"], row["waiting"]),
        )
        for row in rows
    ]


def reintegrated(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """The share back in mainstream within a year, of the placements that started in the year."""
    found = _provision(connection, scope, asked)
    return [
        _ended(group, own, Ending.RETURNED)
        for found, _ in _known(found, asked)
        for group, own in _groups(stays(found, asked.first, asked.last), asked.by)
    ]


def outcomes(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """The share that ended in each way within a year, of the placements that started in the year."""
    found = _provision(connection, scope, asked)
    return [
        _ended(ending.label, stays(found, asked.first, asked.last), ending)
        for found, _ in _known(found, asked)
        for ending in Ending
    ]


def sustained_returns(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """The share still back 12 school weeks after a return in the year (by weeks: 6, 12 and 24), among those due."""
    found = _provision(connection, scope, asked)
    return [figure for found, _ in _known(found, asked) for figure in _sustained(connection, found, asked)]


def _sustained(connection: Connection, found: Provision, asked: Asked) -> Iterator[Figure]:
    standard = in_force(connection, asked.la)
    back = sustained.returned(stays(found))
    within = back["end_date"].between(pd.Timestamp(asked.first), pd.Timestamp(asked.last))
    back = back[within].reset_index(drop=True)
    weeks = sustained.SCHOOL_WEEKS if asked.by is By.WEEKS else (sustained.JUDGED,)
    for each in weeks:
        rows = sustained.held(found, back, each, standard.sustained_attendance, standard.fewest_sessions)
        parts = [(f"{each} school weeks", rows)] if asked.by is By.WEEKS else _groups(rows, asked.by)
        for group, own in parts:
            held, due = int((own["held"] & own["due"]).sum()), int(own["due"].sum())
            note = NOT_DUE if due < len(own) else ""
            yield of_share(group, held, due, sustained.share_held(own), sustained.FEWEST, note)


def _ended(group: str, own: pd.DataFrame, ending: Ending) -> Figure:
    count = int(own["ends"].eq(ending.number).sum())
    pupils = (count, len(own) - count)
    try:
        share = returns.back_within(own, of=ending)
    except TooFew as refused:
        return Figure(group, count, len(own), None, note=str(refused), pupils=pupils)
    if share is None:
        note = f"Too small to say: nobody has been followed for {returns.WITHIN:.0f} weeks"
        return Figure(group, count, len(own), None, note=note, pupils=pupils)
    note = "Some are still open, and count for as long as they were seen" if own["ends"].eq(OPEN).any() else ""
    return Figure(group, count, len(own), 100 * share.share, 100 * share.low, 100 * share.high, note, pupils)


def _provision(connection: Connection, scope: Scope, asked: Asked) -> Provision | None:
    return provision(connection, scope, asked.la)


def _known(found: Provision | None, asked: Asked) -> Iterator[tuple[Provision, date]]:
    """The data, if it reaches the year, and its last day there."""
    if found is not None and found.now is not None and found.now >= asked.first:
        yield found, min(found.now, asked.last)


def _groups(rows: pd.DataFrame, by: By) -> Iterator[tuple[str, pd.DataFrame]]:
    if by is not By.ALL:
        yield from groups(rows, by)
    elif len(rows):
        yield WHOLE, rows


def _number(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[arg-type]
