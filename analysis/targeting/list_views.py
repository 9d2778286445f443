"""The list in the shape that a page shows: chosen, in order, and in words."""

from typing import Any

import pandas as pd

from analysis.protection import HIDDEN_MARK, is_hidden, is_marked, withheld
from analysis.targeting.bands import Band
from analysis.targeting.beside import Outreach
from analysis.targeting.printed import chance, span, suspensions, times
from analysis.wording import amount, counted, listed
from data_model.labelled import Labelled

FILTERS = ("phase", "district", "trust_name", "governance", "admissions", "size")
"""The columns by which schools can be chosen."""
UNMET = "▲ High need, no outreach"
TOP = 3
_WORDS = ("counted", "how_high", "how_much", "how_sure", "standing")
_BANDS = {str(band): band.label for band in Band}
_FAR = str(Band.MUCH_HIGHER)
_MOST_NAMED = 4


class Order(Labelled):
    """What comes first on the list."""

    GAIN = "gain", "Most to gain"
    UNUSUAL = "unusual", "Most unusual"


_BY = {
    Order.GAIN: (["gain", "steadied_ratio"], "have most to gain", "has most to gain"),
    Order.UNUSUAL: (["steadied_ratio", "gain"], "stand out most", "stands out most"),
}


def options(rows: pd.DataFrame, column: str) -> tuple[str, ...]:
    """What a column of FILTERS holds, in the order of the alphabet."""
    return tuple(sorted(rows[column].dropna().astype("str").unique()))


def chosen(rows: pd.DataFrame, **filters: str | None) -> pd.DataFrame:
    """The schools of one phase, district and so on (FILTERS), all where that is None."""
    for column, value in filters.items():
        assert column in FILTERS, column
        rows = rows[rows[column].eq(value)] if value else rows
    return rows


def in_order(rows: pd.DataFrame, order: Order) -> pd.DataFrame:
    """The schools in an order, those whose figures are hidden at the end."""
    by, _, _ = _BY[order]
    return rows.sort_values([*by, "key"], ascending=[False, False, True], ignore_index=True)


def first(rows: pd.DataFrame, most: int = TOP) -> pd.DataFrame:
    """The first schools of a list in its order that stand above the average."""
    return rows[rows["high_need"]].head(most)


def in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """The list with what a table of it says: `counted, how_high, how_much, how_sure, standing, attention,
    outreach_words, note`.

    Of a school that is too small, the numbers are those words; where its figures are hidden, so are these.
    """
    small = rows["band"].eq(str(Band.TOO_SMALL))
    said = [_row(row) for row in rows.to_dict("records")]
    words = pd.DataFrame(said, index=rows.index, columns=list(_WORDS), dtype="object")
    for column in ("how_high", "how_much", "how_sure"):
        words[column] = words[column].mask(small, Band.TOO_SMALL.label.lower())
    hidden = is_hidden(rows, "steadied_ratio")
    shown = withheld(rows.assign(**{name: words[name] for name in _WORDS}), hidden, _WORDS)
    outreach = [_outreach(row) for row in rows.to_dict("records")]
    texts = {
        "attention": rows["unmet"].map({True: UNMET, False: ""}),
        "outreach_words": pd.Series(outreach, index=rows.index, dtype="object"),
        "note": [_note(row) for row in rows.to_dict("records")],
    }
    return withheld(shown.assign(**texts), is_hidden(rows, "outreach"), ["outreach_words"])


def _row(row: dict[str, Any]) -> tuple[str, ...] | None:
    if pd.isna(row["steadied_ratio"]):
        return ("",) * len(_WORDS)
    return (
        f"{amount(row['observed'])} (average {suspensions(row['expected'])})",
        f"{times(row['steadied_ratio'])} ({span(times(row['low80']), times(row['high80']))})",
        f"{suspensions(row['gain'])} ({span(suspensions(row['gain_low']), suspensions(row['gain_high']))})",
        chance(row["chance_above"]),
        _BANDS[row["band"]],
    )


