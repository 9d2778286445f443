"""What drives a school's figures: a rise or not, a few pupils or many, for what, and in which year groups.

Each is a sentence with its numbers, or says that they are too few. Where small numbers are hidden they stay so.
"""

import pandas as pd

from analysis.hiding.protection import HIDDEN_MARK, is_marked
from analysis.loaded import schools_sent
from analysis.one_school.profile import breakdown, reasons
from analysis.one_school.sentences import most_of
from analysis.records import Records, within_all
from analysis.targeting.calculator import Sums
from analysis.targeting.history import History
from analysis.targeting.swings import swing
from analysis.wording import amount, counted, listed, percent
from data_model.codes import Phase
from data_model.terms import Period

LEAST = 10
"""Suspensions from which something is said of who was suspended and for what."""
_OFTEN = 3


def drivers(own: Records, row: "pd.Series", sums: Sums, history: History) -> tuple[str, ...]:
    """What drives the figures of one school of an authority's own records: `row` is its row of the list."""
    window, year = history.latest_year, Period(history.periods[0].year)
    said = [rise(sums, Phase(str(row["phase"]))), few_pupils(own, row, window), *_profile(own, int(row["key"]), year)]
    return tuple(sentence for sentence in said if sentence)


def rise(sums: Sums, phase: Phase) -> str:
    """The latest year beside the one before, and whether it is more than chance: blank where a term is missing."""
    if len(sums.years) < 2 or sums.years[0].missing or sums.years[1].missing:
        return ""
    now, before = sums.years[:2]
    return swing(float(before.had), float(now.had), (float(before.average), float(now.average)), phase)


def few_pupils(own: Records, row: "pd.Series", window: tuple[Period, ...]) -> str:
    """How much of a school's latest year is the pupils suspended three times or more, beside its phase."""
    if own.protection is not None:
        return _few_pupils_shown(row)
    there = within_all(own.narrow[0], "start_date", window)
    times = there[there["phase"].eq(row["phase"])].groupby(["urn", "pupil"]).size()
    school = times[times.index.get_level_values("urn") == int(row["key"])]
    if school.sum() < LEAST:
        return f"{_suspensions(school.sum())} in the year: too few to say whether a few pupils drive them."
    often, of_phase = school[school.ge(_OFTEN)], times[times.ge(_OFTEN)].sum()
    if often.empty:
        return f"No pupil was suspended three times or more: the {amount(school.sum())} suspensions are of many pupils."
    share, phase_share = percent(often.sum(), school.sum()), percent(of_phase, times.sum())
    return (
        f"{counted(len(often), 'pupil')} suspended three times or more had {amount(often.sum())} of the "
        f"{amount(school.sum())} suspensions ({share}; in its phase {phase_share})."
    )


def _few_pupils_shown(row: "pd.Series") -> str:
    if is_marked(row, "three_plus") or pd.isna(row["three_plus"]):
        return f"Pupils suspended three times or more: {HIDDEN_MARK}."
    number = int(row["three_plus"])
    if not number:
        return "No pupil was suspended three times or more in the year."
    return f"{counted(number, 'pupil')} {'was' if number == 1 else 'were'} suspended three times or more in the year."


def _profile(own: Records, urn: int, year: Period) -> list[str]:
    """For what, and in which year groups, in an academic year: nothing where there are too few suspensions."""
    of_reasons, of_groups = reasons(own, urn, year), breakdown(own, urn, year, "ncyg")
    if of_groups["suspensions"].sum() < LEAST:
        return [f"For what, and in which year groups: too few suspensions in {year.label} to say."]
    said = [f"Reasons in {year.label}: {most_of(of_reasons, 'group', 'reasons', 'reasons')}"]
    return [*said, f"Year groups in {year.label}: {most_of(of_groups, 'label', 'suspensions', 'suspensions')}"]


def not_heard_from(own: Records, urn: int, window: tuple[Period, ...]) -> str:
    """For which terms of the latest year the school is in no file, and so counts as 0; blank for none."""
    sent = [(period, schools_sent(own, "suspensions", period)) for period in window]
    missing = [period.label for period, urns in reversed(sent) if urns is not None and urn not in urns]
    if not missing:
        return ""
    return (
        f"The school is in no suspensions file for {listed(missing)}: nothing sent, or nothing to send. It counts as 0."
    )


def _suspensions(number: float) -> str:
    return counted(number, "suspension") if number else "No suspensions"
