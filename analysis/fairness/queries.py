"""Who was suspended and who was on roll, counted by group. What is returned is about groups: no row is about a pupil.

Characteristics are read here for every scope that reaches the authority whole, and never leave but as counts; small
ones are hidden where they are put to use (comparison.py).
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection, func, select

from access.reach import of_school, reached, reached_urns
from access.scope import Scope
from analysis import queries
from analysis.continuity import sponsored_openings
from analysis.denominators import HEADLINE, census_day
from analysis.fairness.characteristics import CHARACTERISTICS
from analysis.frames import read
from analysis.joining import after_opening, of_current_school, one_headcount, that_count
from analysis.statistics.intervals import repeat_pattern
from data_model.belonging import LA_CODE
from data_model.codes import CensusTerm, EnrolmentStatus, SocialCare
from data_model.headcounts import HEADCOUNTS
from data_model.pupils import PUPILS
from data_model.schools import SCHOOLS
from data_model.suspensions import SUSPENSIONS
from data_model.terms import Term, periods_of, year_starting

WHOLE_LA = "la"
"""The `phase` of the authority's own rows: primary, secondary and special schools together."""
NOT_KNOWN = ""
YEARS_TOGETHER = 3

_WHOLE_ROLL = 0.02
_ON_ROLL = (str(EnrolmentStatus.CURRENT), str(EnrolmentStatus.CURRENT_MAIN))
_PLACE = ["phase", "academic_year", "characteristic", "value"]
_schools, _pupils, _headcounts = SCHOOLS.table, PUPILS.table, HEADCOUNTS.table


@dataclass(frozen=True, eq=False)
class Affected:
    """Counts by group of one authority, of its phases and of the authority (`phase` WHOLE_LA), year by year.

    suspended: `phase, academic_year, characteristic, value, pupils`: pupils suspended once or more in the year, each
    once; `value` NOT_KNOWN where nothing is known of them.

    repeats: `phase, academic_year, repeat`: the repeat pattern of those suspended in the YEARS_TOGETHER years that end
    with this one, by in how many of them each was.

    rolls: `phase, academic_year, characteristic, value, pupils, whole, source`: pupils on roll in January, as the
    `headcounts` say, and as counted in the `pupils` file; `whole` is the roll of all. Only where the groups of a
    characteristic make up the whole roll.
    """

    suspended: pd.DataFrame
    repeats: pd.DataFrame
    rolls: pd.DataFrame


def affected(connection: Connection, scope: Scope, la: int) -> Affected | None:
    """The counts of one authority; None where the scope does not reach all of it."""
    if la not in scope.la_codes:
        return None
    own = scope.within(la)
    schools = queries.schools(connection, own)
    suspensions = _suspensions(connection, own, schools)
    totals = one_headcount(_january(connection, own, of_parts=False), schools)
    rolls = [_from_headcounts(connection, own, schools, totals), _from_pupils(connection, own, schools, totals)]
    return Affected(_suspended(suspensions), _repeats(suspensions), pd.concat(rolls, ignore_index=True))


def _suspensions(connection: Connection, scope: Scope, schools: pd.DataFrame) -> pd.DataFrame:
    """Every suspension that counts: `pupil` (a number), `phase, academic_year` and a column for each characteristic."""
    table = SUSPENSIONS.table.c
    names = ("pupil_ref", "urn", "start_date", "category", "status", "sen_provision", "cla")
    statement = select(*(table[name] for name in names)).join(_schools, _schools.c.urn == table.urn)
    source = str(queries.local_source(connection, scope))
    found = read(connection, statement.where(reached(scope), table.source == source))
    found = of_current_school(after_opening(found, "start_date", sponsored_openings(schools)), schools)
    found = _with_what_is_known(connection, scope, that_count(found))
    year = periods_of(found["start_date"])["academic_year"].astype("str")
    return found.assign(
        pupil=pd.factorize(found["pupil_ref"])[0],
        phase=found["phase"].astype("str"),
        academic_year=year,
        sen_provision=found["sen_provision"].astype("str"),
        care=found["cla"].astype("str"),
    ).drop(columns="pupil_ref")


