"""Tonight's list: every child whom a panel is asked about and of whom it has not decided, the nearest limit first."""

from datetime import date

import pandas as pd

from analysis.clocks.definitions import CLOCKS, FAIR_ACCESS, State
from analysis.clocks.table import needing_attention
from analysis.pupil_story.roll import year_groups
from analysis.wording import counted
from data_model.casework_codes import FairAccessCategory, Panel, PanelBusiness, PanelDecision
from data_model.codes import Phase
from data_model.labelled import Labelled
from data_model.terms import in_words

NOT_SAID = "Not said"
_SAID = (
    "school_name",
    "year_group",
    "business_words",
    "category_words",
    "waiting_days",
    "due",
    "due_words",
    "clocks_words",
    "limits_words",
    "deferred_words",
)
_ASKED = {str(PanelBusiness.ADMISSION): "A school place", str(PanelBusiness.INCLUSION): "Placement of a child on roll"}
_NO_LIMIT = ("No limit in law", "None near")
_CLOCK_NAMES = {clock.id: clock.name for clock in CLOCKS}


def before(referrals: pd.DataFrame, schools: pd.DataFrame, panel: str) -> pd.DataFrame:
    """The referrals that come before a panel, named for a phase or a district: the one they name, or their school's.

    The same as a panel's grant reaches (access/reach.py). `schools` are those of `analysis.queries`.
    """
    register = schools.set_index("urn")
    phase = referrals["urn"].map(register["phase"].astype("str"))
    district = referrals["urn"].map(register["district"].astype("str"))
    of_school = (phase if panel in set(Phase) else district).eq(panel)
    named = referrals["panel"].astype(object)
    own = named.eq(panel) if panel in set(Phase) else named.eq(str(Panel.DISTRICT)) & of_school
    return referrals[own | (named.isna() & of_school)]


def undecided(referrals: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """The referrals without a decision, or deferred alone, with `deferred`: when last, missing where never."""
    over = decisions["decision"].notna() & decisions["decision"].ne(str(PanelDecision.DEFER))
    still = referrals[~referrals["fap_ref"].isin(decisions.loc[over, "fap_ref"])]
    last = decisions.loc[decisions["decision"].eq(str(PanelDecision.DEFER))].groupby("fap_ref")["meeting_date"].max()
    return still.assign(deferred=last.reindex(still["fap_ref"]).set_axis(still.index))


def agenda(
    waiting: pd.DataFrame, clocks: pd.DataFrame, pupils: pd.DataFrame, schools: pd.DataFrame, on: date
) -> pd.DataFrame:
    """One row a referral that waits (`undecided`), the nearest day for a place first, then the longest wait.

    `clocks` are those of the children (`clocks_of`), `pupils` what is known of them. Columns: `fap_ref, pupil_ref, urn,
    school_name, year_group, business_words, category` (absent where the scope may not read it), `category_words`,
    `waiting_days` (since the referral), `due` (for a place; missing where none is), `due_words`, `clocks_words` (other
    limits that are near), `limits_words` (both), `deferred_words` (`New` where it never was).
    """
    names, years = schools.set_index("urn")["school_name"].astype("str"), year_groups(pupils, on)
    place = clocks[clocks["clock"].eq(FAIR_ACCESS.id) & clocks["met"].isna()].sort_values("started")
    places = {row["pupil_ref"]: row for row in place.to_dict("records")}
    near = needing_attention(clocks[clocks["clock"].ne(FAIR_ACCESS.id)], on)
    found = []
    for row in waiting.to_dict("records"):
        pupil = row["pupil_ref"]
        due = places.get(pupil) if row["business"] == str(PanelBusiness.ADMISSION) else None
        said = {
            "school_name": names.get(row["urn"], "No school"),
            "year_group": years.get(pupil, NOT_SAID),
            "business_words": _ASKED.get(str(row["business"]), NOT_SAID),
            "waiting_days": (pd.Timestamp(on) - row["referral_date"]).days,
            "due": due["due"] if due else pd.NaT,
            "due_words": _left(due) if due else _NO_LIMIT[0],
            "clocks_words": _named(near[near["pupil_ref"].eq(pupil)]),
            "deferred_words": "New" if pd.isna(row["deferred"]) else f"Deferred on {in_words(row['deferred'].date())}",
        }
        if "category" in row:
            category = _label(row["category"], FairAccessCategory)
            said["category_words"] = f"({row['category']}) {category}" if category else "None"
        said["limits_words"] = "; ".join(
            each for each in (said["due_words"], said["clocks_words"]) if each not in _NO_LIMIT
        )
        found.append(row | said | {"limits_words": said["limits_words"] or "None near"})
    rows = pd.DataFrame(
        found, columns=[*waiting, *(name for name in _SAID if name != "category_words" or "category" in waiting)]
    )
    rows = rows.astype({"due": "datetime64[s]"})
    return rows.sort_values(["due", "referral_date", "fap_ref"], kind="stable", ignore_index=True)


def _label(code: object, kind: type[Labelled]) -> str | None:
    return None if pd.isna(code) else kind(str(code)).label


def _left(row: dict[str, object]) -> str:
    day, left = in_words(pd.Timestamp(str(row["due"])).date()), int(float(str(row["school_days_left"])))
    if row["state"] == str(State.LATE):
        return f"{day}: late by {counted(-left, 'school day')}" if left else f"{day}: over"
    return f"{day}: {counted(left, 'school day')} left" if left else f"{day}: today"


def _named(rows: pd.DataFrame) -> str:
    names = [f"{_CLOCK_NAMES[row.clock]} ({State(str(row.state)).label.lower()})" for row in rows.itertuples()]
    return "; ".join(dict.fromkeys(names)) or _NO_LIMIT[1]
