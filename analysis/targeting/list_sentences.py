"""What the list says, a sentence each: its finding, and the titles of its pictures and of a school's own page."""

import pandas as pd

from analysis.hiding.protection import is_hidden, is_marked
from analysis.targeting.bands import Band
from analysis.targeting.list_views import UNMET, Order, first
from analysis.targeting.printed import chance
from analysis.wording import counted, listed, some

_HAVE = {
    Order.GAIN: ("has most to gain", "have most to gain"),
    Order.UNUSUAL: ("stands out most", "stand out most"),
}
_FAR = str(Band.MUCH_HIGHER)
_MOST_NAMED = 4
_CONTESTED = "Contested"
"""How a reply begins in which a head contests the figures."""
_NONE_HIGH = "No school here is clearly above the average of its phase."


def finding(rows: pd.DataFrame, order: Order) -> str:
    """Which three schools, why and how sure, in a sentence: `rows` are those of the list in this order."""
    top = first(rows)
    if top.empty:
        return _NONE_HIGH
    has, have = _HAVE[order]
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
    return f"{UNMET}: {some(there['school_name'], _MOST_NAMED)}."


def contested(rows: pd.DataFrame) -> str:
    """Which schools' heads contest their figures, as `reply` has it; blank where none does."""
    there = rows[rows["reply"].str.startswith(_CONTESTED)]
    parts = [f"{row['school_name']} ({row['reply'][:1].lower()}{row['reply'][1:]})" for row in there.to_dict("records")]
    return f"{listed(parts)}." if parts else ""


def few_schools(table: pd.DataFrame, what: str, of: str) -> str:
    """How few schools make up half of what is counted. `table` is `running`; `what` is said of it in words."""
    total = table[of].sum()
    if not total:
        return f"No school here has any {what}."
    few = int((table["percent"] < 50).sum()) + 1
    return f"{few} of {len(table)} schools {'makes' if few == 1 else 'make'} up half of all {what}."


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
        return _NONE_HIGH
    return f"{int(rows['unmet'].sum())} of the {counted(high, 'school')} in high need have no outreach now."


def why_title(row: "pd.Series") -> str:
    """Which school, and where it stands, in the fixed words of its band."""
    if is_marked(row, "words"):
        return f"{row['school_name']}: its figures are hidden, to protect pupils"
    return f"{row['school_name']}: {str(row['words'])[:1].lower()}{str(row['words'])[1:]}"
