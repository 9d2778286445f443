"""What is shown of calls: how many came, about what, how soon they were answered, and what came of them.

Whether a call became a referral, and whether that became a case, is as the call's own row says: a case comes by way of
a referral, so it counts as both. Those who may not see small numbers are told counts one way at a time, whose sum is
told too, and nothing crossed: `[c]` then gives nothing away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.hiding.parts import hidden_parts
from analysis.hiding.protection import HIDDEN, withheld
from analysis.statistics.intervals import wilson
from data_model import casework_codes
from data_model.codes import Concern, Phase, YesNo
from data_model.labelled import Labelled
from data_model.school_days import SchoolDays
from data_model.terms import Period, Term, academic_year

FEWEST = 10
"""Calls, below which no share of them is told."""
LATER = (5, 20)
"""School days after a head considered permanent exclusion, on which it is asked where the child is."""
TOO_FEW = "Too few to say"
NOT_SAID, NO_SCHOOL = "Not said", "No school named"
TO_ASK, NOT_DUE = "Not known: to be asked", "That day has not come"

_WAITS = ("days_half", "days_most", "minutes_half", "minutes_most")
_ON_ANSWER = ("on_the_day", "share", "low", "high", "timed", *_WAITS)
_ON_OUTCOME = (
    "referral_words",
    "case_words",
    "referral",
    "referral_share",
    "referral_low",
    "referral_high",
    "case",
    "case_share",
    "case_low",
    "case_high",
)


@dataclass(frozen=True, eq=False)
class FirstResponse:
    """The calls of an academic year, counted. Every frame names in `hidden` what is hidden from the asker.

    total: how many calls came, None where that is hidden. conversion: one row `group, calls, referral, case`, the share
    and range of both, and these in words. kinds, themes, phases, schools, advice: the same, a row each; schools has
    `key` (the URN) and `considered`, and is empty for those who may not see small numbers. terms (of all years):
    `period, series, group, calls`. answered: see `_answered`. considered: see `Considered`.
    """

    year: str
    total: int | None
    conversion: pd.DataFrame
    terms: pd.DataFrame
    kinds: pd.DataFrame
    themes: pd.DataFrame
    phases: pd.DataFrame
    schools: pd.DataFrame
    advice: pd.DataFrame
    answered: pd.DataFrame
    considered: "Considered"


@dataclass(frozen=True, eq=False)
class Considered:
    """Calls in which a head was considering permanent exclusion: how many (None where hidden), and each way counted.

    challenge, offered: `group, calls`. whereabouts: `group, after_5, after_20`. to_ask: `call_id, received_date,
    school_name, after` (school days), for those who see full figures.
    """

    total: int | None
    challenge: pd.DataFrame
    offered: pd.DataFrame
    whereabouts: pd.DataFrame
    to_ask: pd.DataFrame


def first_response(
    calls: pd.DataFrame, year: str, on: date, days: SchoolDays, threshold: int | None = None
) -> FirstResponse:
    """What is shown of the calls of a year. With a `threshold` smaller numbers are hidden."""
    every = calls.assign(period=[Period.of(day.date()) for day in calls["received_date"]])
    own = every[[academic_year(day.date()) == year for day in every["received_date"]]].reset_index(drop=True)
    now = max([on, *(day.date() for day in every["received_date"].tail(1))])
    kinds = _conversions(own, _named(own["kind"], casework_codes.CallKind), threshold)
    return FirstResponse(
        year=year,
        total=None if _is_small(len(own), threshold) else len(own),
        conversion=_overall(own, threshold),
        terms=_terms(every, threshold),
        kinds=kinds,
        themes=_conversions(own, _named(own["theme"], Concern), threshold),
        phases=_conversions(own, _named(own["phase"], Phase, NO_SCHOOL), threshold),
        schools=_schools(own, threshold),
        advice=_conversions(own, _named(own["advice"], casework_codes.CallAdvice), threshold),
        answered=_answered(own, days, threshold),
        considered=_considered(own, kinds, now, days, threshold),
    )


def _named(codes: pd.Series, kind: type[Labelled], missing: str = NOT_SAID) -> pd.Series:
    """The label of each code; `missing` where there is none."""
    return codes.astype("object").map({str(code): code.label for code in kind}).fillna(missing)


def _counts(groups: pd.Series) -> pd.Series:
    """How many of each group, the most first, and of equals by name."""
    counted = groups.astype("object").value_counts().rename_axis("group").rename("calls").reset_index()
    return counted.sort_values(["calls", "group"], ascending=[False, True]).set_index("group")["calls"]


def _one_way(counts: Sequence[int], threshold: int | None) -> "np.ndarray":
    """Which parts of a whole that is told to hide."""
    if threshold is None or not len(counts):
        return np.zeros(len(counts), dtype=bool)
    hidden: np.ndarray = hidden_parts(np.array([list(counts)], dtype=np.int64), threshold)[0]
    return hidden


def _shared(frame: pd.DataFrame, count: str, prefix: str = "") -> pd.DataFrame:
    """The frame with the share of `count` in `calls` in per cent, and its range; missing where too few calls came."""
    enough = frame["calls"].ge(FEWEST)
    low, high = wilson(frame[count].to_numpy(float), np.maximum(frame["calls"].to_numpy(float), 1))
    shares = {
        "share": 100 * frame[count] / frame["calls"].where(frame["calls"].gt(0)),
        "low": pd.Series(100 * low, index=frame.index),
        "high": pd.Series(100 * high, index=frame.index),
    }
    return frame.assign(**{f"{prefix}{name}": share.astype("float64").where(enough) for name, share in shares.items()})


def _with_shares(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the shares of its calls that became a referral, and a case, their ranges, and both in words."""
    found = _shared(_shared(frame, "referral", "referral_"), "case", "case_")
    return found.assign(**{f"{name}_words": _in_words(found, name) for name in ("referral", "case")})


