"""Every field of what people write has a title, a column that keeps it, and a sentence for whatever is wrong."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Table

from data_model.allocations import AllocationDecision, SchoolHours, allocation_decisions
from data_model.dataset import Row
from data_model.frozen_lists import FrozenList, ListQuestion, frozen_lists
from data_model.right_of_reply import SchoolReply, SchoolReport, school_replies, school_reports
from data_model.support_decisions import SupportDecision, support_decisions
from data_model.thresholds import ThresholdsSet, thresholds_set
from data_model.written import Withdrawal, written_columns
from recording.checking import NotRecorded, checked

STORED = (
    (SchoolReport, school_reports, {"report_id", "la_code", "reply_due", "by_term_dates"}),
    (SchoolReply, school_replies, {"reply_id", "report_id"}),
    (FrozenList, frozen_lists, {"list_id"}),
    (AllocationDecision, allocation_decisions, {"decision_id"}),
    (ThresholdsSet, thresholds_set, {"thresholds_id"}),
    (SupportDecision, support_decisions, {"support_id", "la_code"}),
)
MODELS = (*(model for model, *_ in STORED), SchoolHours, ListQuestion, Withdrawal)
FIELDS = [(model, name) for model in MODELS for name in model.model_fields]
BAD: tuple[Any, ...] = (
    None,
    "",
    "x" * 5_000,
    "a\x00b",
    "\ud800",
    "202526-XXX",
    -1,
    10**9,
    2.5,
    float("nan"),
    float("inf"),
    datetime(2025, 10, 6, 12),
    {},
    {"a": {"b": 1}},
    {"upn": "x"},
    {str(number): number for number in range(300)},
    (),
    ({"observed": 1},),
    ({"urn": 900001}, {"urn": 900001}),
)


@pytest.mark.parametrize(("model", "table", "besides"), STORED, ids=lambda part: getattr(part, "__name__", ""))
def test_a_table_keeps_every_field_and_who_wrote_it(model: type[Row], table: Table, besides: set[str]) -> None:
    written = {column.name for column in written_columns()}
    assert {column.name for column in table.columns} == {*model.model_fields, *besides, *written}
    for name, info in model.model_fields.items():
        assert table.c[name].nullable == (not info.is_required())


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=lambda part: getattr(part, "__name__", part))
def test_every_fault_has_a_sentence_without_the_value(model: type[Row], name: str) -> None:
    title = model.model_fields[name].title
    assert title
    for bad in BAD:
        try:
            checked(model, {name: bad}, names_nobody=True)
        except NotRecorded as refused:
            said = str(refused)
            assert said.endswith("."), said
            assert not any(value in said for value in ("xxx", "XXX", "ud800", "900001"))
            assert refused.__cause__ is None
            assert refused.__suppress_context__


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_nobody_asked_for_is_refused(model: type[Row]) -> None:
    with pytest.raises(NotRecorded, match="What was given cannot be read"):
        checked(model, {"xxx": 1})
