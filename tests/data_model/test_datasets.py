"""Every dataset, said once: its table, its headers, its examples and its rules agree with its declaration."""

from collections import defaultdict
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from sqlalchemy import Date, Float, Integer, String

from data_model.catalogue import DATASETS
from data_model.codes import Code
from data_model.dataset import Column, Dataset
from data_model.severity import Severity
from loaders.headers import known_names
from loaders.layout import normalise_header

EVERY_DATASET = pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
EVERY_COLUMN = pytest.mark.parametrize(
    ("dataset", "column"),
    [pytest.param(d, c, id=f"{d.name}-{c.name}") for d in DATASETS.values() for c in d.columns.values()],
)
# The data dictionary's essentials, and what the issue says of suspensions.
REQUIRED = {
    "schools": "urn laestab school_name phase establishment_type_group",
    "term_dates": "applies_to academic_year term first_day last_day",
    "headcounts": "urn academic_year census_term characteristic_group characteristic headcount",
    "pupils": "pupil_ref valid_from",
    "suspensions": "pupil_ref urn start_date sessions category reason_1",
    "permanent_exclusions": "pex_id pupil_ref urn head_decision_date",
    "ap_placements": "placement_id pupil_ref start_date sessions_per_week",
    "outreach_referrals": "referral_id received_date urn",
    "outreach_cases": "case_id start_date",
    "outreach_contacts": "contact_id date minutes",
    "attendance": "pupil_ref urn week_start possible",
    "providers": "provider_ref valid_from la_code name",
    "workforce": "worker_ref start_date la_code",
    "first_response": "call_id received_date",
    "behaviour_plans": "plan_id strategy pupil_ref urn start_date",
    "outcome_measures": "case_id measure stage measured_on value",
    "agency_involvement": "case_id agency referred_date",
    "family_support": "family_id pupil_ref referred_date",
    "managed_moves": "move_id pupil_ref from_urn to_urn start_date",
    "off_site_directions": "direction_id pupil_ref from_urn start_date",
    "safeguarding_separations": "separation_id pupil_ref urn start_date",
    "fap_referrals": "fap_ref referral_date pupil_ref",
    "fap_decisions": "fap_ref meeting_date",
    "transitions": "pupil_ref academic_year identified_date",
    "internal_suspensions": "pupil_ref urn start_date sessions",
    "pupil_names": "pupil_ref forename surname",
}
KEYS = {
    "schools": ("urn",),
    "term_dates": ("applies_to", "academic_year", "term"),
    "headcounts": ("urn", "academic_year", "census_term", "characteristic_group", "characteristic"),
    "pupils": ("pupil_ref", "valid_from"),
    "suspensions": ("urn", "start_date", "pupil_ref"),
    "permanent_exclusions": ("pex_id",),
    "ap_placements": ("placement_id",),
    "outreach_referrals": ("referral_id",),
    "outreach_cases": ("case_id",),
    "outreach_contacts": ("contact_id",),
    "attendance": ("pupil_ref", "urn", "week_start"),
    "providers": ("provider_ref", "valid_from"),
    "workforce": ("worker_ref", "start_date"),
    "first_response": ("call_id",),
    "behaviour_plans": ("plan_id", "strategy"),
    "outcome_measures": ("case_id", "measure", "stage"),
    "agency_involvement": ("case_id", "agency", "referred_date"),
    "family_support": ("family_id",),
    "managed_moves": ("move_id",),
    "off_site_directions": ("direction_id",),
    "safeguarding_separations": ("separation_id",),
    "fap_referrals": ("fap_ref",),
    "fap_decisions": ("fap_ref", "meeting_date"),
    "transitions": ("pupil_ref", "academic_year"),
    "internal_suspensions": ("urn", "start_date", "pupil_ref"),
    "pupil_names": ("pupil_ref",),
}


def test_the_datasets_are_those_of_the_dictionary_in_the_order_to_load_them() -> None:
    assert list(DATASETS) == list(REQUIRED)


@EVERY_DATASET
def test_required_columns_and_keys(dataset: Dataset) -> None:
    required = {name for name, column in dataset.columns.items() if column.required}
    assert required == set(REQUIRED[dataset.name].split())
    assert dataset.key == KEYS[dataset.name]


@EVERY_DATASET
def test_the_table_has_the_columns_of_the_row_model(dataset: Dataset) -> None:
    assert {column.name for column in dataset.table.columns} == set(dataset.stored)
    source = ["source"] if dataset.by_source else []
    assert [column.name for column in dataset.table.primary_key] == [*source, *dataset.key]
    apart = (*dataset.key, *source, "upload_id")
    in_table = [column.name for column in dataset.table.columns if column.name not in apart]
    assert in_table == [name for name in dataset.row.model_fields if name not in dataset.key]


