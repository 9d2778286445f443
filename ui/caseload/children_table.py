"""Tables that name children: on the screen, and as a file of which the audit trail keeps whom it was about."""

import pandas as pd
import streamlit as st

from ui import children, show, spreadsheet, tables
from ui.show import Columns

NO_CHILD = "A group or a whole school"


def labelled(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with `child`: what each `pupil_ref` is called on the screen."""
    names = children.labels(set(rows["pupil_ref"].dropna()))
    return rows.assign(child=rows["pupil_ref"].astype(object).map(names).fillna(NO_CHILD))


def table(rows: pd.DataFrame, *, columns: Columns, caption: str, name: str) -> None:
    """Show rows of `labelled`, and offer them as a file for use inside the authority."""
    chosen = rows[list(columns)].rename(columns=columns)
    st.html(tables.html(chosen, caption=caption))
    about = frozenset(rows["pupil_ref"].dropna())

    def content() -> str:
        return spreadsheet.csv_bytes(chosen, "For use inside the authority only").decode("utf-8-sig")

    show.csv_file("Download as CSV", content, f"{name}-internal", about=lambda: about)
