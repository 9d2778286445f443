"""Rows about children with what each is called on the screen."""

import pandas as pd

from ui import children

NO_CHILD = "A group or a whole school"


def labelled(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with `child`: what each `pupil_ref` is called on the screen."""
    names = children.labels(set(rows["pupil_ref"].dropna()))
    return rows.assign(child=[names.get(each, NO_CHILD) for each in rows["pupil_ref"]])


def references(rows: pd.DataFrame) -> frozenset[str]:
    """Whom the rows are about, for the audit trail."""
    return frozenset(rows["pupil_ref"].dropna())
