"""One school: what it is, and its measures over time beside its phase in the LA."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.hiding.protection import HIDDEN, hidden_rows, withheld
from analysis.loaded import is_loaded
from analysis.measures import AVERAGE_SUSPENSIONS, MEASURES, OUTREACH_COVERAGE, Measure
from analysis.published_table import of_schools
from analysis.records import Records
from analysis.slices import By, Slice, slice_of
from analysis.sources import PUBLISHED, own_source
from data_model.codes import SchoolStatus
from data_model.terms import Period, year_label


@dataclass(frozen=True)
class About:
    """What a school is. `carries_on` names the schools that it was before it converted; dates and sizes may be None."""

    urn: int
    laestab: int
    la_code: int
    name: str
    phase: str
    status: str | None
    establishment_type: str | None
    establishment_type_group: str | None
    trust_name: str | None
    admissions_policy: str | None
    district: str | None
    open_date: date | None
    close_date: date | None
    low_age: int | None
    high_age: int | None
    capacity: int | None
    headcount: int | None
    headcount_at: str | None
    carries_on: tuple[int, ...]


_OVER_TIME = [
    *("measure", "year", "term", "count", "out_of", "rate", "phase_count", "phase_out_of", "phase_rate", "source"),
    HIDDEN,
]


def find(records: Records, number: int) -> int | None:
    """The URN of the school with this URN or LAESTAB, that carries its figures today; None where there is none.

    Of schools that share a LAESTAB the one that is not closed is meant, else the newest.
    """
    schools = records.schools
    by_urn = schools[schools["urn"].eq(number)]
    found = by_urn if len(by_urn) else schools[schools["laestab"].eq(number)]
    if found.empty:
        return None
    last = found.assign(closed=found["status"].eq(SchoolStatus.CLOSED)).sort_values(["closed", "urn"])
    not_closed = last[~last["closed"]]
    return int((not_closed if len(not_closed) else last)["current_urn"].iloc[-1])


def about(records: Records, urn: int) -> About:
    """What the school is, with its latest headcount. Raises KeyError where the scope has no such school."""
    row = _row(records, urn)
    rolls = records.headcounts[records.headcounts["urn"].eq(urn)].astype({"academic_year": "str", "census_term": "str"})
    latest = rolls.sort_values(["academic_year", "census_term"]).tail(1).to_dict("records")
    schools = records.schools
    before = schools.loc[schools["current_urn"].eq(urn) & schools["urn"].ne(urn), "urn"]
    return About(
        urn=urn,
        laestab=int(row["laestab"]),
        la_code=int(row["la_code"]),
        name=str(row["school_name"]),
        phase=str(row["phase"]),
        status=_text(row["status"]),
        establishment_type=_text(row["establishment_type"]),
        establishment_type_group=_text(row["establishment_type_group"]),
        trust_name=_text(row["trust_name"]),
        admissions_policy=_text(row["admissions_policy"]),
        district=_text(row["district"]),
        open_date=_day(row["open_date"]),
        close_date=_day(row["close_date"]),
        low_age=_whole(row["low_age"]),
        high_age=_whole(row["high_age"]),
        capacity=_whole(row["capacity"]),
        headcount=int(latest[0]["headcount"]) if latest else None,
        headcount_at=f"{year_label(latest[0]['academic_year'])} {latest[0]['census_term']}" if latest else None,
        carries_on=tuple(int(urn) for urn in before),
    )


def became_academy(records: Records, urn: int) -> date | None:
    """The day on which the school became an academy and carried on; None where it did not, or nothing says when."""
    schools = records.schools[records.schools["current_urn"].eq(urn)]
    return _day(schools.loc[schools["urn"].eq(urn), "open_date"].iloc[0]) if len(schools) > 1 else None


def over_time(records: Records, urn: int, by_term: bool = False, measure: str | None = None) -> pd.DataFrame:
    """Every measure (or one, by its id) of the school in every year (or term) with data, beside its phase in the LA.

    Columns: `measure, year, term, count, out_of, rate`, the last three of its phase (`phase_`), `source`. Published
    figures are rows of their own, of the source `published`: sources never share a line. No row where a measure's data
    is not loaded.
    """
    row = _row(records, urn)
    own = records.by_la[int(row["la_code"])]
    terms = sorted(frozenset().union(*own.loaded.values()))
    periods = terms if by_term else sorted({Period(term.year) for term in terms})
    measures = (measure,) if measure else tuple(MEASURES)
    local = pd.concat([notified(own, urn, period, measures) for period in periods] or [pd.DataFrame()])
    printed = published_over_time(own, int(row["laestab"]), str(row["phase"]), by_term)
    printed = printed[printed["measure"].isin(measures)]
    return pd.concat([local.reindex(columns=_OVER_TIME), printed], ignore_index=True)


def notified(records: Records, urn: int, period: Period, measures: tuple[str, ...]) -> pd.DataFrame:
    """The school's own figures in one period for measures by their ids, in the columns of `over_time`."""
    row = _row(records, urn)
    la_code, phase = int(row["la_code"]), str(row["phase"])
    rows = _of_period(records.by_la[la_code], urn, la_code, phase, period, [MEASURES[each] for each in measures])
    return _protected(pd.DataFrame(rows, columns=_OVER_TIME), records.by_la[la_code], urn, phase, period)


