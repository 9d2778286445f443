"""A visitor's browser page, with what a person would notice."""

from urllib.parse import urlparse

from playwright.sync_api import Page, Request

_SETTLED = """() => {
  const done = document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]');
  const busy = document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]');
  return !!done && !!document.querySelector('h1') && !busy;
}"""


class Visit:
    """One visitor. `outside` holds the addresses that the page asked for beyond this computer."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.outside: list[str] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        where = urlparse(request.url)
        if where.scheme in ("http", "https", "ws", "wss") and where.hostname != "127.0.0.1":
            self.outside.append(request.url)

    def go(self, address: str) -> None:
        """Open an address and wait until the page stands still."""
        self.page.goto(address)
        self.settle()

    def settle(self) -> None:
        """Wait until the page has its heading and has stood still for three looks."""
        still = 0
        while still < 3:
            self.page.wait_for_function(_SETTLED, timeout=60_000)
            self.page.wait_for_timeout(150)
            still = still + 1 if self.page.evaluate(_SETTLED) else 0

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a list, by the words that people read."""
        box = self.page.get_by_role("combobox", name=label)
        box.scroll_into_view_if_needed()
        self.settle()  # a list of options closes when the page scrolls
        box.click()
        self.page.get_by_role("option", name=option).first.click()
        self.settle()

    @property
    def headings(self) -> list[str]:
        """The words of every first-level heading."""
        return self.page.locator("h1").all_inner_texts()

    @property
    def menu(self) -> list[str]:
        """The pages in the menu, in order."""
        return self.page.locator('[data-testid="stSidebarNavLink"]').all_inner_texts()

    @property
    def menu_headings(self) -> dict[str, str]:
        """The heading above each page of the menu that has one."""
        read = """items => Object.fromEntries(items
            .map(item => [item.innerText, getComputedStyle(item, "::before").content])
            .filter(([page, heading]) => heading !== "none")
            .map(([page, heading]) => [page, heading.slice(1, -1)]))"""
        return dict(self.page.locator('[data-testid="stSidebarNavItems"] > li').evaluate_all(read))

    @property
    def faults(self) -> list[str]:
        """What the page says of its own failures."""
        shown = self.page.locator('[data-testid="stException"], [data-testid="stAlert"]').all_inner_texts()
        exceptions = self.page.locator('[data-testid="stException"]').count()
        return [words for words in shown if exceptions or "Something went wrong" in words]
