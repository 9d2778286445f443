"""Text from files reads as it is and does nothing. tests/browser looks at what a browser makes of it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.text import html, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("St Mary's Primary School", "St Mary's Primary School"),
        ("**bold**", r"\*\*bold\*\*"),
        ("[link](x)", r"\[link\]\(x\)"),
        ("![image](x)", r"\!\[image\]\(x\)"),
        ("<b>", r"\<b\>"),
        ("$x$", r"\$x\$"),
        ("1. First", r"1\. First"),
        ("several\n\n# lines", r"several \# lines"),
        ("https://evil.example", "https:\u2060//evil.example"),
        ("www.evil.example", "www\u2060.evil.example"),
        ("a@evil.example", "a\u2060@evil.example"),
        (":smile:", ":\u2060smile:"),
        ("Phase: primary", "Phase: primary"),
    ],
)
def test_markdown_is_shown_not_obeyed(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text())
def test_nothing_is_lost(text: str) -> None:
    read = re.sub(r"\\([\\`*_{}\[\]()<>#+!|~$&.-])", r"\1", plain(text)).replace("\u2060", "")
    assert read == " ".join(text.split()).replace("\u2060", "")


def test_html_is_shown_not_obeyed() -> None:
    assert html("<img src=x onerror='a'>") == "&lt;img src=x onerror=&#x27;a&#x27;&gt;"
