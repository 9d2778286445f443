"""What families, staff and auditors look for: notices, statements and policies, as they stand in docs/governance."""

import streamlit as st

from access.roles import Permission
from ui import documents, filters, who


def privacy() -> None:
    """Draw the page: the document that is chosen, in full."""
    who.require(Permission.PRIVACY)
    st.title("Privacy", anchor=False)
    st.write(
        "How this dashboard looks after children’s information, and what to do when something goes wrong. "
        "What stands in square brackets is for your authority to fill in."
    )
    document = filters.document(documents.documents())
    st.header(document.title, anchor=False)
    st.html(f'<div class="document">{document.html}</div>')
