"""What one school's figures say, a sentence each: the titles of its page's charts."""

import pandas as pd

from analysis.completeness import Sent
from analysis.every_school.figures import SMALL
from analysis.hiding.protection import HIDDEN, HIDDEN_MARK, is_hidden, is_marked
from analysis.measures import SUSPENSION_RATE, Measure
from analysis.one_school.profile import NOT_KNOWN
from analysis.overview.views import STATUSES
from analysis.wording import amount, counted, listed, percent
from data_model.terms import Period

_OFTEN = ("5–9", "10+")
NOT_SPLIT = (
    "What became of permanent exclusions is not shown for one school: hardly any such figure is not about a few "
    "pupils. The authority’s are on the Overview."
)
TOO_FEW = "Too few pupils to show who was suspended or for what."


def tile(row: "pd.Series") -> tuple[str, str]:
    """A tile's number, and its rate beside the phase's in words; of a small number that it is one.

    The difference of the rates is not shown: under a count it reads as a change of the count.
    """
    if is_marked(row, "count"):
        return HIDDEN_MARK, "few pupils, or hidden to protect such a figure"
    if pd.isna(row["count"]):
        return "not loaded", ""
    number = amount(row["count"])
    if row["note"] == SMALL:
        return number, "small number: one child can move it"
    if pd.isna(row["rate"]):
        return number, str(row["note"])
    rates = f"{amount(row['rate'])} per {row['per']} pupils"
    return number, rates if pd.isna(row["phase_rate"]) else f"{rates}; phase {amount(row['phase_rate'])}"


def worked_out(row: "pd.Series") -> str:
    """What a tile's rates are worked out from: `20 ÷ 371 pupils × 100 = 5.4; in its phase …`; blank without a rate."""
    if row["note"] or pd.isna(row["rate"]):
        return ""
    parts = [_worked_out(row, "")]
    if pd.notna(row["phase_rate"]):
        parts.append(f"its phase: {_worked_out(row, 'phase_')}")
    return "; ".join(parts)


def _worked_out(row: "pd.Series", whose: str) -> str:
    count, out_of, rate = (amount(row[f"{whose}{figure}"]) for figure in ("count", "out_of", "rate"))
    return f"{count} ÷ {out_of} × {row['per']} = {rate}"


def beside_phase(tiles: pd.DataFrame, phase: str, period: Period) -> str:
    """The school's suspension rate beside its phase's; of a small number or without a rate, no more than the period."""
    row = tiles.loc[SUSPENSION_RATE.id]
    if row["note"] in (SMALL, HIDDEN_MARK) or pd.isna(row["rate"]) or pd.isna(row["phase_rate"]):
        return f"{period.label}, beside all {phase.lower()} schools"
    own, others = amount(row["rate"]), amount(row["phase_rate"])
    return f"{own} {SUSPENSION_RATE.unit} in {period.label}; all {phase.lower()} schools had {others}."


def over_time(table: pd.DataFrame, measure: Measure) -> str:
    """The school's last whole figure beside its phase's and the one before. `table` is `over_time` of the views."""
    whole = table[~table["running"].astype(bool) & table["rate"].notna()]
    if whole.empty:
        return _without_rate(table, measure)
    last = whole.sort_values(["period"], kind="stable").iloc[-1]
    said = f"{amount(last['rate'])} {measure.unit} in {last['label']} (count {amount(last['count'])})"
    phase = f"; its phase had {amount(last['phase_rate'])}" if pd.notna(last["phase_rate"]) else ""
    same = whole[whole["series"].eq(last["series"]) & whole["year"].lt(last["year"])]
    same = same[same["term"].fillna("").eq(last["term"] if pd.notna(last["term"]) else "")]
    before = f"; in {same.iloc[-1]['label']} it was {amount(same.iloc[-1]['rate'])}" if len(same) else ""
    return f"{said}{phase}{before}."


def _without_rate(table: pd.DataFrame, measure: Measure) -> str:
    if is_hidden(table, "count").any():
        return f"Too few pupils to show any whole period of {measure.name.lower()}."
    if table["count"].notna().any():
        return f"No denominator: there are counts but no headcount, so no {measure.name.lower()}."
    return f"Nothing is loaded here from which to work out this measure: {measure.name.lower()}."


def too_few(suspensions: float, period: Period) -> str:
    """Why nothing is split further, blank where there are enough suspensions to split."""
    least = SUSPENSION_RATE.minimum
    if suspensions >= least:
        return ""
    number = counted(suspensions, "suspension") if suspensions else "No suspensions"
    return f"{number} in {period.label}: fewer than {least} say nothing about who is suspended or for what."


def none_or_too_few(table: pd.DataFrame, year: Period) -> str:
    """Why there is nothing to split in a year: no suspension, or too few pupils to say. `table` is `breakdown`."""
    return TOO_FEW if is_hidden(table, "suspensions").any() else f"No suspensions in {year.label}."


def whole_year(year: Period) -> str:
    """Of what period the figures are where small numbers are hidden."""
    return (
        f"Year groups, reasons, needs and meals are those of the whole of {year.label}: by term they would give small "
        "numbers away. How often the same pupils were suspended is among the measures above."
    )


def repeats(table: pd.DataFrame) -> str:
    """How much of the total is the same few pupils. `table` is `repeat_bands`."""
    often = table[table["band"].isin(_OFTEN)]
    pupils, suspensions, total = often["pupils"].sum(), often["suspensions"].sum(), table["suspensions"].sum()
    if pupils:
        had = f"had {amount(suspensions)} of the {amount(total)} suspensions ({percent(suspensions, total)})"
        return f"{counted(pupils, 'pupil')} suspended five times or more {had}."
    once = table.loc[table["band"].eq("1"), "pupils"].sum()
    return (
        f"No pupil was suspended five times or more; {amount(once)} of {counted(table['pupils'].sum(), 'pupil')} once."
    )


