"""Every page, over a fictional LA whose every text column is hostile: nothing is obeyed, on the page or in a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hostile import EVERY_TEXT_COLUMN, HOSTILE, cells_of, load_hostile, with_one
from playwright.sync_api import ConsoleMessage, expect
from servers import ROOT, serving
from visits import Visit

from access import audit
from access.noting import noting
from access.roles import PAGES, Role
from data_model.catalogue import DATASETS
from data_model.store import open_database
from sample_data.generate import generate
from ui.spreadsheet import cell

FILE_NAME = (
    "=1+1 <img src=x onerror=alert(1)> [f](www.evil.example) www.evil.example $x^2$ :rocket: **hostile-bold**.csv"
)
SENDER = "=1+1 [s](https://evil.example/s) <b>hostile-bold</b>"
FEW, MANY = 24, 96
"""Schools: the many have names enough for every string."""
QUICK = ["schools", "data_quality"]
"""The pages that show most of it, to the role that sees most: the others are among the slow tests."""

# Streamlit's own words are set in bold too: what must not be there is what only the data say.
_OBEYED = """() => {
  const found = [];
  const all = document.querySelectorAll('*');
  for (const one of all) {
    for (const at of one.attributes) {
      const value = at.value.replace(/^\\s+/, '');
      if (/^(href|src|xlink:href|action|data|poster|srcset|style)$/i.test(at.name) && /evil|javascript:/i.test(value))
        found.push(one.tagName + ' ' + at.name + '=' + value);
      if (/^on/i.test(at.name) && /alert/.test(value)) found.push(one.tagName + ' ' + at.name);
    }
  }
  const marked = 'strong, em, b, i, code, h1, h2, h3, del, sub, li, blockquote, [class*="Colored"], [class*="Badge"], '
    + '[data-testid="stMarkdownColoredText"], [data-testid="stMarkdownBadge"], span[style*="color"]';
  for (const one of document.querySelectorAll(marked))
    if (/^hostile-(bold|struck|code|heading|list|quote|colour|small|low)$/.test(one.textContent.trim()))
      found.push(one.tagName + ' ' + one.textContent);
  for (const one of document.querySelectorAll('.katex')) found.push('mathematics ' + one.textContent);
  if (document.querySelector('[aria-label*="skull"], [data-testid="stMarkdownMaterialIcon"]')) found.push('icon');
  if (document.body.innerText.includes('\\u{1F680}')) found.push('emoji');
  if (document.querySelector('iframe, object, embed, base, meta[http-equiv="refresh"]')) found.push('frame');
  return found;
}"""


def _seed(url: str, schools: int) -> None:
    engine = open_database(url)
    load_hostile(engine, schools, file_name=FILE_NAME, sender=SENDER)
    with noting(engine) as connection:
        for text in HOSTILE:
            if len(text) < 1_000 and "\x00" not in text:
                audit.record(connection, text, audit.Action.SEARCHED, text, file=text)
    engine.dispose()


@contextmanager
def _hostile(folder: Path, schools: int) -> Iterator[str]:
    """The address of a server over such an LA."""
    url = f"sqlite:///{folder / 'outreach.db'}"
    _seed(url, schools)
    with serving(ROOT / "app.py", folder / "server.log", OUTREACH_DATABASE_URL=url) as address:
        yield address


@pytest.fixture(scope="module")
def hostile_la(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with _hostile(tmp_path_factory.mktemp("few"), FEW) as address:
        yield address


@pytest.fixture(scope="module")
def large_hostile_la(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with _hostile(tmp_path_factory.mktemp("many"), MANY) as address:
        yield address


@pytest.fixture
def watched(visit: Visit) -> tuple[Visit, list[str]]:
    """A visitor, and what the browser said of dialogs that opened and of what the content policy stopped."""
    said: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "evil" in message.text:
            said.append(message.text)

    visit.page.on("console", heard)
    visit.page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    return visit, said


def _open_all(visit: Visit) -> None:
    """Open what is folded, so that the browser makes something of it."""
    for summary in visit.page.locator('main [data-testid="stExpander"] summary').all():
        summary.click()
    visit.page.wait_for_timeout(200)


def _assert_inert(watched: tuple[Visit, list[str]], where: str) -> None:
    visit, said = watched
    assert visit.page.evaluate(_OBEYED) == [], where
    assert not visit.faults, where
    assert not visit.outside, where
    assert not said, where


def _is_formula(text: str) -> bool:
    return cell(text) != text


def _take_all(visit: Visit) -> dict[str, list[str]]:
    """The cells of every file that the page offers."""
    taken = {}
    for button in visit.page.locator('main [data-testid="stDownloadButton"] button').all():
        if button.is_visible() and button.is_enabled():
            with visit.page.expect_download(timeout=60_000) as coming:
                button.click()
            name, path = coming.value.suggested_filename, coming.value.path()
            if name.endswith(".csv"):
                taken[name] = list(cells_of(path.read_bytes()))
    return taken


def _urns(schools: int) -> list[int]:
    return generate(schools, 2)["schools"]["urn"].tolist()


def _addresses(pages: list[str], urns: list[int], schools: int) -> Iterator[str]:
    for page in pages:
        yield f"/{page}"
    for urn in urns[:schools]:
        yield f"/school?school={urn}"


def test_a_manager_sees_it_everywhere(hostile_la: str, watched: tuple[Visit, list[str]]) -> None:
    visit, _ = watched
    visit.go(f"{hostile_la}/as/{Role.MANAGER}")
    exported: dict[str, list[str]] = {}
    for address in _addresses(QUICK, _urns(FEW), 1):
        visit.go(hostile_la + address)
        _open_all(visit)
        _assert_inert(watched, address)
        exported |= _take_all(visit)
    assert len(exported) >= 5
    assert [(name, text) for name, cells in exported.items() for text in cells if _is_formula(text)] == []
    assert any("evil" in text for text in exported["schools.csv"]), exported.keys()


@pytest.mark.slow
@pytest.mark.parametrize("role", Role)
def test_every_role_and_many_schools(large_hostile_la: str, watched: tuple[Visit, list[str]], role: Role) -> None:
    visit, _ = watched
    visit.go(f"{large_hostile_la}/as/{role}")
    exported: dict[str, list[str]] = {}
    for address in _addresses(list(PAGES), _urns(MANY), MANY if role is Role.MANAGER else 4):
        visit.go(large_hostile_la + address)
        _open_all(visit)
        _assert_inert(watched, address)
        exported |= _take_all(visit)
    assert [(name, text) for name, cells in exported.items() for text in cells if _is_formula(text)] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["schools", "outreach_contacts"])
def test_a_hostile_file_on_the_upload_page(
    hostile_la: str, watched: tuple[Visit, list[str]], tmp_path: Path, name: str
) -> None:
    """Cells that are refused are quoted in messages, in the grid to correct them and in the file of what to mend."""
    visit, _ = watched
    frame = generate(12, 2)[name]
    sent = [text for text in HOSTILE if len(text) < 30_000 and "\x00" not in text]
    column = next(column for dataset, column in EVERY_TEXT_COLUMN if dataset.name == name)
    file = tmp_path / FILE_NAME
    file.write_bytes(with_one(frame, column, sent))
    visit.go(f"{hostile_la}/as/{Role.MANAGER}")
    visit.go(f"{hostile_la}/upload")
    visit.choose("What is in the file?", DATASETS[name].title)
    visit.page.locator('input[type="file"]').set_input_files(file)
    expect(visit.page.get_by_text(f"{len(sent)} rows:")).to_be_visible(timeout=60_000)
    visit.settle()
    _open_all(visit)
    _assert_inert(watched, name)
    exported = _take_all(visit)
    assert any("evil" in text for cells in exported.values() for text in cells)
    assert [(name, text) for name, cells in exported.items() for text in cells if _is_formula(text)] == []
