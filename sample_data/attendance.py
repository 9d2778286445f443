"""The attendance dataset: weeks of pupils with a placement, a case or a stay at another school, from some weeks before
until some weeks after."""

from typing import Any

import numpy as np
import pandas as pd

from data_model.attendance import ATTENDANCE
from sample_data.arrays import Array, Random, count_within
from sample_data.calendars import Calendars
from sample_data.consequences import is_away, open_stay
from sample_data.events import Events
from sample_data.frames import dataset_frame
from sample_data.placements import Placements
from sample_data.population import Population
from sample_data.schools import Register
from sample_data.world import World

_DAYS_AROUND = 42
_FIRST_MONDAY = np.datetime64("1970-01-05")
_SOLE_TIER = 3
_AUTHORISED = 0.55
_BETTER_IN_SMALL_CLASSES = 0.04
_FAR = pd.Timestamp("2100-01-01")


def attendance_frame(
    rng: Random,
    world: World,
    placements: Placements,
    cases: pd.DataFrame,
    stays: pd.DataFrame,
    events: Events,
    spells: pd.DataFrame,
) -> pd.DataFrame:
    """Sessions by pupil, school and week: at the main school, and at the AP school while registered there.

    stays: `Moved.stays`. In the weeks that such a stay covers from the Monday on, the other school has the sessions.
    """
    register, population, calendars = world.register, world.population, world.calendars
    weeks = _weeks(placements, cases, stays, spells, population, calendars)
    rows = _at_schools(weeks, placements, stays, population, register, calendars)
    rows = rows[_is_open(rows, register)].sort_values(["monday", "pupil", "urn"], kind="stable", ignore_index=True)
    values = {
        "pupil_ref": world.references(rows["pupil"].to_numpy()),
        "urn": rows["urn"],
        "week_start": rows["monday"],
        **_sessions(rng, rows, events, population, calendars),
    }
    return dataset_frame(ATTENDANCE, pd.DataFrame(values))


def _weeks(
    placements: Placements,
    cases: pd.DataFrame,
    stays: pd.DataFrame,
    spells: pd.DataFrame,
    population: Population,
    calendars: Calendars,
) -> pd.DataFrame:
    """The weeks, on roll and in term, around each placement, case and stay: `pupil, monday`, and `placement` and `stay`
    (their rows, or -1)."""
    others = pd.concat([cases.loc[cases["pupil"] >= 0, ["pupil", "start", "end"]], stays])
    pupil = np.r_[placements.pupil, others["pupil"].to_numpy()]
    start = np.r_[placements.start, others["start"].to_numpy("datetime64[D]")]
    end = np.r_[placements.end, others["end"].to_numpy("datetime64[D]")]
    first = _week(np.maximum(start - _DAYS_AROUND, calendars.first_days[0]))
    last = _week(np.minimum(np.where(np.isnat(end), calendars.last_day, end + _DAYS_AROUND), calendars.last_day))
    length = np.maximum(last - first + 1, 0)
    spell = np.repeat(np.arange(len(length)), length)
    weeks = pd.DataFrame({"pupil": pupil[spell], "week": first[spell] + count_within(spell)})
    weeks = weeks.drop_duplicates().sort_values(["pupil", "week"], ignore_index=True)
    weeks["monday"] = _FIRST_MONDAY + 7 * weeks["week"].to_numpy()
    weeks["placement"] = _open_placement(weeks, placements)
    own, monday = weeks["pupil"].to_numpy(), weeks["monday"].to_numpy("datetime64[D]")
    weeks["stay"] = open_stay(own, monday, stays)
    weeks["enrolment"] = population.enrolment(own, calendars.year_of(monday + 4))
    at_school = (weeks["placement"] >= 0) | ~is_away(own, monday, monday + 4, spells)
    return weeks[at_school & (weeks["enrolment"] >= 0)].reset_index(drop=True)


