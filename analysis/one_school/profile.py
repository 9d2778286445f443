"""Who was suspended from one school and for what, and what helps: counts, each beside the school's phase in the LA."""

from collections.abc import Callable

import pandas as pd

from analysis.completeness import grid
from analysis.hiding.protection import hidden_profile, hidden_rows, withheld
from analysis.loaded import is_loaded
from analysis.records import Records, open_on, within
from analysis.slices import By, slice_of
from data_model.codes import REASON_GROUPS, PlacementEnd, SenProvision, YearGroup, YesNo
from data_model.terms import Period

BANDS = {"1": (1, 1), "2": (2, 2), "3–4": (3, 4), "5–9": (5, 9), "10+": (10, None)}
"""How often a pupil was suspended in the period: label, least, most (None: no limit)."""

REASONS_NOTE = (
    "Up to three reasons are recorded for a suspension, without weighting: shares are of reasons, not of suspensions. "
    "Before 2020/21 there was one reason each, so years before and after are not compared."
)
NOT_KNOWN = "Not known"
_GROUP_OF = {str(code): group for group, reasons in REASON_GROUPS.items() for code in reasons}
_LABELS: dict[str, dict[str, str]] = {
    "ncyg": {str(code): code.label for code in YearGroup},
    "sen_provision": {str(code): code.label for code in SenProvision},
    "fsm6": {str(YesNo.YES): "Eligible in the last six years", str(YesNo.NO): "Not eligible in the last six years"},
    "cla": {str(YesNo.YES): "Looked after", str(YesNo.NO): "Not looked after"},
}
BREAKDOWNS = tuple(_LABELS)
"""What suspensions can be broken down by, each as it stood at the suspension."""


def repeat_bands(records: Records, urn: int, period: Period) -> pd.DataFrame:
    """Pupils by how often the school suspended them: `band, pupils, suspensions, share_of_suspensions, phase_share`.

    `phase_share` is the same share for the phase, each pupil banded by school; shares are of `own_of` and `phase_of`
    suspensions. Every band has a row. All are hidden
    where small numbers are: the measures of those suspended twice or more, and three times, say what can be said.
    """
    if records.protection is not None:
        return _no_bands()
    own, phase = _suspensions(records, urn, period)
    table = _banded(own).join(_banded(phase).add_suffix("_of_phase"))
    table["share_of_suspensions"] = _share(table["suspensions"])
    table["phase_share"] = _share(table["suspensions_of_phase"])
    table = table.assign(own_of=table["suspensions"].sum(), phase_of=table["suspensions_of_phase"].sum())
    columns = ["pupils", "suspensions", "share_of_suspensions", "phase_share", "own_of", "phase_of"]
    return table[columns].rename_axis("band").reset_index()


def _no_bands() -> pd.DataFrame:
    columns = ["pupils", "suspensions", "share_of_suspensions", "phase_share", "own_of", "phase_of"]
    table = pd.DataFrame({"band": list(BANDS)} | dict.fromkeys(columns, float("nan")))
    return withheld(table, pd.Series(True, index=table.index), columns)


def _banded(suspensions: pd.DataFrame) -> pd.DataFrame:
    each = suspensions.groupby(["urn", "pupil"]).size()
    rows = {}
    for band, (least, most) in BANDS.items():
        inside = each[each.ge(least) & each.le(most or each.max())] if len(each) else each
        rows[band] = {"pupils": len(inside), "suspensions": int(inside.sum())}
    return pd.DataFrame.from_dict(rows, orient="index")


def reasons(records: Records, urn: int, period: Period) -> pd.DataFrame:
    """Reasons by group, most first: `group, reasons, share, phase_share`, and how many the shares are of: `own_of,
    phase_of`. They are of reasons (REASONS_NOTE)."""
    parts = _suspensions(records, urn, period)
    own, phase = (_by_reason_group(part) for part in parts)
    table = pd.DataFrame({"reasons": own, "phase": phase}).reindex(list(REASON_GROUPS)).fillna(0)
    table = table.assign(reasons=table["reasons"].astype(int), share=_share(table["reasons"]))
    table["phase_share"] = _share(table["phase"])
    table = table.assign(own_of=table["reasons"].sum(), phase_of=table["phase"].sum())
    seen = _of_parts_there(records, urn, period, split_by_reason, table).rename_axis("group").reset_index()
    shown = _protected(records, urn, period, "reasons", split_by_reason, seen, "group", ["reasons", "share"])
    return shown.sort_values("reasons", ascending=False, kind="stable", ignore_index=True)


