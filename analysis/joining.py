"""From rows as they are saved to records: schools joined, pupils numbered, and only what counts kept."""

import pandas as pd

from analysis.continuity import sponsored_openings
from analysis.records import Records
from data_model.codes import PexStatus, Source, SuspensionCategory, SuspensionStatus
from data_model.exclusions import PEX_STATUS

_STATUS = {str(outcome): str(status) for outcome, status in PEX_STATUS.items()}


def joined(
    *,
    source: Source,
    protection: int | None,
    schools: pd.DataFrame,
    term_dates: pd.DataFrame,
    sent: pd.DataFrame,
    published: pd.DataFrame,
    free_school_meals: pd.DataFrame,
    **events: pd.DataFrame,
) -> Records:
    """The records of one scope, from the frames that `queries.py` reads (`events` by their name in Records)."""
    numbered = _number_pupils({**events, "free_school_meals": free_school_meals})
    meals = numbered.pop("free_school_meals")
    openings = sponsored_openings(schools)
    for name, day in (("suspensions", "start_date"), ("permanent_exclusions", "head_decision_date")):
        numbered[name] = after_opening(numbered[name], day, openings)
    numbered["headcounts"] = one_headcount(numbered["headcounts"], schools)
    frames = {name: of_current_school(frame, schools) for name, frame in numbered.items()}
    frames["suspensions"] = _with_meals(that_count(frames["suspensions"]), meals)
    frames["permanent_exclusions"] = _with_status(frames["permanent_exclusions"])
    sent = sent.assign(urn=_current(sent["urn"], schools))
    given = {"source": source, "protection": protection, "published": published}
    return Records(schools=schools, term_dates=term_dates, sent=sent, **given, **frames)


def _number_pupils(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    with_pupils = [name for name, frame in frames.items() if "pupil_ref" in frame]
    references = pd.concat([frames[name]["pupil_ref"].astype("str") for name in with_pupils])
    numbers = pd.factorize(references)[0]
    result, start = dict(frames), 0
    for name in with_pupils:
        end = start + len(frames[name])
        result[name] = frames[name].drop(columns="pupil_ref").assign(pupil=numbers[start:end])
        start = end
    return result


def after_opening(frame: pd.DataFrame, day: str, openings: pd.Series) -> pd.DataFrame:
    """The rows but those that a sponsored academy (`sponsored_openings`) has from before it opened."""
    return frame if openings.empty else frame[~(frame[day] < frame["urn"].map(openings))]


def one_headcount(headcounts: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """One row a census for each school that carries figures: its own, else that of the school it was before."""
    census = ["current", "academic_year", "census_term"]
    current = _current(headcounts["urn"], schools)
    own_last = headcounts.assign(current=current).iloc[headcounts["urn"].eq(current).argsort(kind="stable")]
    return own_last.drop_duplicates(census, keep="last").drop(columns="current")


def _current(urns: pd.Series, schools: pd.DataFrame) -> pd.Series:
    current = schools.set_index("urn")["current_urn"]
    return urns.map(current).fillna(0).astype("int64")


def of_current_school(frame: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Adds `la_code` and `phase`, and makes `urn` the school that carries the figures (0: no school of ours)."""
    register = schools.set_index("urn")
    urn = _current(frame["urn"], schools)
    only_la = schools["la_code"].iloc[0] if schools["la_code"].nunique() == 1 else 0
    la_code = urn.map(register["la_code"]).fillna(only_la).astype("int64")
    phase = pd.Categorical(urn.map(register["phase"].astype("str")), categories=list(register["phase"].cat.categories))
    return frame.assign(urn=urn, la_code=la_code, phase=phase)


def that_count(suspensions: pd.DataFrame) -> pd.DataFrame:
    """The suspensions that count: no lunchtime, cancelled or reinstated ones."""
    undone = [str(SuspensionStatus.CANCELLED), str(SuspensionStatus.REINSTATED)]
    counts = suspensions["category"].eq(SuspensionCategory.SUSPENSION) & ~suspensions["status"].isin(undone)
    return suspensions[counts].reset_index(drop=True)


def _with_status(exclusions: pd.DataFrame) -> pd.DataFrame:
    status = exclusions["review_outcome"].astype("str").map(_STATUS).fillna(str(PexStatus.NOT_RECORDED))
    return exclusions.assign(status=pd.Categorical(status, categories=[str(status) for status in PexStatus]))


def _with_meals(suspensions: pd.DataFrame, meals: pd.DataFrame) -> pd.DataFrame:
    """Adds `fsm6` as it stood on the day the suspension started, missing where nothing is known of the pupil."""
    ordered = suspensions.reset_index().sort_values("start_date", kind="stable")
    known = meals.sort_values("valid_from", kind="stable")
    joined = pd.merge_asof(ordered, known, left_on="start_date", right_on="valid_from", by="pupil")
    return joined.sort_values("index").drop(columns=["index", "valid_from"]).reset_index(drop=True)
