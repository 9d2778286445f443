"""Can the list be trusted: what earlier lists said of an authority's schools, and which constants that bears out."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from analysis.breaks import PANDEMIC
from analysis.records import Records
from analysis.targeting.backtest import Backtest, backtest, on_a_list, together
from analysis.targeting.estimate import Estimates, estimate
from analysis.targeting.history import History
from analysis.targeting.whole_years import own_years, published_years
from analysis.wording import listed
from data_model.terms import previous_year, year_label


@dataclass(frozen=True, eq=False)
class Trust:
    """`backtest` judges the list with the constants that `estimates` say are used.

    `years` are the whole years that are known, the latest first; `published` says that they are DfE's. `least`: figures
    of fewer schools than this are hidden, None where all may be seen.
    """

    backtest: Backtest
    estimates: Estimates
    years: tuple[str, ...]
    published: bool
    least: int | None

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about what is judged, and what is missing where nothing is."""
        said = [_basis(self.years, self.published)]
        if self.backtest.every.empty:
            said.append(missing(self.years))
        if set(self.years) & set(PANDEMIC):
            said.append("Years in which schools were closed to most pupils are among those judged.")
        if self.estimates.each:
            said.append(self.estimates.in_words)
        return tuple(said)


def missing(years: tuple[str, ...]) -> str:
    """What there has to be before anything can be judged."""
    if not years:
        return "Nothing can be judged yet: two whole years in a row are needed, and no whole year is known."
    newest = years[0]
    if previous_year(newest) in years:
        return "Nothing can be judged: no two schools of a phase had pupils, and the phase suspensions, in both years."
    after = year_label(previous_year(newest, -1))
    return (
        f"Nothing can be judged yet: two whole years in a row are needed, and {year_label(newest)} has none before it. "
        f"There will be enough once the whole of {after} is loaded, or {year_label(previous_year(newest))} with it."
    )


def _basis(years: tuple[str, ...], published: bool) -> str:
    whose = "DfE’s published figures" if published else "the authority’s own records"
    if not years:
        return f"Whole academic years in {whose}: none."
    return f"Whole academic years in {whose}: {listed(_spans(years))}."


def _spans(years: tuple[str, ...]) -> list[str]:
    """Years in words, the earliest first, those that follow each other as one."""
    firsts = sorted(year for year in years if previous_year(year) not in years)
    lasts = sorted(year for year in years if previous_year(year, -1) not in years)
    return [
        year_label(first) if first == last else f"{year_label(first)} to {year_label(last)}"
        for first, last in zip(firsts, lasts, strict=True)
    ]


def trust(records: Records, la: int | None = None, published: bool = False) -> Trust:
    """What earlier lists of one authority said, or of all in the records, from its own records or as `published`."""
    if not published:
        return _trust(_own(records, la), published=False, least=records.protection)
    rows = records.published if la is None else records.published[records.published["la_code"].eq(la)]
    return _trust([published_years(rows)], published=True, least=None)


def trust_where_loaded(records: Records, la: int | None = None) -> tuple[Trust, ...]:
    """The same from own records of each authority where lists can be judged by them, else from what is published."""
    own = trust(records, la)
    judged = set(own.backtest.every["la_code"])
    others = records.published[~records.published["la_code"].isin(judged)]
    rest = others if la is None else others[others["la_code"].eq(la)]
    published = _trust([published_years(rest)], published=True, least=None)
    return tuple(each for each in (own, published) if each.years)


def _own(records: Records, la: int | None) -> list[History | None]:
    if records.schools.empty:
        return []
    return [own_years(each) for code, each in records.by_la.items() if la in (None, code)]


def _trust(histories: Iterable[History | None], *, published: bool, least: int | None) -> Trust:
    known = [each for each in histories if each is not None]
    estimates = [estimate(each) for each in known]
    found = [backtest(each, used.of_each(each)) for each, used in zip(known, estimates, strict=True)]
    years = {year for each in known for year in each.whole_years}
    every = Estimates(tuple(one for each in estimates for one in each.each))
    return Trust(together(found), every, tuple(sorted(years, reverse=True)), published, least)


def figures(found: tuple[Trust, ...]) -> pd.DataFrame:
    """The row of each phase, as `Backtest.phases`; `hidden` names what is of too few schools to be shown.

    Those are figures of one authority's own schools where small numbers are hidden: what is claimed of a few schools
    beside what came would give their counts away.
    """
    whole = together([each.backtest for each in found])
    least = max((each.least or 0 for each in found), default=0)
    hidden = [_hidden(whole.every[whole.every["phase"].eq(phase)], least) for phase in whole.phases["phase"]]
    return whole.phases.assign(hidden=pd.Series(hidden, dtype="str"))


LISTS = ("hit_rate_raw", "hit_rate_steadied", "claimed_over_next_raw", "claimed_over_next_steadied")
WHOLES = ("cover80", "cover95", "probability_error")


def _hidden(rows: pd.DataFrame, least: int) -> str:
    on_lists = rows[on_a_list(rows)]
    too_few = [*LISTS] if schools_in(on_lists) < least else []
    return " ".join(too_few + ([*WHOLES] if schools_in(rows) < least else []))


def schools_in(rows: pd.DataFrame) -> int:
    """How many schools a table of school-years is of."""
    return len(rows[["la_code", "key"]].drop_duplicates())
