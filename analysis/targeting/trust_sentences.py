"""The findings of "Can we trust this?" in sentences, each with how many it is of."""

import pandas as pd

from analysis.targeting.bands import Band
from analysis.targeting.trust import Trust
from analysis.targeting.trust_views import TOO_SMALL, is_small, off_by
from analysis.wording import listed, percent


def claimed(claims: pd.DataFrame) -> str:
    """Whether lists claimed too much, told of the phase with the most schools that were picked."""
    known = claims[claims["came"].ne(TOO_SMALL)] if len(claims) else claims
    if known.empty:
        return "Too few schools were picked to say whether lists claim too much"
    row = known.loc[known["picked"].idxmax()]
    return (
        f"{row['phase']} schools picked by rate looked {row['raw']:.1f} times average; a year later they were "
        f"{row['came']:.1f} times. Our list had said {row['steadied']:.1f}"
    )


def found_again(hits: pd.DataFrame) -> str:
    """How many of a list's schools were on the next year's, told of the phase with the most that were picked."""
    known = hits[hits["raw"].ne(TOO_SMALL)] if len(hits) else hits
    if known.empty:
        return "Too few schools were picked to say how many were among the highest again"
    row = known.loc[known["picked"].idxmax()]
    ours, by_rate = (str(row[name]).split(" ")[0] for name in ("steadied", "raw"))
    return (
        f"Of {row['phase'].lower()} schools on our list {ours} were in the highest tenth a year later, "
        f"of a list by rate {by_rate}: no list knows next year’s"
    )


def chances(found: Trust) -> str:
    """How far the chances that were given lay from what came true."""
    every = found.backtest.every
    if is_small(every, found):
        return "Too few schools were judged to say whether the chances were right"
    off, by_chance = off_by(every)
    return (
        f"The chances we gave were {100 * off:.0f} points in 100 off on average; of {len(every):,} school-years, "
        f"{100 * by_chance:.0f} would be chance alone"
    )


def ranges(found: Trust) -> str:
    """How often ranges that were meant to hold next year's count 8 times in 10 did."""
    every = found.backtest.every
    if is_small(every, found):
        return "Too few schools were judged to say whether the ranges were wide enough"
    share = percent(int(every["in80"].sum()), len(every))
    return f"Ranges meant to hold next year’s count at least 8 times in 10 held it {share} of the time"


def words(found: Trust) -> str:
    """How often schools that were called much higher than average were above it in the next year."""
    every = found.backtest.every
    called = every[every["band"].eq(Band.MUCH_HIGHER)]
    if is_small(called, found):
        return "Too few schools were called much higher than average to say how often that was true"
    above = int(called["above"].sum())
    share = percent(above, len(called))
    return f"“Much higher than average” was said {len(called)} times; next year {above} of them were above it ({share})"


def constants(found: Trust) -> str:
    """Whose constants the list uses."""
    own = [each.phase for each in found.estimates.each if each.is_own]
    if not own:
        return "The list uses the published constants"
    phases = listed([phase.label.lower() for phase in own])
    return f"The list uses constants of this authority’s own for {phases} schools"
