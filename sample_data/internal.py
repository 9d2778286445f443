"""Internal suspensions: what referrals count of them, and others of pupils who were suspended too.

Nothing national counts them. Referrals say how many there were in the twelve weeks before, and those are on file here
to the number; beside them about half as many as suspensions, in the schools that keep a record (an assumption).
"""

import numpy as np
import pandas as pd

from data_model.internal_suspensions import INTERNAL_SUSPENSIONS
from sample_data.arrays import Array, Random, choose, count_within
from sample_data.calendars import LA
from sample_data.consequences import is_away
from sample_data.details import at_event, numbered, reasons
from sample_data.figures import REASONS
from sample_data.frames import dataset_frame, labels
from sample_data.story import Story, with_spans

_TWELVE_WEEKS = 84
_RECORDS = 0.5  # of schools
_FOR_EACH_SUSPENSION = 0.8
_ON_FILE_IN_USE = ("DB", "VA", "VP", "PP", "DM", "MT", "BU")


def internal_suspensions_frame(story: Story, stays: pd.DataFrame, first_id: int) -> pd.DataFrame:
    """The internal suspensions dataset, in order of the day. stays: `Moved.stays`."""
    rng = story.random("internal_suspensions")
    taken = _elsewhere(story, stays)
    counted = _before_referrals(rng, story, taken)
    found = pd.concat([counted, _others(rng, story, taken, counted)], ignore_index=True)
    found = found.drop_duplicates(["pupil", "day"]).sort_values(["day", "pupil"], ignore_index=True)
    size, day = len(found), found["day"].to_numpy("datetime64[D]")
    pupil = found["pupil"].to_numpy()
    row = story.population.enrolment(pupil, story.calendars.year_of(day))
    shares = tuple((code, share) for code, share in REASONS if code in _ON_FILE_IN_USE)
    values = {
        "internal_id": numbered("I", first_id, size),
        "pupil_ref": story.world.references(pupil),
        "urn": story.urn_on(found["site"].to_numpy(), day),
        "start_date": day,
        "end_date": day,
        "sessions": np.where(rng.random(size) < 0.3, 1, 2),
        **reasons(rng, size, shares),
        "place": labels(choose(rng, np.array([90, 4, 6]), size), ("own_school", "other_school", "shared_base")),
        **at_event(story.population, row),
    }
    return dataset_frame(INTERNAL_SUSPENSIONS, pd.DataFrame(values))


def _elsewhere(story: Story, stays: pd.DataFrame) -> pd.DataFrame:
    """When a pupil cannot be kept in: suspended, excluded, in a placement, at another school: `pupil, since, until`."""
    events, placed = story.events, story.placements
    who = story.population.pupil[events.enrolment]
    taken = with_spans(story.spells[["pupil", "since", "until"]], who, events.day, events.last_day)
    taken = with_spans(taken, placed.pupil, placed.start, placed.end)
    start, end = (stays[name].to_numpy("datetime64[D]") for name in ("start", "end"))
    return with_spans(taken, stays["pupil"].to_numpy(), start, end)


def _before_referrals(rng: Random, story: Story, taken: pd.DataFrame) -> pd.DataFrame:
    """As many as each referral counts, on school days of the twelve weeks before it: `pupil, site, day`."""
    counts = story.frames["outreach_referrals"]["internal_12w"].fillna(0).to_numpy(np.int64)
    referral = np.flatnonzero((counts > 0) & story.referrals["pupil"].ge(0).to_numpy())
    received = story.referrals["received"].to_numpy("datetime64[D]")
    days = story.calendars.all_days[LA]
    first = np.searchsorted(days, received[referral] - _TWELVE_WEEKS)
    last = np.searchsorted(days, received[referral])
    size = last - first
    at = np.repeat(referral, size)
    day = days[np.repeat(first, size) + count_within(at)]
    found = pd.DataFrame({"referral": at, "pupil": story.referrals["pupil"].to_numpy()[at], "day": day})
    found["site"] = story.site_on(found["pupil"].to_numpy(), day)
    possible = found["site"].ge(0).to_numpy() & ~is_away(found["pupil"].to_numpy(), day, day, taken)
    found = found.assign(luck=rng.random(len(found)))[possible].sort_values(["referral", "luck"])
    number = found.groupby("referral").cumcount()
    return found[number.to_numpy() < counts[found["referral"]]][["pupil", "site", "day"]]


def _others(rng: Random, story: Story, taken: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """Those that no referral counts, at schools that keep a record, of pupils who were suspended in the same year."""
    events, population, calendars = story.events, story.population, story.calendars
    records = rng.random(len(story.register.sites.phase)) < _RECORDS
    rows = np.flatnonzero(records[population.site[events.enrolment, events.term]] & ~events.lunchtime)
    rows = np.repeat(rows, rng.poisson(_FOR_EACH_SUSPENSION, len(rows)))
    year = population.year[events.enrolment[rows]]
    days_in_year = calendars.lengths[LA, year].sum(axis=1)
    day = calendars.later(
        calendars.days[LA, year, 0, 0], np.floor(rng.random(len(rows)) * days_in_year).astype(np.int64)
    )
    pupil = population.pupil[events.enrolment[rows]].astype(np.int64)
    site = np.where(np.isnat(day), -1, story.site_on(pupil, np.where(np.isnat(day), calendars.last_day, day)))
    found = pd.DataFrame({"pupil": pupil, "site": site, "day": day})[records[site] & (site >= 0)]
    away = is_away(
        found["pupil"].to_numpy(), found["day"].to_numpy("datetime64[D]"), found["day"].to_numpy("datetime64[D]"), taken
    )
    return found[~away & ~_counted(story, found)]


def _counted(story: Story, found: pd.DataFrame) -> Array:
    """Whether each day lies in the twelve weeks before a referral of the pupil, which has its count already."""
    asked = story.referrals.loc[story.referrals["pupil"].ge(0), ["pupil", "received"]]
    pairs = found.assign(row=np.arange(len(found))).merge(asked, on="pupil")
    ago = (pairs["received"] - pairs["day"]).dt.days
    result = np.zeros(len(found), dtype=bool)
    result[pairs.loc[ago.between(1, _TWELVE_WEEKS), "row"]] = True
    return result
