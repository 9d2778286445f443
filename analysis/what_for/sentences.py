"""What suspensions were for and in which year groups, a sentence each: the titles of the charts."""

import pandas as pd

from analysis.hiding.protection import is_hidden
from analysis.wording import amount, listed
from data_model.terms import Period

RANGES = (
    "The range holds 19 times in 20, and allows for pupils who are suspended again and again. What is recorded first "
    "says nothing of why it happened."
)


def of_reasons(table: pd.DataFrame, year: Period) -> str:
    """Which group of reasons is the largest, and its share with its range. `table` is `reasons`."""
    shown = table.dropna(subset=["share"])
    if shown.empty:
        return f"Too few pupils were suspended in {year.label}, or can be shown, to say what for."
    first = shown.iloc[0]
    among = " that can be shown" if is_hidden(table, "share").any() else ""
    return (
        f"{first['group']} is the largest group of reasons{among} in {year.label}: {first['share']:.0f}% "
        f"({first['low']:.0f}% to {first['high']:.0f}%) of {amount(first['own_of'])}."
    )


def of_year_groups(table: pd.DataFrame, year: Period) -> str:
    """Which year group has the highest rate, and which cannot be told from it. `table` is `year_groups`."""
    shown = table.dropna(subset=["rate"])
    if shown.empty:
        return (
            f"Rates by year group cannot be shown for {year.label}: they need ten suspended pupils or more, and the "
            "January headcounts by year group of the schools."
        )
    first = shown.loc[shown["rate"].idxmax()]
    near = shown.loc[shown["high"].ge(first["low"]) & shown["label"].ne(first["label"]), "label"]
    unsure = f" {listed(list(near))} cannot be told from it by these figures." if len(near) else ""
    among = " that can be shown" if is_hidden(table, "rate").any() else ""
    return (
        f"{first['label']} has the highest rate{among} in {year.label}: {first['rate']:.1f} suspensions per 100 pupils "
        f"({first['low']:.1f} to {first['high']:.1f}).{unsure}"
    )