def _in_words(frame: pd.DataFrame, name: str) -> pd.Series:
    shares = zip(*(frame[f"{name}_{part}"] for part in ("share", "low", "high")), strict=True)
    said = [TOO_FEW if pd.isna(share) else f"{share:.1f} ({low:.1f} to {high:.1f})" for share, low, high in shares]
    return pd.Series(said, index=frame.index, dtype="object")


def _became(calls: pd.DataFrame) -> pd.DataFrame:
    became = calls["became"].astype("object")
    return pd.DataFrame({"referral": became.isin(["referral", "case"]), "case": became.eq("case")}, index=calls.index)


def _conversions(calls: pd.DataFrame, groups: pd.Series, threshold: int | None) -> pd.DataFrame:
    """Calls by group, and what became of them: `group, calls, referral, case`, each with its share and range.

    With a threshold what became of a group's calls is hidden, and of groups the small ones and those that would tell.
    """
    counts = _counts(groups)
    became = _became(calls).groupby(groups.astype("object")).sum().reindex(counts.index)
    frame = pd.DataFrame({"group": counts.index, "calls": counts.to_numpy()}).assign(
        referral=became["referral"].to_numpy("int64"), case=became["case"].to_numpy("int64")
    )
    frame = _with_shares(frame)
    if threshold is None:
        return frame.assign(**{HIDDEN: ""})
    hidden = pd.Series(_one_way(counts.tolist(), threshold), index=frame.index)
    crossed = withheld(frame, pd.Series(True, index=frame.index), _ON_OUTCOME)
    return withheld(crossed, hidden, ["calls"])


def _overall(calls: pd.DataFrame, threshold: int | None) -> pd.DataFrame:
    """What became of all calls: one row, as in `_conversions`."""
    became = _became(calls).sum()
    referral, case = int(became["referral"]), int(became["case"])
    frame = pd.DataFrame({"group": ["All calls"], "calls": [len(calls)], "referral": [referral], "case": [case]})
    frame = _with_shares(frame)
    small = bool(_one_way([len(calls) - referral, referral - case, case], threshold).any())
    hidden = withheld(frame, pd.Series([small]), _ON_OUTCOME)
    return withheld(hidden, pd.Series([_is_small(len(calls), threshold)]), ["calls"])


