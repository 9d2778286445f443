"""DfE's words for levels, phases and periods in its statistics files, and ours for them.

Phases are DfE's: primary, secondary, special, ap (pupil referral units, AP academies and AP free schools) and `total`,
which is the first three: DfE leaves alternative provision out of its headline totals.
"""

from data_model.terms import Term
from loaders.layout import normalise_header
from loaders.published.cells import LeftOut, Wrong, text_or_none

AREA_LEVELS = ("la", "region", "country")

_LEVELS = {
    "school": "school",
    "localauthority": "la",
    "la": "la",
    "regional": "region",
    "region": "region",
    "national": "country",
    "country": "country",
}
_PHASES = {
    "primary": "primary",
    "statefundedprimary": "primary",
    "secondary": "secondary",
    "statefundedsecondary": "secondary",
    "special": "special",
    "specialschool": "special",
    "statefundedspecial": "special",
    "statefundedspecialschool": "special",
    "nonmaintainedspecial": "special",
    "nonmaintainedspecialschool": "special",
    "statefundedandnonmaintainedspecial": "special",
    "ap": "ap",
    "pru": "ap",
    "pupilreferralunit": "ap",
    "pupilreferralunits": "ap",
    "alternativeprovision": "ap",
    "statefundedap": "ap",
    "statefundedapschool": "ap",
    "statefundedapschools": "ap",
    "statefundedalternativeprovision": "ap",
    "statefundedalternativeprovisionschool": "ap",
    "total": "total",
}
_PARTS_OF_A_PHASE = frozenset({"nonmaintainedspecial", "nonmaintainedspecialschool"})
_TERMS = {
    "academicyear": "",
    "fullacademicyear": "",
    "fullyear": "",
    "autumnterm": Term.AUT.value,
    "autumn": Term.AUT.value,
    "springterm": Term.SPR.value,
    "spring": Term.SPR.value,
    "summerterm": Term.SUM.value,
    "summer": Term.SUM.value,
}
_ALL_SCHOOLS = frozenset({"total", "all", "allschools", "notapplicable"})


def level(text: str) -> str | Wrong:
    """school, la, region or country."""
    message = "The geographic level must be School, Local authority, Regional or National. Download the file again."
    return _LEVELS.get(normalise_header(text), Wrong("E-LEVEL", message))


def phase(text: str) -> str | LeftOut:
    """primary, secondary, special, ap or total. Rows of any other phase are left out."""
    return _PHASES.get(normalise_header(text)) or LeftOut(f"the phase {text!r} is not one of these figures' phases")


def is_part_of_a_phase(text: str) -> bool:
    """Whether, in an area's row, this phase is but a part of one that has a row of its own."""
    return normalise_header(text) in _PARTS_OF_A_PHASE


def term(text: str) -> str | Wrong | LeftOut:
    """AUT, SPR or SUM; empty for a whole year. Rows for several terms together are left out."""
    name = normalise_header(text)
    if name in _TERMS:
        return _TERMS[name]
    if "term" in name:
        return LeftOut(f"{text!r} is neither one term nor a whole year")
    message = "The time identifier must be Autumn term, Spring term, Summer term or Academic year. Download it again."
    return Wrong("E-TERM", message)


def academy_type(text: str) -> str | None:
    """The type of academy; None for other schools, for which the older layout says Total."""
    return None if normalise_header(text) in _ALL_SCHOOLS else text_or_none(text)
