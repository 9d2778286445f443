"""The Fair Access Panel: whom it is asked about, when it meets, what it decides and what comes of that.

Decisions are worked out backwards from what the other files say came next: moves, placements, returns from
alternative provision, outreach and new schools. Devon's panels placed about 400 children a year (source 62, a
published report), which for an LA of this size is about 150 with those on roll who are discussed. A panel meets every
two school weeks here, and a place is decided within 20 school days of the agreement to consider a child, but for some
that are deferred or refused.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sample_data.arrays import Array, Random, choose
from sample_data.calendars import LA
from sample_data.consequences import is_away
from sample_data.figures import PRIMARY
from sample_data.moves import Moved, changes_of_school
from sample_data.starts import BEHAVIOUR
from sample_data.story import Story

ADMISSION, INCLUSION = "admission_under_protocol", "inclusion_and_placement"
_EVERY, _FIRST = 10, 6
_MOVES, _TIER_2, _ADMITTED = 0.75, 0.5, 0.4
_NO_ACTION_A_YEAR, _WAITING, _READY = 0.12, 0.12, 0.05  # for each school of the LA
_TWICE = 0.14  # decided at a second meeting: deferred, or refused and then directed
_REFUSED = 0.35  # of those, where a place was allocated
_NEVER = np.datetime64("NaT")
_COLUMNS = ["pupil", "urn", "phase", "business", "status", "category", "decision", "allocated", "starts", "by"]


@dataclass(frozen=True)
class PanelWork:
    """`referrals`: `pupil, urn, phase, business, status, category, referred, agreed, move` (a row of the moves, or -1),
    in order of the referral; `decisions`: `referral` (a row of those), `meeting, decision, allocated, starts, refused`.
    """

    referrals: pd.DataFrame
    decisions: pd.DataFrame


def make_panel(story: Story, moved: Moved) -> PanelWork:
    """Everything that panels were asked and decided, and what they will be asked at the next meeting."""
    rng = story.random("fap_referrals")
    decided = pd.concat(
        [
            _of_moves(rng, story, moved),
            _back_to_school(story),
            _to_tier_2(rng, story),
            _to_outreach(story),
            _new_schools(rng, story, moved),
            _left_as_it_is(rng, story),
        ],
        ignore_index=True,
    )
    waiting = [_waiting(rng, story), _waiting_to_return(rng, story)]
    found = pd.concat([_dated(rng, story, decided), *waiting], ignore_index=True)
    found = found.sort_values(["referred", "pupil"], kind="stable", ignore_index=True)
    return PanelWork(found, _decisions(rng, found))


def _asked(story: Story, pupil: Array, site: Array, by: Array, **cells: object) -> pd.DataFrame:
    """Children whom a panel is asked about. `by` is the day by which it has decided."""
    usual = {"business": INCLUSION, "status": "on_roll", "category": None, "allocated": 0, "starts": _NEVER, "move": -1}
    urn, phase = story.urn_on(site, by), story.register.sites.phase[site]
    return pd.DataFrame({"pupil": pupil, "urn": urn, "phase": phase, "by": by} | usual | cells)


def _of_moves(rng: Random, story: Story, moved: Moved) -> pd.DataFrame:
    rows = np.flatnonzero(rng.random(len(moved.moves)) < _MOVES)
    moves = moved.moves.iloc[rows]
    start = moves["start"].to_numpy("datetime64[D]")
    to = story.urn_on(moves["goes_to"].to_numpy(), start)
    pupil, site = moves["pupil"].to_numpy(), moves["site"].to_numpy()
    return _asked(story, pupil, site, start, decision="managed_move", allocated=to, starts=start, move=rows)


def _back_to_school(story: Story) -> pd.DataFrame:
    """Pupils whose transitional placement led to a new mainstream school: category d."""
    placed = story.placements
    full = placed[(placed.tier == 3) & (placed.goes_to >= 0) & ~np.isnat(placed.end)]
    starts = story.calendars.next_term(full.end)
    # Not where the next term is that of a secondary school, which nobody allocates.
    came = ~np.isnat(starts) & (story.site_on(full.pupil, starts) == full.goes_to)
    full, starts = full[came], starts[came]
    to = story.urn_on(full.goes_to, starts)
    cells = {"business": ADMISSION, "status": "AP", "category": "d", "decision": "place_school"}
    found = _asked(story, full.pupil, full.goes_to, full.end, allocated=to, starts=starts, **cells)
    return found.assign(urn=np.where(full.at_ap_school, full.provider_urn, full.home_urn))


def _to_tier_2(rng: Random, story: Story) -> pd.DataFrame:
    placed = story.placements
    first = story.calendars.first_days[0]
    wanted = (placed.tier == 2) & (placed.reason == BEHAVIOUR) & (placed.start >= first)
    full = placed[wanted & (rng.random(len(wanted)) < _TIER_2)]
    site = story.site_on(full.pupil, full.start)
    return _asked(story, full.pupil, site, full.start, decision="ap_t2", starts=full.start).assign(urn=full.home_urn)


def _to_outreach(story: Story) -> pd.DataFrame:
    """The referrals to outreach that say they came from the panel."""
    from_panel = story.frames["outreach_referrals"]["source"].eq("fap").to_numpy() & story.referrals["pupil"].ge(0)
    found = story.referrals[from_panel.to_numpy()]
    received = found["received"].to_numpy("datetime64[D]")
    site = found["site"].to_numpy()
    return _asked(story, found["pupil"].to_numpy(), site, received, decision="outreach_t1")


def _new_schools(rng: Random, story: Story, moved: Moved) -> pd.DataFrame:
    """Some of the other changes of school: children without a place for one of the Code's reasons."""
    changes = changes_of_school(story)
    in_moves = moved.moves.loc[moved.moves["outcome"].eq("sustained"), "pupil"]
    changes = changes[~changes["pupil"].isin(in_moves)].drop_duplicates("pupil")
    changes = changes[rng.random(len(changes)) < _ADMITTED]
    starts, pupil = changes["day"].to_numpy("datetime64[D]"), changes["pupil"].to_numpy()
    care = story.population.social_care[pupil]
    usual = np.array(["l", "k", "i", "g", "b", "e", "f"], dtype=object)[
        choose(rng, np.array([46, 22, 12, 6, 3, 8, 3]), len(pupil))
    ]
    category = np.select([np.isin(care, (1, 2)), care == 4], ["a", "m"], usual).astype(object)
    cells = {"business": ADMISSION, "status": "unplaced", "category": category, "decision": "place_school"}
    to = story.urn_on(changes["goes_to"].to_numpy(), starts)
    return _asked(story, pupil, changes["site"].to_numpy(), starts, allocated=to, starts=starts, **cells)


