"""A page for one test: text that tries to be markup, in everything that the kit draws."""

from datetime import date

import pandas as pd
import streamlit as st

from charts.bar import bar
from ui import show, text

HOSTILE = (
    '<a href="https://evil.example/a">a</a> [b](https://evil.example/b) ![c](https://evil.example/c.png) '
    "https://evil.example/d www.evil.example e@evil.example <img src=https://evil.example/f.png onerror=alert(1)> "
    "<script>alert(1)</script> **bold** :red[red] $x^2$ :material/home: `code` # h <https://evil.example/g>"
)

frame = pd.DataFrame({"school": [HOSTILE, "Larkfield"], "rate": [2.0, 1.0]})
columns = {"school": HOSTILE, "rate": "Rate"}
source = show.Source(HOSTILE, date(2026, 7, 14))
st.title("Hostile text", anchor=False)
st.error(text.plain(HOSTILE))
st.selectbox("School", [HOSTILE])
show.metric(HOSTILE, HOSTILE, against="than last year", change="+1")
chart = bar(frame, label="school", value="rate", unit=HOSTILE)
show.finding(chart, frame, columns=columns, title=HOSTILE, source=source, name="finding")
show.table(frame, columns=columns, caption=HOSTILE, source=source, name="table")
show.sortable(frame, columns=columns, caption=HOSTILE, source=source, name="sortable")
