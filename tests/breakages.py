"""Errors that quote what was in a cell, each as a library or our own code raises it."""

import asyncio
import logging
import sys
import threading
import warnings
from collections.abc import Callable

import pandas as pd
from pydantic import BaseModel
from sqlalchemy import insert, text

from data_model.catalogue import DATASETS
from data_model.store import open_database


class _Row(BaseModel):
    urn: int


def _value(mark: str) -> None:
    raise ValueError(f"{mark} is not a year group")


def _key(mark: str) -> None:
    {}[mark]


def _chained(mark: str) -> None:
    try:
        _key(mark)
    except KeyError as error:
        raise RuntimeError(f"{mark} was not found") from error


def _integrity(mark: str) -> None:
    table = DATASETS["term_dates"].table
    engine = open_database("sqlite://")
    row = {name: mark for name, column in DATASETS["term_dates"].columns.items() if column.kind is str}
    with engine.begin() as connection:
        connection.execute(insert(table).values(row | {"upload_id": 1}))


def _statement(mark: str) -> None:
    with open_database("sqlite://").connect() as connection:
        connection.execute(text("SELECT * FROM nowhere WHERE pupil_ref = :pupil_ref"), {"pupil_ref": mark})


def _pydantic(mark: str) -> None:
    _Row.model_validate({"urn": mark})


def _decoding(mark: str) -> None:
    (mark.encode() + b"\xff").decode("utf-8")


def _frame_key(mark: str) -> None:
    pd.DataFrame({"pupil_ref": ["P1"]}).set_index("pupil_ref").loc[mark]


def _frame_value(mark: str) -> None:
    pd.to_datetime(pd.Series([mark]), format="%Y-%m-%d")


def _group(mark: str) -> None:
    raise ExceptionGroup(mark, [ValueError(mark)])


ERRORS: dict[str, Callable[[str], None]] = {
    each.__name__.strip("_"): each
    for each in (
        _value,
        _key,
        _chained,
        _integrity,
        _statement,
        _pydantic,
        _decoding,
        _frame_key,
        _frame_value,
        _group,
    )
}
"""Each raises."""


def _in_a_thread(mark: str) -> None:
    thread = threading.Thread(target=_value, args=[mark])
    thread.start()
    thread.join()


def _in_a_task(mark: str) -> None:
    async def forgets() -> None:
        task = asyncio.get_running_loop().create_task(breaks())
        await asyncio.sleep(0)
        del task

    async def breaks() -> None:
        _value(mark)

    asyncio.run(forgets())


def _in_a_message(mark: str) -> None:
    logging.getLogger("somebody.else").error(f"Could not read {mark}")


def _in_an_argument(mark: str) -> None:
    logging.getLogger("somebody.else").error("Could not read %s", mark)


def _in_a_bad_record(mark: str) -> None:
    logging.getLogger("somebody.else").error("Could not read %d", mark)


def _in_a_warning(mark: str) -> None:
    warnings.warn(f"{mark} is deprecated", stacklevel=1)


def _on_standard_error(mark: str) -> None:
    sys.stderr.write(f"{mark}\n")


def _with_a_handler_of_its_own(mark: str) -> None:
    log = logging.getLogger("with.a.handler")
    log.propagate = False
    log.addHandler(logging.StreamHandler(sys.__stderr__))
    log.error("Could not read %s", mark)


LEAKS: dict[str, Callable[[str], None]] = {
    each.__name__.strip("_"): each
    for each in (
        _in_a_thread,
        _in_a_task,
        _in_a_message,
        _in_an_argument,
        _in_a_bad_record,
        _in_a_warning,
        _on_standard_error,
        _with_a_handler_of_its_own,
    )
}
"""Each gets something into what a server writes, without raising."""