def _with_what_is_known(connection: Connection, scope: Scope, suspensions: pd.DataFrame) -> pd.DataFrame:
    """Adds `sex`, `ethnicity` and `free_meals` as the pupils file has them on the day, missing where it has none."""
    table = _pupils.c
    of_suspended = select(SUSPENSIONS.table.c.pupil_ref).where(SUSPENSIONS.table.c.urn.in_(reached_urns(scope)))
    columns = (table.pupil_ref, table.valid_from, table.sex, table.ethnicity, table.fsm_category)
    with_school = _pupils.outerjoin(_schools, _schools.c.urn == table.main_urn)
    # As in queries.py: a pupil on the roll of a school that is none of ours counts as one whose row names no school.
    known = select(*columns).select_from(with_school).where(of_school(connection, scope, LA_CODE.is_(None)))
    rows = _with_meals(read(connection, known.where(table.pupil_ref.in_(of_suspended)))).sort_values("valid_from")
    rows = rows.astype({"pupil_ref": "str"})
    ordered = suspensions.astype({"pupil_ref": "str"}).sort_values("start_date", kind="stable")
    return pd.merge_asof(ordered, rows, left_on="start_date", right_on="valid_from", by="pupil_ref")


def _with_meals(pupils: pd.DataFrame) -> pd.DataFrame:
    """Adds `free_meals`: eligible with any category; not without one, where the file has categories at all."""
    category = pupils["fsm_category"].astype("str")
    no = "N" if category.notna().any() else None
    return pupils.assign(
        sex=pupils["sex"].astype("str"),
        ethnicity=pupils["ethnicity"].astype("str"),
        free_meals=pd.Series("Y", index=pupils.index, dtype="object").where(category.notna(), no),
    ).drop(columns="fsm_category")


