"""An OpenID Connect provider that says whatever a test wants: what a real one would never say, too."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID = "outreach"


@dataclass
class Provider:
    """A provider at `address`. `claims` go into the ID token over the right ones, `userinfo` is what it tells besides;
    `header` and `key` sign the token."""

    address: str
    key: RSAKey
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    sign_with: Any = None
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256"})
    asked: dict[str, str] = field(default_factory=dict)
    verified: bool = False

    def reset(self) -> None:
        """Be an honest provider again."""
        self.claims, self.userinfo, self.sign_with, self.header = {}, {}, None, {"alg": "RS256"}

    def remember(self, address: str) -> dict[str, str]:
        """What a browser would bring here."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        return self.asked

    def metadata(self) -> dict[str, str]:
        names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "end_session_endpoint", "jwks_uri")
        found = {name: f"{self.address}/{name}" for name in names}
        found["end_session_endpoint"] += "?p=policy"  # as Azure AD B2C's has
        return {"issuer": self.address, **found}

    def id_token(self) -> str:
        now = int(time.time())
        right = {"iss": self.address, "aud": CLIENT_ID, "sub": "s-1", "iat": now, "exp": now + 60}
        claims = {**right, "nonce": self.asked["nonce"], **self.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {**self.header, "kid": self.key.kid}
        return jwt.encode(header, claims, self.sign_with or self.key, algorithms=["RS256", "HS256", "none"])

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        self.verified = create_s256_code_challenge(form["code_verifier"]) == self.asked["code_challenge"]
        if not self.verified or form["code"] != "good":
            return {"error": "invalid_grant"}
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": self.id_token()}


@contextmanager
def providing() -> Iterator[Provider]:
    """A provider on a free port of this machine."""
    key = RSAKey.generate_key(2048, auto_kid=True)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            answers: dict[str, Any] = {
                "/.well-known/openid-configuration": provider.metadata(),
                "/jwks_uri": {"keys": [key.as_dict(private=False)]},
                "/userinfo_endpoint": provider.userinfo,
            }
            self._say(answers.get(path, {}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(provider.token({name: values[0] for name, values in parse_qs(body).items()}))

        def _say(self, what: dict[str, Any]) -> None:
            body = json.dumps(what).encode()
            self.send_response(400 if "error" in what else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_address[1]}", key)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    server.server_close()
    thread.join()
