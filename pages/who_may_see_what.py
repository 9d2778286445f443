"""What each role is for, and what it may see and do: read from the one table that decides."""

import pandas as pd
import streamlit as st

from access import who_may_what
from access.roles import Permission, Role
from ui import show, text, who


def who_may_see_what() -> None:
    """Draw the page: the roles, then a table for each kind of permission."""
    who.require(Permission.WHO_MAY_SEE_WHAT)
    st.title("Who may see what", anchor=False)
    st.write(
        "Everybody has one role. What it allows holds only where somebody was granted data: an authority, one of its "
        "districts, an outreach service or a Fair Access Panel. Without a grant nobody sees any."
    )
    st.markdown(
        "\n".join(f"* **{text.plain(role.label)}.** {text.plain(told)}" for role, told in who_may_what.ROLES.items())
    )
    lines = list(who_may_what.lines())
    for group in dict.fromkeys(line.group for line in lines):
        rows = [[line.what, *line.cells()] for line in lines if line.group == group]
        frame = pd.DataFrame(rows, columns=["What", *(role.label for role in Role)])
        st.header(group, anchor=False)
        columns = {name: name for name in frame.columns}
        show.table(
            frame, columns=columns, caption=f"{group}: which role may", name=f"who-may-{group.split()[0].lower()}"
        )
