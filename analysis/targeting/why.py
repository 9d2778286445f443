"""Why a school stands where it does on the list, in sentences that its head can check with a calculator."""

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from analysis.hiding.protection import HIDDEN, hidden_rows, is_hidden, withheld
from analysis.records import Records
from analysis.targeting.bands import Band
from analysis.targeting.beside import list_with_context
from analysis.targeting.calculator import Sums, YearSum, sums_of
from analysis.targeting.drivers import drivers, not_heard_from
from analysis.targeting.printed import chance, span, suspensions, times
from analysis.targeting.where_next import WhereNext
from analysis.wording import amount, counted, listed
from data_model.terms import Period

_WEIGHTS = {Decimal("0.5"): "half", Decimal("0.25"): "a quarter"}
_NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}
_TOO_FEW = "What is hidden of this school’s figures is hidden here too: there is nothing to check with a calculator."


@dataclass(frozen=True)
class Worked:
    """One of the three numbers: its name, itself, what it is of (with its range), and how it is worked out from
    figures that are printed."""

    name: str
    number: str
    of: str
    worked_out: str


@dataclass(frozen=True, eq=False)
class Why:
    """One school of the list. `row` is its row of `list_with_context`.

    `sentences` say the sum to its head ("you"), `figures` the three numbers, each with its sum. `terms` is what a
    school of its size averages: `label, had, pupils, phase_suspensions, phase_pupils, average, next_average, hidden`,
    as printed. `drivers` say what is behind the figures, `cautions` what speaks against reading much into them.
    Sentences, figures and terms are empty where the scope hides the school's figures.
    """

    row: "pd.Series"
    window: str
    published: bool
    sentences: tuple[str, ...]
    figures: tuple[Worked, ...]
    terms: pd.DataFrame
    drivers: tuple[str, ...]
    cautions: tuple[str, ...]


def why(records: Records, la: int, period: Period, key: int) -> Why | None:
    """Why one school of an authority's list (by its `key`) stands where it does; None where it is not on the list."""
    found = list_with_context(records, la, period)
    rows = found.rows[found.rows["key"].eq(key)] if found else pd.DataFrame()
    if found is None or rows.empty:
        return None
    row, own, history = rows.iloc[0], records.by_la[la], found.history
    cautions = _cautions(found, own, row)
    if is_hidden(rows, "steadied_ratio").any():
        return Why(row, found.window, found.published, (_TOO_FEW,), (), pd.DataFrame(), (), cautions)
    place = int((history.schools["key"].eq(key) & history.schools["phase"].eq(row["phase"])).argmax())
    sums = sums_of(history, place, float(row["prior"]), row["steadied_ratio"], row["gain"])
    behind = () if found.published else drivers(own, row, sums, history)
    return Why(
        row=row,
        window=found.window,
        published=found.published,
        sentences=tuple(_sentences(row, sums)),
        figures=tuple(_figures(row, sums)),
        terms=_terms(own, sums, key),
        drivers=behind,
        cautions=cautions,
    )


def _sentences(row: "pd.Series", sums: Sums) -> list[str]:
    latest, *earlier = sums.years
    said = [
        f"In {latest.label} you had {amount(float(latest.had))} suspensions; a school of your size and phase here "
        f"averages {latest.average:,}."
    ]
    if earlier:
        parts = listed([_earlier(year) for year in earlier])
        said.append(
            f"Earlier years count less: {parts}. Together that is {_plain(sums.had)} suspensions against "
            f"{_plain(sums.average)}."
        )
    said += [_ratio(row, sums), _gain(row, sums)]
    sure = chance(row["chance_above"])
    return [*said, f"How sure: of schools with figures like yours, {sure} are above average next year."]


def _earlier(year: YearSum) -> str:
    weight = _WEIGHTS.get(year.weight, f"times {year.weight}")
    return (
        f"{year.label} counts {weight} ({_plain(year.had)} and {year.average:,} become {_plain(year.counts_had)} "
        f"and {_plain(year.counts_average)})"
    )