def most_of(table: pd.DataFrame, label: str, counts: str, what: str) -> str:
    """Which row of a profile has most, beside its phase: `Year 9 had 34 of the 120 suspensions (28%; phase 24%).`"""
    if table[counts].isna().all():
        return TOO_FEW
    top = table.loc[table[counts].idxmax()]
    phase = f"; phase {100 * top['phase_share']:.0f}%" if pd.notna(top["phase_share"]) else ""
    total = round(top[counts] / top["share"]) if is_hidden(table, counts).any() else table[counts].sum()
    share = f"{percent(top[counts], total)}{phase}"
    return f"{top[label]}: {amount(top[counts])} of the {amount(total)} {what} ({share})."


def of_those(table: pd.DataFrame, values: tuple[str, ...], who: str) -> str:
    """What share of the suspensions are of pupils with one of these values. `table` is `breakdown` of the profile."""
    known = table[table["label"].ne(NOT_KNOWN)]
    if is_hidden(table, "suspensions").any():
        return _of_those_shown(table, values, who)
    if not known["suspensions"].sum():
        return f"{who}: not known of any pupil suspended here."
    theirs = table[table["value"].isin(values)]
    phase = f"; phase {100 * theirs['phase_share'].sum():.0f}%" if table["phase_share"].notna().any() else ""
    count, total = theirs["suspensions"].sum(), table["suspensions"].sum()
    return f"{who}: {amount(count)} of the {amount(total)} suspensions ({percent(count, total)}{phase})."


def _of_those_shown(table: pd.DataFrame, values: tuple[str, ...], who: str) -> str:
    theirs = table[table["value"].isin(values)]
    if is_hidden(theirs, "suspensions").any():
        return f"{who}: some are too few to show."
    share = theirs["share"].sum()
    return f"{who}: {amount(theirs['suspensions'].sum())} suspensions ({100 * share:.0f}%)."


def exclusions(table: pd.DataFrame) -> str:
    """How many permanent exclusions the school decided on and what came of them: `exclusions` of the views."""
    if table.empty:
        return "No permanent exclusion by this school is loaded."
    every = table.groupby("status")["count"].sum()
    parts = [f"{every[label]} {label.lower()}" for label in STATUSES.values() if label in every.index]
    return f"{counted(table['count'].sum(), 'permanent exclusion')} since {table['year'].min()}: {listed(parts)}."


def placements(table: pd.DataFrame, period: Period) -> str:
    """How many of the school's pupils are in alternative provision. `table` is `placements` of the profile."""
    if table.empty:
        return f"No alternative provision placements are loaded for {period.label}."
    if is_hidden(table, "open").any() or is_hidden(table, "started").any():
        return f"Alternative provision in {period.label}: few pupils in some tiers."
    there, started = int(table["open"].sum()), int(table["started"].sum())
    said = f"{counted(there, 'placement')} {'is' if there == 1 else 'are'} open" if there else "No placement is open"
    return f"{said}; {started or 'none'} started in {period.label}."


def outreach(table: pd.DataFrame) -> str:
    """What outreach does at the school, from the last row of `outreach_by_term`."""
    if table.empty:
        return "No outreach cases are loaded."
    if HIDDEN in table:
        return _outreach_shown(table)
    if not table["contacts"].any():
        said = [_ever(table, "referrals", "referral"), _ever(table, "cases_started", "case")]
        return f"No outreach contact with this school since {table['label'].iloc[0]}: {listed(said)}."
    last = table.iloc[-1]
    open_ = int(last["cases_open"])
    cases = (
        f"{counted(open_, 'outreach case')} {'is' if open_ == 1 else 'are'} open"
        if open_
        else "No outreach case is open"
    )
    contacts = f"{counted(last['contacts'], 'contact')} ({counted(round(last['hours'], 1), 'hour')})"
    return f"{cases}; {contacts if last['contacts'] else 'no contact'} in {last['label']}."


def _outreach_shown(table: pd.DataFrame) -> str:
    last = table.iloc[-1]
    if is_marked(last, "cases_open"):
        return f"Outreach is at work here at the end of {last['label']}, with too few pupils to show how many."
    number = int(last["cases_open"])
    cases = counted(number, "outreach case") if number else "No outreach case"
    return f"{cases} {'are' if number > 1 else 'is'} open at the end of {last['label']}."


def _ever(table: pd.DataFrame, column: str, what: str) -> str:
    return counted(table[column].sum(), what) if table[column].any() else f"no {what}"


def sent(table: pd.DataFrame) -> str:
    """For how many terms the school’s suspensions came. `table` is the school's rows of `sent` of the views."""
    rows = table[table["dataset"].eq("Suspensions") & table["sent"].ne(str(Sent.NOT_OPEN))]
    if rows.empty:
        return "No file says what this school sent."
    came = int(rows["sent"].ne(str(Sent.NOTHING)).sum())
    if came == len(rows):
        return f"The school is in the suspensions files for every one of the last {counted(came, 'term')}."
    return f"The school is in the suspensions files for {came} of the last {counted(len(rows), 'term')}."


def reconciled(table: pd.DataFrame) -> str:
    """Whether what was notified and what was published agree. `table` is `reconciled` of the views."""
    known = table.dropna(subset=["difference"])
    if known.empty:
        return "Nothing to reconcile: no term has both notified and published figures for this school."
    off = int(known["difference"].ne(0).sum())
    if not off:
        return f"Notified and published figures agree in all {len(known)} cases."
    return f"Notified and published figures differ in {off} of {counted(len(known), 'case')}."
