"""The counting functions that measures name: each takes a slice and returns numbers by its key.

Definitions are DfE's (suspensions and permanent exclusions methodology); where a local count must differ from a
published one, the measure's caveat says so.
"""

from collections.abc import Callable

import pandas as pd

from analysis.denominators import OutOf
from analysis.records import counted_by_dfe, open_on, within
from analysis.slices import Slice

Counts = Callable[[Slice], pd.Series]
Denominator = Callable[[Slice], OutOf]


def _per_group(frame: pd.DataFrame, key: str) -> pd.Series:
    # A third of the time of a groupby, and a page asks for hundreds of these.
    counts = frame[key].value_counts(sort=False)
    return counts[counts > 0].astype("float64")


def suspensions(slice_: Slice) -> pd.Series:
    """Suspensions that started in the period: no lunchtime, cancelled or reinstated ones."""
    return _per_group(slice_.suspensions, slice_.key)


def days_lost(slice_: Slice) -> pd.Series:
    """School days lost: recorded sessions over two. Never derived from dates: a suspension can be discontinuous."""
    return slice_.suspensions.groupby(slice_.key, observed=True)["sessions"].sum().astype("float64") / 2


def pupils_suspended(times: int) -> Counts:
    """A count of those suspended at least `times` times: for a school its own enrolments, else children once each.

    A child suspended at two schools is one enrolment at each, and one child of the phase or LA.
    """

    def counts(slice_: Slice) -> pd.Series:
        often = slice_.times_suspended
        return _per_group(often[often["times"] >= times], slice_.key)

    return counts


def permanent_exclusions(slice_: Slice) -> pd.Series:
    """Permanent exclusions as DfE counts them: upheld, and those without an outcome yet, by the head's decision."""
    return _per_group(counted_by_dfe(slice_.permanent_exclusions), slice_.key)


def permanent_exclusions_decided(slice_: Slice) -> pd.Series:
    """Every permanent exclusion that a head decided on, whatever came of it."""
    return _per_group(slice_.permanent_exclusions, slice_.key)


def placements_open(tier: str) -> Counts:
    """Placements of one tier that were open on the period's last day, or on the last day in the data if earlier."""

    def counts(slice_: Slice) -> pd.Series:
        return _per_group(open_on(slice_.placements(tier), slice_.last_day), slice_.key)

    return counts


def placements_started(tier: str) -> Counts:
    """Placements of one tier that started in the period."""

    def counts(slice_: Slice) -> pd.Series:
        return _per_group(within(slice_.placements(tier), "start_date", slice_.period), slice_.key)

    return counts


def pupils_on_roll(slice_: Slice) -> OutOf:
    """Sole and dual main registrations at the period's census."""
    return slice_.pupils_on_roll


def pupils_ever_suspended(slice_: Slice) -> OutOf:
    """Those with one suspension or more in the period."""
    return OutOf(pupils_suspended(1)(slice_), absent=0)


def highest_rate_schools(slice_: Slice) -> OutOf:
    """How many schools are in the top fifth of their phase by suspension rate (1 for a school that is)."""
    return OutOf(_per_group(slice_.highest_rate_schools, slice_.key), only_these=True)


def highest_rate_schools_reached(slice_: Slice) -> pd.Series:
    """How many of the highest-rate schools had a contact in the period, or have an outreach case open at its end."""
    top = slice_.highest_rate_schools
    reached = top["urn"].isin(_reached(slice_)).astype("float64")
    return reached.groupby(top[slice_.key], observed=True).sum()


def _reached(slice_: Slice) -> set[int]:
    contacts = within(slice_.records.contacts, "date", slice_.period)
    return {*open_on(slice_.records.cases, slice_.last_day)["urn"], *contacts["urn"]}
