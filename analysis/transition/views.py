"""What the page shows of a cohort: what was arranged, what is missing by when, and how the children settled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from analysis.hiding.parts import hidden_parts
from analysis.hiding.protection import HIDDEN, withheld
from analysis.statistics.intervals import bootstrap_by_pupil, wilson
from analysis.transition import masks, sentences
from analysis.transition.steps import SUMMER, Step, concerns, due_days, is_done, is_over
from analysis.wording import listed
from data_model.casework_codes import Settled, TransitionNeed
from data_model.terms import year_label

NO_SCHOOL = "Receiving school not known"
ARRANGED, MISSING = "Arranged", "Missing"
_FEW = "Hidden: few children"
_ASKED = ["arranged", "missing", "not_asked"]
_FEWEST = 10
"""Children below which no share or mean is told."""
_SETTLED = [str(each) for each in Settled]


@dataclass(frozen=True, eq=False)
class Cohort:
    """Those who start Year 7 in `year`, of `years` that are known (the latest first). No row is about a child.

    steps: `step, arranged, missing, due, standing`. drawn: `step, status, count`, for a picture. schools: `school,
    children, overdue` and a column of missing ones for each Step where nothing is hidden. settled: `entry, children`, a
    column for each Settled, `not_recorded, share, attendance`. Where `nothing` is a sentence there is nothing to show.
    """

    years: tuple[str, ...] = ()
    year: str = ""
    finding: str = ""
    steps: pd.DataFrame = field(default_factory=pd.DataFrame)
    drawn: pd.DataFrame = field(default_factory=pd.DataFrame)
    schools: pd.DataFrame = field(default_factory=pd.DataFrame)
    settled: pd.DataFrame = field(default_factory=pd.DataFrame)
    nothing: str = ""


def cohort(
    rows: pd.DataFrame,
    names: "pd.Series[str]",
    year: str | None,
    days: str,
    on: date,
    ends: date,
    threshold: int | None,
) -> Cohort:
    """The picture of a cohort on a day; `ends` is the last day of its half term, `names` those of schools by URN.

    rows: the columns of the transitions dataset. Fewer than `threshold` children are hidden; None hides nothing.
    """
    years = tuple(sorted(map(str, rows["academic_year"].dropna().unique()), reverse=True))
    if not years:
        return Cohort(nothing=sentences.NONE_LOADED)
    chosen = year if year is not None and year in years else years[0]
    own = rows[rows["academic_year"].eq(chosen)].reset_index(drop=True)
    settled = _settled(rows, threshold)
    if threshold is not None and len(own) < threshold:
        return Cohort(years, chosen, sentences.TOO_FEW.format(year=year_label(chosen)), settled=settled)
    due = due_days(chosen, days)
    schools = _schools(own, names, due, on, ends, threshold)
    steps = _steps(own, due, on, ends, threshold)
    if threshold is not None:
        steps, schools = _told_once(own, steps, schools, settled, due, on)
    return Cohort(
        years=years,
        year=chosen,
        finding=_finding(own, schools, settled, chosen, is_over(due, on), ends),
        steps=steps,
        drawn=_drawn(steps),
        schools=schools[schools["school"].ne(_ALL)],
        settled=settled,
    )


def children(
    rows: pd.DataFrame, names: "pd.Series[str]", year: str, due: Mapping[Step, date], on: date, ends: date
) -> pd.DataFrame:
    """The children of a cohort, those with the longest overdue step first: `pupil_ref, school, from_school, need,
    overdue, due_now, later, arranged, settled`, the steps in words."""
    own = rows[rows["academic_year"].eq(year)].reset_index(drop=True)
    missing = pd.DataFrame({step: _misses(own, step) for step in Step})
    past = is_over(due, on)
    standing = {step: sentences.standing(True, due[step], on, ends, is_over=past) for step in Step}
    words = {
        name: [_said(row, [step for step in Step if standing[step] in stands]) for row in missing.to_dict("records")]
        for name, stands in (
            ("overdue", ("Overdue", "Not done")),
            ("due_now", ("Due this half term",)),
            ("later", ("Later",)),
        )
    }
    first = [min((due[step] for step in Step if row[step]), default=date.max) for row in missing.to_dict("records")]
    found = pd.DataFrame(
        {
            "pupil_ref": own["pupil_ref"].astype("object"),
            "school": own["to_urn"].map(names).astype("object").fillna(NO_SCHOOL),
            "from_school": own["from_urn"].map(names).astype("object"),
            "need": own["need"].astype("object").map({str(each): each.label for each in TransitionNeed}),
            **words,
            "settled": own["settled"].astype("object").map({str(each): each.label for each in Settled}),
        }
    )
    order = np.argsort(np.array(first, dtype="datetime64[D]"), kind="stable")
    return found.iloc[order].reset_index(drop=True)


_ALL = "All"


def _finding(own: pd.DataFrame, schools: pd.DataFrame, settled: pd.DataFrame, year: str, past: bool, ends: date) -> str:
    if past:
        told = settled[settled["entry"].eq(year_label(year))]
        hidden = told.empty or pd.isna(told["share"].iloc[0])
        count = None if hidden else int(told[str(Settled.SETTLED)].iloc[0])
        return sentences.settled(year, len(own), count, int(own["settled"].notna().sum()))
    whole = schools[schools["school"].eq(_ALL)].iloc[0]
    overdue, due_now = (None if pd.isna(whole[name]) else int(whole[name]) for name in ("overdue", "due_now"))
    return sentences.finding(year, len(own), overdue, due_now, ends)


def _said(missing: dict[Step, bool], steps: list[Step]) -> str:
    return listed([f"{step.label[0].lower()}{step.label[1:]}" for step in steps if missing[step]])


def _steps(own: pd.DataFrame, due: Mapping[Step, date], on: date, ends: date, threshold: int | None) -> pd.DataFrame:
    found = []
    for step in Step:
        asked, done = concerns(own, step), is_done(own, step)
        missing = int((asked & ~done).sum())
        stands = sentences.standing(bool(missing), due[step], on, ends, is_over=is_over(due, on))
        given = {"step": step.label, "due": due[step], "standing": stands, "not_asked": int((~asked).sum())}
        found.append(given | {"arranged": int((asked & done).sum()), "missing": missing, HIDDEN: ""})
    steps = pd.DataFrame(found)
    if threshold is not None:
        hidden = hidden_parts(steps[_ASKED].to_numpy(dtype=np.int64), threshold)[:, :2].any(axis=1)
        steps = withheld(steps, pd.Series(hidden), ["arranged", "missing"])
        steps["standing"] = steps["standing"].where(~pd.Series(hidden), _FEW)
    took = int(own["summer_programme"].astype("object").eq("Y").sum())
    few = threshold is not None and min(took, len(own) - took) < threshold and took > 0
    summer = {"step": SUMMER, "due": None, "standing": "For some", "arranged": None if few else took, "missing": None}
    return pd.concat([steps, pd.DataFrame([summer | {HIDDEN: "arranged" if few else ""}])], ignore_index=True)


def _told_once(
    own: pd.DataFrame,
    steps: pd.DataFrame,
    schools: pd.DataFrame,
    settled: pd.DataFrame,
    due: Mapping[Step, date],
    on: date,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Steps and schools, where one does not say what another table hides.

    Of how many is looked after is what the table of who settled says. Those whose school is not known stand among the
    schools, and where one step alone is past its day, those who miss it are those with a step past its day.
    """
    past = [step for step in Step if due[step] < on]
    whole, unknown = (schools["school"].eq(name) for name in (_ALL, NO_SCHOOL))
    hidden = set()
    if settled["entry"].eq(year_label(str(own["academic_year"].iloc[0]))).any():
        hidden.add(Step.END_OF_TERM)
    if schools.loc[whole, "overdue"].isna().all() and sum(_misses(own, step).any() for step in past) == 1:
        hidden |= {step for step in past if _misses(own, step).any()}
    if schools.loc[unknown, "children"].isna().any():
        hidden.add(Step.SCHOOL)
    gone = steps["step"].isin([step.label for step in hidden])
    steps = withheld(steps, gone & steps["arranged"].notna(), ["arranged", "missing"])
    steps["standing"] = steps["standing"].mask(gone, _FEW)
    # Who has a school is everybody less those who have none.
    without = steps.loc[steps["step"].eq(Step.SCHOOL.label), "arranged"].isna().any()
    return steps, withheld(schools, unknown & without & schools["children"].notna(), ["children"])


