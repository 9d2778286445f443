"""What changed between a list that was frozen and the list now: in words, for two lists are no trend."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.targeting.bands import HIGH_NEED, Band
from analysis.targeting.beside import Outreach
from analysis.targeting.printed import span, suspensions
from analysis.wording import counted, listed, some
from data_model.labelled import Labelled

KEPT = (
    "observed",
    "expected",
    "steadied_ratio",
    "low80",
    "high80",
    "gain",
    "gain_low",
    "gain_high",
    "chance_above",
    "band",
)
"""The figures of a school that are kept where what was said of it is written down."""
FROZEN = ("urn", "school_name", "phase", *KEPT, "outreach")
"""What is kept of each school of a list that is frozen."""
_MOST_NAMED = 3


class Change(Labelled):
    """What became of a school between two lists, what to look at first first."""

    CAME = "came", "Now in high need"
    WENT = "went", "No longer in high need"
    JOINED = "joined", "Not on the earlier list"
    LEFT = "left", "No longer on the list"
    OTHER = "other", "Changed"
    SAME = "same", "As before"


@dataclass(frozen=True, eq=False)
class Changes:
    """`rows`: `urn, school_name, change` (a Change), `change_name, words` (what changed, a phrase each), `before` and
    `now` (what there is to gain with its range, blank where the school is not on that list), what to look at first
    first. `sentence` sums it up, and `unchanged` names the schools that are as before; blank without any."""

    rows: pd.DataFrame
    sentence: str

    @property
    def changed(self) -> pd.DataFrame:
        """The rows of schools of which anything changed."""
        return self.rows[self.rows["change"].ne(str(Change.SAME))]

    @property
    def unchanged(self) -> str:
        """Which schools are as before, in a sentence."""
        names = self.rows.loc[self.rows["change"].eq(str(Change.SAME)), "school_name"]
        if names.empty:
            return ""
        return f"As before, within both ranges: {counted(len(names), 'school')} ({some(names, _MOST_NAMED)})."


def changes(before: pd.DataFrame, now: pd.DataFrame) -> Changes:
    """What changed from one list to another: both have the columns FROZEN, one row for each URN."""
    earlier, later = (_by_urn(rows) for rows in (before, now))
    urns = [*later, *(urn for urn in earlier if urn not in later)]
    rows = pd.DataFrame([_of_school(urn, earlier.get(urn), later.get(urn)) for urn in urns], columns=_COLUMNS)
    place = {str(change): number for number, change in enumerate(Change)}
    ordered = rows.sort_values("change", key=lambda each: each.map(place), kind="stable", ignore_index=True)
    return Changes(ordered, _sentence(ordered))


_COLUMNS = ["urn", "school_name", "change", "change_name", "words", "before", "now"]


def _by_urn(rows: pd.DataFrame) -> dict[int, dict[str, Any]]:
    return {int(row["urn"]): row for row in rows.to_dict("records")}


def _of_school(urn: int, earlier: dict[str, Any] | None, later: dict[str, Any] | None) -> tuple[object, ...]:
    known = later or earlier
    assert known is not None, "a school is on one list at least"
    change, words = _change(earlier, later)
    return (urn, known["school_name"], str(change), change.label, words, _gain(earlier), _gain(later))


def _change(earlier: dict[str, Any] | None, later: dict[str, Any] | None) -> tuple[Change, str]:
    if earlier is None or later is None:
        there = later or earlier
        standing = Band(there["band"]).label.lower() if there and pd.notna(there["band"]) else ""
        return (Change.JOINED, standing) if earlier is None else (Change.LEFT, standing)
    phrases = [
        phrase for phrase in (_standing(earlier, later), _of_gain(earlier, later), _reached(earlier, later)) if phrase
    ]
    was, is_now = earlier["band"] in HIGH_NEED, later["band"] in HIGH_NEED
    if was != is_now:
        return Change.CAME if is_now else Change.WENT, "; ".join(phrases)
    return (Change.OTHER if phrases else Change.SAME), "; ".join(phrases)


def _standing(earlier: dict[str, Any], later: dict[str, Any]) -> str:
    if earlier["band"] == later["band"]:
        return ""
    return f"was “{Band(earlier['band']).label.lower()}”, now “{Band(later['band']).label.lower()}”"


def _of_gain(earlier: dict[str, Any], later: dict[str, Any]) -> str:
    """Whether what there is to gain changed by more than both ranges allow: blank where they overlap."""
    if later["gain_low"] > earlier["gain_high"]:
        return "more to gain than before, beyond both ranges"
    if later["gain_high"] < earlier["gain_low"]:
        return "less to gain than before, beyond both ranges"
    return ""


def _reached(earlier: dict[str, Any], later: dict[str, Any]) -> str:
    none = str(Outreach.NONE)
    if pd.isna(earlier["outreach"]) or pd.isna(later["outreach"]):
        return ""
    if (earlier["outreach"] == none) == (later["outreach"] == none):
        return ""
    return "has had outreach since" if earlier["outreach"] == none else "no outreach any more"


def _gain(row: dict[str, Any] | None) -> str:
    if row is None:
        return ""
    if row["band"] == str(Band.TOO_SMALL):
        return Band.TOO_SMALL.label.lower()
    return f"{suspensions(row['gain'])} ({span(suspensions(row['gain_low']), suspensions(row['gain_high']))})"


def _sentence(rows: pd.DataFrame) -> str:
    parts = [
        f"{counted(len(named), 'school')} {words} ({some(named, _MOST_NAMED)})"
        for change, words in ((Change.CAME, "came into high need"), (Change.WENT, "went out of it"))
        if len(named := rows.loc[rows["change"].eq(str(change)), "school_name"])
    ]
    reached = int(rows["words"].str.contains("has had outreach since").sum())
    if reached:
        parts.append(
            f"{counted(reached, 'school')} that had no outreach {'has' if reached == 1 else 'have'} had some since"
        )
    return f"{listed(parts)}." if parts else "The same schools are in high need, and none was newly reached."
