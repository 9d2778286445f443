"""Columns of arrays -> a frame as the rules of a dataset want it, and as a CSV file holds it."""

import io
from collections.abc import Sequence
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from data_model.dataset import Dataset
from sample_data.arrays import Array


def dataset_frame(dataset: Dataset, values: pd.DataFrame) -> pd.DataFrame:
    """Every column of the dataset in its order; those that `values` lacks are blank.

    Dates are datetime64, whole numbers Int64, numbers float64, text and codes category.
    """
    assert set(values.columns) <= set(dataset.columns), "only the dictionary's columns"
    columns = {name: _typed(values, name, column.kind) for name, column in dataset.columns.items()}
    return pd.DataFrame(columns)


def _typed(values: pd.DataFrame, name: str, kind: type) -> pd.Series:
    if name not in values:
        values = pd.DataFrame({name: None}, index=values.index, dtype=object)
    if issubclass(kind, date):
        return pd.to_datetime(values[name]).astype("datetime64[s]")
    if issubclass(kind, int):
        return values[name].astype("Int64")
    if issubclass(kind, float):
        return values[name].astype("float64")
    return values[name].astype("category")


def labels(codes: Array, names: Sequence[str]) -> pd.Categorical:
    """Text from its positions in `names`; -1 is blank."""
    return pd.Categorical.from_codes(codes, categories=pd.Index(names, dtype=object))


def known(is_known: Array, numbers: Array) -> pd.Series:
    """Whole numbers, blank where they are not known."""
    return pd.Series(numbers, dtype="Int64").where(is_known)


def csv_bytes(frame: pd.DataFrame, *, header: bool = True) -> bytes:
    """The frame as a CSV file: UTF-8, commas, ISO dates, blank where nothing is known. No text of ours needs quotes."""
    options = pa_csv.WriteOptions(include_header=header, quoting_style="none", quoting_header="none")
    sink = io.BytesIO()
    pa_csv.write_csv(pa.table({name: _arrow(frame[name]) for name in frame.columns}), sink, options)
    return sink.getvalue()


def _arrow(column: pd.Series) -> pa.Array:
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return pa.array(column.to_numpy("datetime64[D]"), type=pa.date32())
    return pa.array(column, from_pandas=True)
