"""The governance pack: every document is found, reads as it was written, and leads somewhere."""

import re

import pytest

from ui.documents import FOLDER, NAMES, address, documents


def test_every_document_of_the_pack_is_shown() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} - {"README"} == set(NAMES)


def test_the_index_names_every_document() -> None:
    index = (FOLDER / "README.md").read_text()
    missing = [name for name, document in documents().items() if f"[{document.title}]({name}.md)" not in index]
    assert not missing


def test_no_two_documents_have_one_title() -> None:
    assert len({document.title for document in documents().values()}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_document_is_html_that_people_can_find_their_way_in(name: str) -> None:
    words = documents()[name].html
    assert documents()[name].title
    assert not re.findall(r"<h[126]\b|<img|<script|<input", words)
    levels = [int(level) for level in re.findall(r"<h(\d)", words)]
    assert all(now - before <= 1 for before, now in zip([2, *levels], levels, strict=False))
    assert words.count("<table") == words.count('role="region"')
    assert not re.findall(r"\|---|\*\*\[|\* ☐|\]\(", words), "Markdown that was not read"


@pytest.mark.parametrize("name", NAMES)
def test_links_stay_inside_the_app(name: str) -> None:
    inside = {address(each).replace("&", "&amp;") for each in NAMES}
    assert set(re.findall(r'href="([^"]+)"', documents()[name].html)) <= inside


def test_tags_lead_to_a_source() -> None:
    listed = set(re.findall(r"^\| \[(\w+)\]", (FOLDER / "sources.md").read_text(), re.MULTILINE))
    used = {
        tag
        for path in FOLDER.glob("*.md")
        for tag in re.findall(r"(?<![\w*])\[(L\d+|D|K)\]", path.read_text())
        if path.stem != "sources"
    }
    assert used <= listed