def _misses(own: pd.DataFrame, step: Step) -> "pd.Series[bool]":
    return concerns(own, step) & ~is_done(own, step)


def _drawn(steps: pd.DataFrame) -> pd.DataFrame:
    known = steps.dropna(subset=["arranged", "missing"])
    parts = [
        pd.DataFrame({"step": known["step"], "status": status, "count": known[column].astype("float64")})
        for status, column in ((ARRANGED, "arranged"), (MISSING, "missing"))
    ]
    return pd.concat(parts, ignore_index=True)


def _schools(
    own: pd.DataFrame,
    names: "pd.Series[str]",
    due: Mapping[Step, date],
    on: date,
    ends: date,
    threshold: int | None,
) -> pd.DataFrame:
    """By receiving school and for `_ALL`: how many children, for how many a step is overdue or due this half term."""
    missing = pd.DataFrame({step: _misses(own, step) for step in Step})
    overdue = missing[[step for step in Step if due[step] < on]].any(axis=1)
    soon = missing[[step for step in Step if on <= due[step] <= ends]].any(axis=1)
    facts = missing.rename(columns=str).assign(children=1, overdue=overdue, due_now=soon & ~overdue).astype("int64")
    school = own["to_urn"].map(names).astype("object").fillna(NO_SCHOOL)
    found = facts.groupby(school.rename("school")).sum().sort_index()
    # Those of whom no school is known come last: they are no school.
    found = pd.concat([found.drop(index=NO_SCHOOL, errors="ignore"), found[found.index == NO_SCHOOL]])
    settled = own["settled"].astype("object")
    good = settled.eq(str(Settled.SETTLED)).groupby(school).sum().reindex(found.index)
    known = settled.notna().groupby(school).sum().reindex(found.index)
    found["settled"] = [f"{a} of {b}" if b else "Not recorded" for a, b in zip(good, known, strict=True)]
    parts = np.column_stack([found["overdue"], found["children"] - found["overdue"]]).astype(np.int64)
    found = pd.concat([found, facts.sum().to_frame(_ALL).T]).rename_axis("school").reset_index().assign(**{HIDDEN: ""})
    if threshold is None:
        return found
    hidden = masks.hidden_by_school(parts, threshold)
    found = found[["school", "children", "overdue", HIDDEN]].assign(due_now=np.nan, settled="")
    found = withheld(found, pd.Series(hidden[:, :2].any(axis=1)), ["overdue"])
    return withheld(found, pd.Series(hidden[:, 2]), ["children"])