def _ratio(row: "pd.Series", sums: Sums) -> str:
    added = _NUMBERS.get(int(sums.prior), _plain(sums.prior)) if sums.prior == int(sums.prior) else _plain(sums.prior)
    return (
        f"We add {added} to both sides because one year can mislead: {_division(sums)} = {times(sums.ratio)} times the "
        f"average. Range {span(times(row['low80']), times(row['high80']))}: the true figure is in it 8 times in 10."
    )


def _gain(row: "pd.Series", sums: Sums) -> str:
    size = (
        f"A school with your latest {counted(sums.latest_pupils, 'pupil')} averages {sums.next_average:,} in a year "
        "like the latest"
    )
    if sums.ratio <= 1:
        return f"{size}, and you are not above that: there is nothing to gain."
    gain_range = span(suspensions(row["gain_low"]), suspensions(row["gain_high"]))
    return f"{size}: {_above(sums)} more than average (range {gain_range}) is what there is to gain in a year."


def _figures(row: "pd.Series", sums: Sums) -> list[Worked]:
    ratio_range = span(times(row["low80"]), times(row["high80"]))
    gain_range = span(suspensions(row["gain_low"]), suspensions(row["gain_high"]))
    next_range = span(suspensions(row["next_low80"]), suspensions(row["next_high80"]))
    below = f"{_division(sums)} = {sums.ratio:f}, not above 1: nothing is above average"
    return [
        Worked(
            "How high",
            f"{times(sums.ratio)} times",
            f"the average of a school of its size and phase; range {ratio_range}",
            f"{_division(sums)} = {sums.ratio:f}",
        ),
        Worked(
            "How much",
            suspensions(sums.gain),
            f"suspensions above average in a year; range {gain_range}",
            _above(sums) if sums.ratio > 1 else below,
        ),
        Worked(
            "How sure",
            chance(row["chance_above"]),
            "to be above average next year",
            "Weighed over up to three years, the latest counting most. If its phase has as many suspensions for its "
            f"pupils next year as in the latest, the school has {next_range}, with a chance of 8 in 10",
        ),
    ]


def _above(sums: Sums) -> str:
    return f"({sums.ratio:f} − 1) × {sums.next_average:,} = {suspensions(sums.gain)}"


def _division(sums: Sums) -> str:
    over, under = sums.prior + sums.had, sums.prior + sums.average
    prior = _plain(sums.prior)
    return f"({_plain(sums.had)} + {prior}) ÷ ({_plain(sums.average)} + {prior}) = {_plain(over)} ÷ {_plain(under)}"


def _plain(value: Decimal) -> str:
    """A number with all its decimals and no more: `150.5`, `12`."""
    return f"{value.normalize():,f}"


def _terms(own: Records, sums: Sums, key: int) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "label": [term.period.label for term in sums.terms],
            "had": pd.array([None if t.had is None else float(t.had) for t in sums.terms], dtype="Float64"),
            "pupils": pd.array([term.pupils for term in sums.terms], dtype="Int64"),
            "phase_suspensions": [float(term.phase_suspensions) for term in sums.terms],
            "phase_pupils": [term.phase_pupils for term in sums.terms],
            "average": [None if term.average is None else f"{term.average:,}" for term in sums.terms],
            "next_average": ["" if term.next_average is None else f"{term.next_average:,}" for term in sums.terms],
        }
    )
    few = [bool(hidden_rows(own, "suspension_rate", term.period, [str(key)])) for term in sums.terms]
    return withheld(table.assign(**{HIDDEN: ""}), pd.Series(few, index=table.index), ["had"])


def _cautions(found: WhereNext, own: Records, row: "pd.Series") -> tuple[str, ...]:
    said = [f"{row['changed']}." if row["changed"] else "", found.averages]
    if not found.published:
        said.append(not_heard_from(own, int(row["key"]), found.history.latest_year))
    if row["band"] == str(Band.TOO_SMALL):
        said.append(f"{row['words']}.")
    return tuple(sentence for sentence in said if sentence)
