"""The HTML of a page that was drawn without a browser."""

from streamlit.testing.v1 import AppTest


def html_of(drawn: AppTest) -> str:
    """Every piece of HTML on the page, one after the other: its tables."""
    return "\n".join(part.proto.body for part in drawn.get("html"))
