"""First response: calls that contacts and referrals tell of, anonymous ones, and heads who consider exclusion.

How many calls a line gets is nowhere published. Assumed: two for each school and year, most of them anonymous;
Lincolnshire's consultations last 40 minutes (source 89, a service's own page). Where a child was after 5 and 20
school days is read off the other files, and nothing is made to look averted: one head in three goes on to exclude.
"""

import numpy as np
import pandas as pd

from data_model.first_response import FIRST_RESPONSE
from sample_data.arrays import Array, Random, choose
from sample_data.calendars import LA
from sample_data.contacts import PHONE_LINE
from sample_data.details import YEAR_GROUPS, numbered
from sample_data.figures import PRIMARY
from sample_data.frames import dataset_frame, known, labels
from sample_data.moves import Moved
from sample_data.referrals import CONCERNS
from sample_data.story import Story

_ANONYMOUS_A_YEAR = 1.4  # calls for each school that no contact and no referral tells of
_EXCLUDED, _NOT_EXCLUDED = 0.5, 2.0  # heads who called first, and calls about others for each of those
_THEMES = np.array([38, 16, 22, 9, 2, 2, 5, 4, 2])
_KINDS = ("advice", "consultation", "pex_considered", "staff", "signposting", "existing_case")
_KIND_SHARES = np.array([46, 22, 0, 12, 14, 6])
_PEX = _KINDS.index("pex_considered")
_CALLERS = ("head", "senco", "pastoral", "teacher", "parent", "social_worker")
_CALLER_SHARES = np.array([14, 38, 30, 9, 6, 3])
_ADVICE = ("strategy", "challenge", "visit", "refer", "signposted", "none")
_ADVICE_SHARES = np.array([46, 0, 18, 12, 18, 6])
_OFFERS = ("outreach", "consultation", "ap_t2", "off_site", "managed_move", "multi_agency", "nothing")
_OFFER_SHARES = np.array([28, 20, 18, 10, 10, 9, 5])
_CHANNELS = ("phone", "booked", "online")
_NEVER = np.datetime64("NaT")
_LATER = (5, 20)


def first_response_frame(story: Story, moved: Moved, first_worker: int, first_id: int) -> pd.DataFrame:
    """The first response dataset, in order of the day."""
    rng = story.random("first_response")
    calls = pd.concat(
        [_of_contacts(story), _of_referrals(rng, story), _anonymous(rng, story), _considered(rng, story)],
        ignore_index=True,
    )
    calls = calls[calls["day"].notna()].sort_values(["day", "urn", "pupil"], kind="stable", ignore_index=True)
    size, pupil = len(calls), calls["pupil"].to_numpy()
    day = calls["day"].to_numpy("datetime64[D]")
    is_pex = calls["is_pex"].to_numpy(bool)
    referral = calls["referral"].to_numpy()
    kind = np.where(is_pex, _PEX, choose(rng, _KIND_SHARES, size))
    kind = np.where(referral >= 0, _KINDS.index("consultation"), kind)
    channel = np.where(kind == _KINDS.index("consultation"), 1, choose(rng, np.array([78, 0, 22]), size))
    channel = np.where(calls["worker"].ge(0), 0, channel)
    minutes = np.where(channel == 1, 40, np.clip(np.round(20 * rng.lognormal(0, 0.4, size) / 5) * 5, 5, 90))
    advice = np.where(is_pex, _ADVICE.index("challenge"), choose(rng, _ADVICE_SHARES, size))
    advice = np.where(referral >= 0, _ADVICE.index("refer"), advice)
    workers = int(story.cases["worker"].max()) + 1 if len(story.cases) else 1
    worker = np.where(calls["worker"].ge(0), calls["worker"], rng.integers(0, workers, size)).astype(np.int64)
    risk = np.clip(np.round(np.where(is_pex, 9, 6) + 1.4 * rng.standard_normal(size)), 1, 10).astype(np.int64)
    answered = story.calendars.later(
        day, np.where(channel == 0, rng.random(size) < 0.25, rng.integers(1, 9, size)).astype(int)
    )
    at_once = answered == day
    values = {
        "call_id": numbered("L", first_id, size),
        "received_date": day,
        "channel": labels(channel, _CHANNELS),
        "answered_date": answered,
        "minutes_to_answer": known(
            (channel == 0) & at_once, np.where(rng.random(size) < 0.6, 0, rng.integers(5, 240, size))
        ),
        "minutes": minutes.astype(np.int64),
        "urn": known(calls["urn"].gt(0).to_numpy(), calls["urn"].to_numpy()),
        "caller": labels(np.where(is_pex, 0, choose(rng, _CALLER_SHARES, size)), _CALLERS),
        "kind": labels(kind, _KINDS),
        "theme": labels(np.where(calls["theme"].ge(0), calls["theme"], choose(rng, _THEMES, size)), CONCERNS),
        "ncyg": _year_groups(rng, story, calls),
        "risk_1_10": known(np.isin(kind, (0, 1, _PEX)), risk),
        "pupil_ref": story.world.references(pupil),
        "worker_ref": [f"W{first_worker + each:02d}" for each in worker],
        "advice": labels(advice, _ADVICE),
        "challenge_made": labels(np.where(is_pex, (rng.random(size) < 0.85).astype(np.int8), -1), ("N", "Y")),
        "offered": labels(np.where(is_pex, choose(rng, _OFFER_SHARES, size), -1), _OFFERS),
        **{f"whereabouts_{days}": _whereabouts(story, moved, calls, days) for days in _LATER},
        **_became(story, referral),
    }
    return dataset_frame(FIRST_RESPONSE, pd.DataFrame(values))


