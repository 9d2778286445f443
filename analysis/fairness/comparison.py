"""Who is suspended more often: the risk of each group beside that of all other pupils, with its range.

It counts pupils who were suspended once or more, never incidents: one child with forty suspensions is one. On incidents
ranges of 95 % hold the truth in 46 to 87 % of cases (docs/statistics.md). What it finds is not a cause.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.fairness import sentences
from analysis.fairness.characteristics import CHARACTERISTICS, FEWEST_ON_ROLL, FEWEST_SUSPENDED, Characteristic
from analysis.fairness.masks import hidden_groups
from analysis.fairness.queries import NOT_KNOWN, WHOLE_LA, YEARS_TOGETHER, Affected, years_to
from analysis.hiding.protection import HIDDEN, withheld
from analysis.records import Records
from analysis.slices import By, slice_of
from analysis.statistics.intervals import risk_ratio
from analysis.wording import listed
from data_model.terms import Period, year_label

MOST_UNKNOWN = 0.1
"""The share of suspended pupils of whom a group may be unknown, for a comparison by it."""

COLUMNS = [
    *("characteristic", "title", "value", "group", "suspended", "on_roll", "rate", "others_rate"),
    *("others_words", "ratio", "low", "high", "clear", "drawn", "standing", HIDDEN),
]
_FIGURES = ("suspended", "on_roll", "rate", "others_rate", "others_words", "ratio", "low", "high")
_Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Fairness:
    """How likely each group was to be suspended, beside all other pupils, over `years` (oldest first).

    `rows` has the columns of COLUMNS, a row a group: `suspended` pupils, `on_roll`, `rate` and `others_rate` in percent
    (`others_words`: with how many that is of), `ratio` with its range `low` to `high`, missing where it is too small to
    say; `clear` where the range does not touch 1; `drawn` where a picture should have it; `standing` in words.
    `refused` are sentences on characteristics that cannot be compared.
    """

    rows: pd.DataFrame
    years: tuple[str, ...]
    sentence: str
    refused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def years_known(found: Affected) -> list[str]:
    """The academic years that can be asked for, newest first: those with suspensions and with any roll by group."""
    return sorted({*found.suspended["academic_year"]} & {*found.rolls["academic_year"]}, reverse=True)


def fairness(
    records: Records, found: Affected | None, la: int, year: str | None = None, phase: str | None = None
) -> Fairness:
    """The comparison in one authority, or in one phase of it: for `year`, or the latest YEARS_TOGETHER years together.

    `records` and `found` are those of the same scope; None is what a scope that does not reach all of it is given.
    """
    own = records.by_la.get(la)
    if found is None or own is None:
        return _nothing("Who is affected is worked out for whole authorities, and you reach a part of this one.")
    known = years_known(found)
    if not known:
        return _nothing(
            "Who is affected cannot be worked out: it needs suspensions, and January headcounts by sex, free school "
            "meals, SEN provision or ethnic group (or a pupils file with the whole roll)."
        )
    years = [year] if year else [each for each in years_to(known[0], YEARS_TOGETHER) if each in known]
    incomplete = _without_roll(own, la, years, phase)
    if incomplete:
        return _nothing(incomplete, years)
    asked = _Asked(own, found, tuple(years), phase or WHOLE_LA)
    parts = [asked.compared(each) for each in CHARACTERISTICS.values()]
    rows = pd.concat([part for part in parts if isinstance(part, pd.DataFrame)] or [pd.DataFrame(columns=COLUMNS)])
    refused = tuple(part for part in parts if isinstance(part, str))
    rows = rows.reset_index(drop=True)
    notes = (*sentences.notes(len(years)), *asked.counted_from())
    return Fairness(rows, tuple(years), sentences.finding(rows, years), refused, notes)


def _nothing(sentence: str, years: "list[str] | tuple[str, ...]" = ()) -> Fairness:
    return Fairness(pd.DataFrame(columns=COLUMNS), tuple(years), sentence)


def _without_roll(records: Records, la: int, years: list[str], phase: str | None) -> str:
    """Why a year's roll is not whole; blank where all are."""
    for year in years:
        roll = slice_of(records, la, Period(year), By.LA, phase).pupils_on_roll
        if roll.notes:
            return roll.notes[0]
    return ""


