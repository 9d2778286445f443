"""How complete the school’s data is, and whether it agrees with what is published."""

import pandas as pd
import streamlit as st

from analysis.one_school import sentences, views
from ui import cached, show, text
from ui.one_school.subject import Subject
from ui.show import Source


def sent(subject: Subject) -> None:
    """Show what the school sent for the last terms."""

    def asked() -> pd.DataFrame:
        every = cached.counted(views.sent, la=subject.place.la)
        return every[every["urn"].eq(subject.key)]

    own = asked()
    if own.empty:
        show.nothing(sentences.sent(own))
        return
    table = views.sent_by_dataset(own)
    st.header(text.plain(sentences.sent(own)), anchor=False)
    show.table(
        table,
        columns={"dataset": "Dataset"} | {label: label for label in own["label"].unique()},
        caption="What this school sent. “Nothing” is not sent, or nothing to send",
        source=subject.place.local,
        name="school-sent",
        publish=lambda: views.sent_by_dataset(asked()),
    )


def reconciled(subject: Subject) -> None:
    """Show what was notified beside what DfE published."""

    def asked() -> pd.DataFrame:
        return cached.counted(views.reconciled, urn=subject.key)

    table = asked()
    if table.empty:
        show.nothing(sentences.reconciled(table))
        return
    st.header(text.plain(sentences.reconciled(table)), anchor=False)
    show.table(
        table,
        columns={
            "label": "Period",
            "measure": "Counted",
            "local": subject.place.origin,
            "published": "Published by DfE",
            "difference": "Difference",
        },
        caption="Notified and published figures side by side",
        source=Source(f"{subject.place.origin}; DfE, as published", subject.place.now),
        name="school-reconciled",
        publish=asked,
    )
