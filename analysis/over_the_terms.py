"""A control chart of an authority's suspensions: is the latest term a change, or within the usual swings?

For a whole authority or one of its phases, never for a school (statistics/control_chart.py says why).
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from analysis.breaks import breaks, notes
from analysis.every_school.figures import SMALL
from analysis.hiding.protection import HIDDEN, is_hidden
from analysis.measures import SUSPENSION_RATE
from analysis.over_time import over_time
from analysis.records import Records
from analysis.statistics.control_chart import FEWEST, Limits, Series, Signal, control_chart
from analysis.wording import amount
from data_model.terms import Period, Term, previous_year

COLUMNS = [
    *("period", "label", "count", "out_of", "rate", "usual", "low", "high", "usual_range"),
    *("flagged", "standing", "small", "note", "said", "source", "series", HIDDEN),
]
USUAL = "Usual"

_SEASONS = {term: place for place, term in enumerate(Term)}

METHOD_NOTE = (
    "The band reaches 2.66 average moves from one term to the next above and below the average (an XmR control chart), "
    "each term beside its own season: summer terms are shorter and have fewer suspensions. A term outside it, seven "
    "on one side of the average or all going one way, or two of three close to its edge, is more than usual swings. "
    "Authorities in which nothing changes get such a sign in about 1 latest term of 40 (simulated)."
)


@dataclass(frozen=True, eq=False)
class OverTheTerms:
    """A control chart of suspensions per 100 pupils, and what it says of the latest whole term.

    `rows` has the columns of COLUMNS, a row a term, oldest first: `usual`, `low` and `high` are the average and the
    limits for a term of that season, missing where there are none, and `usual_range` the two in words; `flagged` is
    true of terms that are no usual swing, `standing` says in words what each is; `small` is true, and `note` says
    so, where one child can move the rate; `said` is the rate with what it is of. They come from one source. Without
    rows `sentence` says why.
    """

    rows: pd.DataFrame
    sentence: str
    notes: tuple[str, ...] = ()


def over_the_terms(records: Records, la: int, phase: str | None = None) -> OverTheTerms:
    """The chart of one authority, or of one phase in it: headline phases together without `phase`."""
    found = over_time(records, la, SUSPENSION_RATE.id, phase)
    whole = found[~found["running"].astype(bool)]
    if is_hidden(whole, "rate").any():
        return _refused("Some terms are about too few pupils to show: there is no control chart of them.")
    table = _one_source(whole.dropna(subset=["rate"]))
    if table.empty:
        return _refused("No whole term with a suspension rate is loaded yet, so usual swings cannot be told.")
    periods = table["period"].tolist()
    seasons = [_SEASONS[period.term] for period in periods]
    broken = breaks(periods)
    cuts = [
        place
        for place in range(1, len(periods))
        if periods[place] in broken or _is_gap(*periods[place - 1 : place + 1])
    ]
    charted = control_chart(table["rate"], seasons, cuts, table["count"])
    rows = pd.concat([_of_series(table, series) for series in charted], ignore_index=True)[COLUMNS]
    return OverTheTerms(rows, _sentence(rows, charted[-1]), (METHOD_NOTE, *notes(broken)))


def _refused(sentence: str) -> OverTheTerms:
    return OverTheTerms(pd.DataFrame(columns=COLUMNS), sentence)


def _one_source(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the source that has the most terms, the authority's own where there are as many of each."""
    if table.empty:
        return table
    most = table["series"].value_counts(sort=False).idxmax()
    return table[table["series"].eq(most)].sort_values("period", kind="stable", ignore_index=True)


def _is_gap(before: Period, after: Period) -> bool:
    """Whether a term between is missing: a move across it is no move from one term to the next."""
    return after != Period.of(before.bounds[1] + timedelta(days=1))


