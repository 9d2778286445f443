"""What a dataset is: a row model, a natural key and rules. Its table, template, messages and documents are read from it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import UnionType
from typing import Annotated, Any, Protocol, Union, get_args, get_origin

import pandas as pd
from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic.fields import FieldInfo
from sqlalchemy import Column as TableColumn
from sqlalchemy import Date, Float, Integer, String, Table
from sqlalchemy.types import TypeEngine

from data_model.codes import Code, Source
from data_model.columns import Also, Event, Group, NamesPupil, Sealed, Sensitive, Withheld
from data_model.metadata import metadata
from data_model.severity import Severity
from data_model.terms import Period


class Row(BaseModel):
    """The base of every row model. Cell values never appear in its errors' text."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Surroundings(Protocol):
    """What a rule may look at beside the file's own rows."""

    today: date
    period: Period | None
    source: Source

    def saved(self, dataset: str, *, of_every_year: bool = False) -> pd.DataFrame:
        """The rows of a dataset that are saved already, typed as a checked file's, without those that this file
        replaces. Of events only the academic years that the file touches, unless they are asked for `of_every_year`.
        Empty where none is loaded."""
        ...

    def is_loaded(self, dataset: str) -> bool:
        """Whether any row of a dataset is saved."""
        ...

    def pupil_references(self) -> pd.Series:
        """Some of the pupil references that are saved already, enough to tell which scheme the LA uses."""
        ...

    def predecessors(self) -> pd.DataFrame:
        """Links between schools that replaced each other: columns `urn, predecessor_urn, linked_on`."""
        ...

    def last_events(self) -> pd.DataFrame:
        """The last day that any saved event of a school is dated: columns `urn, last_on`."""
        ...

    def last_contacts(self) -> pd.DataFrame:
        """The last saved contact and the last review among them of each case: `case_id, contacted_on, reviewed_on`."""
        ...


Check = Callable[[pd.DataFrame, Surroundings], pd.DataFrame]


@dataclass(frozen=True)
class Rule:
    """A check that needs more than one cell.

    `broken_by` takes the file's rows and what surrounds them, and returns the rows that break the rule: the same index,
    any columns added that `message` names in braces (a note's message names `{count}`, how many rows there are and on
    which lines). The rows hold one column per column that the file has: dates as datetime64, whole numbers as Int64,
    numbers as float64, text and codes as category. Optional columns may be absent, and a cell that is blank or wrong is
    missing. `columns` are those the rule reads (it is skipped where one is not in the file); the first is where the
    message is shown. `reads_too` are those that it reads where the file has them. A row whose own cell in any of these
    is wrong does not break the rule: what is wrong with the cell is said already. `needs` names the other datasets it
    cannot do without.
    """

    code: str
    severity: Severity
    columns: tuple[str, ...]
    message: str
    broken_by: Check
    plain: str
    needs: tuple[str, ...] = ()
    reads_too: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column as its row model declares it. `cells` judges a list of filled cells at once."""

    name: str
    title: str
    description: str
    example: str
    aliases: tuple[str, ...]
    required: bool
    kind: type
    cells: TypeAdapter[Any] = field(repr=False, compare=False)
    is_event: bool = False
    is_withheld: bool = False
    is_sealed: bool = False
    names_pupil: bool = False
    group: Group | None = None
    lowest: float | None = None
    highest: float | None = None

    @property
    def codes(self) -> type[Code] | None:
        """The code set that the column takes its values from, if any."""
        return self.kind if issubclass(self.kind, Code) else None


@dataclass(frozen=True)
class Dataset:
    """One kind of file: everything the product knows of it.

    Rows that are `by_source` come twice, as notified and in the school census: the two are kept side by side, so that
    they can be compared and never share a line.

    `key` identifies a row for good. `school` and `pupil` name the columns that say whose the row is, and `dated` the
    column whose day puts the row in a term (None where the rows are not events). `other_key` is an identifier that,
    where the file has it, also names the row: a row with a known identifier and a new key is the same row, moved, as long
    as its school or its pupil is the same.

    A row need not say itself whose it is. `or_school` is the column of the school that counts where `school` is blank.
    `follows` is a dataset with one column as its key, which is a column here too: a row without a school is of the
    school of the row that it follows, and where no column is the pupil's, it is about that row's pupil. A register is
    of no school: `area` is its column of an LA's code (or, for one school alone, a URN).
    """

    name: str
    title: str
    plain: str
    row: type[Row]
    key: tuple[str, ...]
    rules: tuple[Rule, ...] = ()
    school: str | None = None
    pupil: str | None = None
    dated: str | None = None
    other_key: str | None = None
    or_school: str | None = None
    follows: "Dataset | None" = None
    area: str | None = None
    by_source: bool = False
    optional: bool = False

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns in the order of the declaration, by name."""
        return {name: _column(name, info) for name, info in self.row.model_fields.items()}

    @cached_property
    def references(self) -> tuple[str, ...]:
        """The columns whose cells name a pupil."""
        return tuple(name for name, column in self.columns.items() if column.names_pupil)

    @cached_property
    def sealed(self) -> tuple[str, ...]:
        """The columns whose cells are encrypted in the table."""
        return tuple(name for name, column in self.columns.items() if column.is_sealed)

    @property
    def line(self) -> "tuple[Dataset, ...]":
        """The dataset, what it follows, what that follows, and so on."""
        return (self, *(self.follows.line if self.follows else ()))

    @property
    def about_pupils(self) -> bool:
        """Whether rows are about a pupil: whom they name, or whom a row that they follow names."""
        return bool(self.references) or any(dataset.pupil for dataset in self.line)

    @property
    def stored(self) -> tuple[str, ...]:
        """The table's columns as rows are written and read whole: the row's own, the source if any, and `upload_id`."""
        return (*self.columns, *(("source",) if self.by_source else ()), "upload_id")

    @cached_property
    def table(self) -> Table:
        """The table of the rows: the same columns, the natural key as primary key, the source if any, and `upload_id`.

        On SQLite the rows are stored in the key's order, which made a keyed load faster than an unchecked one.
        """
        columns = [
            TableColumn(
                column.name,
                _sql_type(str if column.is_sealed else column.kind),
                primary_key=column.name in self.key,
                nullable=not (column.required or column.name in self.key),
            )
            for column in self.columns.values()
        ]
        source = TableColumn("source", String, primary_key=True, server_default=str(Source.NOTIFIED))
        return Table(
            self.name,
            metadata,
            *([source] if self.by_source else []),
            *sorted(columns, key=lambda c: self.key.index(c.name) if c.name in self.key else len(self.key)),
            TableColumn("upload_id", Integer, nullable=False),
            sqlite_with_rowid=False,
        )


