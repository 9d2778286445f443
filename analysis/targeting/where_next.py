"""The list that an outreach manager takes to a meeting: three numbers for each school, and what is known beside them.

How high (the steadied ratio and its range), how much (suspensions above what is expected of such a school in a year)
and how sure (the chance of being above average next year) are shown side by side and never blended into one.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.breaks import PANDEMIC
from analysis.denominators import HEADLINE
from analysis.hiding.protection import HIDDEN, hidden_rows, withheld
from analysis.hiding.protection import in_words as hidden_in_words
from analysis.loaded import completeness_note, is_loaded
from analysis.records import Records
from analysis.targeting.bands import bands, words
from analysis.targeting.constants import OfEach, Table
from analysis.targeting.estimate import own_estimates, published_estimates
from analysis.targeting.history import WITHHELD, History, own_history, published_history
from analysis.targeting.swings import swings
from analysis.wording import listed
from data_model.codes import Phase
from data_model.local_authorities import la_name
from data_model.terms import Period, year_label

NUMBERS = (
    "observed",
    "expected",
    "raw_ratio",
    "weighted_observed",
    "weighted_expected",
    "steadied_ratio",
    "low80",
    "high80",
    "gain",
    "gain_low",
    "gain_high",
    "next_expected",
    "next_low80",
    "next_high80",
    "chance_above",
)
"""The figures of a school that its suspensions are in."""


@dataclass(frozen=True, eq=False)
class WhereNext:
    """`rows`, most to gain first: `key` (URN, or LAESTAB where none is known), `urn, laestab, school_name, la_code,
    phase, pupils` (the latest headcount), NUMBERS, `band` (a Band), `words`, `swing` (the latest year beside the one
    before, a sentence; blank where one is not whole) and `hidden`.

    `observed` and `expected` are of the latest year (`window`), `weighted_observed` and `weighted_expected` of up to
    three, older ones counting half and a quarter. `low80` to `high80` is the range of the ratio; `gain_low` and
    `gain_high` are the gain at its ends. `next_low80` to `next_high80` is the range of next year's count.
    `averages` says whose averages these are, where they are of a part of an authority; blank where of the whole.
    `prior` are the suspensions that are added to both sides of the steadied ratio. `history` is what all this is from,
    and `window` its latest year: of several authorities those of one, for others may have theirs by year, not term.
    """

    period: Period
    rows: pd.DataFrame
    notes: tuple[str, ...]
    history: History
    published: bool
    averages: str = ""

    @property
    def window(self) -> str:
        """The latest year in words: `2025/26`, or `Spring 2024/25 to Autumn 2025/26`."""
        return window(self.history)


def window(history: History) -> str:
    """The latest year of a history in words."""
    newest, oldest = history.latest_year[0], history.latest_year[-1]
    if newest.year == oldest.year:
        return year_label(newest.year)
    return f"{oldest.label} to {newest.label}"


def where_next(
    records: Records, period: Period, la: int | None = None, phase: str | None = None, constants: Table | None = None
) -> WhereNext | None:
    """The list of one authority, or of all in the records; of one phase if it is given.

    From the authority's own suspensions where any are loaded for the period, else from DfE's published ones. None where
    there are neither. A school is listed if it is open at the end of the period and something is expected of it.
    Without `constants` each authority has those that its own past bears out (`estimate.py`); a note says whose.
    """
    authorities = {code: own for code, own in _by_la(records).items() if la in (None, code)}
    own = {code: each for code, each in authorities.items() if is_loaded(each, ("suspensions",), period)}
    others = [code for code in authorities if code not in own]
    found = [_of_own(each, period, constants) for each in own.values()]
    found += _of_published(records, others, period, constants)
    if not found:
        return None
    rows = pd.concat([each.rows for each in found], ignore_index=True)
    rows = rows[rows["phase"].eq(phase)] if phase else rows
    rows = rows.sort_values(["gain", "steadied_ratio", "key"], ascending=[False, False, True], ignore_index=True)
    notes = tuple(dict.fromkeys(note for each in found for note in each.notes))
    published = all(each.published for each in found)
    return WhereNext(period, rows, notes, found[0].history, published, averages_of(records, la))


def averages_of(records: Records, la: int | None) -> str:
    """Whose averages a list has where only districts of an authority are reached, in a sentence; blank otherwise."""
    districts = sorted(district for code, district in records.districts_alone if la in (None, code))
    if not districts:
        return ""
    return f"Averages are of the schools in {listed(districts)} alone, and not of the whole authority."


def _by_la(records: Records) -> dict[int, Records]:
    """The records of each authority. Where all is published, England's 150 need not be taken apart."""
    if len(records.schools):
        return records.by_la
    return dict.fromkeys(map(int, records.published["la_code"].unique()), records)