def _of_series(table: pd.DataFrame, series: Series) -> pd.DataFrame:
    part = table.iloc[series.first : series.last + 1]
    standing = [
        _standing(signals, side, series.limits) for signals, side in zip(series.signals, series.side, strict=True)
    ]
    small = part["count"].lt(SUSPENSION_RATE.minimum) | (series.limits is Limits.TOO_SMALL)
    ends = zip(series.low, series.high, strict=True)
    return part.assign(
        usual=series.centre,
        low=series.low,
        high=series.high,
        usual_range=["" if np.isnan(low) else f"{amount(low)} to {amount(high)}" for low, high in ends],
        flagged=[bool(signals) for signals in series.signals],
        standing=standing,
        small=small,
        said=[
            f"{amount(rate)} ({amount(count)} / {amount(out_of)})"
            for rate, count, out_of in zip(part["rate"], part["count"], part["out_of"], strict=True)
        ],
        note=small.map({True: SMALL, False: ""}),
    )


def _standing(signals: tuple[Signal, ...], side: int, limits: Limits) -> str:
    """What a term is, in words: a rate that is higher is worse."""
    if limits in (Limits.TOO_FEW, Limits.TOO_SMALL):
        return "Too few terms to say" if limits is Limits.TOO_FEW else "Too small to say"
    if not signals:
        return USUAL
    if signals == (Signal.TREND,):
        return f"Neither: {Signal.TREND}"
    return f"{'High' if side > 0 else 'Low'}: {signals[0]}"


def _sentence(rows: pd.DataFrame, series: Series) -> str:
    last = rows.iloc[-1]
    said = _from_a_year_before(rows)
    match series.limits:
        case Limits.TOO_FEW:
            number = series.last - series.first + 1
            return f"{said}: too few terms to say whether that is usual ({number} in a row; {FEWEST} are needed)."
        case Limits.TOO_SMALL:
            return f"{said}: too small to say, with fewer than ten suspensions in an average term."
    trial = f" so far as {FEWEST} terms can tell" if series.limits is Limits.TRIAL else ""
    if not series.signals[-1]:
        return f"{said}: within the usual swings ({amount(last['low'])} to {amount(last['high'])}){trial}."
    return f"{said}. {_change(last, series)}{trial}."


def _from_a_year_before(rows: pd.DataFrame) -> str:
    """Where the latest term stands beside the same term a year before: `Up from 6 to 11 suspensions per 100 pupils`."""
    last = rows.iloc[-1]
    period, rate = last["period"], last["rate"]
    before = rows[rows["period"].eq(Period(previous_year(period.year), period.term))]
    unit = SUSPENSION_RATE.unit
    if before.empty:
        return f"{amount(rate)} {unit} in {period.label}"
    earlier = before["rate"].iloc[0]
    then, now = amount(earlier), amount(rate)
    if then == now:
        return f"{now} {unit} in {period.label}, as a year before"
    return (
        f"{'Up' if rate > earlier else 'Down'} from {then} to {now} {unit}, {before['label'].iloc[0]} to {period.label}"
    )


def _change(last: pd.Series, series: Series) -> str:
    """Improvement, concern or neither: what the signals of the latest term come to."""
    signals, side = series.signals[-1], int(series.side[-1])
    kind = "a concern" if side > 0 else "an improvement"
    if Signal.OUTSIDE in signals:
        return f"Outside the usual swings ({amount(last['low'])} to {amount(last['high'])}): {kind}"
    if Signal.SHIFT in signals:
        run = next((back for back, each in enumerate(reversed(series.side)) if each != side), len(series.side))
        lasting = "above the average: a rise" if side > 0 else "below the average: a fall"
        return f"Within the usual swings, but the last {run} terms are all {lasting} that has lasted, {kind}"
    if Signal.TREND in signals:
        return "The last seven terms all go one way, which is no usual swing: neither a concern nor an improvement yet"
    return f"Two of the last three terms are close to the edge of the usual swings: {kind}"
