"""For which terms data was loaded: nothing that was not loaded is ever shown as 0."""

from datetime import date

import pandas as pd

from analysis.denominators import open_at
from analysis.records import RARE, Records
from analysis.wording import listed
from data_model.terms import Period, Term


def is_loaded(records: Records, datasets: tuple[str, ...], period: Period) -> bool:
    """Whether every dataset covers the period: for a whole year, one of its terms is enough."""
    return all(any(period in (term, Period(term.year)) for term in records.loaded[dataset]) for dataset in datasets)


def missing_terms_note(records: Records, dataset: str, period: Period) -> tuple[str, ...]:
    """A sentence where a whole year lacks a term and a later one is loaded: its figures are too low.

    None for rare events, of which a term may well have none.
    """
    loaded = records.loaded[dataset]
    if period.term or not loaded or dataset in RARE:
        return ()
    terms = [Period(period.year, term) for term in Term]
    missing = [term.label for term in terms if term not in loaded and term < max(loaded)]
    if not missing:
        return ()
    what = dataset.replace("_", " ")
    return (f"No {what} are loaded for {listed(missing)}: the figures of {period.label} are too low.",)


def schools_sent(records: Records, dataset: str, period: Period) -> frozenset[int] | None:
    """The URNs of the schools whose data came for a period; None where no school can be told to be missing.

    That is where a nil return was made for the whole authority, or nothing says what files held.
    """
    sent = records.sent[records.sent["dataset"].eq(dataset) & records.sent["academic_year"].eq(period.year)]
    if period.term:
        sent = sent[sent["term"].eq(period.term)]
    if sent.empty or sent["urn"].eq(0).any():
        return None
    return frozenset(sent["urn"])


def completeness_note(records: Records, dataset: str, period: Period, phase: str | None) -> tuple[str, ...]:
    """A sentence where files are known to lack schools that were open on the period's last day.

    Every measure's table asks for it: it is worked out once for each set of records.
    """
    key = ("completeness", dataset, period, phase)
    if key not in records.kept:
        records.kept[key] = _completeness_note(records, dataset, period, phase)
    found: tuple[str, ...] = records.kept[key]
    return found


def _completeness_note(records: Records, dataset: str, period: Period, phase: str | None) -> tuple[str, ...]:
    sent = schools_sent(records, dataset, period)
    if sent is None:
        return ()
    last = min(period.bounds[1], records.now or period.bounds[1])
    schools = schools_open(records, last, phase)
    absent = schools[~schools["urn"].isin(sent)]
    if absent.empty:
        return ()
    here = len(schools) - len(absent)
    return (
        f"{here} of {len(schools)} schools are in the {dataset.replace('_', ' ')} loaded for {period.label}; "
        "the others count as 0.",
    )


def schools_open(records: Records, day: date, phase: str | None) -> pd.DataFrame:
    """The schools that were open on a day, of one phase if it is given."""
    urns = records.schools.loc[open_at(records.schools, day), "current_urn"]
    schools = records.current_schools
    there = schools["urn"].isin(urns)
    return schools[there & schools["phase"].eq(phase)] if phase else schools[there]
