"""Rules that several datasets share, and the small tools that rules are made with."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from data_model.columns import closure_days, looks_like_upn
from data_model.dataset import Rule, Surroundings
from data_model.names_in_text import seems_to_name_somebody
from data_model.severity import Severity
from data_model.terms import periods_of

# Summer holidays last six weeks or so; where term dates leave more open, a term's are missing.
LONGEST_HOLIDAY = np.timedelta64(63, "D")


def where(
    condition: Callable[[pd.DataFrame], "pd.Series[bool]"],
) -> Callable[[pd.DataFrame, Surroundings], pd.DataFrame]:
    """A check that looks at nothing but the row itself: the rows where the condition is true (missing is not true)."""

    def broken_by(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
        return rows[condition(rows).fillna(False).astype(bool)]

    return broken_by


def in_order(first: str, second: str, sentence: str) -> Rule:
    """An error where the second date is before the first."""
    return Rule(
        code=f"E-{second.upper().replace('_', '-')}-BEFORE-{first.upper().replace('_', '-')}",
        severity=Severity.ERROR,
        columns=(second, first),
        message=sentence,
        broken_by=where(lambda rows: rows[second] < rows[first]),
        plain=f"`{second}` is not before `{first}`",
    )


def known_school(column: str) -> Rule:
    """An error where a school is not among the schools that are loaded."""

    def broken_by(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
        known = surroundings.saved("schools")["urn"]
        return rows[rows[column].notna() & ~rows[column].isin(known)]

    return Rule(
        code="E-SCHOOL-UNKNOWN",
        severity=Severity.ERROR,
        columns=(column,),
        message=f"No school with URN {{{column}}} is loaded. Correct the URN, or add the school to the schools file first.",
        broken_by=broken_by,
        plain=f"`{column}` is a school that is loaded",
        needs=("schools",),
    )


def known_row(column: str, dataset: str, what: str) -> Rule:
    """A query where no row that is saved of a dataset has the key in a column. `what` is what people call such a row."""

    def broken_by(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
        known = surroundings.saved(dataset, of_every_year=True)[column]
        return rows[rows[column].notna() & ~rows[column].isin(known)]

    return Rule(
        code=f"Q-{what.upper()}-UNKNOWN",
        severity=Severity.QUERY,
        columns=(column,),
        message=f"No {what} {{{column}}} is loaded. Load the {what}s first, or check the {what} ID.",
        broken_by=broken_by,
        plain=f"`{column}` is a {what} that is loaded",
        needs=(dataset,),
    )


def closed_with_reason(what: str) -> Rule:
    """An error where something closed and nobody says why. `what` is what closed, such as `case`."""

    def broken_by(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
        return rows[rows["end_date"].notna() & rows.reindex(columns=["close_reason"])["close_reason"].isna()]

    return Rule(
        code="E-CLOSE-REASON-MISSING",
        severity=Severity.ERROR,
        columns=("end_date",),
        message=f"The {what} closed on {{end_date}}, and close_reason is blank. Say why it closed.",
        broken_by=broken_by,
        plain=f"A closed {what} has a close reason",
        reads_too=("close_reason",),
    )


def notes_without_names(column: str = "notes") -> Rule:
    """A query where free text seems to name a person."""

    def broken_by(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
        texts = distinct_text(rows[column])
        return rows[rows[column].isin(texts[seems_to_name_somebody(texts)])]

    return Rule(
        code="Q-NOTES-NAME",
        severity=Severity.QUERY,
        columns=(column,),
        message="These notes seem to name a person. Write what somebody is instead, such as the pupil, mother or tutor.",
        broken_by=broken_by,
        plain="Notes name nobody: no title with a name and no common forename is found in them",
    )


def school_was_open(column: str, day: str) -> tuple[Rule, Rule]:
    """Queries where an event falls before its school opened or after it closed, naming a predecessor or successor."""

    def with_school(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
        life = surroundings.saved("schools")[["urn", "open_date", "close_date"]]
        return (
            rows[[column, day]].merge(life.rename(columns={"urn": column}), on=column, how="left").set_axis(rows.index)
        )

    def too_early(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
        life = with_school(rows, surroundings)
        early = rows.assign(open_date=life["open_date"])[(life[day] < life["open_date"]).fillna(False)]
        links = surroundings.predecessors()
        return early.assign(
            advice=_advice(early[column], dict(zip(links["urn"], links["predecessor_urn"], strict=True)))
        )

    def too_late(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
        life = with_school(rows, surroundings)
        late = rows.assign(close_date=life["close_date"])[(life[day] > life["close_date"]).fillna(False)]
        links = surroundings.predecessors()
        return late.assign(advice=_advice(late[column], dict(zip(links["predecessor_urn"], links["urn"], strict=True))))

    return (
        Rule(
            code="Q-BEFORE-SCHOOL-OPENED",
            severity=Severity.QUERY,
            columns=(column, day),
            message=f"This school opened on {{open_date}}, after this event on {{{day}}}. {{advice}}",
            broken_by=too_early,
            plain=f"`{day}` is not before the school opened",
            needs=("schools",),
        ),
        Rule(
            code="Q-AFTER-SCHOOL-CLOSED",
            severity=Severity.QUERY,
            columns=(column, day),
            message=f"This school closed on {{close_date}}, before this event on {{{day}}}. {{advice}}",
            broken_by=too_late,
            plain=f"`{day}` is not after the school closed",
            needs=("schools",),
        ),
    )


def _advice(schools: pd.Series, linked: dict[int, int]) -> list[str]:
    others = (linked.get(int(urn)) for urn in schools)
    return [f"Was it the school with URN {other}?" if other else "Check the URN and the date." for other in others]


def school_rules(column: str, day: str) -> tuple[Rule, ...]:
    """All that a dataset of events asks of its school."""
    return (known_school(column), *school_was_open(column, day))


def pupil_rules(column: str = "pupil_ref", *, known: bool = True) -> tuple[Rule, ...]:
    """All that a dataset asks of its pupil references: one scheme for the LA, and, where they must be `known`, known
    pupils where pupils are loaded."""
    rules = (_one_scheme(column), permanent_upn(column), _lost_zeros(column))
    return (*rules, _known_pupil(column)) if known else rules


def distinct_text(values: pd.Series) -> pd.Series:
    """The distinct values of a text column, missing ones left out."""
    return pd.Series(values.dropna().unique(), dtype="object")


def _one_scheme(column: str) -> Rule:
    def broken_by(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
        distinct = distinct_text(rows[column])
        is_upn = distinct.map(looks_like_upn).astype(bool)
        before = surroundings.pupil_references()
        upns_rule = bool(before.map(looks_like_upn).mean() >= 0.5) if len(before) else bool(is_upn.mean() >= 0.5)
        odd = distinct[is_upn != upns_rule]
        scheme = "UPNs" if upns_rule else "the LA's own references"
        return rows[rows[column].isin(odd)].assign(scheme=scheme)

    return Rule(
        code="E-PUPIL-REF-MIXED",
        severity=Severity.ERROR,
        columns=(column,),
        message="The other pupil references are {scheme}, and this one is not. Use one kind of reference throughout.",
        broken_by=broken_by,
        plain="Pupil references are of one kind throughout: UPNs or the LA's own",
    )


def permanent_upn(column: str) -> Rule:
    """A query where a UPN is a temporary one."""

    def broken_by(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
        distinct = distinct_text(rows[column])
        temporary = distinct[distinct.map(lambda ref: looks_like_upn(ref) and ref[-1].isalpha()).astype(bool)]
        return rows[rows[column].isin(temporary)]

    return Rule(
        code="Q-UPN-TEMPORARY",
        severity=Severity.QUERY,
        columns=(column,),
        message="This is a temporary UPN: use the pupil's permanent UPN if it is known, so that records join up.",
        broken_by=broken_by,
        plain="UPNs are permanent ones",
    )


def _lost_zeros(column: str) -> Rule:
    def broken_by(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
        distinct = distinct_text(rows[column])
        digits = distinct[distinct.map(lambda ref: ref.isdecimal()).astype(bool)]
        if len(digits) < 2:
            return rows.iloc[:0]
        usual = int(digits.str.len().max())
        has_zeros = bool(digits.str.startswith("0").any())
        short = digits[(digits.str.len() < usual) & (has_zeros | (digits.str.len() == usual).mean().__ge__(0.5))]
        return rows[rows[column].isin(short)].assign(usual=usual)

    return Rule(
        code="Q-LEADING-ZERO",
        severity=Severity.QUERY,
        columns=(column,),
        message="Other references in this file have {usual} digits: has this one lost its leading zeros in a spreadsheet?",
        broken_by=broken_by,
        plain="References of digits are equally long: a shorter one may have lost its leading zeros",
    )


def _known_pupil(column: str) -> Rule:
    def broken_by(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
        if not surroundings.is_loaded("pupils"):
            return rows.iloc[:0]
        known = surroundings.saved("pupils")["pupil_ref"]
        return rows[rows[column].notna() & ~rows[column].isin(known)]

    return Rule(
        code="Q-PUPIL-UNKNOWN",
        severity=Severity.QUERY,
        columns=(column,),
        message="This pupil is not in the pupils file. Check the reference, or add the pupil there.",
        broken_by=broken_by,
        plain="Where pupils are loaded, the pupil is one of them",
    )


def with_year(rows: pd.DataFrame, day: str) -> pd.DataFrame:
    """The rows with `academic_year` and `term` by DfE's cut-offs, from the date column `day`."""
    return rows.assign(**periods_of(rows[day]))


