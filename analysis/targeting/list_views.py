"""The list in the shape that a page shows: chosen, in order, and in words."""

from typing import Any

import pandas as pd

from analysis.hiding.protection import HIDDEN_MARK, is_hidden, is_marked, withheld
from analysis.targeting.bands import Band
from analysis.targeting.beside import Outreach
from analysis.targeting.printed import chance, span, suspensions, times
from analysis.targeting.register import Size
from analysis.wording import amount, counted, labels
from data_model.labelled import Labelled

FILTERS = ("phase", "district", "trust_name", "governance", "admissions", "size")
"""The columns by which schools can be chosen."""
UNMET = "▲ High need, no outreach"
MAPPED = (Band.MUCH_HIGHER.label, Band.HIGHER.label, "In line, lower, or too small to say")
"""The standings of a map, the highest first."""
TOP = 3
"""How many schools are named first."""
_WORDS = ("counted", "how_high", "how_much", "how_sure", "standing")
_BANDS = {str(band): band.label.removesuffix(" than average") for band in Band}


class Order(Labelled):
    """What comes first on the list."""

    GAIN = "gain", "Most to gain"
    UNUSUAL = "unusual", "Most unusual"


_BY = {Order.GAIN: ["gain", "steadied_ratio"], Order.UNUSUAL: ["steadied_ratio", "gain"]}


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
    return rows.sort_values([*_BY[order], "key"], ascending=[False, False, True], ignore_index=True)


def first(rows: pd.DataFrame) -> pd.DataFrame:
    """The first schools of a list in its order that stand above the average."""
    return rows[rows["high_need"]].head(TOP)


def in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """The list with what a table of it says: `counted, how_high, how_much, how_sure, standing, outreach_words,
    outreach_brief` (without contacts), `note, size_name`. `rows` have `reply` already: where each stands in its
    right of reply, in words.

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
    brief = [_outreach(row, brief=True) for row in rows.to_dict("records")]
    texts = {
        "outreach_words": pd.Series(outreach, index=rows.index, dtype="object"),
        "outreach_brief": pd.Series(brief, index=rows.index, dtype="object"),
        "note": [_note(row) for row in rows.to_dict("records")],
        "size_name": labels(rows["size"], Size),
    }
    return withheld(shown.assign(**texts), is_hidden(rows, "outreach"), ["outreach_words", "outreach_brief"])


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


def _outreach(row: dict[str, Any], *, brief: bool = False) -> str | None:
    if pd.isna(row["outreach"]):
        return None
    if row["outreach"] == str(Outreach.NONE):
        return UNMET if row["unmet"] else Outreach.NONE.label
    cases = counted(row["open_cases"], "open case") if row["open_cases"] else "none open now"
    if pd.isna(row["hours"]):
        return cases if row["open_cases"] else Outreach.EARLIER.label
    hours = f"{counted(round(row['hours']), 'hour')} in the year"
    return f"{cases}; {hours}" if brief else f"{cases}; {counted(row['contacts'], 'contact')}, {hours}"


def _note(row: dict[str, Any]) -> str:
    priority = "First by decision of the authority" if row["priority"] else ""
    return ". ".join(part for part in (priority, row["changed"]) if part)


def card(row: "pd.Series") -> dict[str, str]:
    """The three numbers of one school of the list in words (`in_words`), how many they are of, and its outreach."""
    said = {
        "How high": row["how_high"].replace(" (", " times the average (range ", 1),
        "How much": row["how_much"].replace(" (", " a year above average (range ", 1),
        "How sure": f"{row['how_sure']} to be above average next year",
        "Suspensions": row["counted"],
    }
    said |= {"Year before": row["swing"]} if row["swing"] else {}
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
    """The schools whose `of` (gain, observed) is shown, most first, with `percent`, the running share, and `total`."""
    shown = rows.dropna(subset=[of]).sort_values([of, "key"], ascending=[False, True], ignore_index=True)
    total = shown[of].sum()
    return shown.assign(total=total, percent=100 * shown[of].cumsum() / total if total else 0.0)


def on_map(rows: pd.DataFrame) -> pd.DataFrame:
    """The schools with `mapped`, one of MAPPED or none where their figures are hidden, and `headcount`."""
    high = {str(Band.MUCH_HIGHER): MAPPED[0], str(Band.HIGHER): MAPPED[1]}
    mapped = rows["band"].map(lambda band: high.get(band, MAPPED[2]), na_action="ignore")
    return rows.assign(mapped=mapped, headcount=rows["pupils"])


def pointed_at(rows: pd.DataFrame) -> pd.Series:
    """What is said of each school of the list (`in_words`) where somebody points at it."""
    parts = [rows["school_name"].astype("str") + ": how much ", rows["how_much"], "; outreach: "]
    outreach = rows["outreach_words"].mask(is_hidden(rows, "outreach_words"), HIDDEN_MARK).fillna("not loaded")
    found: pd.Series = parts[0] + parts[1].astype("str") + parts[2] + outreach.astype("str")
    return found.where(rows["reply"].eq(""), found + "; " + rows["reply"])