def kind_of(annotation: Any) -> tuple[type, bool]:
    """The plain type that a field holds, and whether it may be missing."""
    if get_origin(annotation) is Annotated:
        return kind_of(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        (present,) = (part for part in get_args(annotation) if part is not NoneType)
        return kind_of(present)[0], True
    return annotation, False


@EVERY_COLUMN
def test_a_table_column_holds_what_the_row_model_says(dataset: Dataset, column: Column) -> None:
    kind, may_be_missing = kind_of(dataset.row.model_fields[column.name].annotation)
    stored = dataset.table.columns[column.name]
    assert stored.nullable == may_be_missing
    assert column.required == (not may_be_missing)
    assert column.kind is kind
    expected = String if column.is_sealed else next(types for base, types in TYPES.items() if issubclass(kind, base))
    assert isinstance(stored.type, expected)


TYPES = {str: String, int: Integer, float: Float, date: Date}


@EVERY_COLUMN
def test_an_example_is_a_good_cell(dataset: Dataset, column: Column) -> None:
    assert column.example or not column.required
    if column.example:
        assert column.cells.validate_python([column.example]) is not None
    assert column.title and column.title.strip(".") == column.title


@EVERY_DATASET
def test_no_header_means_two_columns(dataset: Dataset) -> None:
    meanings: dict[str, set[str]] = defaultdict(set)
    for column in dataset.columns.values():
        for alias in (*column.aliases, column.title):
            meanings[normalise_header(alias)].add(column.name)
    for name in dataset.columns:  # a declared name wins over another column's alias
        meanings[normalise_header(name)] = {name}
    assert {header: columns for header, columns in meanings.items() if len(columns) > 1} == {}
    assert len({normalise_header(name) for name in dataset.columns}) == len(dataset.columns)
    assert known_names(dataset) == {header: columns.pop() for header, columns in meanings.items()}


@EVERY_DATASET
def test_the_columns_that_a_dataset_names_are_its_own(dataset: Dataset) -> None:
    named = {*dataset.key, dataset.school, dataset.pupil, dataset.dated, dataset.other_key} - {None}
    assert named <= set(dataset.columns)
    if dataset.dated:
        assert dataset.columns[dataset.dated].kind is date
        assert dataset.columns[dataset.dated].is_event


@EVERY_DATASET
def test_whose_a_row_is_can_be_told(dataset: Dataset) -> None:
    """By a school, by the area of a register, or by a row that is loaded before and that the row names."""
    assert {dataset.or_school, dataset.area} - {None} <= set(dataset.columns)
    assert dataset.name == "schools" or dataset.school or dataset.area or dataset.follows
    if dataset.follows:
        assert len(dataset.follows.key) == 1
        assert dataset.follows.key[0] in dataset.columns
        assert list(DATASETS).index(dataset.follows.name) < list(DATASETS).index(dataset.name)


@EVERY_DATASET
def test_rules_name_columns_datasets_and_severities_that_exist(dataset: Dataset) -> None:
    starts = {Severity.ERROR: "E-", Severity.QUERY: "Q-", Severity.NOTE: "N-"}
    for rule in dataset.rules:
        assert rule.code.startswith(starts[rule.severity]), rule.code
        assert set(rule.columns) <= set(dataset.columns), rule.code
        assert set(rule.needs) <= set(DATASETS), rule.code
        assert rule.plain, rule.code
        assert rule.message.endswith((".", "?", "}")), rule.code
    said_once = [(rule.code, rule.columns[0]) for rule in dataset.rules]
    assert len(set(said_once)) == len(said_once)


def test_one_code_means_one_thing_in_all_datasets() -> None:
    severities: dict[str, set[Severity]] = defaultdict(set)
    for dataset in DATASETS.values():
        for rule in dataset.rules:
            severities[rule.code].add(rule.severity)
    assert all(len(found) == 1 for found in severities.values())


@EVERY_COLUMN
def test_codes_differ_whatever_their_case_and_say_what_they_mean(dataset: Dataset, column: Column) -> None:
    codes = column.codes
    if codes is None:
        return
    values = [code.value.casefold() for code in codes]
    labels = [code.label.casefold() for code in codes]
    assert all(labels)
    assert len(set(values)) == len(values)
    assert len(set(labels)) == len(labels)
    _no_spelling_means_two_codes(codes)


def _no_spelling_means_two_codes(codes: type[Code]) -> None:
    meanings: dict[str, set[Code]] = defaultdict(set)
    for code in codes:
        meanings[code.value.casefold()].add(code)
        meanings[code.label.casefold()].add(code)
    for spelling, code in codes.read_as().items():
        assert spelling == spelling.casefold()
        meanings[spelling].add(code)
    assert {spelling for spelling, found in meanings.items() if len(found) > 1} == set()
    assert set(codes.refused()).isdisjoint(meanings)
