"""The list in the shape that a page shows: chosen, in order, and in words."""

from typing import Any

import pandas as pd

from analysis.protection import HIDDEN_MARK, is_hidden, is_marked, withheld
from analysis.targeting.bands import Band
from analysis.targeting.beside import Outreach, Size
from analysis.targeting.printed import chance, span, suspensions, times
from analysis.wording import amount, counted, listed
from data_model.labelled import Labelled

FILTERS = ("phase", "district", "trust_name", "governance", "admissions", "size")
"""The columns by which schools can be chosen."""
UNMET = "▲ High need, no outreach"
TOP = 3
_WORDS = ("counted", "how_high", "how_much", "how_sure", "standing")
_BANDS = {str(band): band.label.removesuffix(" than average") for band in Band}
_FAR = str(Band.MUCH_HIGHER)
_MOST_NAMED = 4
_CONTESTED = "Contested"
"""How a reply begins in which a head contests the figures."""


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
    """The list with what a table of it says: `counted, how_high, how_much, how_sure, standing, outreach_words, note,
    size_name`. `rows` have `reply` already: where each stands in its right of reply, in words.

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
        "outreach_words": pd.Series(outreach, index=rows.index, dtype="object"),
        "note": [_note(row) for row in rows.to_dict("records")],
        "size_name": rows["size"].map({str(size): size.label for size in Size}),
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
        return UNMET if row["unmet"] else Outreach.NONE.label
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


def contested(rows: pd.DataFrame) -> str:
    """Which schools' heads contest their figures, as `reply` has it; blank where none does."""
    there = rows[rows["reply"].str.startswith(_CONTESTED)]
    parts = [f"{row['school_name']} ({row['reply'][:1].lower()}{row['reply'][1:]})" for row in there.to_dict("records")]
    return f"{listed(parts)}." if parts else ""


def card(row: "pd.Series") -> dict[str, str]:
    """The three numbers of one school of the list in words (`in_words`), how many they are of, and its outreach."""
    said = {
        "How high": f"{row['how_high'].replace(' (', ' times the average (range ', 1)}",
        "How much": f"{row['how_much'].replace(' (', ' a year above average (range ', 1)}",
        "How sure": f"{row['how_sure']} to be above average next year",
        "Suspensions": row["counted"],
    }
    outreach = HIDDEN_MARK if is_marked(row, "outreach_words") else row["outreach_words"]
    said |= {"Outreach": outreach} if pd.notna(outreach) else {}
    return said | ({"Right of reply": row["reply"]} if row["reply"] else {})


_BESIDE = {
    "three_plus": "Pupils suspended three times or more in the year",
    "pupils_suspended": "Pupils suspended in the year",
    "permanent_exclusions": "Permanent exclusions in the year",
    "placements_open": "Pupils in alternative provision now",
}


def stands_beside(row: "pd.Series") -> tuple[str, ...]:
    """What stands beside the three numbers of one school, a line each; what is not loaded is left out."""
    cells = row.to_dict()
    said = [f"Outreach: {HIDDEN_MARK if is_marked(row, 'outreach') else _outreach(cells) or ''}"]
    for column, label in _BESIDE.items():
        figure = HIDDEN_MARK if is_marked(row, column) else "" if pd.isna(row[column]) else amount(row[column])
        said.append(f"{label}: {figure}")
    return tuple(each for each in (*said, _note(cells)) if each and not each.endswith(": "))


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
    """The schools with `mapped`, one of MAPPED or none where their figures are hidden, and `headcount`."""
    three = {str(Band.MUCH_HIGHER): MAPPED[0], str(Band.HIGHER): MAPPED[1]}
    named = rows["band"].map(lambda band: three.get(band, MAPPED[2]), na_action="ignore")
    return rows.assign(mapped=named, headcount=rows["pupils"])


def where(rows: pd.DataFrame) -> str:
    """In which district most of the schools much higher than average are."""
    far = rows[rows["band"].eq(_FAR) & rows["district"].notna()]
    if far.empty:
        return "No school with a place is much higher than the average of its phase."
    counts = far["district"].value_counts()
    district, number = str(counts.index[0]), int(counts.iloc[0])
    are = "is" if number == 1 else "are"
    return f"{number} of the {counted(len(far), 'school')} much higher than average {are} in {district}."


def quadrant(rows: pd.DataFrame) -> str:
    """How many of the schools in high need have no outreach."""
    high = int(rows["high_need"].sum())
    if not high:
        return "No school here is clearly above the average of its phase."
    return f"{int(rows['unmet'].sum())} of the {counted(high, 'school')} in high need had no outreach in the year."


def pointed_at(rows: pd.DataFrame) -> pd.Series:
    """What is said of each school of the list (`in_words`) where somebody points at it."""
    parts = [rows["school_name"].astype("str") + ": how much ", rows["how_much"], "; outreach: "]
    outreach = rows["outreach_words"].mask(is_hidden(rows, "outreach_words"), HIDDEN_MARK).fillna("not loaded")
    found: pd.Series = parts[0] + parts[1].astype("str") + parts[2] + outreach.astype("str")
    return found.where(rows["reply"].eq(""), found + "; " + rows["reply"])


def why_title(row: "pd.Series") -> str:
    """Which school, and where it stands, in the fixed words of its band."""
    if is_marked(row, "words"):
        return f"{row['school_name']}: its figures are hidden, to protect pupils"
    return f"{row['school_name']}: {str(row['words'])[:1].lower()}{str(row['words'])[1:]}"


MAPPED = (Band.MUCH_HIGHER.label, Band.HIGHER.label, "In line, lower, or too small to say")
"""The standings of a map, the highest first."""
