"""Which schools carry on as others.

A converter academy is the same school going on: what happened before it opened counts for it. A sponsored academy is a
new school: what is dated before it opened is dropped (DfE, suspensions and permanent exclusions methodology).
"""

import pandas as pd

from data_model.codes import SchoolLink


def carry_on(schools: pd.DataFrame) -> pd.Series:
    """The URN that carries each school's figures, with the index of `schools` (`urn, predecessor_urn, link_type`).

    It is the school's own, or that of the converter academy at the end of the chain that starts with it.
    """
    converted = schools[schools["link_type"].eq(SchoolLink.CONVERTER) & schools["predecessor_urn"].notna()]
    became = dict(zip(converted["predecessor_urn"].astype(int), converted["urn"], strict=True))
    return schools["urn"].map(lambda urn: _end_of_chain(urn, became)).astype("int64")


def _end_of_chain(urn: int, became: dict[int, int]) -> int:
    seen = {urn}
    while (after := became.get(urn, urn)) not in seen:
        urn = after
        seen.add(urn)
    return urn


def sponsored_openings(schools: pd.DataFrame) -> pd.Series:
    """The day each sponsored academy opened, by URN."""
    sponsored = schools[schools["link_type"].eq(SchoolLink.SPONSORED) & schools["open_date"].notna()]
    return sponsored.set_index("urn")["open_date"]
