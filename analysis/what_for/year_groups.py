"""How many suspensions the year groups have for their size, and how sure that is."""

import pandas as pd

from analysis.hiding.protection import HIDDEN, withheld
from analysis.one_school.profile import split_by
from analysis.records import Records
from analysis.statistics.intervals import poisson
from analysis.targeting.funnel import repeat_of
from analysis.what_for.suspended import LEAST_PUPILS, hidden, phases_of, suspensions_of, there_at_all
from data_model.codes import Phase, YearGroup
from data_model.terms import Period, Term

_NAME = "ncyg"
_SPLIT = split_by(_NAME)
LEAST_ON_ROLL = 100
"""Pupils on roll from which a year group has a rate."""
_TO = 10
"""Where small numbers are hidden rolls are rounded to so many: what is left of a sum says nothing of a school."""
COLUMNS = ["label", "suspensions", "on_roll", "rate", "low", "high", "rate_words", HIDDEN]


def year_groups(records: Records, rolls: pd.DataFrame, la: int, year: Period, phase: str | None = None) -> pd.DataFrame:
    """One row a year group, the youngest first, of an academic year: COLUMNS.

    `rolls` are `queries.year_groups`. `rate` is suspensions per 100 pupils at the January census, with its range of
    95 % (`low, high`), and the three as `rate_words`: missing where fewer than LEAST_ON_ROLL are on roll. Schools
    without pupils by year group in that census are left out on both sides. Empty where nothing can be said: fewer than
    LEAST_PUPILS pupils suspended, no such headcounts, or, with small numbers hidden, not those of every school.
    """
    own = records.by_la.get(la)
    if own is None:
        return pd.DataFrame(columns=COLUMNS)
    key = ("year groups", year, phase)
    if key not in own.kept:
        own.kept[key] = _year_groups(own, rolls, year, phase)
    found: pd.DataFrame = own.kept[key]
    return found


def _year_groups(own: Records, rolls: pd.DataFrame, year: Period, phase: str | None) -> pd.DataFrame:
    at_census = _at_census(own, rolls, year, phase)
    every = suspensions_of(own, year, phase)
    there = every[every["urn"].isin(at_census["urn"])]
    incomplete = own.protection is not None and len(there) < len(every)
    if at_census.empty or incomplete or there["pupil"].nunique() < LEAST_PUPILS:
        return pd.DataFrame(columns=COLUMNS)
    on_roll = at_census.groupby(at_census["year_group"].astype("str"))["headcount"].sum().astype("float64")
    if own.protection is not None:
        on_roll = (on_roll / _TO).round() * _TO
    names = there_at_all(own, _SPLIT, year, phase) | set(on_roll.index)
    known = [str(code) for code in YearGroup if str(code) in names]
    counts = there["ncyg"].astype("str").value_counts().reindex(known, fill_value=0)
    table = _rated(known, counts, on_roll.reindex(known, fill_value=0), _repeat(every, phase))
    if own.protection is not None:
        few = pd.Series(known).isin(hidden(own, _NAME, _SPLIT, year, phase))
        table = withheld(table, few, ["suspensions", "rate", "low", "high", "rate_words"])
    return table


def _at_census(own: Records, rolls: pd.DataFrame, year: Period, phase: str | None) -> pd.DataFrame:
    schools = own.current_schools
    of_phase = schools.loc[schools["phase"].isin(phases_of(phase)), "urn"]
    current = rolls["urn"].map(own.schools.set_index("urn")["current_urn"])
    asked = rolls["academic_year"].eq(year.year) & rolls["census_term"].eq(str(Term.SPR)) & current.isin(of_phase)
    # A school that became another within the year may have sent both: it is one.
    there = rolls[asked].assign(urn=current[asked])
    return there.groupby(["urn", "year_group"], observed=True, as_index=False)["headcount"].max()


def _repeat(suspensions: pd.DataFrame, phase: str | None) -> float:
    # Of several phases together most are secondary: England's pattern of these stands in where few pupils are known.
    times = suspensions.groupby("pupil").size().to_numpy()
    return repeat_of(times, Phase(phase) if phase else Phase.SECONDARY).factor


def _rated(known: list[str], counts: "pd.Series[int]", on_roll: "pd.Series[float]", repeat: float) -> pd.DataFrame:
    labels = {str(code): code.label for code in YearGroup}
    low, high = poisson(counts.to_numpy(), repeat)
    table = pd.DataFrame(
        {
            "label": [labels[each] for each in known],
            "suspensions": counts.to_numpy(),
            "on_roll": on_roll.to_numpy(),
        }
    )
    enough = table["on_roll"].ge(LEAST_ON_ROLL)
    per = 100 / table["on_roll"].where(enough)
    table = table.assign(rate=table["suspensions"] * per, low=low * per, high=high * per)
    words = [
        f"{row.rate:.1f} ({row.low:.1f} to {row.high:.1f})" if there else "too small to say"
        for row, there in zip(table.itertuples(), enough, strict=True)
    ]
    return table.assign(rate_words=words, **{HIDDEN: ""})
