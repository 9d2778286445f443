"""Commissioned places and how far they are used: half days of placements over half days of places, by provider."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analysis.alternative_provision.queries import Provision
from data_model.rules import school_days_of

FULL_TIME = 10
"""Half days a week of a full-time place."""
FEWEST_DAYS = 20
"""School days, below which no occupancy is said."""
NOT_REGISTERED = "Not in the register, or bought place by place"

FIGURES = ["open_now", "placements", "pupil_days", "place_days", "occupancy", "places"]
_PUPILS = ["pupils_now", "pupils"]


def occupancy(found: Provision, first: date, last: date) -> pd.DataFrame:
    """The use of each provider's places on the school days from one day to another, as far as the data goes.

    One row a provider with commissioned places, and one for all other placements: `provider, places` (on the last of
    the days), `open_now` placements then, `placements` open on any of the days, `pupil_days` (full-time days: a
    part-time pupil counts for the half days of the week), `place_days`, `occupancy` in percent (can be over 100;
    missing for the others), `note`, its `ref` in the register, and how many pupils that are (`pupils_now`,
    `pupils`). Nothing without term dates.
    """
    days = _days(found, first, last)
    named = found.providers.drop_duplicates("provider_ref", keep="last").set_index("provider_ref")["name"]
    places = {str(ref): _places(found.providers, str(ref), days) for ref in named.index}
    told = {ref: own for ref, own in places.items() if len(days) and own.sum() > 0}
    placements = found.placements.assign(group=found.placements["register"].where(lambda ref: ref.isin(list(told)), ""))
    rows = []
    for ref in [*told, ""]:
        own = placements[placements["group"].eq(ref)]
        row = _row(own, days, told.get(ref))
        name = str(named[ref]) if ref else NOT_REGISTERED
        rows.append({"provider": name, "ref": ref, **row})
    table = pd.DataFrame(rows, columns=["provider", "ref", *FIGURES, "note", *_PUPILS])
    return table if len(days) else table.iloc[:0]


def _days(found: Provision, first: date, last: date) -> np.ndarray:
    """The authority's own school days from one to the other that the data reaches."""
    of_la = found.term_dates[found.term_dates["applies_to"].le(999)]
    every = school_days_of(of_la).get(-1, np.array([], dtype="datetime64[D]")) if len(of_la) else np.array([])
    every = np.asarray(every, dtype="datetime64[D]")
    end = min(last, found.now) if found.now else first
    return every[(every >= np.datetime64(first)) & (every <= np.datetime64(end))]


def _places(providers: pd.DataFrame, ref: str, days: np.ndarray) -> np.ndarray:
    """The places of a provider on each day: of its latest row that has begun and has not run out."""
    own = providers[providers["provider_ref"].astype("str").eq(ref)].sort_values("valid_from")
    places = np.zeros(len(days))
    for row in own.itertuples(index=False):
        begun = days >= np.datetime64(row.valid_from, "D")
        over = days > np.datetime64(row.valid_until, "D") if pd.notna(row.valid_until) else np.zeros(len(days), bool)
        places = np.where(begun, np.where(over | bool(pd.isna(row.places)), 0.0, _number(row.places)), places)
    return places


def _number(value: Any) -> float:
    return 0.0 if pd.isna(value) else float(value)


def _row(own: pd.DataFrame, days: np.ndarray, places: np.ndarray | None) -> dict[str, object]:
    started = own["start_date"].to_numpy(dtype="datetime64[D]")
    ended = own["end_date"].fillna(pd.Timestamp("2200-01-01")).to_numpy(dtype="datetime64[D]")
    on = np.searchsorted(days, ended, side="right") - np.searchsorted(days, started, side="left")
    there = on > 0
    now = (started <= days[-1]) & (ended >= days[-1]) if len(days) else np.zeros(len(own), dtype=bool)
    row: dict[str, object] = {
        "open_now": int(now.sum()),
        "placements": int(there.sum()),
        "pupil_days": float((on * own["sessions_per_week"].to_numpy(dtype="float64") / FULL_TIME)[there].sum()),
        "pupils_now": own.loc[now, "pupil"].nunique(),
        "pupils": own.loc[there, "pupil"].nunique(),
        "note": "",
    }
    if places is None:
        return row
    row |= {"places": int(places[-1]), "place_days": float(places.sum())}
    if len(days) < FEWEST_DAYS:
        return row | {"note": f"Too small to say: fewer than {FEWEST_DAYS} school days"}
    return row | {"occupancy": 100 * float(str(row["pupil_days"])) / float(places.sum())}