def _of_own(records: Records, period: Period, constants: Table | None) -> WhereNext:
    history = own_history(records, period)
    estimates = own_estimates(records, period)
    rows = _protected(_rows(history, constants or estimates.of_each(history)), records, history)
    notes = [*_notes(history), *completeness_note(records, "suspensions", period, None)]
    if constants is None:
        notes.append(estimates.in_words)
    if rows[HIDDEN].ne("").any() and records.protection is not None:
        notes.append(f"{hidden_in_words(records.protection)}.")
    return WhereNext(period, rows, tuple(notes), history, published=False)


def _of_published(records: Records, la_codes: list[int], period: Period, constants: Table | None) -> list[WhereNext]:
    published = records.published[records.published["la_code"].isin(la_codes)]
    history = published_history(published, period) if len(published) else None
    if history is None or not history.schools["listed"].any():
        return []
    estimates = published_estimates(records, la_codes, period)
    rows = _rows(history, constants or estimates.of_each(history)).assign(**{HIDDEN: ""})
    names = [la_name(code) for code in sorted(set(history.schools.loc[history.schools["listed"], "la_code"]))]
    of = names[0] if len(names) == 1 else f"{len(names)} local authorities"
    notes = [f"From DfE’s published figures of {of}.", *_withheld_by_dfe(history), *_notes(history)]
    if constants is None:
        notes.append(estimates.in_words)
    return [WhereNext(period, rows, tuple(notes), history, published=True)]


def _withheld_by_dfe(history: History) -> list[str]:
    schools = int((history.observed[history.schools["listed"]] == WITHHELD).any(axis=1).sum())
    if not schools:
        return []
    of = "1 school has" if schools == 1 else f"{schools} schools have"
    return [f"{of} a count of 1 or 2 that DfE withheld: it is taken as {WITHHELD} here, and left out on other pages."]


def _notes(history: History) -> list[str]:
    known = [not np.isnan(column).all() for column in history.observed.T]
    years = list(dict.fromkeys(each.year for each, there in zip(history.periods, known, strict=True) if there))
    said = []
    if len(years) == 1:
        said.append("Only one year of suspensions is loaded: with two or three, one odd year counts for less.")
    if set(years) & set(PANDEMIC):
        said.append("Years in which schools were closed to most pupils are among those counted.")
    return said


def _rows(history: History, constants: Table | OfEach) -> pd.DataFrame:
    found = history.steadied(constants)
    observed, expected = history.latest
    low, high = found.ratio_range()
    next_low, next_high = found.next_range()
    each = bands(found)
    phases = [Phase(name) for name in history.schools["phase"].astype("str")]
    rows = history.schools.drop(columns="listed").assign(
        phase=[str(phase) for phase in phases],
        pupils=history.latest_pupils,
        observed=observed,
        expected=expected,
        raw_ratio=np.divide(observed, expected, out=np.full(len(observed), np.nan), where=expected > 0),
        weighted_observed=found.observed,
        weighted_expected=found.expected,
        prior=found.constants.prior,
        steadied_ratio=found.ratio,
        low80=low,
        high80=high,
        gain=found.gain,
        gain_low=np.maximum(0.0, (low - 1) * found.next_expected),
        gain_high=np.maximum(0.0, (high - 1) * found.next_expected),
        next_expected=found.next_expected,
        next_low80=next_low,
        next_high80=next_high,
        chance_above=found.chance_above,
        band=[str(band) for band in each],
        words=[words(band, phase, had) for band, phase, had in zip(each, phases, observed, strict=True)],
        swing=swings(history),
    )
    there = (
        history.schools["listed"].to_numpy() & (found.expected > 0) & (found.next_expected > 0) & ~np.isnan(observed)
    )
    return rows[there].reset_index(drop=True)


def _protected(rows: pd.DataFrame, records: Records, history: History) -> pd.DataFrame:
    """The rows without the figures of schools of which a term or year that is in them is hidden.

    The figures are sums of what stands on other pages, term by term or, where whole years are summed, year by year.
    What is expected gives away the phase's own terms.
    """
    keys = rows["key"].astype("str")
    hidden = pd.Series(False, index=rows.index)
    if records.protection is not None:
        gone = frozenset().union(
            *(hidden_rows(records, "suspension_rate", each, keys) for each in history.summed),
        )
        phases = frozenset().union(
            *(hidden_rows(records, "suspension_rate", each, map(str, HEADLINE)) for each in history.periods)
        )
        hidden = keys.isin(gone) | rows["phase"].isin(phases)
    rows = withheld(rows.assign(**{HIDDEN: ""}), hidden, [*NUMBERS, "words", "swing"])
    return rows.assign(band=rows["band"].where(~hidden))