def _left_as_it_is(rng: Random, story: Story) -> pd.DataFrame:
    size = round(_NO_ACTION_A_YEAR * len(story.register.sites.phase) * story.calendars.years)
    found = story.hard_times(rng, size, 3)
    by = story.calendars.later(found["day"].to_numpy("datetime64[D]"), rng.integers(12, 40, len(found)))
    known = ~np.isnat(by)
    return _asked(
        story, found["pupil"].to_numpy()[known], found["site"].to_numpy()[known], by[known], decision="no_action"
    )


def _days_and_meetings(story: Story) -> tuple[Array, Array]:
    """The school days of the LA, and those of them on which its panels met."""
    days = story.calendars.all_days[LA]
    return days, days[_FIRST::_EVERY]


def _dated(rng: Random, story: Story, found: pd.DataFrame) -> pd.DataFrame:
    """With the days of the meetings, of the agreement to consider the child and of the referral, counted back."""
    days, meetings = _days_and_meetings(story)
    by = found["by"].to_numpy("datetime64[D]")
    last = np.searchsorted(meetings, by - 3, side="right") - 1
    twice = (rng.random(len(found)) < _TWICE) & found["decision"].ne("no_action").to_numpy()
    first = last - twice
    size = len(found)
    at = np.searchsorted(days, meetings[np.maximum(first, 0)]) - rng.integers(3, 15, size)
    before = at - rng.integers(0, 4, size)
    usable = (first >= 0) & (before >= 0)
    referred, agreed = days[np.maximum(before, 0)], days[np.maximum(at, 0)]
    usable &= (
        ~is_away(found["pupil"].to_numpy(), referred, referred, story.spells) | found["status"].eq("AP").to_numpy()
    )
    found = found.assign(
        referred=referred,
        agreed=agreed,
        meeting=meetings[np.maximum(last, 0)],
        before=np.where(twice, meetings[np.maximum(first, 0)], _NEVER),
    )
    return found[usable].drop_duplicates(["pupil", "meeting"])


