"""The websockets that are open in this process, by the session that opened them: ending a session closes them all."""

import asyncio
from collections import defaultdict
from threading import Lock

_lock = Lock()
_open: dict[str, list["Tab"]] = defaultdict(list)


class Tab:
    """One open websocket. `ended` is set, in its own event loop, when its session ends. `files` were made for it."""

    def __init__(self, session_id: str) -> None:
        self.session_id = session_id
        self.ended = asyncio.Event()
        self.files: set[str] = set()
        self._loop = asyncio.get_running_loop()

    def __enter__(self) -> "Tab":
        with _lock:
            _open[self.session_id].append(self)
        return self

    def __exit__(self, *fault: object) -> None:
        with _lock:
            _open[self.session_id].remove(self)
            if not _open[self.session_id]:
                del _open[self.session_id]

    def close(self) -> None:
        """Tell the websocket that its session ended. From any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.ended.set)


def close(session_id: str) -> None:
    """Close every websocket of a session in this process. From any thread."""
    with _lock:
        tabs = list(_open.get(session_id, ()))
    for tab in tabs:
        tab.close()


def was_made_for(session_id: str, file: str) -> bool:
    """Whether the file at this address was made for a tab of a session that is still open."""
    with _lock:
        return any(file in tab.files for tab in _open.get(session_id, ()))


def sessions() -> frozenset[str]:
    """The sessions that have a websocket open in this process."""
    with _lock:
        return frozenset(_open)
