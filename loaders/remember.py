"""The header names that a user confirmed, kept for the next file from the same source."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, Engine, delete, insert, select

from data_model import uploads as records
from data_model.store import reading, writing


def remembered_headers(engine: Engine, source: str, dataset: str) -> dict[str, str]:
    """What was kept for a source and a dataset, or a caseload sheet: normalised headers to columns, '' to ignore."""
    table = records.header_mappings
    query = select(table.c.header, table.c.column_name).where(table.c.source == source, table.c.dataset == dataset)
    with reading(engine) as connection:
        return dict(connection.execute(query).all())


def remembered_senders(engine: Engine) -> list[str]:
    """The sources that anything is kept for, by name."""
    column = records.header_mappings.c.source
    with reading(engine) as connection:
        return list(connection.execute(select(column).distinct().order_by(column)).scalars())


def remember_headers(engine: Engine, source: str, dataset: str, headers: Mapping[str, str]) -> None:
    """Keep what these normalised headers mean in files from `source`: a column's name, or '' to ignore the header.

    What was kept for the same headers before is replaced, other headers stay.
    """
    rows = [
        {"source": source, "dataset": dataset, "header": header, "column_name": column}
        for header, column in headers.items()
    ]
    if rows:
        with writing(engine) as connection:
            _delete(connection, source, dataset, headers)
            connection.execute(insert(records.header_mappings), rows)


def forget_headers(engine: Engine, source: str, dataset: str, headers: Collection[str]) -> None:
    """Keep nothing more about these normalised headers in files from `source`."""
    with writing(engine) as connection:
        _delete(connection, source, dataset, headers)


def _delete(connection: Connection, source: str, dataset: str, headers: Collection[str]) -> None:
    table = records.header_mappings
    own = (table.c.source == source, table.c.dataset == dataset, table.c.header.in_(list(headers)))
    connection.execute(delete(table).where(*own))
