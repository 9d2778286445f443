"""The days by which the steps of a transition are due, for those who set an authority's thresholds."""

from datetime import date

import streamlit as st

from access.roles import Permission
from analysis.transition.steps import Step, due_days, year_of_steps
from data_model.store import database
from data_model.thresholds import Thresholds
from recording.thresholds import set_thresholds
from ui import telling, who


def change(la: int, year: str, days: str, in_force: Thresholds) -> None:
    """A form with a day for each step, of the cohort that is shown; what is set holds for every cohort."""
    telling.said()
    if not who.may(Permission.SET_THRESHOLDS):
        return
    with st.expander("Set the days by which steps are due"), st.form(f"days of steps {year}", border=False):
        st.write("They hold for every year’s children: the day and the month are kept.")
        columns, (first, last) = st.columns(3), year_of_steps(year)
        chosen: dict[Step, date] = {}
        for place, (step, due) in enumerate(due_days(year, days).items()):
            with columns[place % len(columns)]:
                chosen[step] = st.date_input(
                    step.label,
                    due,
                    min_value=first,
                    max_value=last,
                    format="DD/MM/YYYY",
                    key=f"day of {step} {year}",
                )
        note = st.text_area("Note: who decided it, and why", max_chars=2_000)
        names_nobody = st.checkbox(telling.NAMES_NOBODY)
        if st.form_submit_button("Set these days", type="primary"):
            who.require(Permission.SET_THRESHOLDS)
            set_days = {f"transition_{step}": f"{day:%m-%d}" for step, day in chosen.items()}
            values = in_force.model_dump() | set_days

            def done() -> str:
                set_thresholds(
                    database(), who.person(), la_code=la, values=values, note=note, names_nobody=names_nobody
                )
                return "The days were set, and are in force from now on."

            telling.told(done)
