"""The browser is told what it may run and load (access/door/headers.py), and no page wants anything else."""

import pytest
from visits import Visit

from access.roles import PAGES, Role, may


@pytest.mark.parametrize("role", [Role.LEADER, Role.MANAGER])
def test_no_page_wants_what_the_policy_forbids(app: str, visit: Visit, role: Role) -> None:
    told: list[str] = []
    visit.page.on("console", lambda message: told.append(message.text) if "Content Security" in message.text else None)
    visit.go(f"{app}/as/{role}")
    for page, permission in PAGES.items():
        if may(role, permission):
            visit.go(f"{app}/{page}")
            assert not [words for words in told if "Content Security" in words], page
    assert not visit.outside


def test_the_policy_is_in_force(app: str, visit: Visit) -> None:
    visit.go(f"{app}/about_the_measures")
    ran = visit.page.evaluate(
        """() => { const script = document.createElement("script"); script.textContent = "window.ran = 1";
        document.head.append(script); return window.ran ?? 0; }"""
    )
    assert ran == 0
