"""Words that caseload sheets use where the data dictionary has a code."""

from functools import cache

from data_model.codes import Agreement, CaseClose, Code, Tier
from loaders.layout import normalise_header
from loaders.sheet_headers import columns

STILL_OPEN = ""
_STILL_OPEN = ("open", "still open", "ongoing", "on-going", "in progress", "current", "active", "n/a", "tbc")
_CLOSED = ("caseclosed", "closed", "close")  # "Closed - goals met" says the same as "goals met"
_WORDS: dict[str, dict[Code, tuple[str, ...]]] = {
    "close_reason": {
        CaseClose.GOALS_MET: ("goals achieved", "achieved", "targets met", "targets achieved", "successful", "success"),
        CaseClose.PARTIAL: ("partially met", "partly met", "goals partially met", "some goals met", "partial success"),
        CaseClose.DISENGAGED: ("not engaging", "non engagement", "lack of engagement", "did not engage"),
        CaseClose.ESCALATED_TIER_2: ("stepped up to tier 2", "moved to tier 2"),
        CaseClose.ESCALATED_TIER_3: ("stepped up to tier 3", "moved to tier 3"),
        CaseClose.MOVED: (
            "moved out of area",
            "moved out of borough",
            "moved out of county",
            "moved school",
            "left area",
        ),
        CaseClose.AGREEMENT_WITHDRAWN: (
            *("parent withdrew", "parents withdrew", "withdrawn by parent", "consent withdrawn", "withdrew consent"),
            *("parent declined", "parents declined"),
        ),
        CaseClose.CAPACITY: ("lack of capacity", "no space"),
        CaseClose.PERMANENT_EXCLUSION: ("permanent exclusion", "perm ex", "perm excluded", "pexed", "pex'd"),
        CaseClose.TIME_LIMIT: ("end of time", "time up", "time ended", "end of programme", "programme ended"),
    },
    "tier": {tier: (f"tier {tier}", f"t{tier}") for tier in Tier},
    "parent_agreement": {
        Agreement.YES: ("agreed", "given", "signed", "written"),
        Agreement.NO: ("refused", "not given", "declined"),
        Agreement.VERBAL: ("verbally agreed", "verbal agreement", "verbal consent"),
    },
}
WORDED = tuple(_WORDS)
"""The columns whose common words are known."""


def code_meant(column: str, cell: str, *, may_go_on: bool) -> str | None:
    """The code that a cell's words mean beyond doubt; None where the cell stays as typed.

    A cell with the very code or label stays: the ordinary check reads it. `STILL_OPEN` for words that say that work
    goes on, where it may.
    """
    codes = columns()[column].codes
    assert codes, "words stand for codes"
    plain = cell.strip().casefold()
    if not plain or any(plain in (code.value.casefold(), code.label.casefold()) for code in codes):
        return None
    words = normalise_header(cell)
    if column == "close_reason" and words in map(normalise_header, _STILL_OPEN):
        return STILL_OPEN if may_go_on else None
    known = _known(column)
    closed = next((lead for lead in _CLOSED if column == "close_reason" and words.startswith(lead)), "")
    return known.get(words) or known.get(words.removeprefix(closed))


@cache
def _known(column: str) -> dict[str, str]:
    codes = columns()[column].codes
    assert codes, "words stand for codes"
    own = {normalise_header(text): str(code) for code in codes for text in (code.value, code.label)}
    return {normalise_header(word): str(code) for code, words in _WORDS[column].items() for word in words} | own
