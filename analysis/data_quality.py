"""What the data themselves are like, in tables and sentences: who has sent what, what is stale, what is still asked."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from access.scope import Scope
from analysis import completeness, queries
from analysis.completeness import Sent
from analysis.measures import MEASURES
from analysis.reconciliation import notified_and_census, reconciliation
from analysis.records import Records
from analysis.wording import amount, counted, listed
from data_model.catalogue import DATASETS
from data_model.terms import Period, Term, terms_between

TERMS_SHOWN = 6
SCHOOLS_DRAWN = 40
WORDS = {
    str(Sent.ROWS): "rows sent",
    str(Sent.NIL): "nil return",
    str(Sent.NOTHING): "in no file",
    str(Sent.NOT_OPEN): "not open",
}
"""What each state is called on the page."""

_STALE_AFTER = 1  # terms: a termly file of last term is late, one of the term before is forgotten
_FIRST_LINES = 5


@dataclass(frozen=True)
class Completeness:
    """What schools have sent of one dataset: the newest terms, oldest first, the schools with most gaps first.

    `cells` has `school, term, sent` (a value of Sent) for the chart, of at most SCHOOLS_DRAWN schools. `table` has
    `urn, school, phase` and a column for each term of `terms` in words, for all schools.
    """

    cells: pd.DataFrame
    table: pd.DataFrame
    terms: tuple[str, ...]
    sentence: str


def sent_by_term(records: Records, la: int, dataset: str, phase: str | None = None) -> Completeness:
    """What the schools of an authority, or those of one phase, have sent of a dataset."""
    frame = completeness.grid(records, dataset, la)
    frame = frame[frame["phase"].eq(phase)] if phase else frame
    frame = frame.assign(period=[Period(year, Term(term)) for year, term in frame[["year", "term"]].to_numpy()])
    periods = sorted(frame["period"].unique())[-TERMS_SHOWN:]
    frame = frame[frame["period"].isin(periods)]
    frame = frame[~frame["sent"].eq(Sent.NOT_OPEN).groupby(frame["urn"]).transform("all")]
    if frame.empty:
        nothing = pd.DataFrame(columns=["urn", "school", "phase"])
        return Completeness(frame, nothing, (), f"{DATASETS[dataset].title}: nothing has been loaded for any term")
    frame = frame.assign(
        school=_labels(frame),
        when=[period.label for period in frame["period"]],
        short=[_short(period) for period in frame["period"]],
    )
    order = _most_gaps_first(frame, periods[-1])
    drawn = frame[frame["urn"].isin(order[:SCHOOLS_DRAWN])]
    drawn = drawn.sort_values(["urn", "period"], key=lambda c: c.map(order.index) if c.name == "urn" else c)
    terms = tuple(period.label for period in periods)
    cells = drawn[["school", "short", "sent"]].rename(columns={"short": "term"})
    return Completeness(cells, _wide(frame, order, terms), terms, _who_has_sent(frame, dataset, periods[-1]))


def _short(period: Period) -> str:
    """`Aut 24/25`: six of them stand side by side over a chart."""
    assert period.term, "files are for terms"
    return f"{period.term.label[:3]} {period.year[2:4]}/{period.year[4:]}"


def _name(dataset: str) -> str:
    return DATASETS[dataset].title.lower()


def _labels(frame: pd.DataFrame) -> pd.Series:
    """The school's name, with its URN where two schools share one."""
    shared = frame.groupby("school_name")["urn"].transform("nunique").gt(1)
    names = frame["school_name"].astype("str")
    return names.where(~shared, names + " (" + frame["urn"].astype("str") + ")")


def _most_gaps_first(frame: pd.DataFrame, newest: Period) -> list[int]:
    """The URNs, those that are missing in the newest term first, then by how many terms are, then by name."""
    gap = frame["sent"].eq(Sent.NOTHING)
    ranked = frame.assign(gap=gap, new_gap=gap & frame["period"].eq(newest)).groupby("urn")
    ranks = ranked.agg(new_gap=("new_gap", "any"), gaps=("gap", "sum"), school=("school", "first"))
    ordered = ranks.sort_values(["new_gap", "gaps", "school"], ascending=[False, False, True])
    return [int(urn) for urn in ordered.index]


def _wide(frame: pd.DataFrame, order: list[int], terms: tuple[str, ...]) -> pd.DataFrame:
    words = frame.assign(words=[_words(sent, rows) for sent, rows in frame[["sent", "rows"]].to_numpy()])
    wide = words.pivot(index=["urn", "school", "phase"], columns="when", values="words")
    wide = wide.reindex(columns=list(terms)).fillna(WORDS[Sent.NOT_OPEN]).reset_index()
    wide.columns.name = None
    return wide.sort_values("urn", key=lambda urns: urns.map(order.index), ignore_index=True)


def _words(sent: str, rows: int) -> str:
    return counted(rows, "row") if sent == Sent.ROWS and pd.notna(rows) else WORDS[sent]


def _who_has_sent(frame: pd.DataFrame, dataset: str, newest: Period) -> str:
    counts = frame[frame["period"].eq(newest)]["sent"].value_counts()
    sent, nil, nothing = (int(counts.get(state, 0)) for state in (Sent.ROWS, Sent.NIL, Sent.NOTHING))
    returns = f" ({counted(nil, 'nil return')} among them)" if nil else ""
    missing = f"; {amount(nothing)} {'is' if nothing == 1 else 'are'} in no file" if nothing else ""
    whole = counted(sent + nil + nothing, "school")
    return f"{newest.label}: {amount(sent + nil)} of {whole} have sent {_name(dataset)}{returns}{missing}"


