"""The measures of alternative provision: placements, places, waits, returns and whether they last."""

from collections.abc import Hashable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from access.scope import Scope
from analysis.alternative_provision import returns, stock_and_flow, sustained, views, waits
from analysis.alternative_provision.masks import Hidden, Hides
from analysis.alternative_provision.occupancy import NOT_REGISTERED, occupancy
from analysis.alternative_provision.queries import Provision, provision
from analysis.alternative_provision.stays import Ending, groups, stays
from analysis.hiding.linked import LA
from analysis.hiding.masks import OPEN_PLACEMENTS
from analysis.hiding.parts import hidden_groups
from analysis.outcomes.figures import NOT_DUE, WHOLE, Asked, By, Figure, of_share
from analysis.records import open_on
from analysis.statistics.survival import OPEN, TooFew
from data_model.codes import Phase, Tier
from data_model.thresholds import in_force


def ap_tier(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """Placements open on the last day of the year that the data reaches."""
    figures = []
    for found, day, hides in _known(connection, scope, asked):
        parts = list(_groups(stays(found), asked.by))
        hidden = [None] * len(parts) if hides is None else _hidden_stock(hides, asked, parts, day)
        for (group, own), gone in zip(parts, hidden, strict=True):
            counts = stock_and_flow.counts(own, asked.first, day)
            # Who left is what came in less what is left, and who may not see small numbers is not told it.
            note = "" if hides else f"{counts['started']} started and {counts['ended']} ended in the year"
            figures.append(Figure(group, counts["open"], None, counts["open"], note=note, hidden=gone))
    return figures


def _hidden_stock(hides: Hides, asked: Asked, parts: list[tuple[str, pd.DataFrame]], day: date) -> "list[bool | None]":
    """Whether the open placements of each group are hidden: those that the Overview tells are hidden where it does."""
    whole = LA in hides.on_overview(OPEN_PLACEMENTS, asked.year)
    tiers = {tier: hides.on_overview(f"ap_open_tier_{tier}", asked.year) for tier in Tier}
    match asked.by:
        case By.ALL:
            return [whole or any(LA in keys for keys in tiers.values())] * len(parts)
        case By.PHASE:
            codes = {phase.label: str(phase) for phase in Phase}
            return [whole or any(codes.get(group, LA) in keys for keys in tiers.values()) for group, _ in parts]
        case By.TIER:
            labels = {tier.label: tier for tier in Tier}
            some = any(LA in keys for keys in tiers.values())
            return [LA in tiers[labels[group]] if group in labels else some for group, _ in parts]
    pupils = pd.DataFrame([{"open": open_on(own, day)["pupil"].nunique()} for _, own in parts])
    return [whole or bool(gone) for gone in hidden_groups(pupils, hides.threshold)]


def ap_occupancy(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """Half days of placements over half days of commissioned places, by provider."""
    for found, _, hides in _known(connection, scope, asked):
        table = occupancy(found, asked.first, asked.last)
        gone = hidden_groups(table[["pupils_now", "pupils"]], hides.threshold) if hides else None
        told = table["provider"].ne(NOT_REGISTERED)
        hidden = [None] * int(told.sum()) if gone is None else gone[told].tolist()
        rows = table[told].to_dict("records")
        if asked.by is By.PROVIDER:
            return [_used(row, is_hidden) for row, is_hidden in zip(rows, hidden, strict=True)]
        return [_all_used(rows, hidden)]
    return []


def _used(row: dict[Hashable, Any], hidden: bool | None) -> Figure:
    used = None if pd.isna(row["occupancy"]) else row["occupancy"]
    return Figure(row["provider"], row["pupil_days"], row["place_days"], used, note=row["note"], hidden=hidden)


def _all_used(rows: list[dict[Hashable, Any]], hidden: "list[bool | None]") -> Figure:
    """The use of all commissioned places; hidden where one provider's is: the others would tell it."""
    used, there = sum(row["pupil_days"] for row in rows), sum(row["place_days"] for row in rows)
    said = all(not row["note"] for row in rows) and there > 0
    note = "" if said else "No places, or too few school days, to say"
    gone = None if None in hidden else sum(map(bool, hidden)) == 1
    return Figure(WHOLE, used, there, 100 * used / there if said else None, note=note, hidden=gone)


def ap_wait(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """The days by which half had started, of those for whom a panel decided on a place in the year."""
    apart = asked.by is By.TIER
    return [
        Figure(
            str(row["group"]),
            row["started"],
            row["decided"],
            _number(row["median"]),
            _number(row["median_low"]),
            _number(row["median_high"]),
            note=str(row["note"] or f"Nine in ten within {row['most_words']}"),
            hidden=_gone(None if hides is None else hides.waits(apart=apart), str(row["group"]), asked),
        )
        for found, _, hides in _known(connection, scope, asked)
        for row in waits.waits(found, asked.first, asked.last, apart=apart).to_dict("records")
    ]


def reintegrated(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """The share back in mainstream within a year, of the placements that started in the year."""
    return [
        _ended(group, own, Ending.RETURNED, _gone(hidden, group, asked))
        for found, _, hides in _known(connection, scope, asked)
        for hidden in [None if hides is None else hides.returns(str(asked.by))]
        for group, own in _groups(stays(found, asked.first, asked.last), asked.by)
    ]


def outcomes(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """The share that ended in each way within a year, of the placements that started in the year."""
    return [
        _ended(ending.label, stays(found, asked.first, asked.last), ending, _gone(hidden, ending.label, asked))
        for found, _, hides in _known(connection, scope, asked)
        for hidden in [None if hides is None else hides.endings()]
        for ending in Ending
    ]


def sustained_returns(connection: Connection, scope: Scope, asked: Asked) -> list[Figure]:
    """The share still back 12 school weeks after a return in the year (by weeks: 6, 12 and 24), among those due."""
    return [
        figure
        for found, _, hides in _known(connection, scope, asked)
        for figure in _sustained(_judged(connection, found, asked), hides, asked)
    ]


def _sustained(judged: dict[int, pd.DataFrame], hides: Hides | None, asked: Asked) -> Iterator[Figure]:
    for weeks in sustained.SCHOOL_WEEKS if asked.by is By.WEEKS else (sustained.JUDGED,):
        rows = judged[weeks]
        rows = rows[rows["end_date"].between(pd.Timestamp(asked.first), pd.Timestamp(asked.last))]
        by_weeks = asked.by is By.WEEKS
        hidden = None
        if hides is not None:
            hidden = hides.lasted(weeks) if by_weeks else hides.lasted_by(str(asked.by))
        parts = [(f"{weeks} school weeks", rows)] if by_weeks else _groups(rows, asked.by)
        for group, own in parts:
            held, due = int((own["held"] & own["due"]).sum()), int(own["due"].sum())
            note = NOT_DUE if due < len(own) else ""
            figure = of_share(group, held, due, sustained.share_held(own), sustained.FEWEST, note)
            yield replace(figure, hidden=_gone(hidden, str(weeks) if by_weeks else group, asked))


def _ended(group: str, own: pd.DataFrame, ending: Ending, hidden: bool | None) -> Figure:
    count = int(own["ends"].eq(ending.number).sum())
    try:
        share = returns.back_within(own, of=ending)
    except TooFew as refused:
        return Figure(group, count, len(own), None, note=str(refused), hidden=hidden)
    if share is None:
        note = f"Too small to say: nobody has been followed for {returns.WITHIN:.0f} weeks"
        return Figure(group, count, len(own), None, note=note, hidden=hidden)
    note = "Some are still open, and count for as long as they were seen" if own["ends"].eq(OPEN).any() else ""
    value, low, high = 100 * share.share, 100 * share.low, 100 * share.high
    return Figure(group, count, len(own), value, low, high, note, hidden=hidden)


def _known(connection: Connection, scope: Scope, asked: Asked) -> Iterator[tuple[Provision, date, Hides | None]]:
    """The data, if it reaches the year, its last day there, and what is hidden (None: nothing is)."""
    found = provision(connection, scope, asked.la)
    if found is None or found.now is None or found.now < asked.first:
        return
    if scope.full_figures:
        yield found, min(found.now, asked.last), None
    elif len(found.placements):
        judged = _judged(connection, found, asked)
        decided = views.hides(connection, scope, asked.la, found, judged)
        if asked.year in decided.years:
            yield found, min(found.now, asked.last), decided


def _judged(connection: Connection, found: Provision, asked: Asked) -> dict[int, pd.DataFrame]:
    standard = in_force(connection, asked.la)
    return views.judged_by(found, standard.sustained_attendance, standard.fewest_sessions)


def _gone(hidden: Hidden | None, group: str, asked: Asked) -> bool | None:
    """Whether the row of a group is hidden in the year; None where nothing is."""
    if hidden is None:
        return None
    names = hidden.of([asked.year])
    return bool(names) if asked.by is By.ALL else group in names


def _groups(rows: pd.DataFrame, by: By) -> Iterator[tuple[str, pd.DataFrame]]:
    if by is not By.ALL:
        yield from groups(rows, by)
    elif len(rows):
        yield WHOLE, rows


def _number(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[arg-type]
