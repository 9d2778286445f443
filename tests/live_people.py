"""One person for each role in a live mode database with marked records, and what they are sent over a raw websocket."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import requests
from live import COOKIE, PASSWORD, Live
from sqlalchemy import Engine, insert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect
from worlds import World

from access.noting import key_of, moment, noting
from access.roles import Role
from access.scope import Grant
from access.sign_in import accounts, passwords, sessions
from data_model import accounts as tables
from data_model.store import writing
from data_model.uploads import open_queries

MARK = "CANARY"
OURS, THEIRS, OTHER_LA = 900001, 900331, 331
_PUPIL = {
    "birth_month": "1907-05",
    "upn": "A123456789012",
    "ethnicity": "WROM",
    "social_care": "cpp",
    "yjs_involved": "Y",
}
MARKS = (MARK, "1907-05", "A123456789012")
"""What no leader, panel or administrator may ever be sent."""


@dataclass(frozen=True)
class Insider:
    """Somebody who is signed in: the name of the session inside, and what the cookie holds."""

    role: Role
    account_id: int
    session_id: str
    token: str


@dataclass
class Sent:
    """What came over a websocket: the raw frames, first-level headings, and the page hashes by address; what Streamlit
    calls its session, and the file that each download button offers."""

    frames: list[bytes] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    streamlit_session: str = ""
    files: list[str] = field(default_factory=list)

    @property
    def all(self) -> bytes:
        return b"\n".join(self.frames)


def insider(engine: Engine, role: Role, *granted: Grant) -> Insider:
    """Somebody new with a session, both factors given. One password is hashed for all: it takes a third of a second."""
    name = f"{role}-{secrets.token_hex(4)}@example.org"
    row = {
        "sign_in_name": name,
        "full_name": "Zed Person",
        "role": role,
        "password_hash": _hashed(),
        "password_set_at": moment(),
        "accepted_use_at": moment(),
        "created_at": moment(),
    }
    with noting(engine) as connection:
        account_id = key_of(connection.execute(insert(tables.accounts).values(row)))
        started = sessions.start(connection, account_id, moment(), is_complete=True)
    for grant in granted:
        accounts.grant(engine, "the test", account_id, grant)
    return Insider(role, account_id, started.session_id, started.token)


_HASHES: list[str] = []


def _hashed() -> str:
    if not _HASHES:
        _HASHES.append(passwords.hashed(PASSWORD))
    return _HASHES[0]


def one_of_each(engine: Engine) -> dict[Role, Insider]:
    """Somebody of each role; all but the administrator were granted LA 999, the panel member a panel of it."""
    panel = Grant(999, panel="primary")
    return {
        role: insider(engine, role, *(() if role is Role.ADMIN else (panel if role is Role.PANEL else Grant(999),)))
        for role in Role
    }


def marked_world(engine: Engine) -> None:
    """Records of two authorities whose every value about a pupil or worker is marked."""
    with writing(engine) as connection:
        world = World(connection)
        for urn, la in ((OURS, 999), (THEIRS, OTHER_LA)):
            world.school(urn, la=la, district="North", school_name=f"Academy {urn}")
            for year in ("202324", "202425"):
                world.roll(urn, 200, year=year)
            upload = world.sent("suspensions", [urn], "202425", "AUT")
            for number in range(7):
                pupil = f"{MARK}{urn}{number}"
                world.suspension(urn, pupil, f"2024-10-{number + 1:02d}")
                world.save("pupils", pupil_ref=pupil, valid_from=date(2024, 9, 1), main_urn=urn, **_PUPIL)
            world.exclusion(urn, "2024-11-04", pupil=f"{MARK}{urn}0")
            referral = {"received_date": date(2024, 9, 10), "source": "school", "decision": "accepted"}
            world.save("outreach_referrals", referral_id=f"R{urn}", urn=urn, pupil_ref=f"{MARK}{urn}1", **referral)
            case = world.case(urn, "2024-09-12", pupil_ref=f"{MARK}{urn}1", worker_ref=f"{MARK}-WORKER")
            world.save(
                "outreach_contacts",
                contact_id=f"K{urn}",
                date=date(2024, 9, 20),
                case_id=case,
                minutes=30,
                worker_ref=f"{MARK}-WORKER",
                notes=f"{MARK} spoke with the pupil",
            )
            key = [urn, "2024-10-01", f"{MARK}{urn}0"]
            query = {"upload_id": upload, "urn": urn, "code": "Q-WEEKEND", "message": f"{MARK}{urn}0?", "key": key}
            connection.execute(insert(open_queries).values(query))


@contextmanager
def websocket(live: Live, token: str | None) -> Iterator[ClientConnection]:
    """The app's websocket with the cookie of a session, or with none."""
    cookies = {"Cookie": f"{COOKIE}={token}"} if token else {}
    with connect(
        live.address.replace("http", "ws", 1) + "/_stcore/stream",
        additional_headers=cookies,
        origin=live.address,  # type: ignore[arg-type]
        subprotocols=["streamlit", "none"],  # type: ignore[list-item]
        open_timeout=60,
        max_size=None,
    ) as socket:
        yield socket


def run(
    socket: ClientConnection,
    *,
    page: str = "",
    page_hash: str = "",
    query: str = "",
    widgets: Sequence[WidgetState] = (),
) -> Sent:
    """Run the script once, and all that came of it."""
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = page
    message.rerun_script.page_script_hash = page_hash
    message.rerun_script.widget_states.widgets.extend(widgets)
    socket.send(message.SerializeToString())
    sent = Sent()
    while True:
        frame = socket.recv(timeout=120)
        assert isinstance(frame, bytes)
        sent.frames.append(frame)
        forward = ForwardMsg()
        forward.ParseFromString(frame)
        kind = forward.WhichOneof("type")
        if kind == "delta" and forward.delta.new_element.heading.tag == "h1":
            sent.headings.append(forward.delta.new_element.heading.body)
        elif kind == "delta" and forward.delta.new_element.download_button.deferred_file_id:
            sent.files.append(forward.delta.new_element.download_button.deferred_file_id)
        elif kind == "new_session":
            sent.streamlit_session = forward.new_session.initialize.session_id or sent.streamlit_session
        elif kind == "navigation":
            sent.pages = {each.url_pathname: each.page_script_hash for each in forward.navigation.app_pages}
        elif kind == "script_finished":
            return sent


def press(socket: ClientConnection, sent: Sent, file: str) -> str:
    """Ask for the file that a download button of a page offers; its address, or nothing where it was refused."""
    message = BackMsg()
    message.backend_operation_request.request_id = secrets.token_hex(8)
    message.backend_operation_request.session_id = sent.streamlit_session
    message.backend_operation_request.deferred_file.file_id = file
    socket.send(message.SerializeToString())
    while True:
        frame = socket.recv(timeout=120)
        assert isinstance(frame, bytes)
        sent.frames.append(frame)
        answer = ForwardMsg.FromString(frame)
        if answer.HasField("backend_operation_response"):
            return answer.backend_operation_response.deferred_file.url


def taken_away(live: Live, socket: ClientConnection, sent: Sent, token: str) -> list[bytes]:
    """The content of every file that the download buttons of a page hand over."""
    contents = []
    for file in sent.files:
        address = press(socket, sent, file)
        assert address.startswith("/media/"), "the button handed nothing over"
        answer = requests.get(live.address + address, cookies={COOKIE: token}, timeout=60)
        assert answer.status_code == 200
        contents.append(answer.content)
    return contents