@dataclass(frozen=True)
class Freshness:
    """How up to date each dataset is: `title, files, last_upload` (UTC), `last_day, state` in words."""

    table: pd.DataFrame
    sentence: str


def freshness(connection: Connection, scope: Scope) -> Freshness:
    """How up to date each dataset is: stale where another reaches two terms further, or more."""
    table = completeness.staleness(connection, scope)
    now = table["last_day"].max()
    behind = [_terms_behind(day, now) for day in table["last_day"]]
    optional = [DATASETS[dataset].optional for dataset in table["dataset"]]
    columns = (behind, table["files"], table["last_day"], optional)
    table = table.assign(state=[_state(*row) for row in zip(*columns, strict=True)])
    stale = [title for title, terms in zip(table["title"], behind, strict=True) if terms > _STALE_AFTER]
    never = [
        title
        for title, files, may_be_absent in zip(table["title"], table["files"], optional, strict=True)
        if not files and not may_be_absent
    ]
    return Freshness(table, _what_is_stale(stale, never))


def _terms_behind(day: pd.Timestamp, now: pd.Timestamp) -> int:
    """How many terms before that of `now` a day lies; 0 for no day."""
    return 0 if pd.isna(day) else len(list(terms_between(_date(day), _date(now)))) - 1


def _date(day: pd.Timestamp) -> date:
    found: date = day.date()
    return found


def _state(behind: int, files: int, last_day: pd.Timestamp, optional: bool) -> str:
    if not files and pd.isna(last_day):
        return "Not loaded (it need not be)" if optional else "Never loaded"
    if pd.isna(last_day):
        return "Loaded"
    if behind > _STALE_AFTER:
        return f"Stale: nothing since {Period.of(_date(last_day)).label}"
    return "One term behind" if behind else "Up to date"


def _what_is_stale(stale: list[str], never: list[str]) -> str:
    if not stale and not never:
        return "Every dataset is up to date"
    parts = [f"Stale: {listed(stale)}"] if stale else []
    parts += [f"{'never' if stale else 'Never'} loaded: {listed(never)}"] if never else []
    return "; ".join(parts)


@dataclass(frozen=True)
class Asked:
    """The questions that are still open, the most frequent kind first.

    `kinds` has `dataset, column_name, message, rows, files, lines`: an example of each kind, how many rows it is asked
    of, in which files, and the first lines. `rows` has every one: `dataset, file_name, line, column_name, message`.
    """

    kinds: pd.DataFrame
    rows: pd.DataFrame
    sentence: str


def still_asked(connection: Connection, scope: Scope) -> Asked:
    """The queries that were open when their rows were saved. Raises OutOfScope without pupils' rows."""
    rows = queries.open_queries(connection, scope).astype({"dataset": "str", "code": "str"})
    rows = rows.assign(dataset=rows["dataset"].map(_title), column_name=rows["column_name"].astype("str"))
    if rows.empty:
        kinds = pd.DataFrame(columns=["dataset", "column_name", "message", "rows", "files", "lines"])
        return Asked(kinds, rows, "No question is open")
    kinds = rows.groupby(["dataset", "code", "column_name"], sort=False, dropna=False).agg(
        message=("message", "first"), rows=("code", "size"), files=("file_name", _in_words), lines=("line", _lines)
    )
    kinds = kinds.reset_index().sort_values("rows", ascending=False, kind="stable", ignore_index=True)
    files = counted(rows["file_name"].nunique(), "file")
    verb = "is" if len(rows) == 1 else "are"
    return Asked(kinds, rows, f"{counted(len(rows), 'question')} {verb} still open, in {files}")


def _title(dataset: str) -> str:
    return DATASETS[dataset].title if dataset in DATASETS else dataset


def _in_words(files: "pd.Series[str]") -> str:
    return ", ".join(dict.fromkeys(files))


def _lines(lines: "pd.Series[int]") -> str:
    known = sorted(int(line) for line in lines.dropna())
    more = f" and {counted(len(known) - _FIRST_LINES, 'more', 'more')}" if len(known) > _FIRST_LINES else ""
    return ", ".join(str(line) for line in known[:_FIRST_LINES]) + more


@dataclass(frozen=True)
class Agreement:
    """Two sources' counts: `urn, school_name, phase, period, measure`, one column each, and their `difference`.

    Only pairs that both have; the largest differences first.
    """

    table: pd.DataFrame
    sentence: str


def agreement(records: Records, la: int) -> Agreement:
    """How the counts that were notified agree with those that DfE published, by school and term."""
    both = reconciliation(records, la).dropna(subset=["local", "published"])
    return _agreement(both, "those DfE published")


def agreement_with_census(connection: Connection, scope: Scope, la: int) -> Agreement:
    """How the counts that were notified agree with the school census, by school and term: `notified, census`."""
    return _agreement(notified_and_census(connection, scope, la), "the school census")


def _agreement(both: pd.DataFrame, other: str) -> Agreement:
    if both.empty:
        return Agreement(both, "")
    labels = [_period_label(year, term) for year, term in both[["year", "term"]].to_numpy()]
    table = both.assign(period=labels, measure=[MEASURES[measure].name for measure in both["measure"]])
    table = table.assign(size=table["difference"].abs()).sort_values("size", ascending=False, kind="stable")
    same = int(table["difference"].eq(0).sum())
    largest = table.iloc[0]
    most = (
        f"; the largest difference is {amount(largest['size'])}, at {largest['school_name']} in {largest['period']}"
        if largest["size"]
        else ""
    )
    sentence = f"{amount(same)} of {counted(len(table), 'count')} agree with {other}{most}"
    return Agreement(table.drop(columns="size").reset_index(drop=True), sentence)


def _period_label(year: str, term: object) -> str:
    return Period(str(year), Term(str(term)) if term and pd.notna(term) else None).label
