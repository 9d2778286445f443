"""What each school of the list is, as the register has it: where, whose, how large, and what became of it."""

import numpy as np
import pandas as pd

from analysis import choices
from analysis.records import Records
from analysis.targeting.history import History
from data_model.codes import SchoolLink, YesNo
from data_model.labelled import Labelled


class Size(Labelled):
    """Where a school's latest headcount stands among those of its phase."""

    SMALL = "small", "Smallest third of its phase"
    MIDDLE = "middle", "Middle third of its phase"
    LARGE = "large", "Largest third of its phase"


DECIDED = "Decided by the authority"
"""Why a school comes first, whatever its figures say."""
_LINKS = {
    str(SchoolLink.CONVERTER): "Became an academy in {}: the same school going on",
    str(SchoolLink.SPONSORED): "New sponsored academy in {}: its figures start there",
    str(SchoolLink.MERGER): "Made by a merger in {}",
    str(SchoolLink.SPLIT): "Made by a split in {}",
}
_NOWHERE = {"district": None, "trust_name": None, "governance": None, "admissions": None, "changed": "", "priority": ""}


def come_first(records: Records) -> pd.DataFrame:
    """The schools of the register of which the authority decided that outreach goes there, whatever figures say."""
    schools = records.current_schools
    return schools[schools["outreach_priority_override"].eq(YesNo.YES)]


def named(rows: pd.DataFrame, own: Records) -> pd.DataFrame:
    """The rows with a name for every school: older published files have none."""
    names = choices.schools(own).drop_duplicates("key").set_index("key")["school_name"]
    known = rows["school_name"].astype("object")
    return rows.assign(school_name=known.where(known.notna(), rows["key"].map(names)).astype("str"))


def with_register(rows: pd.DataFrame, own: Records, history: History) -> pd.DataFrame:
    """The rows with `district, trust_name, governance, admissions, easting, northing, changed` and `priority`.

    They are as in `list_with_context`, and missing (words: blank) where a school is not in the register.
    """
    schools = own.current_schools
    if schools.empty:
        return rows.assign(**_NOWHERE, easting=np.nan, northing=np.nan)
    register = pd.DataFrame(
        {
            "key": schools["urn"],
            "district": schools["district"].astype("str"),
            "trust_name": schools["trust_name"].astype("str"),
            "governance": schools["establishment_type_group"].astype("str"),
            "admissions": schools["admissions_policy"].astype("str"),
            "easting": schools["easting"],
            "northing": schools["northing"],
            "changed": _changes(schools, history.periods[-1].bounds[0]),
            "priority": schools["urn"].isin(come_first(own)["urn"]).map({True: DECIDED, False: ""}),
        }
    )
    joined = rows.merge(register, on="key", how="left")
    return joined.assign(changed=joined["changed"].fillna(""), priority=joined["priority"].fillna(""))


def _changes(schools: pd.DataFrame, since: object) -> list[str]:
    """What became of each school since a day, blank where nothing did that is known."""
    recent = schools["open_date"].ge(pd.Timestamp(since))
    return [
        _LINKS.get(str(link), "Opened in {}").format(f"{opened:%B %Y}") if is_recent else ""
        for is_recent, link, opened in zip(recent, schools["link_type"], schools["open_date"], strict=True)
    ]


def sizes(rows: pd.DataFrame) -> pd.Series:
    """The Size of each school by its `pupils`, missing where they are."""
    place = rows.groupby("phase")["pupils"].rank(pct=True, method="average")
    parts = np.select([place <= 1 / 3, place <= 2 / 3], [str(Size.SMALL), str(Size.MIDDLE)], str(Size.LARGE))
    return pd.Series(parts, index=rows.index, dtype="str").where(rows["pupils"].notna())