def _calls(day: Array, urn: Array, **cells: object) -> pd.DataFrame:
    usual = {"pupil": -1, "worker": -1, "theme": -1, "referral": -1, "is_pex": False}
    return pd.DataFrame({"day": day.astype("datetime64[s]"), "urn": urn} | usual | cells)


def _of_contacts(story: Story) -> pd.DataFrame:
    """The calls that workers wrote down among their contacts with schools."""
    made = story.contacts
    own = made[(made["case"] < 0) & (made["kind"] == PHONE_LINE)]
    return _calls(own["date"].to_numpy("datetime64[D]"), own["urn"].to_numpy(), worker=own["worker"].to_numpy())


def _of_referrals(rng: Random, story: Story) -> pd.DataFrame:
    """The calls behind referrals that say they came from the phone line: some days before, or on the day."""
    by_phone = story.frames["outreach_referrals"]["source"].eq("phone_line").to_numpy(bool)
    rows = np.flatnonzero(by_phone)
    own = story.referrals.iloc[rows]
    day = story.calendars.earlier(own["received"].to_numpy("datetime64[D]"), rng.integers(0, 7, len(own)))
    cells = {"pupil": own["pupil"].to_numpy(), "theme": own["concern"].to_numpy(), "referral": rows}
    return _calls(day, own["urn"].to_numpy(), **cells)


def _anonymous(rng: Random, story: Story) -> pd.DataFrame:
    years = story.calendars.years
    counts = rng.poisson(_ANONYMOUS_A_YEAR, (len(story.register.sites.phase), years))
    site, year = (np.repeat(at, counts.ravel()) for at in (grid.ravel() for grid in np.indices(counts.shape)))
    open_then = story.register.sites.closes[site] > year
    site, year = site[open_then], year[open_then]
    days = story.calendars.later(story.calendars.days[LA, year, 0, 0], rng.integers(2, 186, len(site)))
    urn = np.where(rng.random(len(site)) < 0.07, 0, story.register.urn_at(site, year))
    return _calls(days, urn)


def _considered(rng: Random, story: Story) -> pd.DataFrame:
    """Heads who considered permanent exclusion: before some of those that came, and about others."""
    excluded = story.exclusions
    rows = np.flatnonzero(rng.random(len(excluded.pupil)) < _EXCLUDED)
    called = story.calendars.earlier(excluded.decision[rows], rng.integers(1, 7, len(rows)))
    before = _calls(called, excluded.urn[rows], pupil=excluded.pupil[rows])
    others = story.hard_times(rng, 3 * round(_NOT_EXCLUDED * len(rows)) + 6, 3)
    others = others[~others["pupil"].isin(excluded.pupil)]
    day = story.calendars.later(others["day"].to_numpy("datetime64[D]"), rng.integers(0, 3, len(others)))
    pupil, site = others["pupil"].to_numpy(), others["site"].to_numpy()
    there = ~np.isnat(day)
    there[there] &= story.site_on(pupil[there], day[there]) == site[there]
    about = _calls(day[there], story.urn_on(site[there], day[there]), pupil=pupil[there])
    # From all the years: a year of which few others are known would be one in which every call ended in exclusion.
    about = about.sample(min(round(_NOT_EXCLUDED * len(rows)), len(about)), random_state=rng)
    found = pd.concat([before, about], ignore_index=True)
    # Where the school is not the one that has the pupil on roll that day, the head of another had called.
    return found.drop_duplicates(["pupil", "day"]).assign(is_pex=True, theme=0)


