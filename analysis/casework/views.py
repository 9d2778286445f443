"""Children without support as people read them: facts side by side, what was decided, and what is new since then."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from analysis.casework.attendance_change import attendance_change, avoiding_school
from analysis.casework.queries import Beside, Children
from analysis.casework.without_support import Fact, facts_about, without_support
from analysis.records import open_on
from analysis.wording import counted, labels, listed, percent
from data_model.codes import Phase
from data_model.labelled import Labelled
from data_model.support_decisions import SupportChoice
from data_model.terms import in_words
from data_model.thresholds import Thresholds


class Standing(Labelled):
    """Whether somebody has to decide about a child now."""

    def __init__(self, value: str, label: str = "", is_open: bool = True) -> None:
        self.is_open = is_open

    NEW = "new", "New since the decision"
    LOOK_AGAIN = "look_again", "Time to look again"
    UNDECIDED = "undecided", "No decision yet"
    DECIDED = "decided", "Decided", False


_HAPPENED = ("suspensions", "days_lost", "considered_on", "last_happened", "last_case_ended")


@dataclass(frozen=True)
class Chosen:
    """Which of the listed children somebody wants to see; None for all."""

    fact: Fact | None = None
    phase: Phase | None = None
    school: str | None = None
    standing: Standing | None = None


def listing(found: Children, on: date, thresholds: Thresholds) -> pd.DataFrame:
    """The children whom a fact points out on a day and of whom no case is open, those to whom something happened last
    first: the columns of `without_support`, and `pupil_ref, school_name, phase, phase_name`, and in words
    `considered_words, attendance_words, beside, last_case`."""
    change = attendance_change(found.weeks, on, thresholds)
    rows = without_support(found.suspensions, found.cases, change, found.considered, on, thresholds)
    attended = change.set_index("pupil")
    beside = _beside(found, on)
    return _placed(rows, found).assign(
        considered_words=_days(rows["considered_on"], "no"),
        attendance_words=[
            _attended(attended.loc[pupil]) if pupil in attended.index else "not known" for pupil in rows["pupil"]
        ],
        beside=rows["pupil"].map(beside).astype("object").fillna("nothing known"),
        last_case=_days(rows["last_case_ended"], "none"),
    )


def how_many(found: Children, on: date, thresholds: Thresholds) -> int:
    """How many children would be listed with these thresholds."""
    change = attendance_change(found.weeks, on, thresholds)
    return len(without_support(found.suspensions, found.cases, change, found.considered, on, thresholds))


def by_fact(rows: pd.DataFrame, facts: Mapping[Fact, str]) -> pd.DataFrame:
    """How many children each fact points out: `fact, meaning` (in words), `children`. A child can be among several."""
    said = [(fact.label, meaning, int(rows[fact].sum())) for fact, meaning in facts.items()]
    return pd.DataFrame(said, columns=["fact", "meaning", "children"])


def avoiding(found: Children, on: date, thresholds: Thresholds) -> pd.DataFrame:
    """The children whose attendance is low and not for suspension, most missed first: the columns of `avoiding_school`
    and `listing`, whether a case of theirs is open (`has_case`), and in words `before_words, support`."""
    rows = avoiding_school(found.weeks, on, thresholds)
    rows = rows.sort_values(["attendance", "pupil"], ignore_index=True)
    supported = open_on(found.cases, on).groupby("pupil")["start_date"].max()
    since = rows["pupil"].map(supported)
    beside = rows["pupil"].map(_beside(found, on)).astype("object")
    support = [_support(start, other) for start, other in zip(since, beside.fillna(""), strict=True)]
    told = rows.to_dict("records")
    change = attendance_change(found.weeks, on, thresholds)
    about = facts_about(rows["pupil"], found.suspensions, found.cases, change, found.considered, on, thresholds)
    facts = about.loc[rows["pupil"], [*_HAPPENED, *Fact]].reset_index(drop=True)
    return _placed(rows, found).assign(
        **facts,
        has_case=since.notna(),
        considered_words=_days(facts["considered_on"], "no"),
        beside=beside.fillna("nothing known"),
        last_case=_days(facts["last_case_ended"], "none"),
        attendance_words=[_share(row["attendance"], row["sessions"]) for row in told],
        before_words=[_share(row["attendance_before"], row["sessions_before"]) for row in told],
        support=pd.Series(support, dtype=object),
    )


def with_decisions(rows: pd.DataFrame, decisions: pd.DataFrame, today: date) -> pd.DataFrame:
    """A listing with what was decided of each child: `standing` (Standing), `to_decide` (whether somebody has to, now),
    and `decision_words`, which begin with what is new since then.

    decisions: those of `recording.support_decisions`, newest first.
    """
    hold = decisions[decisions["withdrawn_at"].isna()].drop_duplicates("pupil_ref", keep="first")
    newest = {row["pupil_ref"]: row for row in hold.to_dict("records")}
    found = [_stands(row, newest.get(row["pupil_ref"]), today) for row in rows.to_dict("records")]
    standing, words = (pd.Series([each[part] for each in found], index=rows.index, dtype=object) for part in range(2))
    to_decide = pd.Series([Standing(each).is_open for each in standing], index=rows.index, dtype=bool)
    return rows.assign(standing=standing, to_decide=to_decide, decision_words=words)


def of_choice(rows: pd.DataFrame, chosen: Chosen) -> pd.DataFrame:
    """The rows of a listing that somebody wants to see."""
    kept = pd.Series(True, index=rows.index)
    if chosen.fact:
        kept &= rows[chosen.fact]
    if chosen.phase:
        kept &= rows["phase"].eq(chosen.phase)
    if chosen.school:
        kept &= rows["school_name"].eq(chosen.school)
    if chosen.standing:
        kept &= rows["standing"].eq(chosen.standing)
    return rows[kept].reset_index(drop=True)


def gone(decisions: pd.DataFrame, references: Collection[str]) -> int:
    """How many children there are decisions about of whom no row is left that could be read."""
    return len(set(decisions["pupil_ref"]) - set(references))


def _placed(rows: pd.DataFrame, found: Children) -> pd.DataFrame:
    """Adds whom and where a row is about."""
    register = found.schools.set_index("urn")
    phase = rows["urn"].map(register["phase"].astype("str"))
    return rows.assign(
        pupil_ref=[found.references[pupil] for pupil in rows["pupil"]],
        school_name=rows["urn"].map(register["school_name"].astype("str")).astype("object").fillna("not known"),
        phase=phase,
        phase_name=labels(phase, Phase).astype("object").fillna("not known"),
    )


def _stands(row: dict[str, Any], decision: dict[str, Any] | None, today: date) -> tuple[Standing, str]:
    if decision is None and row.get("has_case"):
        return Standing.DECIDED, "Has an outreach case"
    if decision is None:
        return Standing.UNDECIDED, Standing.UNDECIDED.label
    new = _new(row, decision)
    # The demonstration's today is long past: what is decided in it now is told as of its today.
    words = f"{SupportChoice(decision['decision']).label}, {in_words(min(decision['decided_at'].date(), today))}"
    look_again = decision["look_again"]
    until = f"; look again on {in_words(look_again)}" if pd.notna(look_again) else ""
    is_due = pd.notna(look_again) and look_again <= today
    standing = Standing.NEW if new else Standing.LOOK_AGAIN if is_due else Standing.DECIDED
    decided = f"{words}{until}"
    said = {Standing.NEW: f"{Standing.NEW.label}: {listed(new)}. Before: {decided}"}
    said |= {Standing.LOOK_AGAIN: f"{Standing.LOOK_AGAIN.label}. Before: {words}"}
    return standing, said.get(standing, decided)


def _new(row: dict[str, Any], decision: dict[str, Any]) -> list[str]:
    """What happened to a child since a decision, by what was known when it was made and not by the clock: events are
    sent late."""
    then, now = decision["last_happened"], row["last_happened"]
    is_later = pd.notna(now) and (pd.isna(then) or now.date() > then)
    called = is_later and pd.notna(row["considered_on"]) and row["considered_on"] == now
    day = in_words(now.date()) if is_later else ""
    more = row["suspensions"] - decision["suspensions"]
    found = []
    if more > 0:
        found.append(counted(more, "more suspension") + (f", the last on {day}" if is_later and not called else ""))
    elif is_later and not called:
        found.append(f"suspended on {day}")
    if called:
        found.append(f"a permanent exclusion was being considered on {day}")
    if row[Fact.ATTENDANCE_FALLING] and Fact.ATTENDANCE_FALLING not in decision["facts"]:
        found.append("attendance fell")
    return found


def _beside(found: Children, on: date) -> pd.Series:
    """What each child has beside outreach cases on a day, in words, by pupil."""
    lasting = open_on(found.beside, on).sort_values("start_date", kind="stable")
    newest = lasting.drop_duplicates(["pupil", "kind"], keep="last")
    said = [
        f"{Beside(kind).label} since {in_words(day.date())}"
        for kind, day in zip(newest["kind"], newest["start_date"], strict=True)
    ]
    return (
        pd.Series(said, index=newest.index, dtype=object).groupby(newest["pupil"]).agg(lambda words: "; ".join(words))
    )


def _support(since: pd.Timestamp, beside: str) -> str:
    case = f"outreach since {in_words(since.date())}" if pd.notna(since) else "no outreach case"
    return "; ".join(filter(None, [case, beside]))


def _attended(row: pd.Series) -> str:
    now, before = _share(row["attendance"], row["sessions"]), _share(row["attendance_before"], row["sessions_before"])
    return f"{now}, before: {before}"


def _share(attendance: float, sessions: float) -> str:
    """A share of half days with its counts: `36 of 40 half days (90%)`."""
    if pd.isna(attendance) or pd.isna(sessions):
        return "not known"
    present = round(attendance * sessions / 100)
    return f"{present} of {sessions:.0f} half days ({percent(present, sessions)})"


def _days(days: pd.Series, none: str) -> pd.Series:
    return pd.Series([none if pd.isna(day) else in_words(day.date()) for day in days], index=days.index, dtype=object)
