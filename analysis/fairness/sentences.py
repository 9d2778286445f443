"""What is said of who is affected: the finding, where each group stands, and what to know about both."""

import numpy as np
import pandas as pd

from analysis.fairness.characteristics import FEWEST_ON_ROLL, FEWEST_SUSPENDED
from analysis.wording import amount, counted, listed
from data_model.terms import year_label

_NOT_A_CAUSE = (
    "This says who is suspended, not why. Groups differ in age, school, need and home, none of which is allowed for: a "
    "difference is a reason to look closer, not a cause and not a judgement on anybody."
)
_METHOD = (
    "Of each group: pupils suspended once or more in the year, over its pupils on roll in January. That share, over "
    "the share of all other pupils, is how many times as likely the group is. The range holds the truth in 95 of 100 "
    "such comparisons: with twenty groups, about one stands apart from 1 by chance alone."
)
_TOGETHER = (
    "Years together count a pupil once in each year. The range allows for the same pupils coming back year after year."
)
_MINIMUM = (
    f"Too small to say: fewer than {FEWEST_SUSPENDED} suspended pupils in the group or among all others, or fewer than "
    f"{FEWEST_ON_ROLL} on roll."
)
_KNOWN_AS = (
    "SEN provision and care are as recorded with the pupil's first suspension of the year, sex, ethnic group and free "
    "school meals as in the pupils file on that day. Pupils of whom it is not known count as others. An EHC plan is an "
    "education, health and care plan."
)


def notes(years: int) -> tuple[str, ...]:
    """What to know about a comparison over so many years."""
    return (_NOT_A_CAUSE, _METHOD, *([_TOGETHER] if years > 1 else []), _MINIMUM, _KNOWN_AS)


def standing(suspended: int, on_roll: int, fits: bool, low: float, high: float) -> str:
    """Where a group stands beside all other pupils; `fits` says whether its counts can be compared at all."""
    if not fits:
        return "Cannot be compared: more were suspended in the year than were on roll in January"
    if np.isnan(low):
        if on_roll < FEWEST_ON_ROLL:
            return f"Too small to say: {amount(on_roll)} on roll"
        if suspended < FEWEST_SUSPENDED:
            return f"Too small to say: {counted(suspended, 'suspended pupil')}"
        return "Too small to say: hardly any others were"
    if low > 1:
        return "More likely than other pupils"
    return "Less likely than other pupils" if high < 1 else "Cannot be told apart from other pupils"


def finding(rows: pd.DataFrame, years: list[str]) -> str:
    """Which group stands out most, and how many others do."""
    when = year_label(years[0]) if len(years) == 1 else f"{year_label(years[0])} to {year_label(years[-1])}"
    if rows.empty:
        return f"Nothing can be compared for {when}."
    told = rows[rows["drawn"].astype(bool) & rows["ratio"].notna()]
    if told.empty:
        return f"Too few pupils were suspended in {when} to compare any group with the others."
    higher, lower = told[told["low"].gt(1)], told[told["high"].lt(1)]
    if higher.empty:
        rest = f"; {counted(len(lower), 'group')} clearly less" if len(lower) else ""
        return f"No group was clearly more likely to be suspended than other pupils in {when}{rest}."
    first = higher.loc[higher["ratio"].idxmax()]
    said = (
        f"{first['group']} were {amount(first['ratio'])} times as likely to be suspended as other pupils "
        f"(range {amount(first['low'])} to {amount(first['high'])}), {when}."
    )
    also = [
        f"{len(higher) - 1} clearly above others" if len(higher) > 1 else "",
        f"{len(lower)} clearly below" if len(lower) else "",
    ]
    also += [f"{unclear} cannot be told apart" if (unclear := len(told) - len(higher) - len(lower)) else ""]
    more = listed([each for each in also if each])
    return f"{said} Of the other {counted(len(told) - 1, 'group')} shown: {more}." if more else said


def how_to_read(rows: pd.DataFrame) -> str:
    """How to read the picture, what is left out of it and that it tells no cause."""
    small = rows["standing"].str.startswith("Too small") & rows["drawn"].astype(bool)
    names = [str(name) for name in rows.loc[small, "group"]]
    left_out = f" Too small to say: {listed(names)}." if names else ""
    return (
        "Right of the line at 1: more likely than all other pupils; left: less likely. A hollow point’s range touches "
        f"1: it cannot be told apart. This says who, not why.{left_out}"
    )
