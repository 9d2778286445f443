"""Invented names: of things no English place is named after, so that no school, trust or district can be meant."""

from collections.abc import Iterable


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LA_NAME = "Larkshire (fictional)"
"""What the dashboard calls local authority 999; the schools file holds no name for it."""

_THINGS = _words(
    "Lantern Pinwheel Quill Spindle Tassel Inkwell Bobbin Trellis Satchel Sextant Tumbler Goblet Locket Parasol "
    "Easel Mitten Teacup Wicket Abacus Bellows Hammock Jigsaw Bagpipe Oboe Hourglass Bonnet Compass Gazebo Spyglass "
    "Tinder Lozenge Cymbal Trinket Lanyard Funnel Pulley Sundial Trowel Thermos Kazoo"
)
_ENDINGS = _words(
    "mere holt combe haven stead garth wold fell marsh hurst thorpe shaw dale ridge firth keld toft wick ley "
    "croft den ness stow pool worth isle head gate bury cote over by ford ham well moor ton minster wood hithe"
)
_BEFORE = ("", *_words("North South East West Upper Lower Old New Great Little Far Near High Long Middle"))
MOST_PLACES = len(_BEFORE) * len(_THINGS) * len(_ENDINGS)

DISTRICTS = _words(
    "Lanternfell Quillwold Pinwheelmarsh Tasselhurst Spindlegarth Inkwelldale Bobbinmere Sextanthaven Trelliscombe "
    "Satchelridge Lozengetoft Cymbalkeld"
)
TRUSTS = (
    "Lantern and Quill Learning Trust",
    "Pinwheel Row Academies Trust",
    "Sextant and Tassel Schools Trust",
    "Bobbin Wharf Education Trust",
    "Inkwell Ninefold Trust",
)
_KINDS = ("Primary School", "School", "Special School", "Alternative Provision Centre")


def place(number: int) -> str:
    """An invented place; every number below `MOST_PLACES` has its own."""
    round_, within = divmod(number, len(_THINGS) * len(_ENDINGS))
    row, column = divmod(within, len(_THINGS))
    thing, ending = _THINGS[column * 7 % len(_THINGS)], _ENDINGS[(column * 11 + row) % len(_ENDINGS)]
    name = f"{thing}{ending}" if thing[-1] != ending[0] else f"{thing}-{ending}"
    return f"{_BEFORE[round_]} {name}".strip()


def district(number: int) -> str:
    """An invented district; past the twelfth the names come again with a number."""
    round_, within = divmod(number, len(DISTRICTS))
    return DISTRICTS[within] + (f" {round_ + 1}" if round_ else "")


def school(place_name: str, phase: int, *, academy: bool, number: int) -> str:
    """A school's name: of academies, every other one says so."""
    kind = "Academy" if academy and phase < 2 and number % 2 else _KINDS[phase]
    return f"{place_name} {kind}"


def districts(numbers: Iterable[int]) -> list[str]:
    """The names of the districts from 0 to the largest of `numbers`."""
    return [district(number) for number in range(max(numbers, default=-1) + 1)]