def split_by_reason(suspensions: pd.DataFrame) -> pd.DataFrame:
    """Suspensions split by group of reasons, a row a reason: `urn, phase, pupil, column` (the group)."""
    places = [suspensions[["urn", "phase", "pupil"]].assign(column=suspensions[f"reason_{n}"]) for n in (1, 2, 3)]
    every = pd.concat(places).dropna(subset="column")
    return every.assign(column=every["column"].astype("str").map(_GROUP_OF)).dropna(subset="column")


def _of_parts_there(
    records: Records, urn: int, period: Period, split: Callable[[pd.DataFrame], pd.DataFrame], table: pd.DataFrame
) -> pd.DataFrame:
    """The rows of the parts that the phase has any of: in the whole authority, else a part that is left out of what
    somebody reaches would say that a number which is hidden from others is 0 there.
    """
    phase = _suspensions(_la_of(records, urn).deciding, urn, period)[1]
    return table[table.index.isin(split(phase)["column"])].drop(columns="phase")


def _protected(
    records: Records,
    urn: int,
    period: Period,
    name: str,
    split: Callable[[pd.DataFrame], pd.DataFrame],
    table: pd.DataFrame,
    part: str,
    figures: list[str],
) -> pd.DataFrame:
    """A profile with what is hidden of the school's figures and of its phase's share. How many a share is of is shown
    where any is: the masks take it that a total of which a part is shown is public."""
    if records.protection is None:
        return table
    hidden = hidden_profile(_la_of(records, urn), name, split, urn, Period(period.year))
    own, whole = (table[part].isin(parts) for parts in hidden)
    shown = withheld(table, own, figures).pipe(withheld, whole, ["phase_share"])
    for rows, total in ((own, "own_of"), (whole, "phase_of")):
        shown = withheld(shown, pd.Series(bool(rows.all()), index=rows.index), [total])
    return shown


def _by_reason_group(suspensions: pd.DataFrame) -> pd.Series:
    codes = pd.concat([suspensions[f"reason_{place}"].astype("str") for place in (1, 2, 3)]).dropna()
    return codes.map(_GROUP_OF).value_counts()


def breakdown(records: Records, urn: int, period: Period, column: str) -> pd.DataFrame:
    """Suspensions by one of BREAKDOWNS: `value, label, suspensions, pupils, share, phase_share`, in the codes' order,
    and how many suspensions the shares are of: `own_of, phase_of`.

    As it stood at the suspension, which can differ from now. Those that nothing is known of are a row of their own.
    Where small numbers are hidden these, and the reasons, are those of the whole academic year.
    """
    own, phase = _suspensions(records, urn, period)
    labels = {**_LABELS[column], "": NOT_KNOWN}
    values = own[column].astype("str").fillna("")
    table = pd.DataFrame(
        {
            "label": labels,
            "suspensions": values.value_counts(),
            "pupils": own.groupby(values)["pupil"].nunique(),
            "phase": phase[column].astype("str").fillna("").value_counts(),
        }
    ).reindex(list(labels))
    counts = ["suspensions", "pupils", "phase"]
    table[counts] = table[counts].fillna(0).astype(int)
    table = table.assign(share=_share(table["suspensions"]), phase_share=_share(table["phase"]))
    table = table.assign(own_of=table["suspensions"].sum(), phase_of=table["phase"].sum())

    split = split_by(column)
    named = _of_parts_there(records, urn, period, split, table).rename_axis("value").reset_index()
    return _protected(records, urn, period, column, split, named, "value", ["suspensions", "pupils", "share"])


