"""One nginx for all the tests of its configuration."""

import shutil
from collections.abc import Iterator

import pytest
from behind_nginx import Proxy, proxied


@pytest.fixture(scope="session")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """nginx with our file. Skipped where Debian's packages nginx-light and openssl are not installed."""
    nginx, openssl = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin"), shutil.which("openssl")
    if not nginx or not openssl:
        pytest.skip("There is no nginx or no openssl here: install Debian's nginx-light and openssl.")
    with proxied(nginx, openssl, tmp_path_factory.mktemp("nginx")) as running:
        yield running
