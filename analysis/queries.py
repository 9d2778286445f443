"""What may be read of the saved data: with `published_queries.py`, the only SELECTs outside data_model and loaders.

Every function takes a scope and returns nothing of a local authority that the scope does not name; the empty scope
gives empty frames. An event belongs to the local authority of its school, that is of the school's LAESTAB.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, String, and_, cast, exists, func, or_, select

from access.reach import of_area, of_school, only_la, pupils_in, reached, reached_urns
from access.scope import OutOfScope, Scope
from analysis.continuity import carry_on
from analysis.frames import read
from analysis.hiding.in_part import in_part
from analysis.joining import joined
from analysis.published_queries import published_schools, published_statistics
from analysis.records import Records
from data_model import published
from data_model.belonging import LA_CODE, pupil_of, school_of
from data_model.catalogue import DATASETS
from data_model.codes import CharacteristicGroup, Source
from data_model.dataset import Dataset
from data_model.exclusions import PERMANENT_EXCLUSIONS
from data_model.headcounts import HEADCOUNTS
from data_model.outreach import OUTREACH_CASES, OUTREACH_CONTACTS, OUTREACH_REFERRALS
from data_model.placements import AP_PLACEMENTS
from data_model.pupils import PUPILS
from data_model.schools import SCHOOLS
from data_model.settings import settings
from data_model.suspensions import SUSPENSIONS
from data_model.term_dates import TERM_DATES
from data_model.terms import periods_of
from data_model.uploads import open_queries as _open_queries
from data_model.uploads import upload_changes, upload_schools, uploads

_schools = SCHOOLS.table


def local_authorities(connection: Connection) -> frozenset[int]:
    """The codes of every local authority that anything is loaded for: the widest scope there is."""
    local = connection.scalars(select(LA_CODE).distinct())
    in_published = select(published.published_statistics.c.la_code).distinct()
    return frozenset(local) | frozenset(code for code in connection.scalars(in_published) if code is not None)


def schools(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Every school of the scope, open or closed: the columns of the schools dataset, `la_code` and `current_urn`.

    `current_urn` is the school that carries its figures: its own URN, or that of the academy it converted into.
    """
    columns = [_schools.c[name] for name in SCHOOLS.columns]
    frame = read(connection, select(*columns, LA_CODE.label("la_code")).where(reached(scope)))
    return frame.assign(current_urn=carry_on(frame))


def local_source(connection: Connection, scope: Scope) -> Source:
    """Where the authority's own figures come from: as notified if any were, else the school census."""
    loaded = {source for source in Source if _is_loaded(connection, scope, source)}
    return Source.CENSUS if loaded == {Source.CENSUS} else Source.NOTIFIED


def _is_loaded(connection: Connection, scope: Scope, source: Source) -> bool:
    found = (
        select(table.c.urn)
        .join(_schools, _schools.c.urn == table.c.urn)
        .where(table.c.source == str(source), reached(scope))
        .limit(1)
        for table in (SUSPENSIONS.table, PERMANENT_EXCLUSIONS.table)
    )
    return any(connection.execute(query).first() is not None for query in found)


def records(
    connection: Connection, scope: Scope, published_year: str | None = None, source: Source | None = None
) -> Records:
    """Everything that measures are counted from, read once. Pupils are numbers that mean nothing outside it.

    Suspensions and permanent exclusions are those of one source: `source`, or `local_source`. Published rows are those
    of one academic year if `published_year` names it. Without full figures in the scope they know what to hide, which
    is decided on whole authorities: those are read whole, and what is returned is cut out of them.
    """
    return _whole_or_part(connection, scope, partial(published_statistics, year=published_year), source)


def records_of_lists(connection: Connection, scope: Scope, terms_of: Collection[str] = ()) -> Records:
    """The same, with no more of what is published than lists of schools are made from (`published_schools`)."""
    return _whole_or_part(connection, scope, partial(published_schools, terms_of=terms_of), None)


_ReadPublished = Callable[[Connection, Scope], pd.DataFrame]


def _whole_or_part(
    connection: Connection, scope: Scope, read_published: _ReadPublished, source: Source | None
) -> Records:
    alone = frozenset(each for each in scope.districts if each[0] not in scope.la_codes)
    if scope.full_figures or not alone:
        return replace(_records(connection, scope, read_published, source), districts_alone=alone)
    every = _records(connection, replace(scope, la_codes=scope.authorities), read_published, source)
    cut = in_part(every, scope.la_codes, frozenset(connection.scalars(reached_urns(scope))))
    return replace(cut, districts_alone=alone)