def school_days_between(first: pd.Series, last: pd.Series, areas: pd.Series, term_dates: pd.DataFrame) -> pd.Series:
    """School days from `first` to `last`, both counted, by the term dates of each row's school or LA.

    `areas` names the school (URN) of each row; its own term dates are used where there are any, else those of its LA as
    given under `la_code` in `term_dates`. Missing where a date is missing or not covered by term dates.
    """
    days = school_days_of(term_dates)
    result = pd.Series(np.nan, index=first.index)
    for area, index in areas.groupby(areas).groups.items():
        open_days = days.get(int(area), days.get(-1))
        if open_days is None or not len(open_days):
            continue
        start, end = first.loc[index].to_numpy("datetime64[D]"), last.loc[index].to_numpy("datetime64[D]")
        count = np.searchsorted(open_days, end, side="right") - np.searchsorted(open_days, start, side="left")
        result.loc[index] = np.where(_covered(start, open_days) & _covered(end, open_days), count, np.nan)
    return result


def _covered(days: np.ndarray, open_days: np.ndarray) -> np.ndarray:
    """Whether term dates say anything of each day: it lies between two school days that no missing term parts."""
    before = np.searchsorted(open_days, days, side="right") - 1
    after = np.searchsorted(open_days, days, side="left")
    between = ~np.isnat(days) & (before >= 0) & (after < len(open_days))
    before, after = before.clip(0), after.clip(max=len(open_days) - 1)
    covered: np.ndarray = between & (open_days[after] - open_days[before] <= LONGEST_HOLIDAY)
    return covered