def _levels(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame's rows by phase, and those of the headline phases once more for the authority."""
    headline = frame[frame["phase"].isin(list(map(str, HEADLINE)))]
    return pd.concat([frame, headline.assign(phase=WHOLE_LA)], ignore_index=True)


def _suspended(suspensions: pd.DataFrame) -> pd.DataFrame:
    """Pupils by what was known of them at their first suspension of the year of which anything is."""
    levels = _levels(suspensions).sort_values("start_date", kind="stable")
    whose = ["phase", "academic_year", "pupil"]
    parts = []
    for each in CHARACTERISTICS.values():
        value = levels[each.id].where(levels[each.id].isin(list(each.groups)), NOT_KNOWN)
        rows = levels[whose].assign(value=value)
        known_first = rows.iloc[value.eq(NOT_KNOWN).argsort(kind="stable")]
        counts = known_first.drop_duplicates(whose).groupby(["phase", "academic_year", "value"])
        parts.append(counts.size().rename("pupils").reset_index().assign(characteristic=each.id))
    return pd.concat(parts, ignore_index=True)[[*_PLACE, "pupils"]]


def _repeats(suspensions: pd.DataFrame) -> pd.DataFrame:
    """The repeat pattern of the years that end with each, by phase."""
    once = _levels(suspensions)[["phase", "academic_year", "pupil"]].drop_duplicates()
    rows = []
    for (phase, last), _ in once.groupby(["phase", "academic_year"]):
        there = once[once["phase"].eq(phase) & once["academic_year"].isin(years_to(str(last), YEARS_TOGETHER))]
        pattern = repeat_pattern(there["pupil"].value_counts())
        rows.append({"phase": phase, "academic_year": last, "repeat": pattern})
    return pd.DataFrame(rows, columns=["phase", "academic_year", "repeat"])


def years_to(last: str, number: int) -> list[str]:
    """So many academic years, the last of them `last`: oldest first."""
    return [year_starting(int(last[:4]) - back) for back in reversed(range(number))]


def _january(connection: Connection, scope: Scope, *, of_parts: bool) -> pd.DataFrame:
    """The headcounts of January: the whole rolls, or `of_parts` by characteristic."""
    table = _headcounts.c
    names = ("urn", "academic_year", "census_term", "characteristic_group", "characteristic", "headcount")
    groups = [each.group for each in CHARACTERISTICS.values() if each.group] if of_parts else ["Total"]
    statement = select(*(table[name] for name in names)).join(_schools, _schools.c.urn == table.urn)
    january = statement.where(reached(scope), table.census_term == str(CensusTerm.SPRING))
    found = read(connection, january.where(table.characteristic_group.in_(groups)))
    kinds = dict.fromkeys(("academic_year", "census_term", "characteristic_group", "characteristic"), "str")
    return found.astype(kinds)


def _from_headcounts(connection: Connection, scope: Scope, schools: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Rolls by group, where the parts that every school sent make up its whole roll."""
    parts = _january(connection, scope, of_parts=True)
    of_group = {each.group: each.id for each in CHARACTERISTICS.values() if each.group}
    own = parts.merge(totals[["urn", "academic_year"]], on=["urn", "academic_year"])
    named = own.assign(value=own["characteristic"], characteristic=own["characteristic_group"].map(of_group))
    return _where_whole(of_current_school(named, schools), of_current_school(totals, schools), "headcounts")


def _where_whole(parts: pd.DataFrame, totals: pd.DataFrame, source: str) -> pd.DataFrame:
    """The parts summed by phase, year and characteristic, but for those that miss the whole roll by more than 2 %."""
    parts, totals = (_levels(frame.assign(phase=frame["phase"].astype("str"))) for frame in (parts, totals))
    rolls = parts.groupby(_PLACE)["headcount"].sum().rename("pupils").reset_index()
    whole = totals.groupby(["phase", "academic_year"])["headcount"].sum().rename("whole").reset_index()
    rolls = rolls.merge(whole, on=["phase", "academic_year"])
    counted = rolls.groupby(["phase", "academic_year", "characteristic"])["pupils"].transform("sum")
    fits = (counted - rolls["whole"]).abs() <= _WHOLE_ROLL * rolls["whole"]
    return rolls[fits].assign(source=source)


def _from_pupils(connection: Connection, scope: Scope, schools: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Rolls counted in the pupils file on each January's census day, where it holds the whole roll."""
    nothing = pd.DataFrame(columns=[*_PLACE, "pupils", "whole", "source"])
    table = _pupils.c
    there = select(func.count(func.distinct(table.pupil_ref))).where(table.main_urn.in_(reached_urns(scope)))
    known = connection.scalar(there) or 0
    fewest = totals.groupby("academic_year")["headcount"].sum().min() if len(totals) else 0
    # The file usually holds those alone who were suspended or placed: then there is no need to read it.
    if not known or known < fewest / 2:
        return nothing
    names = ("pupil_ref", "valid_from", "sex", "ethnicity", "fsm_category", "sen_provision", "social_care")
    columns = [*(table[name] for name in names), table.main_urn.label("urn"), table.enrol_status]
    with_school = _pupils.outerjoin(_schools, _schools.c.urn == table.main_urn)
    statement = select(*columns).select_from(with_school)
    rows = read(connection, statement.where(of_school(connection, scope, LA_CODE.is_(None))))
    rows = _with_meals(rows).sort_values("valid_from", kind="stable")
    care = rows["social_care"].astype("str")
    rows = rows.assign(
        sen_provision=rows["sen_provision"].astype("str"),
        care=care.eq(SocialCare.LOOKED_AFTER).map({True: "Y", False: "N"}).where(care.notna()),
    )
    parts = [_on_roll(rows, str(year), schools) for year in totals["academic_year"].unique()]
    return _where_whole(pd.concat(parts, ignore_index=True), of_current_school(totals, schools), "pupils")


def _on_roll(pupils: pd.DataFrame, year: str, schools: pd.DataFrame) -> pd.DataFrame:
    """The pupils on roll on a January's census day, counted by school and group."""
    day: date = census_day(year, Term.SPR)
    latest = pupils[pupils["valid_from"].le(pd.Timestamp(day))].drop_duplicates("pupil_ref", keep="last")
    status = latest["enrol_status"].astype("str")
    current = latest[latest["urn"].notna() & (status.isna() | status.isin(_ON_ROLL))]
    placed = of_current_school(current.astype({"urn": "int64"}), schools)
    parts = []
    for each in CHARACTERISTICS.values():
        value = placed[each.id].where(placed[each.id].isin(list(each.groups))).fillna(NOT_KNOWN).rename("value")
        counts = placed.groupby(["urn", value]).size().rename("headcount").reset_index()
        parts.append(counts.assign(characteristic=each.id, academic_year=year))
    return of_current_school(pd.concat(parts, ignore_index=True), schools)
