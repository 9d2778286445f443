"""Drawing a page without a browser, as a role sees it."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from access.roles import Role

DrawPage = Callable[..., AppTest]


def _run(page: str) -> None:
    from ui.shell import function_of

    function_of(page)()


@pytest.fixture
def draw_page() -> DrawPage:
    """`draw_page("schools", Role.MANAGER, year="2025/26")`: the page of that name as the role sees it, with those
    choices in its address. The page may read the database that the test has set up.
    """

    def draw(page: str, role: Role, **address: str) -> AppTest:
        drawn = AppTest.from_function(_run, default_timeout=60, kwargs={"page": page})
        drawn.user = {"role": str(role)}
        drawn.query_params.update(address)
        return drawn.run()

    return draw


@pytest.fixture
def draw_shell() -> Callable[[Role], AppTest]:
    """The whole app at `/`, as a role sees it."""

    def draw(role: Role) -> AppTest:
        drawn = AppTest.from_file("../../ui/shell.py", default_timeout=60)
        drawn.user = {"role": str(role)}
        return drawn.run()

    return draw
