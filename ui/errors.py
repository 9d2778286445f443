"""What happens when a page breaks: the user gets a reference, the log gets the place, and neither gets a value."""

import logging

import streamlit as st

from data_model import logs

logger = logging.getLogger(__name__)


def tell(error: Exception) -> bool:
    """Show a sentence with a reference, log where the error came from under it, and return True: it is dealt with."""
    reference = logs.refer_to(logger, "A page broke", error)
    st.error(
        "Something went wrong on this page. What was saved before is safe. "
        f"Tell whoever runs this dashboard the reference {reference}."
    )
    return True


def _is_ours(record: logging.LogRecord) -> bool:
    return not record.exc_info


# Streamlit logs an error with its message before it calls `tell`.
logging.getLogger("streamlit.error_util").addFilter(_is_ours)
