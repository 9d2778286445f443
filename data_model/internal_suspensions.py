"""Internal suspensions: pupils kept out of lessons and in school. Never mixed with suspensions, nor counted with them.

Nothing national collects them yet: a framework was announced in early 2026, to take effect in 2027.
"""

from typing import Annotated

from pydantic import Field

from data_model import casework_codes, codes
from data_model.columns import Also, Day, EventDay, Group, Identifier, PupilRef, Sensitive, Urn, WholeNumber, YearGroup
from data_model.dataset import Dataset, Row
from data_model.reasons import ReasonCode, reason_rules
from data_model.rules import in_order, pupil_rules, school_rules


class InternalSuspension(Row):
    """One time for which a pupil was kept out of lessons, in school, as a sanction."""

    internal_id: (
        Annotated[
            Identifier,
            Field(title="Internal suspension ID", examples=["I0001"]),
            Also("internal exclusion id", "record id"),
        ]
        | None
    ) = None
    pupil_ref: PupilRef
    urn: Urn
    start_date: Annotated[EventDay, Also("start", "date", "date from")]
    end_date: Annotated[Day, Also("end", "date to")] | None = None
    sessions: Annotated[
        WholeNumber,
        Field(ge=1, le=90, description="Half days out of lessons, 1 to 90", examples=["2"]),
        Also("number of sessions", "half days"),
    ]
    reason_1: Annotated[ReasonCode, Field(title="Reason 1"), Also("reason", "reason code")] | None = None
    reason_2: Annotated[ReasonCode, Field(title="Reason 2")] | None = None
    reason_3: Annotated[ReasonCode, Field(title="Reason 3")] | None = None
    place: Annotated[casework_codes.InternalPlace, Field(title="Where"), Also("location")] | None = None
    ncyg: YearGroup | None = None
    sen_provision: (
        Annotated[
            codes.SenProvision, Field(title="SEN provision", description="As at the event"), Sensitive(Group.HEALTH)
        ]
        | None
    ) = None
    cla: (
        Annotated[
            codes.YesNo,
            Field(title="Looked after", description="Y if looked after at the event"),
            Sensitive(Group.CARE),
        ]
        | None
    ) = None


INTERNAL_SUSPENSIONS = Dataset(
    name="internal_suspensions",
    title="Internal suspensions",
    plain="Pupils kept out of lessons and in school: apart from suspensions, and in no figure of them",
    row=InternalSuspension,
    key=("urn", "start_date", "pupil_ref"),
    other_key="internal_id",
    school="urn",
    pupil="pupil_ref",
    dated="start_date",
    optional=True,
    rules=(
        *school_rules("urn", "start_date"),
        *pupil_rules(),
        *reason_rules("start_date"),
        in_order(
            "start_date", "end_date", "It ended on {end_date}, before it started on {start_date}. Correct one of them."
        ),
    ),
)