def school_day_after(days: pd.Series, number: int, areas: pd.Series, term_dates: pd.DataFrame) -> pd.Series:
    """The `number`th school day after each day, by the term dates of each row's school or LA (see above).

    Missing where the day is missing, or where term dates do not reach from it to that school day without a gap.
    """
    calendars = school_days_of(term_dates)
    result = pd.Series(pd.NaT, index=days.index, dtype="datetime64[s]")
    for area, index in areas.groupby(areas).groups.items():
        open_days = calendars.get(int(area), calendars.get(-1))
        if open_days is None or not len(open_days):
            continue
        start = days.loc[index].to_numpy("datetime64[D]")
        before = np.searchsorted(open_days, start, side="right") - 1
        place = before + number
        known = ~np.isnat(start) & (before >= 0) & (place < len(open_days))
        before, place = before.clip(0), place.clip(max=len(open_days) - 1)
        missing_terms = np.cumsum(np.diff(open_days, prepend=open_days[:1]) > LONGEST_HOLIDAY)
        known &= missing_terms[before] == missing_terms[place]
        result.loc[index] = np.where(known, open_days[place], np.datetime64("NaT")).astype("datetime64[s]")
    return result


def school_days_of(term_dates: pd.DataFrame) -> dict[int, np.ndarray]:
    """Every school day, sorted, for each school with term dates of its own (by URN), and under -1 for the LA's."""
    found: dict[int, list[np.ndarray]] = {}
    for row in term_dates.itertuples():
        area = int(row.applies_to) if row.applies_to > 999 else -1
        days = np.arange(np.datetime64(row.first_day, "D"), np.datetime64(row.last_day, "D") + 1)
        days = days[np.is_busday(days)]
        for start, end in closure_days(row.closures if isinstance(row.closures, str) else ""):
            days = days[(days < np.datetime64(start)) | (days > np.datetime64(end))]
        found.setdefault(area, []).append(days)
    return {area: np.unique(np.concatenate(parts)) for area, parts in found.items()}
