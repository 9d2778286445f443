"""What every answer tells the browser: what it may run and load, and what it may keep."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from starlette.datastructures import MutableHeaders

from access.sign_in.sessions import is_secure

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_FOR_GOOD = re.compile(r"/static/(js|css|media)/[^/]+")
_UNUSED = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"
)


def front_end() -> str:
    """Streamlit's own page, as it is installed."""
    found = find_spec("streamlit")
    assert found and found.submodule_search_locations
    return Path(found.submodule_search_locations[0], "static", "index.html").read_text("utf-8")


@cache
def policy_of_the_app() -> str:
    """The content security policy under which Streamlit's front end works: its own files and its one inline script."""
    inline = " ".join(f"'sha256-{_hash(script)}'" for script in _INLINE.findall(front_end()))
    return (
        f"default-src 'self'; script-src 'self' {inline}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        "frame-ancestors 'none'; form-action 'self'; base-uri 'self'; object-src 'none'"
    )


def policy_of_a_form() -> str:
    """The policy of our own pages, which run nothing."""
    return (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    )


def protect(headers: MutableHeaders, path: str) -> None:
    """Add to an answer what protects it. A policy that is there already stands; nothing but fixed files may be kept."""
    headers.setdefault("Content-Security-Policy", policy_of_the_app())
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Permissions-Policy"] = _UNUSED
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if not _FOR_GOOD.fullmatch(path):
        headers["Cache-Control"] = "no-store"
    if is_secure():
        headers["Strict-Transport-Security"] = "max-age=31536000"
        _send_cookies_through_tls_alone(headers)


def _send_cookies_through_tls_alone(headers: MutableHeaders) -> None:
    cookies = headers.getlist("Set-Cookie")
    del headers["Set-Cookie"]
    for cookie in cookies:
        headers.append("Set-Cookie", cookie if "; secure" in cookie.lower() else f"{cookie}; Secure")


def _hash(script: str) -> str:
    return b64encode(sha256(script.encode()).digest()).decode()
