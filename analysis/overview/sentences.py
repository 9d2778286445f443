"""What the first page's figures say, a sentence each: the titles of its charts."""

from datetime import date

import pandas as pd

from analysis.hiding.masks import OPEN_PLACEMENTS
from analysis.hiding.protection import HIDDEN, HIDDEN_MARK, is_hidden
from analysis.measures import MEASURES
from analysis.overview.views import PHASES, STATUSES, apart
from analysis.so_far import TOTAL
from analysis.wording import amount, change, compared, counted, listed, percent
from analysis.year_before import YearBefore
from data_model.codes import Phase
from data_model.terms import Period, in_words

OUTREACH_ELSEWHERE = (
    "Outreach: a contact in the period, or a case open at its end. “Where next” counts it alike, in the latest year, "
    "but of other schools: those high over up to three years, and not the highest fifth of this period alone."
)
"""Why the page “Where next” may name other schools without outreach than are counted here."""


def first(tiles: pd.DataFrame, period: Period, before: YearBefore) -> str:
    """How many suspensions there were, and how that stands to a year before. `tiles` is that of the views."""
    count, earlier = tiles.loc["suspension_rate", ["count", "count_before"]]
    if is_hidden(tiles, "count")["suspension_rate"]:
        return f"Too few pupils were suspended in {period.label} to show how many."
    if pd.isna(count):
        return f"No suspensions are loaded for {period.label}."
    said = f"{counted(count, 'suspension')} in {period.label}{' so far' if before.running else ''}"
    return f"{said}." if pd.isna(earlier) else f"{said}: {compared(count, earlier)} {before.words}."


def tile(count: float, earlier: float, before: YearBefore, hidden: str = "") -> tuple[str, str, str]:
    """A tile's number, its change and what that is against: `1,204`, `+89 (+8%)`, `on Autumn 2024/25`.

    The change is blank where there is none, and so is the last where there is nothing to compare with. `hidden` names
    what of `count` and `count_before` is.
    """
    if "count" in hidden.split():
        return HIDDEN_MARK, "", "few pupils, or hidden to protect such a figure"
    if pd.isna(count):
        return "not loaded", "", ""
    if pd.isna(earlier):
        return amount(count), "", ""
    then = "the same day last year" if before.running else before.period.label
    if count == earlier:
        return amount(count), "", f"as many on {then}" if before.running else f"as many as in {then}"
    share = change(count, earlier)
    more = f"{'+' if count > earlier else '-'}{amount(abs(count - earlier))}"
    return amount(count), f"{more} ({share})" if share else more, f"on {then}"


def two_series(period: Period, before: YearBefore) -> tuple[str, str]:
    """What the figures of now and of a year before are called beside each other."""
    if before.running is None:
        return period.label, before.period.label
    return f"{period.label} so far", f"{before.period.label} to the same day"


def how_compared(before: YearBefore) -> str:
    """What “the same school day last year” means; blank where whole periods are compared."""
    running = before.running
    if running is None:
        return ""
    return (
        f"{running.period.label} has had {counted(running.school_days, 'school day')} up to "
        f"{in_words(running.up_to)}, the last suspension. It is compared with last year up to "
        f"{in_words(running.before_up_to)}, after as many ({running.day_kind})."
    )


def heard_from(heard: tuple[int, int] | None, period: Period) -> str:
    """From how many schools the suspensions came, and what that leaves open."""
    if heard is None:
        return f"No file says which schools’ suspensions are in for {period.label}."
    here, schools = heard
    if here == schools:
        return f"All {counted(schools, 'school')} are in the suspensions files for {period.label}."
    return (
        f"{here} of {counted(schools, 'school')} are in the suspensions files for {period.label}. The others sent "
        "nothing or had nothing to send: they count as 0."
    )


