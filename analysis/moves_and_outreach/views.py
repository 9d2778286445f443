"""What the page shows: curves, who the pupils were, what followed at 6, 12 and 24 school weeks, and differences."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from analysis.hiding.parts import Counted, shown_beside_each_other
from analysis.hiding.protection import HIDDEN, withheld
from analysis.moves_and_outreach import case_mix, masks, sentences
from analysis.moves_and_outreach.comparison import FEWEST, Difference, Outcome, difference, outcome_of
from analysis.moves_and_outreach.follow_up import HORIZONS, JUDGED
from analysis.moves_and_outreach.held import Held
from analysis.moves_and_outreach.starts import Group, Starts
from analysis.statistics.intervals import bootstrap_by_pupil, wilson
from analysis.statistics.survival import Curve, TooFew, due_only, kaplan_meier
from analysis.wording import counted

_GROUPS = tuple(map(str, Group))
_LAST = HORIZONS[-1]
_CURVES = ["group", "weeks", "share", "low", "high", "followed"]


@dataclass(frozen=True, eq=False)
class Picture:
    """The three groups beside each other. No row is about a pupil.

    curves: `group, weeks, share, low, high` (percent without a new suspension), `followed` (pupils). outcomes:
    `outcome, after` and a column in words for each Group. case_mix: `title, value` and the same. kinds:
    `phase, band, lately, outreach, moved, standing`, none where small numbers are hidden. differences: `outcome,
    points, low, high, compared, standing`. `headings` name each Group with how many it has. Where `nothing` is a
    sentence there is nothing to show.
    """

    finding: str = ""
    curves: pd.DataFrame = field(default_factory=pd.DataFrame)
    outcomes: pd.DataFrame = field(default_factory=pd.DataFrame)
    case_mix: pd.DataFrame = field(default_factory=pd.DataFrame)
    kinds: pd.DataFrame = field(default_factory=pd.DataFrame)
    differences: pd.DataFrame = field(default_factory=pd.DataFrame)
    headings: tuple[tuple[str, str], ...] = ()
    held: str = ""
    how_to_read: str = ""
    notes: tuple[str, ...] = ()
    nothing: str = ""


def without_suspensions() -> Picture:
    """The picture where nothing is known of what followed."""
    return Picture(nothing=sentences.NO_SUSPENSIONS)


def picture(began: Starts, rows: pd.DataFrame, held: Held, until: date, threshold: int | None) -> Picture:
    """The picture of one authority. rows: those of `follow_up.followed`. Fewer than `threshold` pupils are hidden,
    None hides nothing."""
    if rows.empty:
        return Picture(nothing=sentences.NOBODY)
    differences = tuple(difference(rows, outcome) for outcome in Outcome)
    protected = threshold is not None
    return Picture(
        finding=sentences.finding(differences),
        curves=_points(rows, threshold) if threshold is not None else _curves(rows),
        outcomes=_outcomes(rows, threshold),
        case_mix=_case_mix(rows, threshold),
        kinds=pd.DataFrame() if protected else _kinds(rows),
        differences=_differences(differences, protected=protected),
        headings=tuple((group, _heading(rows, group, threshold)) for group in _GROUPS),
        held=sentences.held(held, threshold),
        how_to_read=sentences.how_to_read(protected=protected),
        notes=sentences.notes(began, until=pd.Timestamp(until), protected=protected),
    )


def _of(rows: pd.DataFrame, group: str) -> pd.DataFrame:
    return rows[rows["group"].eq(group)]


def _heading(rows: pd.DataFrame, group: str, threshold: int | None) -> str:
    number = len(_of(rows, group))
    few = threshold is not None and 0 < number < threshold
    return f"{Group(group).label} ({f'fewer than {threshold} pupils' if few else counted(number, 'pupil')})"


def _curves(rows: pd.DataFrame) -> pd.DataFrame:
    """The share without a new suspension by school week, of the groups that are large enough."""
    found = [_curve(_of(rows, group), Group(group)) for group in _GROUPS]
    return pd.concat([pd.DataFrame(columns=_CURVES), *(each for each in found if len(each))], ignore_index=True)


def _curve(own: pd.DataFrame, group: Group) -> pd.DataFrame:
    after = own["suspended_after"].where(own["suspended_after"].le(own["seen"]))
    try:
        curve = kaplan_meier(after.fillna(own["seen"]), after.notna(), minimum=FEWEST)
    except TooFew:
        return pd.DataFrame(columns=_CURVES)
    return pd.DataFrame([_point(curve, group, weeks) for weeks in range(_LAST + 1) if weeks <= curve.known_to])


def _point(curve: Curve, group: Group, weeks: int) -> dict[str, object]:
    found = curve.by(weeks)
    assert found is not None, "weeks past the longest time seen are not asked for"
    if not weeks:  # everybody began without: that is certain, and no estimate
        return _row(group, weeks, 0.0, 0.0, 0.0, curve.out_of)
    return _row(group, weeks, found.share, found.low, found.high, curve.at_risk(weeks))


def _row(group: Group, weeks: int, ended: float, low: float, high: float, followed: int) -> dict[str, object]:
    share, least, most = (100 * (1 - each) for each in (ended, high, low))
    figures = {"share": share, "low": least, "high": most, "followed": followed}
    return {"group": group.label, "weeks": weeks, **figures}


def _points(rows: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """The same at 6, 12 and 24 school weeks, of those due and where it can be shown."""
    found = []
    for group in _GROUPS:
        own = _of(rows, group)
        counts = [_count(outcome_of(own, Outcome.NOT_SUSPENDED, weeks)) for weeks in HORIZONS]
        shown = _shown(counts, threshold)
        told = [(weeks, *pair) for weeks, pair, is_shown in zip(HORIZONS, counts, shown, strict=True) if is_shown]
        for weeks, count, out_of in (each for each in told if each[2] >= FEWEST):
            low, high = wilson(out_of - count, out_of)
            found.append(_row(Group(group), weeks, 1 - count / out_of, float(low), float(high), out_of))
    return pd.DataFrame(found, columns=_CURVES)


def _count(values: "pd.Series[float]") -> Counted:
    return int(values.sum()), int(values.notna().sum())


def _shown(counts: list[Counted], threshold: int | None) -> list[bool]:
    if threshold is None:
        return [True] * len(counts)
    return shown_beside_each_other(counts, HORIZONS.index(JUDGED), threshold)


def _outcomes(rows: pd.DataFrame, threshold: int | None) -> pd.DataFrame:
    parts = [_shares(rows, outcome, threshold) for outcome in (Outcome.NOT_SUSPENDED, Outcome.IN_MAINSTREAM)]
    change = {group: _mean_change(_of(rows, group), threshold) for group in _GROUPS}
    last = {
        "outcome": "Attendance, change from the 6 school weeks before",
        "after": f"{JUDGED} school weeks",
        HIDDEN: "",
    }
    return pd.concat([*parts, pd.DataFrame([last | change])], ignore_index=True)


def _shares(rows: pd.DataFrame, outcome: Outcome, threshold: int | None) -> pd.DataFrame:
    found = pd.DataFrame({"outcome": outcome.label, "after": [f"{weeks} school weeks" for weeks in HORIZONS]})
    for group in _GROUPS:
        values = [outcome_of(_of(rows, group), outcome, weeks) for weeks in HORIZONS]
        found[group] = [_share(each) for each in values]
        hidden = ~np.array(_shown([_count(each) for each in values], threshold))
        found = withheld(found, pd.Series(hidden, index=found.index), [group])
    return found


def _share(values: "pd.Series[float]") -> str:
    count, out_of = _count(values)
    if not out_of:
        return "None due yet"
    if out_of < FEWEST:
        return f"{count} of {out_of}: too small to say"
    found = due_only(values.fillna(0).eq(1), values.notna())
    return f"{count} of {out_of}: {100 * found.share:.0f}% ({100 * found.low:.0f}% to {100 * found.high:.0f}%)"


def _mean_change(own: pd.DataFrame, threshold: int | None) -> str:
    values = own["attendance_change"].dropna()
    if len(values) < FEWEST:
        known = f"fewer than {FEWEST} pupils" if threshold is not None else counted(len(values), "pupil")
        return f"Known of {known}: too small to say"
    low, high = bootstrap_by_pupil(values.to_numpy())
    return f"{values.mean():.1f} points ({low:.1f} to {high:.1f}), {len(values)} pupils"


def _case_mix(rows: pd.DataFrame, threshold: int | None) -> pd.DataFrame:
    counts = case_mix.side_by_side(case_mix.described(rows))
    found = counts[["title", "value"]].assign(**{HIDDEN: ""})
    hidden = masks.hidden_values(counts, threshold) if threshold is not None else None
    for group in _GROUPS:
        whole = len(_of(rows, group))
        found[group] = [f"{each} of {whole} ({100 * each / whole:.0f}%)" if whole else "–" for each in counts[group]]
        if hidden is not None:
            found = withheld(found, hidden[group], [group])
    return found


def _kinds(rows: pd.DataFrame) -> pd.DataFrame:
    found = case_mix.kinds(case_mix.described(rows))
    words = {True: "Compared", False: f"Not compared: fewer than {case_mix.TOGETHER} pupils in one group"}
    return found.assign(standing=found["comparable"].map(words))


def _differences(differences: tuple[Difference, ...], *, protected: bool) -> pd.DataFrame:
    """How many were compared is left out where small numbers are hidden: taken from all, few could be left."""
    return pd.DataFrame(
        {
            "outcome": [_named(each.outcome) for each in differences],
            "points": [each.points for each in differences],
            "low": [each.low for each in differences],
            "high": [each.high for each in differences],
            "compared": ["" if protected or each.refused else _compared(each) for each in differences],
            "standing": [sentences.standing(each) for each in differences],
        }
    )


def _named(outcome: Outcome) -> str:
    return f"{outcome.label}, change in points" if outcome is Outcome.ATTENDANCE else f"{outcome.label}, %"


def _compared(each: Difference) -> str:
    return f"{each.moved} who moved, {each.outreach} with outreach"