def _protected(rows: pd.DataFrame, records: Records, urn: int, phase: str, period: Period) -> pd.DataFrame:
    """The rows with what is hidden of the school and of its phase."""
    rows = rows.assign(hidden="")
    if records.protection is None or rows.empty:
        return rows
    hidden = [hidden_rows(records, measure, period, (str(urn), phase)) for measure in rows["measure"]]
    own, whole = (pd.Series([key in keys for keys in hidden], index=rows.index) for key in (str(urn), phase))
    counted = rows["measure"].isin([AVERAGE_SUSPENSIONS.id, OUTREACH_COVERAGE.id])
    shown = withheld(rows, own, ["count", "rate"]).pipe(withheld, own & counted, ["out_of"])
    return withheld(shown, whole, ["phase_count", "phase_rate"]).pipe(withheld, whole & counted, ["phase_out_of"])


def _of_period(
    records: Records, urn: int, la_code: int, phase: str, period: Period, measures: list[Measure]
) -> Iterator[dict[str, object]]:
    # One slice for all measures: each filters the year's suspensions once.
    school, whole = (slice_of(records, la_code, period, by, phase) for by in (By.SCHOOL, By.PHASE))
    for measure in measures:
        if not is_loaded(records, measure.datasets, period):
            continue
        count, out_of, provisional = _figure(measure, school, urn)
        phase_count, phase_out_of, _ = _figure(measure, whole, phase)
        yield {
            "measure": measure.id,
            "year": period.year,
            "term": str(period.term) if period.term else None,
            "count": count,
            "out_of": out_of,
            "rate": _rate(count, out_of, measure),
            "phase_count": phase_count,
            "phase_out_of": phase_out_of,
            "phase_rate": _rate(phase_count, phase_out_of, measure),
            "source": own_source(records, measure, provisional),
        }


def _figure(measure: Measure, slice_: Slice, group: object) -> tuple[float, float, bool]:
    out_of = measure.out_of(slice_)
    denominator = float(out_of.values.get(group, out_of.absent))
    count = float(measure.counts(slice_).get(group, 0.0))
    missing = out_of.only_these and pd.isna(denominator)
    return float("nan") if missing else count, denominator, out_of.provisional


def _rate(count: float, out_of: float, measure: Measure) -> float:
    return count / out_of * measure.per if out_of > 0 else float("nan")


def published_over_time(records: Records, laestab: int, phase: str, by_term: bool = False) -> pd.DataFrame:
    """What DfE published of a school and its phase, of one LA's records, in the columns of `over_time`."""
    rows = records.published[records.published["phase"].eq(phase) & records.published["term"].ne("").eq(by_term)]
    schools = of_schools(rows)
    own = schools[schools["laestab"].eq(laestab)]
    whole = rows[rows["geographic_level"].eq("la")].drop_duplicates(["academic_year", "term"])
    both = own.merge(whole, on=["academic_year", "term"], how="left", suffixes=("", "_of_phase"))
    parts = []
    for measure in MEASURES.values():
        if measure.published:
            count, out_of = measure.published
            table = both.assign(measure=measure.id, year=both["academic_year"].astype("str"), source=PUBLISHED)
            table = table.assign(count=both[count], out_of=both[out_of])
            table["rate"] = (both[count] / both[out_of]).where(both[out_of] > 0) * measure.per
            phase_count, phase_out_of = both[f"{count}_of_phase"], both[f"{out_of}_of_phase"]
            table = table.assign(phase_count=phase_count, phase_out_of=phase_out_of, **{HIDDEN: ""})
            table["phase_rate"] = (phase_count / phase_out_of).where(phase_out_of > 0) * measure.per
            parts.append(table)
    return pd.concat(parts).sort_values(["measure", "year"], kind="stable")[_OVER_TIME]


def _row(records: Records, urn: int) -> "pd.Series":
    found = records.current_schools[records.current_schools["urn"].eq(urn)]
    if found.empty:
        raise KeyError(urn)
    return found.iloc[0]


def _text(value: object) -> str | None:
    return None if pd.isna(value) else str(value)


def _day(value: pd.Timestamp) -> date | None:
    return None if pd.isna(value) else value.date()


def _whole(value: float) -> int | None:
    return None if pd.isna(value) else int(value)
