"""Published statistics and registers: DfE's figures, as printed, beside which an LA reads its own.

A number that DfE prints as a marker is null here and its marker stands in the column of the same name with `_marker`:
`x` not available (1 or 2 in the older files), `z` not applicable, `c` confidential, `.`, `:`, `-`, or empty where the
cell was blank. A marker is null where there is a number, and where the file has no such column. A marker is never 0.
"""

from sqlalchemy import Column, Date, Float, ForeignKey, Index, Integer, String, Table

from data_model.metadata import metadata

ENGLAND = "E92000001"
"""The `area_code` of England."""

COUNTS = ("headcount", "permanent_exclusions", "suspensions", "pupils_suspended")
RATES = {
    "permanent_exclusion_rate": "permanent_exclusions",
    "suspension_rate": "suspensions",
    "one_plus_rate": "pupils_suspended",
}
"""Each published rate and the count that, over the headcount and times 100, it is."""


def _number(name: str, comment: str) -> tuple[Column[float], Column[str]]:
    return Column(name, Float, comment=comment), Column(f"{name}_marker", String(8))


published_statistics = Table(
    "published_statistics",
    metadata,
    Column("geographic_level", String(8), primary_key=True, comment="school, la, region or country"),
    Column(
        "area_code",
        String(20),
        primary_key=True,
        comment="LAESTAB, three-digit LA code, or E-code of a region or England; LAESTAB-URN for the older of two "
        "schools that share a LAESTAB, phase and period",
    ),
    Column("phase", String(9), primary_key=True, comment="primary, secondary, special, ap, or total (without ap)"),
    Column("academic_year", String(6), primary_key=True, comment="such as 202324"),
    Column("term", String(3), primary_key=True, comment="AUT, SPR or SUM; empty for the whole year"),
    Column("la_code", Integer, comment="of schools and LAs"),
    Column("la_name", String),
    Column("region_code", String(9)),
    Column("region_name", String),
    Column("laestab", Integer, comment="of schools; a school with two phases has a row for each"),
    Column("urn", Integer, comment="of schools; the older layout has none"),
    Column("school_name", String),
    Column("trust_name", String, comment="null for schools that are not academies"),
    Column("academy_type", String, comment="null for schools that are not academies"),
    Column("academy_open_date", Date),
    *_number("num_schools", "schools in the area; 1 for a school in the older layout"),
    *_number("headcount", "sole and dual main pupils: at the January census for a year, the term's own for a term"),
    *_number("permanent_exclusions", "upheld"),
    *_number("suspensions", "without lunchtime ones; the older layout says fixed period exclusions"),
    *_number("pupils_suspended", "enrolments with one or more: a pupil suspended at two schools counts twice"),
    *_number("permanent_exclusion_rate", "per 100 pupils, as printed"),
    *_number("suspension_rate", "per 100 pupils, as printed; may exceed 100"),
    *_number("one_plus_rate", "enrolments with one or more suspensions per 100 pupils, as printed"),
    # Not indexed: it doubled the time that half a million rows take, and rows are not looked up by it.
    Column("upload_id", Integer, ForeignKey("uploads.upload_id"), nullable=False),
    Index("ix_published_statistics_area", "la_code", "geographic_level", "academic_year", "term"),
    sqlite_with_rowid=False,
)
"""DfE's suspensions and permanent exclusions by school, LA, region and England, by phase and period.

LA, region and England figures are rows of their own and are never summed from schools. Region and England counts of
the older layout are rounded to 5.
"""

published_la_rates = Table(
    "published_la_rates",
    metadata,
    Column("measure", String(32), primary_key=True, comment="suspension_rate, permanent_exclusion_rate, one_plus_rate"),
    Column("phase", String(9), primary_key=True, comment="primary, secondary, special or total"),
    Column("area_code", String(9), primary_key=True, comment="three-digit LA code, or E-code of a region or England"),
    Column("academic_year", String(6), primary_key=True),
    Column("geographic_level", String(8), nullable=False, comment="la, region or country"),
    Column("area_name", String, nullable=False),
    Column("la_code", Integer, comment="of LAs"),
    Column("region_name", String, comment="of LAs: the region that they are in"),
    *_number("value", "per 100 pupils, whole year"),
    Column("upload_id", Integer, ForeignKey("uploads.upload_id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)
"""Annual rates of every LA, region and England from DfE's LA interactive tool, 2015/16 on: benchmarks."""

statistical_neighbours = Table(
    "statistical_neighbours",
    metadata,
    Column("la_code", Integer, primary_key=True, autoincrement=False),
    Column("rank", Integer, primary_key=True, autoincrement=False, comment="1 is the nearest, 10 the last"),
    Column("neighbour_code", Integer, nullable=False, comment="la_code of the neighbour"),
    Column("closeness", String, comment="Extremely close, Very close, Close, Somewhat close or Not close"),
    Column("upload_id", Integer, ForeignKey("uploads.upload_id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)
"""The ten LAs most like each LA (Children's services statistical neighbours)."""

school_links = Table(
    "school_links",
    metadata,
    Column("urn", Integer, primary_key=True, autoincrement=False, comment="the newer school"),
    Column("predecessor_urn", Integer, primary_key=True, autoincrement=False, comment="the school it took over from"),
    Column("link_type", String, nullable=False, comment="replaced, merged, amalgamated or split"),
    Column("linked_on", Date, comment="null where GIAS gives no date"),
    Column("upload_id", Integer, ForeignKey("uploads.upload_id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)
"""Which school took over from which (GIAS). GIAS lists a link from both sides: it is one row here, newer to older."""

TABLES = (published_statistics, published_la_rates, statistical_neighbours, school_links)