def _column(name: str, info: FieldInfo) -> Column:
    inner, extras = _inner(info.annotation, list(info.metadata))
    aliases = tuple(alias for extra in extras if isinstance(extra, Also) for alias in extra.names)
    metadata_of_cell = [
        extra for extra in extras if not isinstance(extra, Also | Event | NamesPupil | Sealed | Sensitive | Withheld)
    ]
    kind = inner if isinstance(inner, type) else str
    examples = info.examples or _example(extras, kind)
    return Column(
        name=name,
        title=info.title or _from(extras, "title") or name.replace("_", " ").capitalize(),
        description=info.description or _from(extras, "description") or "",
        example=str(examples[0]) if examples else "",
        aliases=aliases,
        required=info.is_required(),
        kind=kind,
        cells=_judge_of(inner, metadata_of_cell),
        is_event=any(isinstance(extra, Event) for extra in extras),
        is_withheld=any(isinstance(extra, Withheld) for extra in extras),
        is_sealed=any(isinstance(extra, Sealed) for extra in extras),
        names_pupil=any(isinstance(extra, NamesPupil) for extra in extras),
        group=next((extra.group for extra in extras if isinstance(extra, Sensitive)), None),
        lowest=_bound(extras, "ge"),
        highest=_bound(extras, "le"),
    )


def _judge_of(inner: Any, metadata_of_cell: list[Any]) -> TypeAdapter[Any]:
    cell = Annotated[(inner, *metadata_of_cell)] if metadata_of_cell else inner
    judge: TypeAdapter[Any] = TypeAdapter(list[cell])  # type: ignore[valid-type]  # a type made at run time
    return judge


def _inner(annotation: Any, extras: list[Any]) -> tuple[Any, list[Any]]:
    """The type of a filled cell, without `| None`, and all that is annotated on it, outermost first."""
    if get_origin(annotation) in (Union, UnionType):
        present = [part for part in get_args(annotation) if part is not type(None)]
        assert len(present) == 1, "a column holds one kind of value"
        return _inner(present[0], extras)
    if get_origin(annotation) is Annotated:
        inner, *own = get_args(annotation)
        return _inner(inner, [*own, *extras])
    return annotation, extras


def _from(extras: list[Any], attribute: str) -> Any:
    found = [
        getattr(extra, attribute) for extra in extras if isinstance(extra, FieldInfo) and getattr(extra, attribute)
    ]
    return found[-1] if found else None


def _bound(extras: list[Any], attribute: str) -> float | None:
    constraints = [own for extra in extras for own in (extra.metadata if isinstance(extra, FieldInfo) else [extra])]
    return next((getattr(own, attribute) for own in constraints if hasattr(own, attribute)), None)


def _example(extras: list[Any], kind: type) -> list[Any]:
    found: list[Any] | None = _from(extras, "examples")
    if found:
        return found
    if issubclass(kind, Code):
        return [next(iter(kind))]
    return {date: ["2025-10-06"], int: ["3"], float: ["250.00"]}.get(kind, [])


def _sql_type(kind: type) -> TypeEngine[Any]:
    if issubclass(kind, str):
        return String()
    types: dict[type, TypeEngine[Any]] = {int: Integer(), float: Float(), date: Date()}
    return types[kind]
