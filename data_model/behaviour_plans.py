"""Behaviour plans: what a school tried for a pupil, whether it helped, and whether it is exhausted."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from data_model import casework_codes, codes
from data_model.columns import Also, Day, EventDay, Identifier, PupilRef, Urn, WholeNumber
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.rules import in_order, pupil_rules, school_rules, where
from data_model.severity import Severity

_PLAN = ["pupil_ref", "urn", "start_date"]


class BehaviourPlan(Row):
    """One strategy of one plan: a plan has as many rows as it has strategies."""

    plan_id: Annotated[Identifier, Field(title="Plan ID", examples=["B0001"]), Also("plan reference", "psp id")]
    strategy: Annotated[casework_codes.Strategy, Also("strategy tried")]
    pupil_ref: PupilRef
    urn: Urn
    kind: Annotated[casework_codes.PlanKind, Field(title="Kind of plan"), Also("plan type")] | None = None
    start_date: Annotated[EventDay, Field(title="Plan started on"), Also("plan start", "date of plan")]
    review_date: Annotated[Day, Field(title="Plan reviewed on")] | None = None
    end_date: Annotated[Day, Field(title="Plan ended on", description="Blank while it runs")] | None = None
    weeks: Annotated[WholeNumber, Field(ge=0, le=200, title="Weeks tried", examples=["6"])] | None = None
    helped: casework_codes.Helped | None = None
    exhausted: (
        Annotated[codes.YesNo, Field(description="Y where nothing more is to be gained from this strategy")] | None
    ) = None


def _two_plans(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    columns = ["plan_id", *_PLAN]
    saved = surroundings.saved("behaviour_plans", of_every_year=True)[columns].astype(object)
    both = pd.concat([saved.assign(row=-1), rows[columns].astype(object).assign(row=rows.index)])
    both = both[both[columns].notna().all(axis=1)]
    said = both.drop_duplicates(columns).groupby("plan_id").size()
    return rows.loc[both.loc[both["plan_id"].isin(said[said > 1].index) & both["row"].ge(0), "row"]]


BEHAVIOUR_PLANS = Dataset(
    name="behaviour_plans",
    title="Behaviour plans",
    plain="What schools tried for a pupil, strategy by strategy, and whether it is exhausted",
    row=BehaviourPlan,
    key=("plan_id", "strategy"),
    school="urn",
    pupil="pupil_ref",
    dated="start_date",
    optional=True,
    rules=(
        *school_rules("urn", "start_date"),
        *pupil_rules(),
        Rule(
            code="E-PLAN-TWICE",
            severity=Severity.ERROR,
            columns=("plan_id", *_PLAN),
            message="Another row of this plan has another pupil, school or start. Correct them, or give each plan an ID of its own.",
            broken_by=_two_plans,
            plain="All rows of a plan have the same pupil, school and start",
        ),
        in_order(
            "start_date", "end_date", "It ended on {end_date}, before it started on {start_date}. Correct one of them."
        ),
        Rule(
            code="Q-EXHAUSTED-HELPED",
            severity=Severity.QUERY,
            columns=("exhausted", "helped"),
            message="The strategy helped, or it is too soon to say, and it is exhausted. Check both.",
            broken_by=where(
                lambda rows: rows["exhausted"].astype(object).eq("Y") & rows["helped"].isin(["yes", "too_soon"])
            ),
            plain="A strategy that helps is not exhausted",
        ),
    ),
)
