"""What protects every answer, and the facts about Streamlit that all of it rests on."""

import re
from importlib.metadata import version
from pathlib import Path

import pyotp
import pytest
import requests
import streamlit
from live import Live, hidden
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager

from access.door.headers import front_end, policy_of_the_app
from access.identity import HEADER

ROOT = Path(__file__).parents[2]
EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.mark.parametrize("path", ["/", "/sign-in", "/healthz", "/media/x", "/_stcore/metrics", "/favicon.png", "/as/x"])
def test_every_answer_is_protected(live: Live, path: str) -> None:
    headers = requests.get(live.address + path, allow_redirects=False, timeout=10).headers
    assert {name: headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert (
        "object-src 'none'" in headers["content-security-policy"]
        or "default-src 'none'" in headers["content-security-policy"]
    )
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cache-control"] == "no-store"


def test_pages_that_show_secrets_are_neither_kept_nor_compressed(live: Live) -> None:
    """Streamlit compresses what has more than 1,000 bytes; what an address says stands in these pages too."""
    live.add("secrets@example.org")
    visitor = live.visitor()
    asked = visitor.open("/sign-in?next=/chosen-by-somebody-else")
    visitor.give_password("secrets@example.org")
    enrol = visitor.open("/sign-in/enrol?next=/chosen-by-somebody-else")
    key = enrol.text.split("instead: <code>")[1].split("</code>")[0].replace(" ", "")
    codes = visitor.send("/sign-in/enrol", {"sealed": hidden(enrol, "sealed"), "code": pyotp.TOTP(key).now()})
    assert "Keep these recovery codes" in codes.text
    for page in (asked, enrol, codes):
        assert "gzip" in page.request.headers["accept-encoding"]
        assert len(page.content) > 1_000
        assert "content-encoding" not in page.headers
        assert page.headers["cache-control"] == "no-store"


def test_the_front_ends_own_files_may_be_kept(live: Live) -> None:
    script = re.search(r"\./(static/js/index\.[^\"]+)", front_end())
    assert script
    assert "no-store" not in requests.get(f"{live.address}/{script[1]}", timeout=10).headers["cache-control"]


def test_the_pages_before_the_app_run_nothing(live: Live) -> None:
    policy = requests.get(f"{live.address}/sign-in", timeout=10).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "script" not in policy
    assert "unsafe" not in policy


def test_no_script_of_anybody_elses_may_run() -> None:
    scripts = policy_of_the_app().split("script-src ")[1].split(";")[0].split()
    assert scripts[0] == "'self'"
    assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", script) for script in scripts[1:])


def test_streamlit_is_the_version_that_the_door_was_tried_with() -> None:
    """A newer one may serve other addresses, trust other headers or run other scripts: read the gate again."""
    assert version("streamlit") == "1.67.0"


def test_streamlits_page_has_the_inline_script_that_was_looked_at() -> None:
    assert re.findall(r"<script>(.*?)</script>", front_end(), re.DOTALL) == [
        "\n      window.prerenderReady = false\n    "
    ]
    assert "sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA=" in policy_of_the_app()
    assert front_end().count("</head>") == 1, "access/door/gate.py puts its script before it"


def test_streamlit_takes_who_is_asking_from_the_gates_header() -> None:
    assert config.get_option("server.trustedUserHeaders") == {HEADER: "who"}


def test_streamlit_runs_no_page_past_the_main_script() -> None:
    """A folder called pages beside the main script would be opened by address alone, before anything of ours."""
    assert hasattr(PagesManager, "uses_pages_directory")
    assert not PagesManager(str(ROOT / "ui" / "shell.py")).uses_pages_directory
    assert not (ROOT / "ui" / "pages").exists()


def test_streamlit_serves_nothing_that_the_door_does_not_know() -> None:
    routes = (Path(streamlit.__file__).parent / "web/server/starlette/starlette_routes.py").read_text("utf-8")
    bases = dict(re.findall(r"^(BASE_ROUTE_\w+): Final = f?\"([^\"]+)\"", routes, re.MULTILINE))
    assert bases == {
        "BASE_ROUTE_CORE": "_stcore",
        "BASE_ROUTE_MEDIA": "media",
        "BASE_ROUTE_UPLOAD_FILE": "{BASE_ROUTE_CORE}/upload_file",
        "BASE_ROUTE_COMPONENT": "component",
        "BASE_ROUTE_STATIC": "static",
    }
