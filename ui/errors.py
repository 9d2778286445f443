"""What happens when a page breaks: the user gets a reference, the log gets the place, and neither gets a value."""

import logging
import secrets
import traceback
from pathlib import Path

import streamlit as st

logger = logging.getLogger(__name__)


def tell(error: Exception) -> bool:
    """Show a sentence with a reference, log where the error came from under it, and return True: it is dealt with."""
    reference = secrets.token_hex(4)
    logger.error("Error %s: %s", reference, place_of(error))
    st.error(
        "Something went wrong on this page. What was saved before is safe. "
        f"Tell whoever runs this dashboard the reference {reference}."
    )
    return True


def place_of(error: BaseException) -> str:
    """The type of an error and the lines it came through, without its message: a message can quote a pupil's data."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at " + " > ".join(
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames
    )


def _is_ours(record: logging.LogRecord) -> bool:
    return not record.exc_info


# Streamlit logs an error with its message before it calls `tell`.
logging.getLogger("streamlit.error_util").addFilter(_is_ours)
