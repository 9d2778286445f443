"""Whether schools take their share of the pupils who leave alternative provision for a new mainstream school.

A school's share of those pupils (with its Wilson range) stands beside its share of the phase's pupils on roll. Pupils
who went back to their own school are not counted: taking one's own pupil back is no share of anybody else's.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analysis.denominators import latest_headcounts, open_at
from analysis.hiding.protection import is_hidden, withheld
from analysis.panel.counts import hidden_cells, with_count
from analysis.records import Records
from analysis.statistics.intervals import wilson
from analysis.wording import counted, listed
from data_model.codes import Phase, PlacementEnd
from data_model.terms import in_words

MAINSTREAM = (str(Phase.PRIMARY), str(Phase.SECONDARY))
FEWEST = 10
"""Pupils taken by all schools of a phase, below which nothing is said of any one's share."""
YEARS = 3
MORE, LESS, ALIKE = "More than its share", "Less than its share", "About its share, or we cannot tell"
TOO_SMALL = "Too small to say"
_NAME = "pupils taken"


@dataclass(frozen=True, eq=False)
class FairShare:
    """`rows`, a mainstream school each: `key, school_name, phase, district, taken` (pupils), `of_all` (by its phase),
    `share, low, high` (percent, 95 % range; `share_words`), `roll_share` (its percent of the phase's pupils on roll;
    `roll_words`),
    `says` (MORE, LESS, ALIKE or TOO_SMALL, missing where hidden) and `hidden`. `since` to `until`: the days counted.
    """

    rows: pd.DataFrame
    since: date
    until: date


def fair_share(records: Records, la: int) -> FairShare | None:
    """The shares of the schools that are reached; None where no placements are loaded."""
    own = records.by_la[la]
    deciding, until = own.deciding, own.now
    if until is None or not deciding.loaded["ap_placements"]:
        return None
    since = until - timedelta(days=round(365.25 * YEARS))
    taken = _taken(deciding, since)
    schools = _mainstream(deciding, until)
    rows = with_count(schools, "taken", taken, own, _NAME)
    in_phase = taken.drop_duplicates(["urn", "pupil"])["phase"].value_counts()
    rows["of_all"] = rows["phase"].map(in_phase).fillna(0).astype("float64")
    phases = {key for key, _ in hidden_cells(own, _NAME, taken)}
    gone = is_hidden(rows, "taken") | rows["phase"].isin(phases)
    rows = withheld(_with_shares(rows), gone, ["taken", "share", "low", "high", "says", "share_words"])
    rows = withheld(rows, rows["phase"].isin(phases), ["of_all"])
    reached = rows["key"].isin(own.current_schools["urn"])
    return FairShare(rows[reached].reset_index(drop=True), since, until)


def _taken(records: Records, since: date) -> pd.DataFrame:
    """Pupils who went from alternative provision to a new mainstream school: `urn` (of that school), `phase, pupil`."""
    ends = records.placements
    ends = ends[ends["end_reason"].eq(str(PlacementEnd.NEW_MAINSTREAM)) & ends["end_date"].gt(pd.Timestamp(since))]
    register = records.schools.set_index("urn")
    going_on = ends["destination_urn"].map(register["current_urn"])
    taken = ends.assign(home=ends["urn"], urn=going_on)[going_on.notna()]
    phase = taken["urn"].map(register["phase"].astype("str"))
    taken = taken.assign(urn=taken["urn"].astype("int64"), phase=phase)
    new = taken["urn"].ne(taken["home"]) & taken["phase"].isin(MAINSTREAM)
    return taken.loc[new, ["urn", "phase", "pupil"]]


def _mainstream(records: Records, day: date) -> pd.DataFrame:
    """The mainstream schools that are open: `key, school_name, phase, district, roll`, the latest headcount."""
    schools = records.current_schools
    here = records.schools.loc[open_at(records.schools, day), "current_urn"]
    own = schools[schools["phase"].isin(MAINSTREAM) & schools["urn"].isin(here)]
    frame = pd.DataFrame(
        {
            "key": own["urn"],
            "school_name": own["school_name"].astype("str"),
            "phase": own["phase"].astype("str"),
            "district": own["district"].astype("str"),
        }
    )
    return frame.assign(roll=frame["key"].map(latest_headcounts(records.headcounts)))


def _with_shares(rows: pd.DataFrame) -> pd.DataFrame:
    whole = rows.groupby("phase")["roll"].transform("sum")
    roll = rows["roll"] / whole
    enough = rows["of_all"].ge(FEWEST)
    some = rows["of_all"].where(rows["of_all"].gt(0), 1.0)
    counts = rows["taken"].fillna(0.0)
    low, high = wilson(counts.to_numpy(), some.to_numpy())
    says = np.select([~enough, low > roll, high < roll], [TOO_SMALL, MORE, LESS], ALIKE)
    frame = rows.assign(
        share=(100 * counts / some).where(enough),
        low=pd.Series(100 * low, index=rows.index).where(enough),
        high=pd.Series(100 * high, index=rows.index).where(enough),
        roll_share=100 * roll,
        roll_words=[_of_roll(own, every) for own, every in zip(rows["roll"], whole, strict=True)],
        says=pd.Series(says, index=rows.index, dtype="str").where(roll.notna()),
    )
    return frame.assign(share_words=[_words(row) for row in frame.to_dict("records")])


def _words(row: dict[str, float]) -> str:
    if np.isnan(row["share"]):
        return TOO_SMALL
    return f"{row['share']:.0f}% ({row['low']:.0f}% to {row['high']:.0f}%)"


def _of_roll(own: float, every: float) -> str | None:
    return f"{100 * own / every:.0f}% ({own:,.0f} of {every:,.0f})" if own >= 0 and every > 0 else None


def finding(found: FairShare, rows: pd.DataFrame) -> str:
    """Which of these schools took more or less than their share, in words; `rows` are some of those of `found`."""
    when = f"between {in_words(found.since)} and {in_words(found.until)}"
    if rows.empty:
        return "Shares of pupils taken are worked out for primary and secondary schools alone."
    said = []
    for says, words in ((MORE, "more"), (LESS, "less")):
        names = [str(name) for name in rows.loc[rows["says"].eq(says), "school_name"]]
        if names:
            said.append(f"{listed(names)} took {words} than {'its' if len(names) == 1 else 'their'} share")
    if said:
        return f"{'; '.join(said)} of pupils who left alternative provision for a new school {when}."
    if is_hidden(rows, "taken").any():
        return f"Too few pupils left alternative provision for a new school {when} to say more here."
    if rows["of_all"].lt(FEWEST).all():
        return f"Too small to say who takes a fair share: {counted(rows['of_all'].max(), 'pupil')} {when}."
    return f"No school clearly took more or less than its share of pupils who left alternative provision {when}."
