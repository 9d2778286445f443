"""A child's story as tables and lines: what stands where on the page."""

from collections.abc import Collection

import pandas as pd

from analysis.clocks.definitions import CLOCKS, State
from analysis.pupil_story.events import Kind
from analysis.pupil_story.queries import Story
from analysis.wording import counted, listed
from data_model.casework_codes import Helped
from data_model.terms import in_words

TIMELINE = {"day": "From", "to": "To", "what": "What", "school": "School", "sentence": "In words"}
CLOCK_COLUMNS = {"name": "Clock", "stands": "Stands", "due_on": "Due", "explanation": "Why, and how long"}
_WEEK = "Attendance in the week"
_NAMES = {clock.id: clock.name for clock in CLOCKS}


def title(story: Story) -> str:
    """What needs somebody first, as a heading."""
    if story.attention.empty:
        return f"No clock is near or late on {in_words(story.on)}"
    number = len(story.attention)
    return f"{counted(number, 'clock')} {'needs' if number == 1 else 'need'} attention on {in_words(story.on)}"


def in_short(story: Story) -> tuple[str, ...]:
    """Where the child was, what runs now, and what happened last: a sentence each."""
    on = pd.Timestamp(story.on)
    begun = story.events[story.events["day"].le(on)]
    # The last day of a placement or a case still counts, as everywhere (analysis.records.open_on).
    running = begun[begun["lasts"] & (begun["until"].isna() | begun["until"].ge(on))]
    said = [f"{what.lower()} since {in_words(day)}" for what, day in zip(running["what"], running["day"], strict=True)]
    schools = list(dict.fromkeys(begun["school"].iloc[::-1][begun["school"].iloc[::-1].ne("")]))
    where = f"Recorded at {counted(len(schools), 'school')}: {', then '.join(schools)}." if schools else ""
    now = f"Recorded as running: {listed(said)}." if said else "No case, placement, direction or plan is running."
    if begun.empty:
        return (now,)
    last = begun.iloc[0]
    place = f", {last['school']}" if last["school"] else ""
    ended = f"What happened last: {last['what'].lower()} on {in_words(last['day'])}{place}."
    return tuple(filter(None, (where, now, ended)))


def clock_rows(clocks: pd.DataFrame) -> pd.DataFrame:
    """Clocks in words: the columns of CLOCK_COLUMNS. A total that is not used up is due on no day."""
    return pd.DataFrame(
        {
            "name": clocks["clock"].map(_NAMES),
            "stands": [State(state).label for state in clocks["state"]],
            "due_on": ["" if pd.isna(day) else in_words(day) for day in clocks["due"]],
            "explanation": clocks["explanation"],
        }
    )


def _is_open(events: pd.DataFrame) -> pd.Series:
    """Whether no end is recorded of what lasts until it is ended."""
    return events["lasts"] & events["until"].isna()


def kinds(story: Story) -> tuple[Kind, ...]:
    """The kinds of event that the child has, in their order."""
    present = set(story.events["kind"])
    return tuple(kind for kind in Kind if kind in present)


def tried(strategies: pd.DataFrame) -> str:
    """How many strategies are recorded, how many are exhausted, and how many helped: one sentence."""
    if strategies.empty:
        return "No plan and no strategy of a school is recorded."
    number, said = len(strategies), strategies["exhausted"].eq("Yes").sum()
    helped = strategies["helped"].eq(Helped.YES.label).sum()
    return f"{counted(number, 'strategy', 'strategies')} tried: {said} exhausted, {helped} that helped."


def timeline(story: Story, shown: Collection[Kind] = ()) -> pd.DataFrame:
    """The events of some kinds, of all without any, the newest first: the columns of TIMELINE."""
    events = story.events
    own = events[events["kind"].isin([str(kind) for kind in shown])] if shown else events
    return _in_words(own.assign(to=_ends(own)))


def whole_timeline(story: Story) -> pd.DataFrame:
    """All events, and between them the weeks of which attendance is known, the newest first."""
    weeks = story.weeks.assign(
        day=story.weeks["week"], to="", what=_WEEK, sentence=[f"{said}." for said in _of_weeks(story.weeks)]
    )
    both = pd.concat([story.events.assign(to=_ends(story.events)), weeks], ignore_index=True)
    return _in_words(both.sort_values("day", ascending=False, kind="stable", ignore_index=True))


def _in_words(lines: pd.DataFrame) -> pd.DataFrame:
    return lines.assign(day=[in_words(day) for day in lines["day"]])[list(TIMELINE)]


def line(story: Story) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What a chart draws: events `what, day, end, said` in the order of their kinds, and weeks `week, percent, said`.

    What is still running ends on the day of the story.
    """
    order = {str(kind): place for place, kind in enumerate(Kind)}
    events = story.events.sort_values("kind", key=lambda kinds: kinds.map(order), kind="stable", ignore_index=True)
    ends = events["until"].mask(_is_open(events), pd.Timestamp(story.on))
    words = zip(events["what"], events["day"], _ends(events), events["school"], strict=True)
    said = [f"{what}, {in_words(day)}{f' to {to}' if to else ''}, {school}" for what, day, to, school in words]
    weeks = story.weeks.assign(said=[_of_week(week, said) for week, said in zip(*_told(story.weeks), strict=True)])
    return events.assign(end=ends, said=said), weeks


def _told(weeks: pd.DataFrame) -> tuple[list[pd.Timestamp], list[str]]:
    return list(weeks["week"]), _of_weeks(weeks)


def _of_week(week: pd.Timestamp, said: str) -> str:
    return f"Week of {in_words(week)}: {said[0].lower()}{said[1:]}"


def _of_weeks(weeks: pd.DataFrame) -> list[str]:
    return [
        (f"Attended {row.present:g} of {row.expected:g} half days" if row.expected else "No half day expected")
        + (f"; suspended for {counted(row.suspended, 'half day')}" if row.suspended else "")
        for row in weeks.itertuples()
    ]


def _ends(events: pd.DataFrame) -> list[str]:
    """The last day of each event: blank where it is of one day."""
    return [
        "still running" if running else "" if pd.isna(until) or until == day else in_words(until)
        for day, until, running in zip(events["day"], events["until"], _is_open(events), strict=True)
    ]
