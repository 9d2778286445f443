"""nginx with our file, on free ports of this machine, in front of a stand-in that tells what reached it."""

import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

ROOT = Path(__file__).parents[2]
NAME = "outreach.example.gov.uk"
WORDS = b"x" * 50_000


class _App(BaseHTTPRequestHandler):
    """Answers everything, and accepts any websocket."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path, dict(self.headers)))
        if self.headers.get("Upgrade") == "websocket":
            self.send_response(101)
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
            self.end_headers()
            self.wfile.write(b"from the app")
            self.close_connection = True
            return
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if self.path.startswith("/static/") else "text/html")
        self.send_header("Content-Length", str(len(WORDS)))
        self.end_headers()
        self.wfile.write(WORDS)

    do_POST = do_PUT = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the screen."""


@dataclass
class Proxy:
    """A running nginx. `seen` holds the path and headers of every request that got through it."""

    folder: Path
    plain: int
    tls: int
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def ask(
        self, method: str, path: str, body: bytes | None = None, name: str = NAME, **headers: str
    ) -> tuple[HTTPResponse, bytes]:
        """The answer to a request over TLS, and its body."""
        connection = self.connect(name)
        connection.request(method, path, body=body, headers={key.replace("_", "-"): to for key, to in headers.items()})
        answer = connection.getresponse()
        try:
            return answer, answer.read()
        finally:
            connection.close()

    def connect(self, name: str = NAME, newest: ssl.TLSVersion | None = None) -> HTTPSConnection:
        """A connection over TLS that asks for a name, and trusts our own certificate alone."""
        trusted = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        if newest:
            trusted.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            trusted.maximum_version = newest
            trusted.set_ciphers("ALL:@SECLEVEL=0")
        connection = HTTPSConnection(name, self.tls, timeout=10, context=trusted)
        raw = socket.create_connection(("127.0.0.1", self.tls), timeout=10)
        try:
            connection.sock = trusted.wrap_socket(raw, server_hostname=name)
        except (ssl.SSLError, OSError):
            raw.close()
            raise
        return connection

    @property
    def logged(self) -> str:
        """Everything that nginx has written down."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _configure(folder: Path, plain: int, tls: int, app: int) -> Path:
    ours = (ROOT / "deploy/nginx/outreach.conf").read_text()
    for pattern, here in (
        (r"listen \[::\].*", ""),
        (r"listen 80\b", f"listen 127.0.0.1:{plain}"),
        (r"listen 443\b", f"listen 127.0.0.1:{tls}"),
        (r"127\.0\.0\.1:8501", f"127.0.0.1:{app}"),
        (r"/etc/ssl/outreach|/var/log/nginx", str(folder)),
    ):
        ours, found = re.subn(pattern, here, ours)
        assert found, pattern
    (folder / "outreach.conf").write_text(ours)
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    # As Debian's nginx.conf: it allows old versions of TLS and compresses pages, which ours must not inherit.
    main.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/main.log; events {{}}\n"
        f"http {{ ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; gzip on; {paths} include {folder}/outreach.conf; }}\n"
    )
    return main


@contextmanager
def proxied(nginx: str, openssl: str, folder: Path) -> Iterator[Proxy]:
    """A running nginx with our file; ended, by the process that was started, afterwards."""
    about = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-days", "2", "-nodes"]
    keys = ["-newkey", "rsa:2048", "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    subprocess.run([openssl, "req", "-x509", *about, *keys], check=True, capture_output=True)
    app = ThreadingHTTPServer(("127.0.0.1", 0), _App)
    app.daemon_threads = True
    threading.Thread(target=app.serve_forever, daemon=True).start()
    running = Proxy(folder, _free_port(), _free_port(), _App.seen)
    main = _configure(folder, running.plain, running.tls, app.server_port)
    process = subprocess.Popen([nginx, "-c", main], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        _wait(running.tls, process)
        yield running
    finally:
        process.terminate()
        process.communicate(timeout=20)
        app.shutdown()
        app.server_close()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    assert process.stdout
    pytest.fail(f"nginx did not start: {process.stdout.read().decode() if process.poll() is not None else 'no answer'}")
