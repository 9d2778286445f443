"""The log: one JSON object a line on standard error, with ids and counts and never a value.

A value gets into logs by a message that quotes it: `KeyError: 'P000123'`, `Task failed: <… 'Amy'>`. So no record is
trusted, whoever made it. Of its message only what stands letter for letter in the code that logs it is written, of its
arguments nothing, of its exception the type and the lines it came through, and beside these the fields named here.
"""

import io
import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from types import CodeType, FrameType
from typing import Any, TextIO

logger = logging.getLogger(__name__)

FIELDS = ("reference", "upload_id", "dataset", "accepted", "rejected", "queried", "reasons", "characters")
"""What `extra` may add to a record. Whoever logs them answers for it that they hold no pupil's value."""

WITHHELD = "The message is not shown: it was made of values"

_UNEXPECTED = 70
"""Exit code of a command that broke: sysexits' "internal software error"."""

# The server's own addresses; `configure` is told the pages. Any other part may be a session's id, or typed by somebody.
_STREAMLITS = {"_stcore", "component", "health", "host-config", "media", "static", "stream", "upload_file"}
_WORDS = frozenset({*_STREAMLITS, "as", "healthz", "home", "sign-in", "sign-out"})
_ASKED_ALL_THE_TIME = re.compile(r"/(healthz|_stcore/(health|host-config)|static/.*)")


def configure(level: str = "WARNING", *, serving: Iterable[str] = ()) -> None:
    """Let every logger of this process, those of the future too, write JSON lines to standard error from `level` up.

    For a server `serving` names its pages. Nothing else then gets to standard error: what code prints there can quote
    values.
    """
    pages = frozenset(serving)
    handler = _Lines(sys.stderr, _WORDS | pages)
    handler.setLevel(level)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for other in logging.root.manager.loggerDict.values():
        if type(other) is logging.Logger:
            other.__class__ = _ToTheRoot
    logging.setLoggerClass(_ToTheRoot)
    logging.getLogger("alembic").setLevel(max(logging.WARNING, root.level))  # told at every look at the schema
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # else a record that cannot be written is printed with its arguments
    sys.excepthook = lambda kind, error, place: _unexpected(error)
    threading.excepthook = lambda told: _unexpected(told.exc_value)
    sys.unraisablehook = lambda told: _unexpected(told.exc_value)
    if pages:
        sys.stderr = _NoPrinting()


def place_of(error: BaseException) -> str:
    """The type of an error and the lines it came through, without its message: a message can quote a pupil's data."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at " + " > ".join(
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames
    )


def refer_to(log: logging.Logger, message: str, error: BaseException) -> str:
    """Log an error that a person meets, and return the reference to show: it stands in the log beside the place."""
    reference = token_hex(4)
    log.error(message, stacklevel=2, extra={"reference": reference, "place": place_of(error)})
    return reference


def run(command: Callable[[], object]) -> None:
    """Run a command line. One that breaks says so in a sentence with a reference, and ends with exit code 70."""
    configure()
    try:
        command()
    except Exception as error:
        reference = refer_to(logger, "A command broke", error)
        sys.stderr.write(f"Something went wrong that should not. Please report it with the reference {reference}.\n")
        sys.exit(_UNEXPECTED)


def path_of(address: str, words: Collection[str] = _WORDS) -> str:
    """The path of an address, with `-` for every part that is not among the words, and without its query."""
    return "/".join(part if part in words or not part else "-" for part in address.partition("?")[0].split("/"))


class _Lines(logging.StreamHandler[TextIO]):
    """Writes each record as one line of JSON."""

    def __init__(self, stream: TextIO, words: Collection[str]) -> None:
        super().__init__(stream)
        self._words = words

    def filter(self, record: logging.LogRecord) -> bool:
        """Leave out what is asked all the time, when it was answered."""
        asked = _request(record)
        was_answered = asked.get("status") in (200, 304)
        return not (was_answered and _ASKED_ALL_THE_TIME.fullmatch(path_of(asked["path"], self._words)))

    def format(self, record: logging.LogRecord) -> str:
        """The record's line."""
        asked = _request(record)
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": "A request was answered" if asked else _template(record),
        }
        if record.exc_info and record.exc_info[1]:
            told["place"] = place_of(record.exc_info[1])
        elif hasattr(record, "place"):
            told["place"] = record.place
        elif told["message"] == WITHHELD:
            told["place"] = f"{Path(record.pathname).name}:{record.lineno} {record.funcName}"
        if asked:
            told |= asked | {"path": path_of(asked["path"], self._words)}
        told |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        return json.dumps(told, ensure_ascii=False, default=lambda value: type(value).__name__)


class _ToTheRoot(logging.Logger):
    """A logger whose records go to the root's handler alone.

    Streamlit and uvicorn give their loggers handlers of their own, some only when a page first needs them.
    """

    def callHandlers(self, record: logging.LogRecord) -> None:
        logging.getLogger().callHandlers(record)

    def hasHandlers(self) -> bool:
        return True


class _NoPrinting(io.TextIOBase):
    """Standard error of a server: says that something was printed, and not what."""

    def writable(self) -> bool:
        return True

    def write(self, text: str, /) -> int:
        if text.strip():
            logger.warning("Something was printed to standard error", extra={"characters": len(text)})
        return len(text)


def _template(record: logging.LogRecord) -> str:
    """The record's message before its arguments, if it stands so in the code that logs it; WITHHELD otherwise."""
    text = record.msg
    if isinstance(text, str) and any(text in _texts(frame.f_code) for frame in _stack(record)):
        return text.strip()
    return WITHHELD


def _texts(code: CodeType) -> list[str]:
    return [constant for constant in code.co_consts if isinstance(constant, str)]


def _stack(record: logging.LogRecord) -> Iterator[FrameType]:
    """The frames from here out to the one that logs the record: it is being written where it was made."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        yield frame
        if (frame.f_code.co_filename, frame.f_code.co_name) == (record.pathname, record.funcName):
            return
        frame = frame.f_back


def _request(record: logging.LogRecord) -> dict[str, Any]:
    """What uvicorn tells of a request or websocket: method, address and status. Empty for any other record."""
    args = record.args if isinstance(record.args, tuple) else ()
    if record.name == "uvicorn.access" and len(args) == 5:
        return {"method": args[1], "path": str(args[2]), "status": args[4]}
    if record.name == "uvicorn.error" and "WebSocket %s" in str(record.msg) and len(args) > 1:
        status = args[2] if len(args) > 2 else 403 if str(record.msg).endswith("403") else 101
        return {"method": "WEBSOCKET", "path": str(args[1]), "status": status}
    return {}


def _unexpected(error: BaseException | None) -> None:
    if error is not None and not isinstance(error, KeyboardInterrupt):
        logger.critical("An error reached nobody", extra={"place": place_of(error)})