def _records(connection: Connection, scope: Scope, read_published: _ReadPublished, source: Source | None) -> Records:
    source = source or local_source(connection, scope)
    return joined(
        source=source,
        protection=None if scope.full_figures else settings().small_number,
        schools=schools(connection, scope),
        headcounts=headcounts(connection, scope),
        suspensions=_suspensions(connection, scope, source),
        permanent_exclusions=_permanent_exclusions(connection, scope, source),
        placements=_placements(connection, scope),
        referrals=_referrals(connection, scope),
        cases=_cases(connection, scope),
        contacts=_contacts(connection, scope),
        free_school_meals=_free_school_meals(connection, scope),
        term_dates=term_dates(connection, scope),
        sent=sent(connection, scope, source),
        published=read_published(connection, scope),
    )


def headcounts(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Whole-roll headcounts: `urn, academic_year, census_term, headcount, census_date`, one row a school and census."""
    table = HEADCOUNTS.table
    columns = [table.c[name] for name in ("urn", "academic_year", "census_term", "headcount", "census_date")]
    statement = select(*columns).join_from(table, _schools, table.c.urn == _schools.c.urn)
    return read(connection, statement.where(reached(scope), table.c.characteristic_group == "Total"))


def year_groups(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Headcounts by year group: `urn, academic_year, census_term, year_group, headcount`, of every census there is."""
    table = HEADCOUNTS.table
    columns = [table.c[name] for name in ("urn", "academic_year", "census_term", "headcount")]
    year_group = table.c.characteristic.label("year_group")
    statement = select(*columns, year_group).join_from(table, _schools, table.c.urn == _schools.c.urn)
    by_year = table.c.characteristic_group == str(CharacteristicGroup.YEAR_GROUP)
    return read(connection, statement.where(reached(scope), by_year))


def term_dates(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Term dates of the scope's local authorities and of single schools: the columns of the dataset."""
    table = TERM_DATES.table
    statement = select(*(table.c[name] for name in TERM_DATES.columns))
    return read(connection, statement.where(of_area(scope, table.c.applies_to)))


_PLACE = ["dataset", "urn", "academic_year", "term"]


def sent(connection: Connection, scope: Scope, source: Source = Source.NOTIFIED) -> pd.DataFrame:
    """Which school's data came for which term: `dataset, urn, academic_year, term, rows`, uploads that stand only.

    Of datasets that come by source, the uploads of `source`. One row a school and term: `rows` are those that are
    saved, however often they were sent. 0 is a confirmed nil return; `urn` 0 is one for the whole local authority.
    """
    of_schools = upload_schools.join(uploads, uploads.c.upload_id == upload_schools.c.upload_id).outerjoin(
        _schools, _schools.c.urn == upload_schools.c.urn
    )
    by_source = [dataset.name for dataset in DATASETS.values() if dataset.by_source]
    columns = [upload_schools.c[name] for name in ("urn", "academic_year", "term", "rows")]
    statement = select(uploads.c.dataset, *columns).select_from(of_schools).order_by(uploads.c.upload_id)
    stands = and_(
        uploads.c.undone_at.is_(None), or_(uploads.c.dataset.not_in(by_source), uploads.c.source == str(source))
    )
    brought = read(connection, statement.where(stands, of_school(connection, scope, upload_schools.c.urn == 0)))
    newest = brought.astype(dict.fromkeys(_PLACE, "object")).drop_duplicates(_PLACE, keep="last")
    found = newest.merge(_saved(connection, scope, source, set(newest["dataset"])), on=_PLACE, how="left")
    # The newest file may deny what older ones brought; what it brought may be elsewhere by now, at another school.
    rows = found["rows"].mask(found["rows"].gt(0) & found["saved"].notna(), found["saved"]).astype("int64")
    return found.assign(rows=rows).drop(columns="saved").astype(dict(brought.dtypes))


def _saved(connection: Connection, scope: Scope, source: Source, names: Collection[str]) -> pd.DataFrame:
    """How many rows of these datasets are saved: `dataset, urn, academic_year, term, saved`, where there are any."""
    parts = [pd.DataFrame({name: pd.Series(dtype="object") for name in (*_PLACE, "saved")})]
    for dataset in DATASETS.values():
        if dataset.name not in names or not dataset.school or not dataset.dated:
            continue
        table = dataset.table
        urn, day = table.c[dataset.school].label("urn"), table.c[dataset.dated].label("day")
        only = table.c.source == str(source) if dataset.by_source else None
        each = _of_schools(connection, scope, dataset, [urn, day], only).dropna()
        placed = pd.concat([each[["urn"]], periods_of(each["day"])], axis=1).astype("object")
        counts = placed.groupby(_PLACE[1:], observed=True).size().rename("saved").reset_index()
        parts.append(counts.assign(dataset=dataset.name).astype("object"))
    return pd.concat(parts, ignore_index=True)


def last_uploads(connection: Connection, scope: Scope) -> pd.DataFrame:
    """For each dataset of the scope: `dataset, files, last_upload` (UTC), uploads that stand only."""
    own = upload_schools.join(_schools, _schools.c.urn == upload_schools.c.urn)
    in_scope = select(upload_schools.c.upload_id).select_from(own).where(reached(scope))
    # Of what is not dated by school nothing says which schools an upload brought but the rows that it left.
    registers = [
        and_(uploads.c.dataset == dataset.name, uploads.c.upload_id.in_(_brought_for(scope, dataset)))
        for dataset in DATASETS.values()
        if not (dataset.school and dataset.dated)
    ]
    own_uploads = or_(uploads.c.upload_id.in_(in_scope), *registers, only_la(connection, scope))
    moments = func.count().label("files"), func.max(uploads.c.uploaded_at).label("last_upload")
    standing = select(uploads.c.dataset, *moments).where(uploads.c.undone_at.is_(None), own_uploads)
    return read(connection, standing.group_by(uploads.c.dataset))


def _brought_for(scope: Scope, dataset: Dataset) -> Select[int]:
    """The uploads that brought rows of a dataset which the scope reaches."""
    source, urn = school_of(dataset)
    area = dataset.table.c[dataset.area] if dataset.area else urn
    return select(dataset.table.c.upload_id).select_from(source).where(of_area(scope, area))


def last_days(connection: Connection, scope: Scope) -> dict[str, pd.Timestamp]:
    """The last day that the rows of each dataset of events tell of, by its name; none without rows."""
    found = {}
    for dataset in DATASETS.values():
        if dataset.dated and dataset.school:
            last = func.max(dataset.table.c[dataset.dated]).label("last")
            found[dataset.name] = _of_schools(connection, scope, dataset, [last])["last"].iloc[0]
    return {name: day for name, day in found.items() if pd.notna(day)}


def open_queries(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Every open query: `dataset, file_name, urn, line, column_name, code, message`.

    Its message can name a pupil's reference, so this raises OutOfScope where the scope has no pupil rows, and leaves
    out those of rows about other pupils than the scope's.
    """
    asked = _asked(connection, scope)
    found = read(connection, asked)
    if scope.sees_every_pupil:
        return found
    return found[[own for *_, own in _keys_asked(connection, scope, asked)]].reset_index(drop=True)


def pupils_asked_about(connection: Connection, scope: Scope) -> frozenset[str]:
    """The pupils whose rows the open queries of `open_queries` are about, by stored reference: for the audit trail."""
    keys: dict[str, list[tuple[Any, ...]]] = {}
    for name, key, own in _keys_asked(connection, scope, _asked(connection, scope)):
        if own and DATASETS[name].pupil:
            keys.setdefault(name, []).append(key)
    return frozenset(each for name, own in keys.items() for each in _pupils_of(connection, DATASETS[name], own))


def _asked(connection: Connection, scope: Scope) -> Select[Any]:
    """The open queries in the scope's schools. Raises OutOfScope where the scope has no pupil rows."""
    if not scope.pupil_rows:
        raise OutOfScope("Open queries can name pupils, and you may not see pupils' rows.")
    columns = [_open_queries.c[name] for name in ("urn", "line", "column_name", "code", "message")]
    source = _open_queries.join(uploads, uploads.c.upload_id == _open_queries.c.upload_id).outerjoin(
        _schools, _schools.c.urn == _open_queries.c.urn
    )
    # A row that was replaced or removed since answers what was asked of it.
    answered = exists().where(
        upload_changes.c.replaced_upload_id == _open_queries.c.upload_id,
        cast(upload_changes.c.key, String) == cast(_open_queries.c.key, String),
    )
    statement = select(uploads.c.dataset, uploads.c.file_name, *columns).select_from(source)
    asked = statement.where(uploads.c.undone_at.is_(None), ~answered, of_school(connection, scope, LA_CODE.is_(None)))
    return asked.order_by(_open_queries.c.query_id)


def _keys_asked(connection: Connection, scope: Scope, asked: Select[Any]) -> list[tuple[str, tuple[Any, ...], bool]]:
    """Of each open query the dataset and key of its row, and whether that row may be shown."""
    keys = connection.execute(asked.with_only_columns(uploads.c.dataset, _open_queries.c.key)).all()
    seen = {name: keys_seen(connection, scope, DATASETS[name]) for name in {name for name, _ in keys}}
    return [(name, tuple(key), (theirs := seen[name]) is None or tuple(key) in theirs) for name, key in keys]


def _pupils_of(connection: Connection, dataset: Dataset, keys: list[tuple[Any, ...]]) -> set[str]:
    """The pupils of a dataset's rows, by their keys."""
    assert dataset.pupil
    if dataset.pupil in dataset.key:
        return {key[dataset.key.index(dataset.pupil)] for key in keys}
    pupil, first = dataset.table.c[dataset.pupil], dataset.table.c[dataset.key[0]]
    named = select(pupil).where(pupil.is_not(None), first.in_([key[0] for key in keys]))
    return set(connection.execute(named).scalars())


def keys_seen(connection: Connection, scope: Scope, dataset: Dataset) -> frozenset[tuple[Any, ...]] | None:
    """The natural keys (dates as ISO text) of a dataset's saved rows that may be shown; None where every row may be.

    That is all of them but rows about pupils whom the scope does not reach.
    """
    pupil = pupil_of(dataset)
    if scope.sees_every_pupil or pupil is None:
        return None
    _, urn = school_of(dataset)
    columns = [dataset.table.c[name] for name in dataset.key]
    rows = _of_schools(connection, scope, dataset, columns, pupils_in(scope, pupil, urn))
    plain = (rows[name].dt.strftime("%Y-%m-%d") if rows[name].dtype.kind == "M" else rows[name] for name in rows)
    return frozenset(zip(*(column.astype(object) for column in plain), strict=True))


def _suspensions(connection: Connection, scope: Scope, source: Source) -> pd.DataFrame:
    table = SUSPENSIONS.table
    names = ("pupil_ref", "urn", "start_date", "sessions", "category", "status", "ncyg", "sen_provision", "cla")
    reasons = ("reason_1", "reason_2", "reason_3")
    columns = [table.c[name] for name in (*names, *reasons)]
    return _of_schools(connection, scope, SUSPENSIONS, columns, table.c.source == str(source))


def _permanent_exclusions(connection: Connection, scope: Scope, source: Source) -> pd.DataFrame:
    table = PERMANENT_EXCLUSIONS.table
    reasons = ("reason_1", "reason_2", "reason_3")
    names = ("pupil_ref", "urn", "head_decision_date", "review_outcome", "day6_start", *reasons)
    columns = [table.c[name] for name in names]
    return _of_schools(connection, scope, PERMANENT_EXCLUSIONS, columns, table.c.source == str(source))


def _placements(connection: Connection, scope: Scope) -> pd.DataFrame:
    table = AP_PLACEMENTS.table.c
    ends = ("start_date", "end_date", "end_reason", "destination_urn")
    names = ("pupil_ref", "tier", *ends, "provider_urn", "setting_type")
    return _of_schools(connection, scope, AP_PLACEMENTS, [table.home_urn.label("urn"), *(table[it] for it in names)])


def _referrals(connection: Connection, scope: Scope) -> pd.DataFrame:
    table = OUTREACH_REFERRALS.table.c
    columns = [table.urn, table.received_date, table.source, table.decision]
    return _of_schools(connection, scope, OUTREACH_REFERRALS, columns)


def _cases(connection: Connection, scope: Scope) -> pd.DataFrame:
    table, (_, urn) = OUTREACH_CASES.table.c, school_of(OUTREACH_CASES)
    names = ("pupil_ref", "case_type", "tier", "start_date", "end_date", "close_reason")
    return _of_schools(connection, scope, OUTREACH_CASES, [urn.label("urn"), *(table[name] for name in names)])


def _contacts(connection: Connection, scope: Scope) -> pd.DataFrame:
    table, (_, urn) = OUTREACH_CONTACTS.table.c, school_of(OUTREACH_CONTACTS)
    columns = [urn.label("urn"), table.date, table.kind, table.minutes]
    return _of_schools(connection, scope, OUTREACH_CONTACTS, columns)


def _free_school_meals(connection: Connection, scope: Scope) -> pd.DataFrame:
    pupils, suspensions = PUPILS.table, SUSPENSIONS.table
    suspended = select(suspensions.c.pupil_ref).where(suspensions.c.urn.in_(reached_urns(scope)))
    columns = (pupils.c.pupil_ref, pupils.c.valid_from, pupils.c.fsm6)
    with_school = pupils.outerjoin(_schools, _schools.c.urn == pupils.c.main_urn)
    # A pupil can be on the roll of a school that is none of ours: such rows count as those that name no school.
    known = of_school(connection, scope, LA_CODE.is_(None))
    return read(connection, select(*columns).select_from(with_school).where(known, pupils.c.pupil_ref.in_(suspended)))


def _of_schools(
    connection: Connection,
    scope: Scope,
    dataset: Dataset,
    columns: Sequence[ColumnElement[Any]],
    only: ColumnElement[bool] | None = None,
) -> pd.DataFrame:
    """The rows of a dataset whose school is in scope; with one authority also those that name no school.

    `only` chooses among them.
    """
    source, urn = school_of(dataset)
    with_school = source.outerjoin(_schools, _schools.c.urn == urn)
    statement = select(*columns).select_from(with_school).where(of_school(connection, scope, urn.is_(None)))
    return read(connection, statement if only is None else statement.where(only))
