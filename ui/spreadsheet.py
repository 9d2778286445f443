"""A table as a CSV file that a spreadsheet opens safely.

Formulas are disarmed as OWASP ASVS 5.0 asks (1.2.10). The shape is the Analysis Function's ("Releasing statistics in
spreadsheets"): one header row at the top, every header different, no blank rows, the source in a column of its own.
"""

import csv
import io
from numbers import Real

import pandas as pd

from data_model import inert


def cell(value: object) -> str:
    """A value as a cell: missing ones blank, numbers in full, and text that could be a formula after an apostrophe."""
    if pd.isna(value):
        return ""
    if isinstance(value, Real):
        return str(int(float(value)) if float(value).is_integer() else value)
    return inert.cell(str(value))


def csv_bytes(table: pd.DataFrame, source: str) -> bytes:
    """The table as CSV, with a last column `Source` if there is one, in UTF-8 with the mark that Excel looks for.

    Raises ValueError where two columns have one name.
    """
    credited = table.assign(Source=source) if source else table
    headers = [str(column) for column in credited.columns]
    if len(set(headers)) < len(headers):
        raise ValueError("Every column of a download needs a name of its own.")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(cell(header) for header in headers)
    for row in credited.itertuples(index=False, name=None):
        writer.writerow(cell(value) for value in row)
    return out.getvalue().encode("utf-8-sig")
