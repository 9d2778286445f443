"""A proposal of hours for each school, what it is expected to prevent under the assumption, and what each choice costs.

Every figure is a range. Of one school it goes from the low end of its ratio's 80 % range under the least that is
assumed of outreach to the high end under the most. Of many together the schools' own errors partly cancel out: their
half widths are added as squares. Nobody's assumption cancels out.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.sharing_hours.plan import Plan
from analysis.sharing_hours.share_out import share_out
from analysis.targeting.constants import Numbers
from data_model.labelled import Labelled


class Choice(Labelled):
    """A way to share hours out, as it is compared with the others."""

    FREELY = "freely", "Where most is prevented, no floors"
    PROPOSAL = "proposal", "This proposal"
    IN_PROPORTION = "in_proportion", "In proportion to suspensions expected"
    RAW_RATE = "raw_rate", "A block each, highest raw rates first"
    EQUAL = "equal", "The same for every school"


@dataclass(frozen=True, eq=False)
class Proposal:
    """`rows`: the schools of `share_out`, most hours first, with `hours, prevented_low, prevented, prevented_high`.

    `choices`: a row for each Choice, `choice, label, prevented_low, prevented, prevented_high`, and what it prevents
    fewer than the first: `cost_low, cost, cost_high`, and `of_best`, the share of what the first prevents.
    `left_over` are the hours that make no whole visit, or that nobody may have.
    """

    plan: Plan
    rows: pd.DataFrame
    choices: pd.DataFrame
    left_over: float

    @property
    def printed(self) -> pd.DataFrame:
        """`rows` as a table prints them: suspensions expected in whole ones, hours that schools had in halves."""
        rows = self.rows.assign(hours_now=(2 * self.rows["hours_now"]).round() / 2)
        return rows.assign(**{name: rows[name].round() for name in ("next_count", "next_low80", "next_high80")})


def propose(schools: pd.DataFrame, plan: Plan) -> Proposal:
    """The proposal for `schools` (see `share_out`; also `next_expected, low80, high80, observed, pupils`).

    Raises Impossible where the plan cannot be carried out.
    """
    hours = share_out(schools, plan)
    low, central, high = prevented(schools, plan, hours)
    rows = schools.assign(hours=hours, prevented_low=low, prevented=central, prevented_high=high)
    rows = rows.sort_values(["hours", "next_count"], ascending=False, kind="stable", ignore_index=True)
    return Proposal(plan, rows, compared(schools, plan, hours), float(plan.hours - hours.sum()))


def compared(schools: pd.DataFrame, plan: Plan, hours: Numbers) -> pd.DataFrame:
    """What `hours` prevent, beside other ways to share them out: the `choices` of a Proposal."""
    ways: dict[Choice, Callable[[], Numbers]] = {
        Choice.FREELY: lambda: share_out(schools.assign(first=False), plan.freely),
        Choice.PROPOSAL: lambda: hours,
        Choice.IN_PROPORTION: lambda: in_proportion(schools, plan),
        Choice.RAW_RATE: lambda: by_raw_rate(schools, plan),
        Choice.EQUAL: lambda: np.full(len(schools), plan.hours / len(schools)),
    }
    given = {choice: way() for choice, way in ways.items()}
    best = given[Choice.FREELY]
    rows = []
    for choice, each in given.items():
        had, fewer = total(schools, plan, each), total(schools, plan, best, each)
        rows.append((str(choice), choice.label, *had, *fewer))
    names = [f"{name}{end}" for name in ("prevented", "cost") for end in ("_low", "", "_high")]
    frame = pd.DataFrame(rows, columns=["choice", "label", *names])
    most = frame["prevented"].iloc[0]
    return frame.assign(of_best=frame["prevented"] / most if most > 0 else np.nan)


def in_proportion(schools: pd.DataFrame, plan: Plan) -> Numbers:
    """The hours in proportion to the suspensions expected of each school, to the minute; equal where none are."""
    counts = schools["next_count"].to_numpy(dtype=np.float64)
    shares: Numbers = counts / counts.sum() if counts.sum() > 0 else np.full(len(counts), 1 / len(counts))
    return plan.hours * shares


def by_raw_rate(schools: pd.DataFrame, plan: Plan) -> Numbers:
    """`half` hours for each school, the highest rate of last year first, until there are none left."""
    rates = (schools["observed"] / schools["pupils"]).fillna(0).to_numpy(dtype=np.float64)
    block = plan.assumption.half
    before = np.arange(len(schools)) * block
    hours = np.zeros(len(schools))
    hours[np.argsort(-rates, kind="stable")] = np.clip(plan.hours - before, 0, block)
    return hours


def prevented(schools: pd.DataFrame, plan: Plan, hours: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The suspensions of a year that hours prevent at each school, if what is assumed is so: low, central and high."""
    reached, assumed = _reached(schools, plan, hours), plan.assumption
    low, count, high = _counts(schools)
    return low * reached * assumed.low, count * reached * assumed.most, high * reached * assumed.high


def total(
    schools: pd.DataFrame, plan: Plan, hours: Numbers, instead_of: Numbers | None = None
) -> tuple[float, float, float]:
    """What hours prevent at all schools together, low, central and high; or how much more than others do."""
    reached = _reached(schools, plan, hours)
    if instead_of is not None:
        reached = reached - _reached(schools, plan, instead_of)
    low, count, high = _counts(schools)
    down, up = (count - low) * reached, (high - count) * reached
    # Where hours are taken away, what is more at a school makes the difference less.
    below = np.sqrt(np.sum(np.where(reached > 0, down, up) ** 2))
    above = np.sqrt(np.sum(np.where(reached > 0, up, down) ** 2))
    middle, assumed = float(np.sum(count * reached)), plan.assumption
    ends = [(middle + by) * share for by in (-below, above) for share in (assumed.low, assumed.high)]
    return min(ends), middle * assumed.most, max(ends)


def _counts(schools: pd.DataFrame) -> tuple[Numbers, Numbers, Numbers]:
    """What is expected of each school in the year ahead, at the low end of its ratio, at the ratio, at the high end."""
    low, high = (schools[end] * schools["next_expected"] for end in ("low80", "high80"))
    return low.to_numpy(np.float64), schools["next_count"].to_numpy(np.float64), high.to_numpy(np.float64)


def _reached(schools: pd.DataFrame, plan: Plan, hours: Numbers) -> Numbers:
    """How much of what outreach can prevent at each school these hours prevent, beyond those that it has already."""
    now = plan.there_already(schools)
    reached: Numbers = plan.assumption.reached(now + hours) - plan.assumption.reached(now)
    return reached
