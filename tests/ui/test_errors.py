"""A page that breaks: a reference for the user, the place for the log, a value for nobody."""

import logging
import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_model.logs import place_of


def _breaks() -> None:
    from ui import errors

    errors.tell(KeyError("P000123"))


def test_the_user_gets_a_sentence_and_the_log_the_same_reference(caplog: pytest.LogCaptureFixture) -> None:
    drawn = AppTest.from_function(_breaks).run()
    reference = drawn.error[0].value.rsplit(" ", 1)[1].rstrip(".")
    [told] = [record for record in caplog.records if record.name == "ui.errors"]
    assert (told.__dict__["reference"], told.__dict__["place"].split(" at ")[0]) == (reference, "KeyError")
    assert "P000123" not in drawn.error[0].value + caplog.text + str(told.__dict__)


def test_the_place_is_told_without_the_message() -> None:
    try:
        {}["P000123"]
    except KeyError as error:
        place = place_of(error)
    assert place.startswith("KeyError at test_errors.py:")
    assert "P000123" not in place


def test_tracebacks_with_values_are_off() -> None:
    config = tomllib.loads((Path(__file__).parents[2] / ".streamlit/config.toml").read_text())
    assert config["logger"]["enableRich"] is False


def test_streamlits_own_record_of_an_error_is_dropped(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    logger = logging.getLogger("streamlit.error_util")
    monkeypatch.setattr(logger, "propagate", True)
    logger.error("Uncaught app execution", exc_info=KeyError("P000123"))
    assert "P000123" not in caplog.text