def _waiting(rng: Random, story: Story) -> pd.DataFrame:
    """Children on roll who are on the list for the next meeting, which lies after the sample's last day."""
    days = story.calendars.all_days[LA]
    size = max(1, round(_WAITING * len(story.register.sites.phase)))
    found = story.hard_times(rng, 1 << 30, 2)
    recent = found[found["day"].to_numpy("datetime64[D]") >= days[-30]].drop_duplicates("pupil")
    referred = days[len(days) - rng.integers(2, 9, len(recent))]
    referred = np.maximum(
        referred, story.calendars.later(recent["day"].to_numpy("datetime64[D]"), np.ones(len(recent), int))
    )
    pupil = recent["pupil"].to_numpy()
    there = ~np.isnat(referred) & ~is_away(pupil, referred, referred, story.spells)
    recent, referred = recent[there].head(size), referred[there][:size]
    found = _asked(story, recent["pupil"].to_numpy(), recent["site"].to_numpy(), referred, decision=None)
    return found.assign(referred=referred, agreed=referred, meeting=_NEVER, before=_NEVER)


def _waiting_to_return(rng: Random, story: Story) -> pd.DataFrame:
    """Children in alternative provision, ready for mainstream (category d), whose place is to be found at the next
    meeting. Those who were on the list of the last one were deferred there."""
    days, meetings = _days_and_meetings(story)
    size = max(1, round(_READY * len(story.register.sites.phase)))
    before = rng.integers(4, 18, size)
    ready = np.flatnonzero((story.placements.tier == 3) & np.isnat(story.placements.end))
    ready = ready[story.placements.start[ready] < days[-30]][:size]
    placed, before = story.placements[ready], before[: len(ready)]
    agreed, referred = days[len(days) - before], days[len(days) - before - 2]
    site = story.site_on(placed.pupil, placed.start)
    cells = {"business": ADMISSION, "status": "AP", "category": "d", "decision": None}
    found = _asked(story, placed.pupil, site, referred, **cells)
    deferred = np.where(agreed < meetings[-1], meetings[-1], _NEVER)
    urn = np.where(placed.at_ap_school, placed.provider_urn, placed.home_urn)
    return found.assign(urn=urn, referred=referred, agreed=agreed, meeting=_NEVER, before=deferred)


def _decisions(rng: Random, found: pd.DataFrame) -> pd.DataFrame:
    rows = np.arange(len(found))
    once = found["meeting"].notna().to_numpy()
    twice = found["before"].notna().to_numpy()
    refused = twice & found["decision"].eq("place_school").to_numpy() & (rng.random(len(found)) < _REFUSED)
    first = pd.DataFrame(
        {
            "referral": rows[twice],
            "meeting": found["before"][twice],
            "decision": np.where(refused, "place_school", "defer")[twice],
            "allocated": np.where(refused, found["allocated"], 0)[twice],
            "starts": _NEVER,
            "refused": np.where(refused, "Y", "")[twice],
        }
    )
    last = pd.DataFrame(
        {
            "referral": rows[once],
            "meeting": found["meeting"][once],
            "decision": found["decision"].mask(refused, "la_direction")[once],
            "allocated": found["allocated"][once],
            "starts": found["starts"][once],
            "refused": np.where(found["decision"].eq("place_school"), "N", "")[once],
        }
    )
    decisions = pd.concat([first, last], ignore_index=True)
    return decisions.sort_values(["meeting", "referral"], kind="stable", ignore_index=True)


def is_primary(work: PanelWork) -> Array:
    """Whether each referral is the primary panel's."""
    return np.asarray(work.referrals["phase"] == PRIMARY)
