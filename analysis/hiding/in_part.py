"""The records of who reaches an authority in part: cut out of the whole, which decides what is hidden of them."""

from collections.abc import Callable
from dataclasses import fields, replace

import pandas as pd

from analysis.records import Records


def in_part(every: Records, whole: frozenset[int], reached: frozenset[int]) -> Records:
    """The records of the authorities that are reached whole (by code) and of other schools that are reached (by URN).

    A school that carries the figures of another is reached with them. What names no school is of no part.
    """
    schools = every.schools["la_code"].isin(whole) | every.schools["current_urn"].isin(reached)
    urns = frozenset(every.schools.loc[schools, "urn"])
    areas = urns | set(every.schools["la_code"])
    cut = _chosen(every, lambda frame: frame["la_code"].isin(whole) | frame["urn"].isin(urns))
    sent, term_dates = every.sent["urn"].isin(urns), every.term_dates["applies_to"].isin(areas)
    deciding = every if not whole else _chosen(every, lambda frame: ~frame["la_code"].isin(whole))
    return replace(cut, sent=every.sent[sent], term_dates=every.term_dates[term_dates], decided_on=deciding)


def _chosen(records: Records, rows: "Callable[[pd.DataFrame], pd.Series[bool]]") -> Records:
    """The records with some rows of every frame that says whose a row is. That is all but two."""
    names = {field.name for field in fields(records)} - {"sent", "term_dates"}
    frames = {name: frame for name in names if isinstance(frame := getattr(records, name), pd.DataFrame)}
    return replace(records, **{name: frame[rows(frame)] for name, frame in frames.items()})
