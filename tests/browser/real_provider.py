"""A real OpenID Connect provider, npm's oidc-provider, on a port of this machine."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from servers import free_port, wait_for

FOLDER = Path(__file__).parent / "provider"
CLIENT_ID = "outreach"
CLIENT_SECRET = "a secret of the tests alone, 0123456789"

People = Mapping[str, Mapping[str, Mapping[str, Any]]]


@contextmanager
def real_provider(app: str, people: People, log: Path) -> Iterator[str]:
    """The address of a provider for the app at the address `app`; ended, by the id of its process, afterwards.

    `people` sign in there by name alone: the claims of each under `id_token` are told in the ID token, and those under
    `userinfo` where the app asks for more. The provider is another site than the app in a browser's eyes: localhost,
    and not 127.0.0.1. Without node, or without the package, the test is skipped; it fails where
    OUTREACH_REQUIRE_BROWSER is 1.
    """
    node = shutil.which("node")
    if node is None or not (FOLDER / "node_modules" / "oidc-provider").exists():
        stop = pytest.fail if os.environ.get("OUTREACH_REQUIRE_BROWSER") == "1" else pytest.skip
        stop("There is no oidc-provider here: install node, and run npm ci in tests/browser/provider.")
    address = f"http://localhost:{free_port()}"
    told = {"address": address, "app": app, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "people": people}
    with log.open("wb") as out:
        process = subprocess.Popen([node, FOLDER / "provider.mjs", json.dumps(told)], stdout=out, stderr=out)
        try:
            wait_for(f"{address}/.well-known/openid-configuration", process, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)