def _settled(rows: pd.DataFrame, threshold: int | None) -> pd.DataFrame:
    """How the children of each year were at the end of their first secondary term, the latest year first."""
    over = rows[rows["settled"].notna()]
    years = sorted(over["academic_year"].astype("object").unique(), reverse=True)
    own = [rows[rows["academic_year"].eq(year)] for year in years]
    counts = pd.DataFrame(
        [each["settled"].astype("object").value_counts().reindex(_SETTLED, fill_value=0) for each in own],
        columns=_SETTLED,
    ).reset_index(drop=True)
    found = counts.assign(
        entry=[year_label(year) for year in years],
        children=[len(each) for each in own],
        not_recorded=[int(each["settled"].isna().sum()) for each in own],
        share=[_share(each) for each in own],
        attendance=[_mean(each["autumn_attendance_pct"].dropna(), threshold) for each in own],
        **{HIDDEN: ""},
    )
    if threshold is None or found.empty:
        return found
    parts = [*_SETTLED, "not_recorded"]
    hidden = hidden_parts(found[parts].to_numpy(dtype=np.int64), threshold)
    for place, name in enumerate(parts):
        found = withheld(found, pd.Series(hidden[:, place]), [name])
    found = withheld(found, pd.Series(hidden[:, 0] | hidden[:, -1]), ["share"])
    return withheld(found, found["children"].lt(threshold), ["children", "share", "attendance"])


def _share(own: pd.DataFrame) -> str:
    known = own["settled"].dropna()
    count = int(known.astype("object").eq(str(Settled.SETTLED)).sum())
    if len(known) < _FEWEST:
        return f"{count} of {len(known)}: too small to say"
    low, high = wilson(count, len(known))
    return f"{count} of {len(known)}: {100 * count / len(known):.0f}% ({100 * low:.0f}% to {100 * high:.0f}%)"


def _mean(values: "pd.Series[float]", threshold: int | None) -> str:
    if len(values) < _FEWEST:
        return "Too small to say"
    low, high = bootstrap_by_pupil(values.to_numpy(dtype=np.float64))
    of = "" if threshold is not None else f", {len(values)} children"
    return f"{values.mean():.1f}% ({low:.1f}% to {high:.1f}%){of}"
