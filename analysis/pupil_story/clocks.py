"""Statutory clocks of the pupils whom a scope reaches, counted in school days from their authority's term dates."""

from collections.abc import Collection, Mapping
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from access.scope import Scope
from analysis.casework.rows import pupil_rows
from analysis.clocks.definitions import State
from analysis.clocks.table import Events, clocks_on
from analysis.queries import schools, term_dates
from data_model.casework_codes import PanelBusiness, PanelDecision
from data_model.codes import PexStatus, YesNo
from data_model.dataset import Dataset
from data_model.exclusions import PERMANENT_EXCLUSIONS, PEX_STATUS
from data_model.fair_access import FAP_DECISIONS, FAP_REFERRALS
from data_model.placements import AP_PLACEMENTS
from data_model.suspensions import SUSPENSIONS

DATASETS: tuple[Dataset, ...] = (SUSPENSIONS, PERMANENT_EXCLUSIONS, AP_PLACEMENTS, FAP_REFERRALS, FAP_DECISIONS)
"""What starts and stops a clock."""

Rows = Mapping[str, pd.DataFrame]
"""The frames of `pupil_rows`, by the names of their datasets."""

_ALLOCATES = (PanelDecision.PLACE_SCHOOL, PanelDecision.DIRECTION)
_PEX_STATUS = {str(outcome): str(status) for outcome, status in PEX_STATUS.items()}


def clocks_of(connection: Connection, scope: Scope, *, on: date, pupils: Collection[str] | None = None) -> pd.DataFrame:
    """Every clock of the pupils whom a scope reaches, or of these among them, as it stood on a day.

    Columns: `pupil_ref` and those of `clocks_on` without `pupil`; what needs attention first, then by the day on which
    it is due. Raises OutOfScope where the scope has no rows about pupils.
    """
    rows = {each.name: pupil_rows(connection, scope, each, pupils=pupils) for each in DATASETS}
    return clocks_from(rows, schools(connection, scope), term_dates(connection, scope), on)


def clocks_from(rows: Rows, schools: pd.DataFrame, term_dates: pd.DataFrame, on: date) -> pd.DataFrame:
    """The same from rows that were read already. `schools` and `term_dates` are those of `analysis.queries`.

    A pupil's school days are those of the authority where the last of these events was: a school of another authority
    counts by its own term dates, or else by these.
    """
    authority = _authorities(rows, schools)
    found = [
        _of_authority(rows, authority.index[authority == la], _own(term_dates, schools, la), on)
        for la in sorted(authority.unique())
    ]
    every = pd.concat(found, ignore_index=True) if found else _of_authority(rows, pd.Index([]), term_dates, on)
    order = every.assign(calm=~every["state"].isin([str(state) for state in State if state.needs_attention]))
    return order.sort_values(["calm", "due", "pupil_ref"], kind="stable", ignore_index=True).drop(columns="calm")


def _authorities(rows: Rows, schools: pd.DataFrame) -> pd.Series:
    """The authority of each pupil, by reference: of an event without a school, the only one that there can be."""
    days = [
        rows[each.name][["pupil_ref", "urn"]].assign(day=rows[each.name][each.dated]).astype({"pupil_ref": object})
        for each in DATASETS
        if each.dated and len(rows[each.name])
    ]
    if not days:
        return pd.Series(dtype="int64")
    every = pd.concat(days).assign(la_code=lambda each: each["urn"].map(schools.set_index("urn")["la_code"]))
    ordered = every.sort_values("day", kind="stable")
    last = ordered.groupby("pupil_ref")["la_code"].last()
    return last.fillna(schools["la_code"].min() if len(schools) else 0).astype("int64")


def _own(term_dates: pd.DataFrame, schools: pd.DataFrame, la: int) -> pd.DataFrame:
    """The term dates of one authority and of every single school."""
    areas = {la, *schools["urn"]}
    return term_dates[term_dates["applies_to"].isin(areas)]


def _of_authority(rows: Rows, pupils: pd.Index, term_dates: pd.DataFrame, on: date) -> pd.DataFrame:
    found = clocks_on(_events(rows, pupils, term_dates), on)
    return found.assign(pupil=pupils.take(found["pupil"])).rename(columns={"pupil": "pupil_ref"})


def _events(rows: Rows, pupils: pd.Index, term_dates: pd.DataFrame) -> Events:
    def of(dataset: Dataset) -> pd.DataFrame:
        frame = rows[dataset.name]
        number = pupils.get_indexer(frame["pupil_ref"].astype(object))
        return frame.assign(pupil=number)[number >= 0]

    exclusions = of(PERMANENT_EXCLUSIONS)
    status = exclusions["review_outcome"].astype(object).map(_PEX_STATUS).fillna(str(PexStatus.NOT_RECORDED))
    return Events(
        suspensions=of(SUSPENSIONS),
        exclusions=exclusions.assign(status=status),
        placements=of(AP_PLACEMENTS),
        referrals=_referrals(of(FAP_REFERRALS), rows[FAP_DECISIONS.name]),
        term_dates=term_dates,
    )


def _referrals(referrals: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """The referrals under the protocol, without those on which a panel took no action: no place is looked for there.

    A place is allocated by the first meeting that gave one which its school did not refuse.
    """
    taken = decisions[decisions["decision"].isin(_ALLOCATES) & decisions["refused"].astype(object).ne(str(YesNo.YES))]
    ended = decisions.loc[decisions["decision"].eq(str(PanelDecision.NO_ACTION)), "fap_ref"].astype(object)
    first = taken.astype({"fap_ref": object}).groupby("fap_ref")["meeting_date"].min()
    own = referrals[
        referrals["business"].eq(str(PanelBusiness.ADMISSION)) & ~referrals["fap_ref"].astype(object).isin(ended)
    ]
    return own.assign(allocated_date=first.reindex(own["fap_ref"].astype(object)).to_numpy())
