"""Text that came out of a file, made safe to show: it reads as it is and does nothing."""

import re
from html import escape

# Markdown's own punctuation. Streamlit reads `$` as mathematics too.
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()<>#+!|~$&-])")
# Links, e-mail addresses, `:emoji:` and `:red[…]` are looked for after escapes are resolved, so a backslash does not
# stop them; an invisible joiner inside them does.
_FOUND_LATER = re.compile(r"(?<=:)(?=\S)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
_NUMBERED = re.compile(r"^(\d+)\.")
_WORD_JOINER = "\u2060"


def plain(text: object) -> str:
    """Text for anything in Streamlit that reads Markdown (headings, labels, messages): shown letter for letter."""
    joined = _FOUND_LATER.sub(_WORD_JOINER, " ".join(str(text).split()))
    return _NUMBERED.sub(r"\1\\.", _PUNCTUATION.sub(r"\\\1", joined))


def html(text: object) -> str:
    """Text for HTML that we write ourselves: shown letter for letter."""
    return escape(str(text))
