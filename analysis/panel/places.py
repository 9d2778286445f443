"""How much room schools have: places beside pupils on roll, and pupils by year group where that is loaded."""

import pandas as pd

from analysis.denominators import census_order, latest_headcounts
from analysis.hiding.protection import withheld
from analysis.records import Records

NOT_KNOWN = "Not known"
NONE_KNOWN = (
    "How much room schools have cannot be said: it is worked out from the places in the authority’s own file of "
    "schools and the pupils in its headcounts, and neither is among DfE’s published figures. Load both under Upload."
)
"""Where no school's room and no year groups are known."""


def places(records: Records, la: int) -> pd.DataFrame:
    """The schools of an authority that are reached: `key, capacity, roll, room` (places that are free; below 0 where
    there are more pupils than places) and `room_words`. Figures are missing where they are not known.
    """
    own = records.by_la[la]
    schools = own.current_schools
    frame = pd.DataFrame({"key": schools["urn"], "capacity": schools["capacity"].astype("float64")})
    frame = frame.assign(roll=frame["key"].map(latest_headcounts(own.headcounts)))
    frame = frame.assign(room=frame["capacity"] - frame["roll"])
    return frame.assign(room_words=[_words(row) for row in frame.to_dict("records")])


def _words(row: dict[str, float]) -> str:
    if pd.isna(row["room"]):
        return NOT_KNOWN
    of = f"{row['roll']:,.0f} pupils, {row['capacity']:,.0f} places"
    return f"{row['room']:,.0f} free ({of})" if row["room"] >= 0 else f"{-row['room']:,.0f} over ({of})"


def with_year_groups(rows: pd.DataFrame, year_groups: pd.DataFrame, threshold: int | None) -> pd.DataFrame:
    """The schools of `rows` (`key`) with `year_groups`: pupils of each at the latest census, or NOT_KNOWN.

    With a `threshold`, those of a school with a year group of fewer pupils than that are hidden, all of them: the whole
    roll is shown, and one that is left out would follow.
    """
    counts = year_groups.assign(place=census_order(year_groups), year_group=year_groups["year_group"].astype("str"))
    newest = counts[counts["place"].eq(counts.groupby("urn")["place"].transform("max"))]
    words, small = {}, set()
    for urn, own in newest.groupby("urn"):
        ordered = sorted(own[["year_group", "headcount"]].itertuples(index=False), key=lambda each: _place(each[0]))
        words[urn] = ", ".join(f"Y{name} {count}" if name.isdecimal() else f"{name} {count}" for name, count in ordered)
        if threshold is not None and own["headcount"].between(1, threshold - 1).any():
            small.add(urn)
    known = rows.assign(year_groups=rows["key"].map(words).fillna(NOT_KNOWN))
    return withheld(known, rows["key"].isin(small), ["year_groups"])


def _place(name: str) -> tuple[int, str]:
    return (int(name), "") if name.isdecimal() else (-1, name)


def is_nothing_known(rows: pd.DataFrame) -> bool:
    """Whether of none of these schools (see `with_year_groups`) anything is known."""
    return bool((rows["room_words"].eq(NOT_KNOWN) & rows["year_groups"].eq(NOT_KNOWN)).all())