def _is_small(count: int, threshold: int | None) -> bool:
    return threshold is not None and 0 < count < threshold


def _terms(calls: pd.DataFrame, threshold: int | None) -> pd.DataFrame:
    """Calls by term, from the first to the last that had any: `period, series, group, calls`."""
    counts = calls["period"].value_counts()
    known = sorted(counts.index)
    periods = [
        Period(year, term)
        for year in sorted({each.year for each in known})
        for term in Term
        if known[0] <= Period(year, term) <= known[-1]
    ]
    frame = pd.DataFrame(
        {
            "period": periods,
            "series": "Calls",
            "group": [each.label for each in periods],
            "calls": [int(counts.get(each, 0)) for each in periods],
        }
    )
    hidden = pd.Series(False, index=frame.index)
    for _, rows in frame.groupby(frame["period"].map(lambda each: each.year)):
        hidden.loc[rows.index] = _one_way(rows["calls"].tolist(), threshold)
    return withheld(frame, hidden, ["calls"])


def _schools(calls: pd.DataFrame, threshold: int | None) -> pd.DataFrame:
    """Calls by school, the most first. Nobody who may not see small numbers is shown any: most schools called twice."""
    named = calls.dropna(subset=["urn"]) if threshold is None else calls.head(0)
    found = _conversions(named, named["urn"].astype("object"), threshold).rename(columns={"group": "key"})
    names = named.drop_duplicates("urn").set_index("urn")["school_name"].astype("object")
    considered = named[named["kind"].astype("object").eq("pex_considered")].groupby("urn").size()
    return found.assign(
        group=found["key"].map(names).fillna("A school that is not loaded"),
        considered=found["key"].map(considered).fillna(0).astype("int64"),
    )


def _answered(calls: pd.DataFrame, days: SchoolDays, threshold: int | None) -> pd.DataFrame:
    """How soon calls were answered, a row a channel: `group, calls, answered`; those on the day itself, `on_the_day`,
    and their `share, low, high` of all calls; the school days within which half of those answered were, and nine in ten
    (`days_half, days_most`); and of the `timed` ones, whose minutes are known, the same in minutes."""
    channels = _named(calls["channel"], casework_codes.CallChannel)
    rows = [
        {"group": group, "calls": count, **_waits(calls[channels.eq(group)], days)}
        for group, count in _counts(channels).items()
    ]
    columns = ["group", "calls", "answered", "on_the_day", "timed", *_WAITS]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(_WAITS, "Int64"))
    frame = _shared(frame, "on_the_day")
    if threshold is None or frame.empty:
        return frame.assign(**{HIDDEN: ""})
    parts = pd.DataFrame(
        {
            "on_the_day": frame["on_the_day"],
            "later": frame["answered"] - frame["on_the_day"],
            "never": frame["calls"] - frame["answered"],
        }
    )
    timed = np.column_stack([frame["timed"], frame["calls"] - frame["timed"]]).astype(np.int64)
    few = [hidden_parts(each, threshold).any(axis=1) for each in (parts.to_numpy("int64"), timed)]
    crossed = pd.Series(np.any(few, axis=0), index=frame.index)
    hidden = pd.Series(_one_way(frame["calls"].tolist(), threshold), index=frame.index)
    figures = ["answered", *_ON_ANSWER]
    if crossed.any() or hidden.any():  # what is hidden in one channel could be told from the others
        crossed = pd.Series(True, index=frame.index)
    return withheld(withheld(frame, crossed, figures), hidden, ["calls"])


