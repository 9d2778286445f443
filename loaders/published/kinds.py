"""The published files that are known, each recognised by its header alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loaders.issues import Unreadable
from loaders.layout import normalise_header


@dataclass(frozen=True)
class Kind:
    """One published file: its columns by our names, each with the headers (normalised) that DfE has given it.

    `needed` are the columns without which the file is not this one; the others may be absent.
    """

    name: str
    title: str
    columns: Mapping[str, tuple[str, ...]]
    needed: frozenset[str]

    @property
    def headers(self) -> frozenset[str]:
        """Every header, normalised, that means one of the columns."""
        return frozenset(header for headers in self.columns.values() for header in headers)

    def missing(self, headers: frozenset[str]) -> list[str]:
        """The first name of each needed column that is not among these normalised headers."""
        return [self.columns[name][0] for name in sorted(self.needed) if headers.isdisjoint(self.columns[name])]


_PLACE = {
    "time_identifier": ("timeidentifier",),
    "time_period": ("timeperiod", "academicyear", "year"),
    "geographic_level": ("geographiclevel", "level"),
    "country_code": ("countrycode",),
    "country_name": ("countryname",),
    "region_code": ("regioncode",),
    "region_name": ("regionname",),
    "la_code": ("oldlacode", "lacode"),
    "la_name": ("laname",),
    "phase": ("educationphase", "schooltype", "schoolphase", "phase"),
    "academy_type": ("academytype",),
    "academy_open_date": ("academyopendate",),
    "num_schools": ("numschools", "numberofschools"),
    "headcount": ("headcount",),
    "permanent_exclusions": ("permexcl",),
    "permanent_exclusion_rate": ("permexclrate",),
}
_SCHOOL = {
    "laestab": ("schoollaestab", "laestab"),
    "urn": ("schoolurn", "urn"),
    "school_name": ("schoolname",),
    "trust_name": ("trustname",),
}
_SUSPENSIONS = {
    "suspensions": ("suspension", "suspensions"),
    "suspension_rate": ("susprate", "suspensionrate"),
    "pupils_suspended": ("oneplussusp",),
    "one_plus_rate": ("oneplussusprate",),
}
_FIXED_PERIOD = {
    "suspensions": ("fixedexcl",),
    "suspension_rate": ("fixedexclrate",),
    "pupils_suspended": ("oneplusfixed",),
    "one_plus_rate": ("oneplusfixedrate", "oneormorefixedexclrate"),
}
_KEY = frozenset({"time_identifier", "time_period", "geographic_level", "phase"})
_COUNTED = frozenset({"headcount", "permanent_exclusions", "suspensions"})
_AREA = frozenset({"country_code", "region_code", "la_code"})

SCHOOL_STATISTICS = Kind(
    "school_statistics",
    "DfE suspensions and permanent exclusions by school",
    _PLACE | _SCHOOL | _SUSPENSIONS,
    _KEY | _COUNTED | {"laestab"},
)
AREA_STATISTICS = Kind(
    "area_statistics",
    "DfE suspensions and permanent exclusions by local authority, region and England",
    _PLACE | _SUSPENSIONS,
    _KEY | _COUNTED | _AREA,
)
OLDER_STATISTICS = Kind(
    "older_statistics",
    "DfE permanent and fixed-period exclusions in the layout used before suspensions were called so",
    _PLACE | _SCHOOL | _FIXED_PERIOD,
    _KEY | _COUNTED,
)
GIAS_SCHOOLS = Kind(
    "gias_schools",
    "Get Information about Schools: establishments",
    {
        "urn": ("urn",),
        "la_code": ("lacode",),
        "establishment_number": ("establishmentnumber",),
        "school_name": ("establishmentname",),
        "establishment_type": ("typeofestablishmentname",),
        "establishment_type_group": ("establishmenttypegroupname",),
        "status": ("establishmentstatusname",),
        "phase": ("phaseofeducationname",),
        "open_date": ("opendate",),
        "close_date": ("closedate",),
        "trust_name": ("trustsname",),
        "low_age": ("statutorylowage",),
        "high_age": ("statutoryhighage",),
        "capacity": ("schoolcapacity",),
        "admissions_policy": ("admissionspolicyname",),
        "district": ("districtadministrativename",),
        "ward": ("administrativewardname",),
        "easting": ("easting",),
        "northing": ("northing",),
    },
    frozenset({"urn", "la_code", "establishment_number", "school_name", "establishment_type", "phase"})
    | {"establishment_type_group"},
)
GIAS_LINKS = Kind(
    "gias_links",
    "Get Information about Schools: links between establishments",
    {
        "urn": ("urn",),
        "link_urn": ("linkurn",),
        "link_type": ("linktype",),
        "linked_on": ("linkestablisheddate",),
    },
    frozenset({"urn", "link_urn", "link_type"}),
)
LA_RATES = Kind(
    "la_rates",
    "DfE local authority interactive tool: suspension and exclusion rates",
    {
        "indicator": ("shortdesc",),
        "year": ("years",),
        "area_name": ("laandregions",),
        "value": ("values",),
        "la_number": ("lanumber",),
        "region_name": ("region",),
    },
    frozenset({"indicator", "year", "area_name", "value", "la_number"}),
)
STATISTICAL_NEIGHBOURS = Kind(
    "statistical_neighbours",
    "Statistical neighbours of each local authority",
    {"la_code": ("lanum", "lanumber")} | {f"neighbour_{rank}": (f"sn{rank}",) for rank in range(1, 11)},
    frozenset({"la_code"}) | {f"neighbour_{rank}" for rank in range(1, 11)},
)

# In this order: where a header fits two, the first is meant.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        SCHOOL_STATISTICS,
        OLDER_STATISTICS,
        AREA_STATISTICS,
        GIAS_SCHOOLS,
        GIAS_LINKS,
        LA_RATES,
        STATISTICAL_NEIGHBOURS,
    )
}
KNOWN_HEADERS = frozenset(header for kind in KINDS.values() for header in kind.headers) | {"snp", "goreg", "goind"}

# Sibling files with the same columns and more rows for each place and period: taken for totals they would be wrong.
_BREAKDOWNS = frozenset({"characteristic", "characteristicgroup", "pupilcharacteristic", "breakdown", "breakdowntopic"})


def published_kind(headers: Sequence[str]) -> Kind | None:
    """The published file that these headers are of; None where they are of none that is recognised."""
    try:
        return recognise(headers)
    except Unreadable:
        return None


def recognise(headers: Sequence[str]) -> Kind:
    """The kind of file that has these headers, in any order and among others.

    Raises Unreadable (E-UNKNOWN-FILE) with a sentence that says what is recognised, or what is missing.
    """
    present = frozenset(map(normalise_header, headers))
    for kind in KINDS.values():
        if not kind.missing(present):
            _refuse_breakdown(kind, present)
            return kind
    raise Unreadable("E-UNKNOWN-FILE", _unknown(present))


def places(kind: Kind, headers: Sequence[str]) -> dict[str, int]:
    """Where each column of the kind stands. Raises Unreadable (E-HEADER-TWICE) where two headers mean one column.

    A column that goes by several names is taken by the first of them that the file has.
    """
    found: dict[str, int] = {}
    names = [normalise_header(header) for header in headers]
    for column, known in kind.columns.items():
        name = next((name for name in known if name in names), None)
        if name is None:
            continue
        found[column] = names.index(name)
        if names.count(name) > 1:
            message = f'The header "{headers[found[column]]}" stands over two columns: delete one of them.'
            raise Unreadable("E-HEADER-TWICE", message)
    return found


def _refuse_breakdown(kind: Kind, present: frozenset[str]) -> None:
    if kind in (SCHOOL_STATISTICS, OLDER_STATISTICS, AREA_STATISTICS) and present & _BREAKDOWNS:
        message = (
            "This file breaks the figures down by pupil characteristic. Load the file of the same release that does "
            "not: the one by school, or the one by local authority, region and England."
        )
        raise Unreadable("E-UNKNOWN-FILE", message)


def _unknown(present: frozenset[str]) -> str:
    nearest = max(KINDS.values(), key=lambda kind: len(present & kind.headers) / len(kind.headers))
    missing = nearest.missing(present)
    if len(missing) * 2 < len(nearest.needed):
        return f"This looks like {nearest.title}, but columns are missing: {', '.join(missing)}. Download it again."
    titles = "; ".join(kind.title for kind in KINDS.values())
    return f"The header is not one of a published file that is recognised. Recognised are: {titles}."
