"""Outcome measures: what was measured of a child at points of a case, by whom."""

from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field

from data_model import casework_codes
from data_model.casework_codes import MeasureStage, OutcomeMeasure
from data_model.columns import Also, DecimalNumber, EventDay, Group, Sensitive
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.outreach import OUTREACH_CASES, CaseId
from data_model.rules import known_row
from data_model.severity import Severity

OUTCOME_RANGES: dict[OutcomeMeasure, tuple[float, float]] = {
    OutcomeMeasure.SDQ_TOTAL: (0, 40),
    OutcomeMeasure.BOXALL: (0, 136),
    OutcomeMeasure.LEUVEN: (1, 5),
    OutcomeMeasure.ENGAGEMENT: (0, 100),
    OutcomeMeasure.ATTENDANCE: (0, 100),
    OutcomeMeasure.RISK: (1, 10),
    OutcomeMeasure.BEHAVIOUR_POINTS: (0, 1000),
    OutcomeMeasure.PASS: (0, 100),
    OutcomeMeasure.CONFIDENCE_OF_STAFF: (0, 100),
}
"""The lowest and highest value of each measure."""

LOWER_IS_BETTER = frozenset({OutcomeMeasure.SDQ_TOTAL, OutcomeMeasure.RISK, OutcomeMeasure.BEHAVIOUR_POINTS})

_OWN = ["case_id", "measure"]


class OutcomeValue(Row):
    """One measure of one case at one stage."""

    case_id: CaseId
    measure: Annotated[casework_codes.OutcomeMeasure, Also("tool", "outcome measure")]
    stage: Annotated[casework_codes.MeasureStage, Also("point", "time point")]
    measured_on: Annotated[EventDay, Field(title="Measured on"), Also("date", "date measured")]
    value: Annotated[
        DecimalNumber,
        Field(ge=0, le=1000, description="Within the range of the measure", examples=["18"]),
        Also("score"),
        Sensitive(Group.HEALTH),
    ]
    rater: Annotated[casework_codes.Rater, Also("rated by", "completed by")] | None = None


def _out_of_range(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    ranges = {str(measure): ends for measure, ends in OUTCOME_RANGES.items()}
    ends = rows["measure"].astype(object).map(ranges, na_action="ignore")
    found = rows.assign(lowest=ends.str[0].astype(float), highest=ends.str[1].astype(float))
    return found[(found["value"] < found["lowest"]) | (found["value"] > found["highest"])]


def _all(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    """Every value of the file and of what is saved: `case_id, measure, stage, rater`."""
    columns = [*_OWN, "stage", "rater"]
    saved = surroundings.saved("outcome_measures", of_every_year=True)[columns]
    return pd.concat([saved.astype(object), rows.reindex(columns=columns).astype(object)])


def _without_baseline(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    known = _all(rows, surroundings)
    started = pd.MultiIndex.from_frame(known.loc[known["stage"].eq(str(MeasureStage.BASELINE)), _OWN])
    closed = rows[rows["stage"].astype(object).eq(str(MeasureStage.CLOSURE)) & rows[_OWN].notna().all(axis=1)]
    return closed[~pd.MultiIndex.from_frame(closed[_OWN].astype(object)).isin(started)]


def _other_rater(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    known = _all(rows, surroundings).dropna()
    first = known[known["stage"].eq(str(MeasureStage.BASELINE))].drop_duplicates(_OWN).set_index(_OWN)["rater"]
    own = pd.MultiIndex.from_frame(rows[_OWN].astype(object))
    before = pd.Series(first.reindex(own).to_numpy(), index=rows.index, dtype=object)
    differs = before.notna() & rows["rater"].notna() & before.ne(rows["rater"].astype(object))
    return rows.assign(before=before)[np.asarray(differs)]


OUTCOME_MEASURES = Dataset(
    name="outcome_measures",
    title="Outcome measures",
    plain="What was measured of a child at the start, at reviews, at the close of a case and after it",
    row=OutcomeValue,
    key=("case_id", "measure", "stage"),
    follows=OUTREACH_CASES,
    dated="measured_on",
    optional=True,
    rules=(
        known_row("case_id", "outreach_cases", "case"),
        Rule(
            code="E-MEASURE-RANGE",
            severity=Severity.ERROR,
            columns=("value", "measure"),
            message="The measure {measure} goes from {lowest} to {highest}. Correct the value, or the measure.",
            broken_by=_out_of_range,
            plain="A value lies within the range of its measure",
        ),
        Rule(
            code="Q-NO-BASELINE",
            severity=Severity.QUERY,
            columns=("stage", "case_id", "measure"),
            message="There is a value of {measure} at the close and none at the start: no change can be told. Add the baseline if there is one.",
            broken_by=_without_baseline,
            plain="What is measured at the close was measured at the start",
        ),
        Rule(
            code="Q-OTHER-RATER",
            severity=Severity.QUERY,
            columns=("rater", "case_id", "measure"),
            message="At the start the rater was {before}. Two people judge differently: check who it was.",
            broken_by=_other_rater,
            plain="A measure has one rater throughout a case",
            reads_too=("stage",),
        ),
    ),
)
