"""The workforce: who works for outreach from when, for how much of the week, and how many cases that carries."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from data_model import casework_codes, codes
from data_model.columns import Also, Day, DecimalNumber, LaCode, ShortText, WholeNumber
from data_model.dataset import Dataset, Row, Rule, Surroundings
from data_model.outreach import WorkerRef
from data_model.rules import in_order, where
from data_model.severity import Severity
from data_model.spans import overlapping


class Worker(Row):
    """One post from a day on, until its next row: hours and role change."""

    worker_ref: Annotated[WorkerRef, Field(description="As cases and contacts give it; of a vacancy, the post's own")]
    start_date: Annotated[
        Day,
        Field(description="The day from which this row is true", examples=["2025-09-01"]),
        Also("start", "from date"),
    ]
    end_date: (
        Annotated[Day, Field(description="The last day of it, where there is one"), Also("end", "leaving date")] | None
    ) = None
    la_code: LaCode
    provider_type: Annotated[codes.ProviderType, Field(title="Who employs the worker"), Also("service")] | None = None
    role: Annotated[casework_codes.WorkerRole, Also("job", "post")] | None = None
    fte: (
        Annotated[
            DecimalNumber,
            Field(ge=0, le=1, title="Full-time equivalent", description="1 is full time", examples=["0.8"]),
            Also("full time equivalent"),
        ]
        | None
    ) = None
    band: Annotated[ShortText, Field(title="Pay band"), Also("grade")] | None = None
    vacancy: Annotated[codes.YesNo, Field(description="Y where the post is vacant")] | None = None
    capacity_cases: (
        Annotated[
            WholeNumber,
            Field(
                ge=0,
                le=200,
                title="Cases at a time",
                description="How many open cases the post carries",
                examples=["12"],
            ),
            Also("capacity", "case capacity"),
        ]
        | None
    ) = None


def _at_once(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
    columns = ["worker_ref", "start_date", "end_date"]
    saved = surroundings.saved("workforce")[columns].astype({"worker_ref": object})
    own = rows.reindex(columns=columns).astype({"worker_ref": object})
    spans = pd.concat([saved.assign(row=-1), own.assign(row=rows.index)])
    spans = spans.astype({"start_date": "datetime64[s]", "end_date": "datetime64[s]"})
    spans = spans[
        spans["worker_ref"].notna() & spans["start_date"].notna() & ~(spans["end_date"] < spans["start_date"])
    ]
    spans = spans.assign(end_date=spans["end_date"].fillna(pd.Timestamp.max.normalize()))
    return rows.loc[overlapping(spans, ["worker_ref"]).index]


WORKFORCE = Dataset(
    name="workforce",
    title="Workforce",
    plain="Posts of the outreach service: role, hours and how many cases each carries",
    row=Worker,
    key=("worker_ref", "start_date"),
    area="la_code",
    optional=True,
    rules=(
        in_order(
            "start_date", "end_date", "It ended on {end_date}, before it started on {start_date}. Correct one of them."
        ),
        Rule(
            code="Q-WORKER-TWICE",
            severity=Severity.QUERY,
            columns=("start_date", "worker_ref"),
            message="The same post has another row for some of this time. End one of them.",
            broken_by=_at_once,
            plain="A post has one row at a time",
            reads_too=("end_date",),
        ),
        Rule(
            code="Q-CAPACITY-OF-NOBODY",
            severity=Severity.QUERY,
            columns=("capacity_cases", "vacancy"),
            message="The post is vacant, and carries {capacity_cases} cases. Check both.",
            broken_by=where(lambda rows: rows["vacancy"].astype(object).eq("Y") & (rows["capacity_cases"] > 0)),
            plain="A vacant post carries no cases",
        ),
    ),
)