def _waits(calls: pd.DataFrame, days: SchoolDays) -> dict[str, int | None]:
    done = calls.dropna(subset=["answered_date"])
    waits = [
        days.between(row.received_date.date(), row.answered_date.date(), -1 if pd.isna(row.urn) else int(row.urn))
        for row in done.itertuples()
    ]
    minutes = calls["minutes_to_answer"].dropna().astype("int64").tolist()
    within = [_within(each, part) for each in (waits, minutes) for part in (0.5, 0.9)]
    counts = {
        "answered": len(done),
        "on_the_day": int(done["answered_date"].eq(done["received_date"]).sum()),
        "timed": len(minutes),
    }
    return {**counts, **dict(zip(_WAITS, within, strict=True))}


def _within(waits: Sequence[int], part: float) -> int | None:
    """By when this part of the calls was answered; None for too few."""
    return int(np.quantile(waits, part, method="higher")) if len(waits) >= FEWEST else None


def _considered(
    calls: pd.DataFrame, kinds: pd.DataFrame, on: date, days: SchoolDays, threshold: int | None
) -> Considered:
    kind = casework_codes.CallKind.PEX_CONSIDERED
    own = calls[calls["kind"].astype("object").eq(str(kind))].reset_index(drop=True)
    row = kinds[kinds["group"].eq(kind.label)]
    is_hidden = bool(len(row)) and "calls" in row[HIDDEN].iloc[0].split()
    shown = own.head(0) if is_hidden else own
    where = pd.DataFrame({f"after_{later}": _whereabouts(shown, later, on, days) for later in LATER})
    return Considered(
        total=None if is_hidden else len(own),
        challenge=_simple(_named(shown["challenge_made"], YesNo), threshold),
        offered=_simple(_named(shown["offered"], casework_codes.CallOffer), threshold),
        whereabouts=_by_day(where, threshold),
        to_ask=_to_ask(shown, where) if threshold is None else _to_ask(shown.head(0), where.head(0)),
    )


def _simple(groups: pd.Series, threshold: int | None) -> pd.DataFrame:
    counts = _counts(groups)
    frame = pd.DataFrame({"group": counts.index, "calls": counts.to_numpy()})
    return withheld(frame, pd.Series(_one_way(counts.tolist(), threshold), index=frame.index), ["calls"])


def _whereabouts(calls: pd.DataFrame, later: int, on: date, days: SchoolDays) -> pd.Series:
    """Where each child was so many school days later, as it was recorded; else whether that day has come."""
    told = calls[f"whereabouts_{later}"].astype("object")
    labels = told.map({str(code): code.label for code in casework_codes.Whereabouts})
    due = [
        days.after(row.received_date.date(), later, -1 if pd.isna(row.urn) else int(row.urn)).day <= on
        for row in calls.itertuples()
    ]
    return labels.fillna(pd.Series(np.where(due, TO_ASK, NOT_DUE), index=calls.index, dtype="object"))


def _by_day(where: pd.DataFrame, threshold: int | None) -> pd.DataFrame:
    """How many children were where after so many school days, in the order of the code list."""
    order = [*(code.label for code in casework_codes.Whereabouts), TO_ASK, NOT_DUE]
    counts = pd.DataFrame({name: where[name].value_counts().reindex(order).fillna(0) for name in where}).astype("int64")
    counts = counts[counts.gt(0).any(axis=1)]
    frame = counts.rename_axis("group").reset_index()
    for name in where:
        hidden = pd.Series(_one_way(frame[name].tolist(), threshold), index=frame.index)
        frame = withheld(frame, hidden, [name])
    return frame


def _to_ask(calls: pd.DataFrame, where: pd.DataFrame) -> pd.DataFrame:
    """The calls after which the day has come and nobody recorded where the child was: the longest ago first."""
    parts = [
        calls.loc[where[f"after_{later}"].eq(TO_ASK), ["call_id", "received_date", "school_name"]].assign(after=later)
        for later in LATER
    ]
    found = pd.concat(parts).sort_values(["received_date", "call_id", "after"], kind="stable", ignore_index=True)
    names = found["school_name"].astype("object").fillna(NO_SCHOOL)
    return found.assign(school_name=names, call_id=found["call_id"].astype("object"))
