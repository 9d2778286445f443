"""The tables of alternative provision as who may not see small numbers gets them: `masks.py` says what is hidden.

Some counts are never among them: who left by tier, and of each group who is open, ended otherwise or is not due yet.
Stocks and starts stand on the Overview, and what came in less what is left would be who left.
"""

from collections.abc import Collection as Some
from datetime import date

import pandas as pd

from analysis.alternative_provision import returns, waits, went_wrong
from analysis.alternative_provision.masks import Hides
from analysis.alternative_provision.queries import Provision
from analysis.alternative_provision.returns import Returns
from analysis.alternative_provision.stays import Split
from analysis.alternative_provision.stock_and_flow import Collection, members, pupils
from analysis.alternative_provision.went_wrong import Sign
from analysis.hiding.linked import LA
from analysis.hiding.parts import hidden_groups
from analysis.hiding.protection import HIDDEN, withheld
from data_model.codes import Tier

LASTED = ["count", "out_of", "share", "low", "high", "not_due", "unknown", "note"]
NOT_RETURNED = ["open", "otherwise", "closed", "claimed"]
_USE = ["open_now", "placements", "pupil_days", "occupancy", "pupils_now", "pupils"]


def protected_returns(found: Returns, hides: Hides, split: str, years: tuple[str, ...]) -> Returns:
    """What became of placements, without the steps of curves: each is a child."""
    hidden = hides.returns(split).of(years)
    rows = _without(found.rows, "group", hidden, ["returned", "share", "low", "high", "stayed", "note"])
    rows = _without(rows, "group", hides.started(split).of(years), ["started"])
    if split == Split.ALL:
        rows = _without(rows, "group", hides.not_returned().of(years), NOT_RETURNED)
    else:
        rows = rows.drop(columns=NOT_RETURNED)
    marks = found.steps[found.steps["mark"].astype(bool) & ~found.steps["group"].isin(hidden)].reset_index(drop=True)
    marks = marks.assign(**{HIDDEN: ""})
    for week, each in hides.curve(split).items():
        gone = marks["week"].eq(week) & marks["group"].isin(each.of(years))
        marks = withheld(marks, gone, returns.READ)
    return Returns(rows, marks)


def protected_lasted(rows: pd.DataFrame, hides: Hides, years: tuple[str, ...]) -> pd.DataFrame:
    """Returns that lasted, by school weeks."""
    gone = rows["weeks"].map({weeks: bool(hides.lasted(weeks).of(years)) for weeks in rows["weeks"]}).astype(bool)
    found = withheld(rows, gone, ["count", "out_of", "share", "low", "high", "note"])
    return withheld(found, gone | bool(hides.not_judged().of(years)), ["not_due", "unknown"])


def protected_lasted_by(rows: pd.DataFrame, hides: Hides, split: str, years: tuple[str, ...]) -> pd.DataFrame:
    """Returns that lasted, by group."""
    found = _without(rows, "group", hides.lasted_by(split).of(years), LASTED)
    return found.drop(columns=["not_due", "unknown"])


def protected_signs(rows: pd.DataFrame, hides: Hides, years: tuple[str, ...]) -> pd.DataFrame:
    """What went wrong."""
    hidden = {label for sign in Sign for label in hides.sign(sign).of(years)}
    return _without(rows, "sign", hidden, went_wrong.FIGURES)


def protected_waits(rows: pd.DataFrame, hides: Hides, years: tuple[str, ...]) -> pd.DataFrame:
    """Waits for a place, by tier."""
    return _without(rows, "group", hides.waits(apart=True).of(years), [*waits.FIGURES, "note"])


def protected_tiers(rows: pd.DataFrame, hides: Hides, year: str) -> pd.DataFrame:
    """Placements by tier: what the Overview hides, and who left."""
    return tiers_hidden(rows, hides, year).drop(columns="ended")


def tiers_hidden(rows: pd.DataFrame, hides: Hides, year: str) -> pd.DataFrame:
    """The rows by tier (`group`) without the `started` and `open` that the Overview hides."""
    codes = {tier.label: tier for tier in Tier}
    for column, measure in (("started", "ap_started_tier"), ("open", "ap_open_tier")):
        hidden = {label for label, tier in codes.items() if LA in hides.on_overview(f"{measure}_{tier}", year)}
        other = ~rows["group"].isin(list(codes))
        small = rows[column].between(1, hides.threshold - 1)
        gone = rows["group"].isin(hidden) | (other & (small | bool(hidden)))
        rows = withheld(rows, gone, [column])
    return rows


def protected_collections(
    rows: pd.DataFrame, found: Provision, first: date, last: date, hides: Hides, uses: pd.DataFrame
) -> pd.DataFrame:
    """Placements by collection, without who left. uses: the table of places as it is shown."""
    behind = pd.DataFrame([pupils(members(found, each), first, last) for each in Collection], index=rows.index)
    few = hides.threshold
    for column in ("started", "open"):
        rows = withheld(rows, behind[column].between(1, few - 1), [column])
    near = rows["also"].between(1, few - 1) | (behind["open"] - rows["also"]).between(1, few - 1)
    rows = withheld(rows, near | behind["open"].between(1, few - 1), ["also"])
    # The places of AP schools are places of providers: where one of these is hidden, so are they all together.
    in_ap_school = found.placements["provider_urn"].isin(found.ap_schools)
    providers = set(found.placements.loc[in_ap_school, "register"])
    if uses.loc[uses["ref"].isin(providers), HIDDEN].ne("").any():
        state_funded = rows["collection"].eq(Collection.STATE_FUNDED.label)
        rows = withheld(rows, state_funded, ["started", "open", "also"])
    return rows.drop(columns="ended")


def protected_uses(rows: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """The use of places (`occupancy.occupancy`). How many places are commissioned is no fact about a pupil."""
    return withheld(rows, hidden_groups(rows[["pupils_now", "pupils"]], threshold), _USE)


def _without(rows: pd.DataFrame, by: str, hidden: Some[str], figures: list[str]) -> pd.DataFrame:
    return withheld(rows, rows[by].isin(list(hidden)), figures)