def _year_groups(rng: Random, story: Story, calls: pd.DataFrame) -> pd.Categorical:
    """The pupil's own, or one that the school teaches; blank where nobody is meant."""
    pupil, day = calls["pupil"].to_numpy(), calls["day"].to_numpy("datetime64[D]")
    row = np.where(pupil >= 0, story.population.enrolment(np.maximum(pupil, 0), story.calendars.year_of(day)), -1)
    own = np.where(row >= 0, story.population.year_group[row], -1)
    phase = story.register.frame.set_index("urn")["phase"].astype(object)
    primary = phase.reindex(calls["urn"]).eq("primary").to_numpy()
    assert PRIMARY == 0, "the first seven year groups are the primary phase's"
    other = np.where(primary, rng.integers(0, 7, len(calls)), rng.integers(7, 12, len(calls)))
    other = np.where(rng.random(len(calls)) < 0.8, other, -1)
    return labels(np.where(pupil >= 0, own, other), YEAR_GROUPS)


def _became(story: Story, referral: Array) -> dict[str, object]:
    case = story.cases.loc[story.cases["referral"] >= 0, "referral"]
    ids = np.r_[story.frames["outreach_referrals"]["referral_id"].to_numpy(object), None]
    worked = np.isin(referral, case)
    became = np.where(referral < 0, "nothing", np.where(worked, "case", "referral"))
    return {"became": became.astype(object), "referral_id": ids[referral]}


def _whereabouts(story: Story, moved: Moved, calls: pd.DataFrame, days: int) -> Array:
    """Where the pupil of each call about permanent exclusion was so many school days later, as the other files say."""
    day = story.calendars.later(calls["day"].to_numpy("datetime64[D]"), np.full(len(calls), days))
    asked = calls["is_pex"].to_numpy(bool) & ~np.isnat(day)
    rows, pupil, then = np.flatnonzero(asked), calls["pupil"].to_numpy()[asked], day[asked]
    urn = calls["urn"].to_numpy()[asked]
    site = story.site_on(pupil, then)
    found = np.where(site < 0, "not_known", "in_school").astype(object)
    found[(site >= 0) & (story.urn_on(site, then) != urn)] = "other_school"
    events, placed, real = story.events, story.placements, ~story.events.lunchtime
    suspended = story.population.pupil[events.enrolment[real]]
    away = np.isnat(moved.moves["on_roll"].to_numpy("datetime64[D]"))
    moves, lasting = moved.moves[away], moved.moves[~away]
    directed = moved.directions[moved.directions["goes_to"] >= 0]
    told = (
        ("suspended", suspended, events.day[real], events.last_day[real]),
        ("off_site", *(directed[name].to_numpy() for name in ("pupil", "start", "end"))),
        ("other_school", *(moves[name].to_numpy() for name in ("pupil", "start", "end"))),
        ("other_school", *(lasting[name].to_numpy() for name in ("pupil", "start", "on_roll"))),
        ("ap", placed.pupil[placed.full_time], placed.start[placed.full_time], placed.end[placed.full_time]),
    )
    for word, who, since, until in told:
        found[_covered(pupil, then, who, since, until)] = word
    excluded = story.spells[story.spells["why"].eq("pex")]
    own = _covered(pupil, then, *(excluded[name].to_numpy() for name in ("pupil", "since", "until")))
    found[own] = "excluded"
    result = np.full(len(calls), None, dtype=object)
    result[rows] = found
    return result


def _covered(pupil: Array, then: Array, who: Array, since: Array, until: Array) -> Array:
    asked = pd.DataFrame({"row": np.arange(len(pupil)), "pupil": pupil, "then": then.astype("datetime64[s]")})
    ends = pd.Series(until.astype("datetime64[s]")).fillna(pd.Timestamp("2100-01-01"))
    spells = pd.DataFrame({"pupil": who, "since": since.astype("datetime64[s]"), "until": ends.to_numpy()})
    pairs = asked.merge(spells, on="pupil")
    result = np.zeros(len(pupil), dtype=bool)
    result[pairs.loc[(pairs["since"] <= pairs["then"]) & (pairs["then"] <= pairs["until"]), "row"]] = True
    return result
