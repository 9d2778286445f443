"""Text from files does nothing in a browser."""

from visits import Visit


def test_hostile_text_is_shown_and_not_obeyed(hostile_app: str, visit: Visit) -> None:
    dialogs: list[str] = []
    visit.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    visit.go(hostile_app)
    for expander in visit.page.locator('[data-testid="stExpander"] summary').all():
        expander.click()
    visit.page.locator('[data-testid="stPlotlyChart"] .bartext').first.wait_for()
    assert not visit.faults
    live = visit.page.locator('[href*="evil"], [src*="evil"], [*|href*="evil"], [onerror]')
    assert live.count() == 0
    assert visit.page.locator("main strong, main em, main .katex").count() == 0
    assert not dialogs
    assert not visit.outside
    heading = visit.page.locator("h2").first.inner_text().replace("\u2060", "")
    assert heading.startswith('<a href="https://evil.example/a">a</a> [b](https://evil.example/b) ![c]')