def split_by(column: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """What splits suspensions by one of BREAKDOWNS: `urn, phase, pupil, column` (the code, blank where unknown)."""

    def split(suspensions: pd.DataFrame) -> pd.DataFrame:
        values = suspensions[column].astype("str").fillna("")
        return suspensions[["urn", "phase", "pupil"]].assign(column=values)

    return split


def placements(records: Records, urn: int, period: Period) -> pd.DataFrame:
    """The school's own pupils in alternative provision: `tier, open, started, ended` in the period. All three tiers.

    `open` is on the period's last day, or the last day in the data if that is earlier. Empty where none are loaded.
    """
    la = _la_of(records, urn)
    if not is_loaded(la, ("ap_placements",), period):
        return pd.DataFrame(columns=["tier", "open", "started", "ended"])
    own = la.placements[la.placements["urn"].eq(urn)]
    last = slice_of(la, 0, period, By.SCHOOL).last_day
    parts = {
        "open": open_on(own, last),
        "started": within(own, "start_date", period),
        "ended": within(own, "end_date", period),
    }
    table = pd.DataFrame({name: part["tier"].astype("str").value_counts() for name, part in parts.items()})
    shown = table.reindex(list("123")).fillna(0).astype(int).rename_axis("tier").reset_index()
    return shown if records.protection is None else _protected_placements(la, urn, period, shown)


def _protected_placements(la: Records, urn: int, period: Period, table: pd.DataFrame) -> pd.DataFrame:
    for what in ("open", "started"):
        few = [bool(hidden_rows(la, f"ap_{what}_tier_{tier}", period, [str(urn)])) for tier in table["tier"]]
        table = withheld(table, pd.Series(few), [what])
    # With those open at either end, what ended would tell what started.
    return withheld(table, pd.Series(True, index=table.index), ["ended"])


def placement_ends(records: Records, urn: int, period: Period) -> pd.DataFrame:
    """How the school's placements that ended in the period ended: `reason, label, placements`, most first.

    Empty where small numbers are hidden.
    """
    if records.protection is not None:
        return pd.DataFrame(columns=["reason", "label", "placements"])
    own = records.placements[records.placements["urn"].eq(urn)]
    reasons = within(own, "end_date", period)["end_reason"].astype("str").fillna("")
    counts = reasons.value_counts().rename("placements").rename_axis("reason").reset_index()
    labels = {str(code): code.label for code in PlacementEnd}
    return counts.assign(label=counts["reason"].map(labels).fillna(NOT_KNOWN))[["reason", "label", "placements"]]


def outreach(records: Records, urn: int, period: Period) -> pd.Series:
    """Outreach at the school: `referrals, cases_started, cases_open, cases_closed, contacts, hours` in the period.

    `cases_open` is on the period's last day, or the last day in the data if that is earlier.
    """
    la = _la_of(records, urn)
    referrals, cases, contacts = (frame[frame["urn"].eq(urn)] for frame in (la.referrals, la.cases, la.contacts))
    made = within(contacts, "date", period)
    return pd.Series(
        {
            "referrals": len(within(referrals, "received_date", period)),
            "cases_started": len(within(cases, "start_date", period)),
            "cases_open": len(open_on(cases, slice_of(la, 0, period, By.SCHOOL).last_day)),
            "cases_closed": len(within(cases, "end_date", period)),
            "contacts": len(made),
            "hours": float(made["minutes"].sum()) / 60,
        }
    )


def sent_by_term(records: Records, urn: int, dataset: str) -> pd.DataFrame:
    """What the school sent of one dataset: its rows of the completeness grid."""
    own = records.schools.loc[records.schools["urn"].eq(urn), "la_code"]
    table = grid(records, dataset, int(own.iloc[0]) if len(own) else 0)
    return table[table["urn"].eq(urn)].reset_index(drop=True)


def _suspensions(records: Records, urn: int, period: Period) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The suspensions of the period from the school, and from all schools of its phase in its LA, itself included."""
    row = records.schools[records.schools["urn"].eq(urn)].iloc[0]
    whole = period if records.protection is None else Period(period.year)
    there = within(records.suspensions, "start_date", whole)
    phase = there[there["la_code"].eq(row["la_code"]) & there["phase"].eq(row["phase"])]
    return there[there["urn"].eq(urn)], phase


def _la_of(records: Records, urn: int) -> Records:
    return records.by_la[int(records.schools.loc[records.schools["urn"].eq(urn), "la_code"].iloc[0])]


def _share(counts: pd.Series) -> pd.Series:
    total = counts.sum()
    return counts / total if total else counts.astype("float64") * float("nan")