def _outreach(row: dict[str, Any]) -> str | None:
    if pd.isna(row["outreach"]):
        return None
    if row["outreach"] == str(Outreach.NONE):
        return Outreach.NONE.label
    cases = counted(row["open_cases"], "open case") if row["open_cases"] else "none open now"
    if pd.isna(row["hours"]):
        return cases if row["open_cases"] else Outreach.EARLIER.label
    return f"{cases}; {counted(row['contacts'], 'contact')}, {counted(round(row['hours']), 'hour')} in the year"


def _note(row: dict[str, Any]) -> str:
    priority = "First by decision of the authority" if row["priority"] else ""
    return ". ".join(part for part in (priority, row["changed"]) if part)


def finding(rows: pd.DataFrame, order: Order) -> str:
    """Which three schools, why and how sure, in a sentence: `rows` are those of the list in this order."""
    top = first(rows)
    if top.empty:
        return "No school here is clearly above the average of its phase."
    _, have, has = _BY[order]
    far = "far more" if top["band"].eq(_FAR).all() else "more"
    same = "schools of their size and phase" if len(top) > 1 else "schools of its size and phase"
    names = listed(list(top["school_name"].astype("str")))
    return (
        f"{names} {have if len(top) > 1 else has}: {far} suspensions than {same} average here, and "
        f"{_sure(top)} to be above average next year."
    )


def _sure(top: pd.DataFrame) -> str:
    said = [chance(each) for each in top["chance_above"]]
    if len(set(said)) == 1:
        return f"{'each ' if len(said) > 1 else ''}{said[0]} sure"
    return f"{listed(said)} sure"


def unmet(rows: pd.DataFrame) -> str:
    """Which schools of a list have high need and no outreach; blank where nothing is known of outreach."""
    if rows["outreach"].isna().all() and not is_hidden(rows, "outreach").any():
        return ""
    there = rows[rows["unmet"]]
    if there.empty:
        return "Every school in high need whose outreach can be shown has had some in the year."
    names = [str(name) for name in there["school_name"].head(_MOST_NAMED)]
    more = len(there) - len(names)
    return f"{UNMET}: {listed([*names, f'{more} more'] if more else names)}."


def card(row: "pd.Series") -> tuple[str, ...]:
    """The three numbers of one school of the list in words (`in_words`), and its outreach: a line each."""
    lines = [
        f"How high: {row['how_high'].replace(' (', ' times the average (range ', 1)}",
        f"How much: {row['how_much'].replace(' (', ' a year above average (range ', 1)}",
        f"How sure: {row['how_sure']} to be above average next year",
        f"Suspensions: {row['counted']}",
    ]
    if row["attention"]:
        return (*lines, row["attention"])
    outreach = HIDDEN_MARK if is_marked(row, "outreach_words") else row["outreach_words"]
    return (*lines, f"Outreach: {outreach}") if pd.notna(outreach) else tuple(lines)


def running(rows: pd.DataFrame, of: str) -> pd.DataFrame:
    """The schools whose `of` (gain, or observed) is shown, most first, with `percent`, the running share of all."""
    shown = rows.dropna(subset=[of]).sort_values([of, "key"], ascending=[False, True], ignore_index=True)
    total = shown[of].sum()
    return shown.assign(percent=100 * shown[of].cumsum() / total if total else 0.0)


def few_schools(table: pd.DataFrame, what: str, of: str, share: float = 0.5) -> str:
    """How few schools make up half of what is counted. `table` is `running`; `what` is said of it in words."""
    total = table[of].sum()
    if not total:
        return f"No school here has any {what}."
    few = int((table["percent"] < 100 * share).sum()) + 1
    return f"{few} of {len(table)} schools {'makes' if few == 1 else 'make'} up half of all {what}."


def on_map(rows: pd.DataFrame) -> pd.DataFrame:
    """The schools with `standing` in three words for a map, none where their figures are hidden, and `headcount`."""
    three = {str(Band.MUCH_HIGHER): MAPPED[0], str(Band.HIGHER): MAPPED[1]}
    named = rows["band"].map(lambda band: three.get(band, MAPPED[2]), na_action="ignore")
    return rows.assign(standing=named, headcount=rows["pupils"])


MAPPED = (Band.MUCH_HIGHER.label, Band.HIGHER.label, "In line, lower, or too small to say")
"""The standings of a map, the highest first."""
