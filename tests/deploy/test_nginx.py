"""What nginx lets through, what it drops, and what it writes down."""

import socket
import ssl
from urllib.request import Request, build_opener

import pytest
from behind_nginx import NAME, WORDS, Proxy


def test_pages_get_through_with_who_asks_set_by_the_proxy(proxy: Proxy) -> None:
    answer, body = proxy.ask(
        "GET",
        "/schools?year=2025",
        X_Forwarded_For="203.0.113.9",
        X_Forwarded_Proto="http",
        X_Forwarded_Host="evil.example",
        Forwarded="for=203.0.113.9",
        X_Real_IP="203.0.113.9",
        X_Outreach_Who="demonstration:admin",
    )
    assert (answer.status, body) == (200, WORDS)
    path, headers = proxy.seen[-1]
    assert path == "/schools?year=2025"
    told = {name.lower(): value for name, value in headers.items()}
    assert (told["x-forwarded-for"], told["x-forwarded-proto"]) == ("127.0.0.1", "https")
    assert told["host"].split(":")[0] == NAME
    assert not {"x-forwarded-host", "forwarded", "x-real-ip", "x-outreach-who"} & told.keys()


def test_a_websocket_gets_through(proxy: Proxy) -> None:
    connection = proxy.connect()
    connection.sock.sendall(
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {NAME}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n".encode()
    )
    heard = b""
    while b"from the app" not in heard and (more := connection.sock.recv(4096)):
        heard += more
    connection.close()
    assert heard.startswith(b"HTTP/1.1 101")
    assert heard.endswith(b"from the app")


def test_scripts_are_compressed(proxy: Proxy) -> None:
    script, short = proxy.ask("GET", "/static/js/index.abc.js", Accept_Encoding="gzip")
    assert script.headers["Content-Encoding"] == "gzip"
    assert len(short) < len(WORDS) / 10


@pytest.mark.parametrize("path", ["/", "/sign-in", "/sign-in/enrol", "/sign-in/new-recovery-codes", "/your_account"])
def test_pages_are_not_compressed(proxy: Proxy, path: str) -> None:
    """Beside what somebody else chose, the length of a compressed page tells of the secret in it."""
    page, whole = proxy.ask("GET", path, Accept_Encoding="gzip")
    assert page.headers["Content-Encoding"] is None
    assert whole == WORDS


def test_only_an_upload_may_be_large(proxy: Proxy) -> None:
    large = b"a" * 100_000
    assert proxy.ask("POST", "/sign-in", large)[0].status == 413
    assert proxy.ask("PUT", "/_stcore/upload_file/SESSION/FILE", large)[0].status == 200


@pytest.mark.parametrize(("megabytes", "status"), [(201, b"200"), (202, b"413")])
def test_the_largest_upload(proxy: Proxy, megabytes: int, status: bytes) -> None:
    connection = proxy.connect()
    head = f"PUT /_stcore/upload_file/SESSION/FILE HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n"
    connection.sock.sendall(f"{head}Content-Length: {megabytes * 2**20}\r\n\r\n".encode())
    if status == b"200":
        for _ in range(megabytes):
            connection.sock.sendall(b"a" * 2**20)
    assert connection.sock.recv(100).split()[1] == status
    connection.close()


def test_another_name_gets_no_answer(proxy: Proxy) -> None:
    with pytest.raises((ssl.SSLError, OSError)):
        proxy.connect("evil.example")
    with pytest.raises(OSError, match=r"closed|reset"):
        build_opener().open(Request(f"http://127.0.0.1:{proxy.plain}/", headers={"Host": "evil.example"}))


def test_plain_http_is_sent_to_tls(proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.plain), timeout=10) as connection:
        connection.sendall(f"GET /school?school=SECRET HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
        answer = connection.recv(1000).decode()
    assert answer.startswith("HTTP/1.1 308")
    assert f"Location: https://{NAME}/\r\n" in answer


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_versions_of_tls_are_refused(proxy: Proxy) -> None:
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        with pytest.raises((ssl.SSLError, OSError)):
            proxy.connect(newest=version)
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        proxy.connect(newest=version).close()


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/sessions"])
def test_what_is_for_nobody_is_not_there(proxy: Proxy, path: str) -> None:
    before = len(proxy.seen)
    assert proxy.ask("GET", path)[0].status == 404
    assert len(proxy.seen) == before


def test_the_log_holds_no_session_no_query_and_no_cookie(proxy: Proxy) -> None:
    private = {"Cookie": "session=PRIVATE", "Referer": "https://PRIVATE.example", "User_Agent": "PRIVATE"}
    for method, path, body in (
        ("GET", "/school?school=PRIVATE", None),
        ("PUT", "/_stcore/upload_file/PRIVATE/PRIVATE?x=PRIVATE", b"a"),
        ("PUT", "/_stcore//upload_file/PRIVATE/PRIVATE", b"a"),
        ("GET", "/media/PRIVATE.csv", None),
        ("POST", "/sign-in?next=PRIVATE", b"a" * 100_000),
    ):
        proxy.ask(method, path, body, **private)
    assert "/_stcore/upload_file/-" in proxy.logged
    assert '"status":413' in proxy.logged
    assert "PRIVATE" not in proxy.logged
