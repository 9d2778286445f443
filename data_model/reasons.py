"""Reasons for a suspension or a permanent exclusion: one code set and its rules for both."""

import pandas as pd

from data_model import codes
from data_model.dataset import Rule, Surroundings
from data_model.severity import Severity

ReasonCode = codes.ExclusionReason


def reason_rules(day: str) -> tuple[Rule, ...]:
    """Reasons are distinct, and each was collected on the day of the event."""

    def repeated(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
        first, second = rows["reason_1"].astype(object), rows["reason_2"].astype(object)
        third = rows["reason_3"].astype(object) if "reason_3" in rows else pd.Series(index=rows.index, dtype=object)
        return rows[(second.eq(first)) | (third.eq(first)) | (third.eq(second) & third.notna())]

    def out_of_date(column: str) -> Rule:
        def broken_by(rows: pd.DataFrame, surroundings: Surroundings) -> pd.DataFrame:
            code = rows[column].astype(object)
            since = pd.to_datetime(code.map({str(c): c.valid_from for c in ReasonCode if c.valid_from}))
            until = pd.to_datetime(code.map({str(c): c.valid_to for c in ReasonCode if c.valid_to}))
            return rows[((rows[day] < since) | (rows[day] > until)).fillna(False)]

        return Rule(
            code="Q-REASON-DATE",
            severity=Severity.QUERY,
            columns=(column, day),
            message=f"Reason {{{column}}} was not collected on {{{day}}}. Check the code and the date.",
            broken_by=broken_by,
            plain=f"`{column}` was a code in use on the day",
        )

    return (
        Rule(
            code="Q-REASON-TWICE",
            severity=Severity.QUERY,
            columns=("reason_2", "reason_1"),
            message="The same reason is given twice. Up to three different reasons may be recorded.",
            broken_by=repeated,
            plain="The reasons differ from each other",
        ),
        *(out_of_date(column) for column in ("reason_1", "reason_2", "reason_3")),
    )