def by_phase(table: pd.DataFrame) -> str:
    """Which phase has most of the suspensions. `table` is `by_phase` of the views."""
    parts = table[table["phase"].ne(PHASES[TOTAL]) & table["phase"].ne(PHASES["ap"])].dropna(subset=["count"])
    total = parts["count"].sum()
    if is_hidden(table, "count").any():
        return "Suspensions by phase: some are about few pupils and cannot be shown."
    if not total:
        return "There are no suspensions to split by phase."
    most = parts.loc[parts["count"].idxmax()]
    return (
        f"{most['phase']} schools had {amount(most['count'])} of the {amount(total)} suspensions "
        f"({percent(most['count'], total)})."
    )


def over_time(table: pd.DataFrame, measure: str) -> str:
    """How the last whole period of `over_time` stands to a year before; the source that goes further speaks."""
    unit = MEASURES[measure].unit
    whole = table[~table["running"].astype(bool) & table["rate"].notna()]
    if whole.empty and is_hidden(table, "rate").any():
        return f"Too few pupils to show {unit} over time."
    if whole.empty:
        return f"There is no whole period with a rate of {unit} yet."
    last = whole.sort_values("period", kind="stable").iloc[-1]
    kind = whole["series"].eq(last["series"])
    same = whole[kind & whole["term"].fillna("").eq("" if pd.isna(last["term"]) else last["term"])]
    said = f"{amount(last['rate'])} {unit} in {last['period'].label}"
    earlier = same[same["year"].lt(last["year"])]
    if earlier.empty:
        return f"{said}."
    before = earlier.sort_values("period").iloc[-1]
    return f"{said}; it was {amount(before['rate'])} in {before['period'].label}."


def exclusions(table: pd.DataFrame, period: Period) -> str:
    """How many permanent exclusions were decided, and what came of them. `table` is `exclusions_by_status`."""
    every = apart(table)
    if table.empty:
        return f"What became of permanent exclusions is not known: none were notified for {period.label}."
    if HIDDEN in table:
        period = Period(period.year)
    if every.empty:
        return f"No permanent exclusion was decided in {period.label}."
    if is_hidden(every, "decided").any():
        return f"Permanent exclusions in {period.label} are about too few pupils to show."
    parts = {label.lower(): int(every[str(status)].sum()) for status, label in STATUSES.items()}
    named = [f"{number} {label}" for label, number in parts.items() if number]
    named += ["others about few pupils"] if any(is_hidden(every, str(status)).any() for status in STATUSES) else []
    said = listed(named)
    decided = int(every["decided"].sum())
    beside = int(every.loc[every["phase"].eq(Phase.AP), "decided"].sum())
    note = f"; {beside} of them by alternative provision, which the total above leaves out" if beside else ""
    return f"{counted(decided, 'permanent exclusion')} decided in {period.label}: {said}{note}."


def placements(table: pd.DataFrame, tiles: pd.DataFrame, now: date | None, period: Period) -> str:
    """How many placements are open on the last day, and in which tiers. `table` is `placements_by_tier`."""
    in_all = tiles.loc[OPEN_PLACEMENTS, "count"]
    if is_hidden(tiles, "count")[OPEN_PLACEMENTS]:
        return f"Too few pupils are in alternative provision in {period.label} to show how many."
    if pd.isna(in_all):
        return f"No alternative provision placements are loaded for {period.label}."
    hidden = is_hidden(table, "open")
    shown = table[~hidden]
    parts = [f"{amount(number)} in tier {tier}" for tier, number in zip(shown["tier"], shown["open"], strict=True)]
    if hidden.any():
        parts.append("others about few pupils")
    elif in_all > table["open"].sum():
        parts.append(f"{amount(in_all - table['open'].sum())} without a tier")
    day = min(now or period.bounds[1], period.bounds[1])
    return f"{counted(in_all, 'AP placement')} open on {in_words(day)}: {listed(parts)}."


def coverage(table: pd.DataFrame, period: Period) -> str:
    """How many of the highest-rate schools outreach was in. `table` has the phases' `count` and `out_of`."""
    reached, schools = table["count"].sum(), table["out_of"].sum()
    if table.empty:
        return f"No outreach cases are loaded for {period.label}."
    if not schools:
        return f"No school has a suspension rate in {period.label}, so none is among the highest."
    return f"Outreach was in {amount(reached)} of the {counted(schools, 'school')} with the highest suspension rates."