def _week(days: Array) -> Array:
    return np.asarray((days - _FIRST_MONDAY).astype(np.int64) // 7)


def _open_placement(weeks: pd.DataFrame, placements: Placements) -> Array:
    """The last placement that each pupil was in during a week, -1 for none."""
    rows = pd.DataFrame({"row": np.arange(len(weeks)), "pupil": weeks["pupil"], "monday": weeks["monday"]})
    spans = pd.DataFrame(
        {"placement": np.arange(len(placements.pupil)), "pupil": placements.pupil, "start": placements.start}
    ).assign(end=pd.Series(placements.end).fillna(_FAR))
    pairs = rows.merge(spans, on="pupil")
    friday = pairs["monday"] + pd.Timedelta(days=4)
    pairs = pairs[(pairs["start"] <= friday) & (pairs["end"] >= pairs["monday"])]
    result = np.full(len(weeks), -1)
    result[pairs["row"]] = pairs["placement"]
    return result


def _at_schools(
    weeks: pd.DataFrame,
    placements: Placements,
    stays: pd.DataFrame,
    population: Population,
    register: Register,
    calendars: Calendars,
) -> pd.DataFrame:
    """A row for each pupil, week and school: `pupil, week, monday, urn, possible`, and the sessions elsewhere by code.

    `away` is coded D at the main school; `off_site` is coded B.
    """
    enrolment, placement = weeks["enrolment"].to_numpy(), weeks["placement"].to_numpy()
    monday = weeks["monday"].to_numpy("datetime64[D]")
    home = population.site[enrolment, calendars.term_of(monday)]
    stay = weeks["stay"].to_numpy()
    site = np.where(stay >= 0, np.r_[stays["goes_to"].to_numpy(np.int64), -1][stay], home)
    possible = _possible(weeks["week"].to_numpy(), register.sites.calendar[site], calendars)
    # One more entry, for the weeks without a placement (-1).
    at_ap = np.r_[placements.at_ap_school, False][placement]
    sole = at_ap & (np.r_[placements.tier, 0][placement] == _SOLE_TIER)
    elsewhere = np.minimum(np.r_[placements.sessions, 0][placement], possible)
    dual = np.where(at_ap & ~sole, elsewhere, 0)
    main = weeks.assign(
        urn=register.urn_at(site, population.year[enrolment]),
        possible=possible - dual,
        away=dual,
        off_site=np.where(at_ap, 0, elsewhere),
    )[~sole]
    in_ap = weeks.assign(
        urn=np.r_[placements.provider_urn, 0][placement], possible=np.where(sole, possible, dual), away=0, off_site=0
    )[at_ap]
    rows = pd.concat([main, in_ap], ignore_index=True)
    return rows[rows["possible"] > 0]


def _possible(week: Array, calendar: Array, calendars: Calendars) -> Array:
    """Sessions of each week: two for each school day of the calendar."""
    first = _week(calendars.first_days[:1])[0] - 1
    counts = np.zeros((len(calendars.all_days), 60 * calendars.years + 10), dtype=np.int64)
    for number, days in enumerate(calendars.all_days):
        np.add.at(counts[number], _week(days) - first, 2)
    return np.asarray(counts[calendar, week - first])


def _is_open(rows: pd.DataFrame, register: Register) -> Array:
    """Whether the week starts while the school is open."""
    life = register.frame.set_index("urn")[["open_date", "close_date"]].loc[rows["urn"]]
    monday = rows["monday"].to_numpy()
    return np.asarray(~(monday < life["open_date"].to_numpy()) & ~(monday > life["close_date"].to_numpy()))


def _sessions(
    rng: Random, rows: pd.DataFrame, events: Events, population: Population, calendars: Calendars
) -> dict[str, Any]:
    possible, in_ap = rows["possible"].to_numpy(), rows["placement"].to_numpy() >= 0
    suspended = np.minimum(_suspended(rows, events, population, calendars), possible)
    usual = rng.beta(8, 1.9, len(population.reception))[rows["pupil"]]
    chance = np.clip(usual + _BETTER_IN_SMALL_CLASSES * in_ap, 0, 1)
    present = rng.binomial(possible - suspended, chance)
    absent = possible - suspended - present
    authorised = rng.binomial(absent, _AUTHORISED)
    return {
        "possible": possible,
        "present": present,
        "authorised": authorised + suspended,
        "unauthorised": absent - authorised,
        "code_e": suspended,
        "code_b": np.minimum(rows["off_site"].to_numpy(), present),
        "code_d": rows["away"],
        "code_k": 0,
    }


def _suspended(rows: pd.DataFrame, events: Events, population: Population, calendars: Calendars) -> Array:
    """Sessions of each row that the pupil was suspended for from that school."""
    pupil = population.pupil[events.enrolment]
    own = events[np.isin(pupil, rows["pupil"]) & ~events.lunchtime]
    days = (own.sessions + own.afternoon + 1) // 2
    event = np.repeat(np.arange(len(days)), days)
    number = count_within(event)
    day = calendars.later(own.day[event], number)
    lost = 2 - ((number == 0) & own.afternoon[event])
    lost = lost - ((number == days[event] - 1) & ((own.sessions + own.afternoon) % 2 == 1)[event])
    by_week = pd.DataFrame(
        {"pupil": population.pupil[own.enrolment][event], "urn": own.urn[event], "week": _week(day), "lost": lost}
    )
    totals = by_week.groupby(["pupil", "urn", "week"], as_index=False)["lost"].sum()
    found = rows.merge(totals, on=["pupil", "urn", "week"], how="left")["lost"].fillna(0)
    return np.asarray(found.to_numpy(np.int64))
