"""What a browser claims was typed into the grid of faulty rows: only text, in the rows and columns shown, is taken."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import requests
from live import COOKIE, Live
from live_people import OURS, THEIRS, Insider, Sent, insider, marked_world, run, websocket
from sqlalchemy import select
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection

from access.roles import Role
from access.scope import Grant
from data_model.catalogue import DATASETS
from data_model.store import reading
from loaders.headers import CORRECTION_COLUMNS

LINE, MESSAGE = CORRECTION_COLUMNS
HEADER = "pupil_ref,urn,start_date,sessions,category,reason_1"
GOOD = f"FORGE1,{OURS},2025-10-06,2,SUSP,PP"
WRONG = f"FORGE2,{OURS},2025-10-08,two,SUSP,DB"
_SUSPENSIONS = DATASETS["suspensions"].table


class UploadByWire:
    """The Upload page as the messages of a browser make it, with a file in hand of two rows; the second is wrong.

    Both are in the grid, since nothing is known of their pupils. The grid and its button are remembered: a claim that
    Streamlit itself cannot read ends the run before they are drawn again.
    """

    def __init__(self, live: Live, socket: ClientConnection, who: Insider) -> None:
        self._socket = socket
        self._states: dict[str, WidgetState] = {}
        self.grid = self._check_again = ""
        first = run(socket)
        self._hash, self._session = first.pages["upload"], first.streamlit_session
        self._read(run(socket, page_hash=self._hash))
        self.send("What is in the file?", string_value="Suspensions")
        self._drop(live, who, f"{HEADER}\n{GOOD}\n{WRONG}\n".encode())

    def send(self, label: str, **value: Any) -> Sent:
        """Change the widget whose label starts so, and run."""
        self._put(label, **value)
        return self._run()

    def mend(self, edits: object) -> Sent:
        """Claim what was typed into the grid, and check again."""
        said = edits if isinstance(edits, str) else json.dumps(edits)
        self._states[self.grid] = WidgetState(id=self.grid, string_value=said)
        return self.press(self._check_again)

    def save(self) -> Sent:
        """Tick what is to be ticked, and save."""
        for label in [label for label in self._ids if label.startswith(("I have looked", "Save the good rows"))]:
            self.send(label, bool_value=True)
        return self.press(self.button_to_save())

    def button_to_save(self) -> str:
        """What the button that saves is called in messages."""
        return next(self._ids[each] for each in self._ids if each.startswith("Save ") and each.split()[1].isdigit())

    def press(self, button: str) -> Sent:
        """Claim that a button was pressed."""
        self._states["pressed"] = WidgetState(id=button, trigger_value=True)
        return self._run()

    def _put(self, label: str, **value: Any) -> None:
        widget = next(self._ids[each] for each in self._ids if each.startswith(label))
        self._states[widget] = WidgetState(id=widget, **value)

    def _run(self) -> Sent:
        return self._read(run(self._socket, page_hash=self._hash, widgets=list(self._states.values())))

    def _read(self, sent: Sent) -> Sent:
        """Know the widgets that were drawn; a press lasts for one run."""
        self._states.pop("pressed", None)
        self._ids: dict[str, str] = {}
        for element in _elements(sent):
            kind = element.WhichOneof("type")
            drawn = getattr(element, kind) if kind else None
            if kind == "dataframe" and drawn.id:
                self.grid = drawn.id
            elif getattr(drawn, "id", "") and getattr(drawn, "label", ""):
                self._ids[drawn.label] = drawn.id
        self._check_again = self._ids.get("Check again", self._check_again)
        return sent

    def _drop(self, live: Live, who: Insider, content: bytes) -> None:
        browser = requests.Session()
        browser.cookies.set(COOKIE, who.token)
        browser.get(f"{live.address}/_stcore/health", timeout=30)
        token = browser.cookies.get("_streamlit_xsrf") or ""
        file_id = str(uuid4())
        address = f"/_stcore/upload_file/{self._session}/{file_id}"
        files = {"file": ("file.csv", content, "text/csv")}
        said = {"X-Xsrftoken": token, "Origin": live.address}
        answer = browser.put(live.address + address, files=files, headers=said, timeout=30)
        assert answer.status_code == 204, answer.text
        state = WidgetState(id=self._ids["Drop the CSV file here"])
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.name, info.size, info.file_id = "file.csv", len(content), file_id
        info.file_urls.file_id, info.file_urls.upload_url, info.file_urls.delete_url = file_id, address, address
        self._states[state.id] = state
        self._run()


def _elements(sent: Sent) -> Iterator[Any]:
    for frame in sent.frames:
        message = ForwardMsg.FromString(frame)
        if message.HasField("delta") and message.delta.HasField("new_element"):
            yield message.delta.new_element


def _saved(live: Live) -> list[tuple[Any, ...]]:
    """The rows of the forged file that are saved, as (pupil, school, sessions)."""
    columns = (_SUSPENSIONS.c.pupil_ref, _SUSPENSIONS.c.urn, _SUSPENSIONS.c.sessions)
    ours = _SUSPENSIONS.c.pupil_ref.like("FORGE%")
    with reading(live.engine) as connection:
        return [tuple(row) for row in connection.execute(select(*columns).where(ours).order_by(columns[0]))]


@pytest.fixture(scope="module")
def world(live: Live) -> Live:
    marked_world(live.engine)
    return live


@pytest.fixture
def page(world: Live) -> Iterator[UploadByWire]:
    steward = insider(world.engine, Role.STEWARD, Grant(999))
    with websocket(world, steward.token) as socket:
        yield UploadByWire(world, socket, steward)


ADDED = {"pupil_ref": "FORGE9", "urn": str(OURS), "start_date": "2025-10-09", "sessions": "2", "category": "SUSP"}
FORGED: tuple[Any, ...] = (
    {"edited_rows": {"1": {LINE: 1}}},
    {"edited_rows": {"1": {LINE: "1", MESSAGE: "✓ Right now"}}},
    {"edited_rows": {"1": {"sessions": 9}}},
    {"edited_rows": {"1": {"sessions": {"a": 1}}}},
    {"edited_rows": {"1": {"upload_id": "1", "__class__": "x", "source": "census"}}},
    {"edited_rows": {"2": {"sessions": "9"}}},
    {"edited_rows": {"-1": {"sessions": "9"}}},
    {"added_rows": [ADDED]},
    {"deleted_rows": [0]},
    {"edited_rows": {}, "added_rows": [ADDED, ADDED], "deleted_rows": [0, 1, -1, 10**9]},
)
UNREADABLE: tuple[Any, ...] = (
    {"edited_rows": {"x": {"sessions": "9"}}},
    {"edited_rows": [], "added_rows": {}, "deleted_rows": "all"},
    [],
    "null",
    "no JSON",
)
"""What Streamlit itself refuses to read."""


def test_nothing_but_allowed_cells_is_taken(world: Live, page: UploadByWire) -> None:
    before = _saved(world)
    for edits in FORGED:
        page.mend(edits)
        assert _saved(world) == before
    sent = page.mend({"edited_rows": {"1": {"sessions": "4", LINE: 1}}, "added_rows": [ADDED], "deleted_rows": [0]})
    assert sent.headings == ["Upload"]
    page.save()
    assert _saved(world) == [("FORGE1", OURS, 2), ("FORGE2", OURS, 4)]


def test_what_cannot_be_read_saves_nothing(world: Live, page: UploadByWire) -> None:
    before = _saved(world)
    for edits in UNREADABLE:
        page.mend(edits)
        assert _saved(world) == before


def test_a_cell_cannot_be_mended_into_another_authority(world: Live, page: UploadByWire) -> None:
    before = _saved(world)
    mended = {"sessions": "4", "pupil_ref": "FORGE7"}
    page.mend({"edited_rows": {"1": mended}})
    remembered = page.button_to_save()
    sent = page.mend({"edited_rows": {"1": {**mended, "urn": str(THEIRS)}}})
    told = [element.alert.body for element in _elements(sent) if element.HasField("alert")]
    assert any(words.startswith("1 row is of schools that you may not load for") for words in told)
    page.press(remembered)
    assert _saved(world) == before