@dataclass(frozen=True, eq=False)
class _Asked:
    """One question: an authority's records and counts, the years, and the phase or WHOLE_LA."""

    records: Records
    found: Affected
    years: tuple[str, ...]
    phase: str

    def compared(self, each: Characteristic) -> pd.DataFrame | str:
        """The rows of one characteristic, or the sentence that says why there are none."""
        rolls = self._rolls(each)
        if rolls is None:
            return self._no_roll(each)
        suspended = self._of(self.found.suspended, each).groupby("value")["pupils"].sum()
        if not suspended.sum():
            return f"{each.title}: no pupil was suspended."
        if suspended.get(NOT_KNOWN, 0) > MOST_UNKNOWN * suspended.sum():
            return (
                f"{each.title}: not compared, because it is not known of more than one suspended pupil in ten. It "
                "comes from the suspensions and pupils files."
            )
        on_roll = rolls.groupby("value")["pupils"].sum()
        whole = rolls.drop_duplicates("academic_year")["whole"].sum()
        counts, rolled = (_by_group(numbers, each) for numbers in (suspended, on_roll))
        table = _ratios(counts, rolled, int(suspended.sum()), int(whole), self._repeat())
        names = {"value": list(each.groups), "group": list(each.groups.values())}
        rows = table.assign(characteristic=each.id, title=each.title, **names)
        rows = rows[rows["on_roll"].gt(0) | rows["suspended"].gt(0)]
        rows = rows.assign(drawn=rows["value"].isin(each.drawn), **{HIDDEN: ""})
        return self._protected(rows, each)[COLUMNS]

    def counted_from(self) -> tuple[str, ...]:
        """What the rolls were counted from, a sentence for each source."""
        of_source: dict[str, list[str]] = {}
        for each in CHARACTERISTICS.values():
            rolls = self._rolls(each)
            if rolls is not None:
                of_source.setdefault(rolls["source"].iloc[0], []).append(each.title.lower())
        words = {"headcounts": "the January headcounts", "pupils": "the pupils file, which holds the whole roll"}
        return tuple(
            f"Pupils on roll by {listed(names)} are from {words[source]}." for source, names in of_source.items()
        )

    def _of(self, frame: pd.DataFrame, each: Characteristic) -> pd.DataFrame:
        there = frame["phase"].eq(self.phase) & frame["characteristic"].eq(each.id)
        return frame[there & frame["academic_year"].isin(self.years)]

    def _rolls(self, each: Characteristic) -> pd.DataFrame | None:
        """The rolls by group of one source that has all the years: headcounts first. None where neither has."""
        rolls = self._of(self.found.rolls, each)
        for source in ("headcounts", "pupils"):
            own = rolls[rolls["source"].eq(source)]
            if own["academic_year"].nunique() == len(self.years):
                return own
        return None

    def _no_roll(self, each: Characteristic) -> str:
        when = listed([year_label(year) for year in self.years])
        if each.group is None:
            return (
                f"{each.title}: not compared. The census does not count it, and the pupils file does not hold the "
                f"whole roll of {when}, so nobody knows out of how many."
            )
        return (
            f"{each.title}: not compared. Not every school’s January headcounts of {when} are split by it, so nobody "
            "knows out of how many."
        )

    def _repeat(self) -> float:
        if len(self.years) == 1:
            return 1.0
        own = self.found.repeats
        there = own["phase"].eq(self.phase) & own["academic_year"].eq(self.years[-1])
        return float(own.loc[there, "repeat"].iloc[0]) if there.any() else 1.0

    def _protected(self, rows: pd.DataFrame, each: Characteristic) -> pd.DataFrame:
        """The rows without what is hidden in any of the years, which their sum would give away beside the others."""
        if self.records.protection is None:
            return rows
        years = (hidden_groups(self.records, self.found, each, year)[self.phase] for year in self.years)
        hidden = rows["value"].isin(frozenset[str]().union(*years))
        standing = rows["standing"].where(~hidden, "Hidden: few pupils, or to protect such a figure")
        return withheld(rows.assign(standing=standing), hidden, (*_FIGURES, "clear"))


def _by_group(numbers: pd.Series, each: Characteristic) -> _Whole:
    found: _Whole = numbers.reindex(list(each.groups), fill_value=0).to_numpy(dtype=np.int64)
    return found


def _ratios(suspended: _Whole, on_roll: _Whole, everybody: int, whole: int, repeat: float) -> pd.DataFrame:
    """The figures of groups out of `everybody` suspended and the `whole` roll, and their standing."""
    others, rest = everybody - suspended, whole - on_roll
    fits = (suspended <= on_roll) & (others <= rest)
    enough = fits & (np.minimum(suspended, others) >= FEWEST_SUSPENDED) & (np.minimum(on_roll, rest) >= FEWEST_ON_ROLL)
    found = risk_ratio(suspended[enough], on_roll[enough], others[enough], rest[enough], repeat)
    figures = pd.DataFrame(
        {
            "rate": 100 * suspended[enough] / on_roll[enough],
            "others_rate": 100 * others[enough] / rest[enough],
            "others_words": [
                f"{100 * count / roll:.1f}% ({count:,} of {roll:,})"
                for count, roll in zip(others[enough], rest[enough], strict=True)
            ],
            "ratio": found.ratio,
            "low": found.low,
            "high": found.high,
        },
        index=np.flatnonzero(enough),
    )
    table = pd.DataFrame({"suspended": suspended, "on_roll": on_roll}).join(figures)
    figures_of_each = zip(suspended, on_roll, fits, table["low"], table["high"], strict=True)
    standing = [sentences.standing(*each) for each in figures_of_each]
    return table.assign(clear=table["low"].gt(1) | table["high"].lt(1), standing=standing)


def drawn(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that a picture shows, the most likely first within each characteristic."""
    told = rows[rows["drawn"].astype(bool) & rows["ratio"].notna()]
    place = told["characteristic"].map({each: number for number, each in enumerate(CHARACTERISTICS)})
    ordered = told.assign(place=place).sort_values(["place", "ratio"], ascending=[True, False], kind="stable")
    return ordered.drop(columns="place")
