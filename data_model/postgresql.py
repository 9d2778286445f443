"""What is particular to PostgreSQL: its transactions, its errors without values, and rows at the speed of COPY."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    import psycopg

DRIVER = "postgresql+psycopg"
_WRITER = 0x6F757472  # "outr": the advisory lock that whoever writes holds, so that writers follow one another
_PATIENCE = "60s"
_TELLS_VALUES = ("22", "23")  # classes of errors whose text repeats what was in the row


def connect(url: URL) -> Engine:
    """An engine on a PostgreSQL server. Raises SystemExit where the driver is not installed."""
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername=DRIVER)
    try:
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
    except ModuleNotFoundError as missing:
        raise SystemExit(f"The database needs the Python package {missing.name}: install it first.") from None
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _tell_no_values)
    return engine


def _prepare(connection: "psycopg.Connection[Any]", record: Any) -> None:
    from psycopg.types.datetime import TimestamptzLoader

    class NaiveLoader(TimestamptzLoader):
        """Moments come as SQLite gives them: in UTC, without saying so."""

        def load(self, data: Any) -> datetime:
            return super().load(data).replace(tzinfo=None)

    connection.adapters.register_loader("timestamptz", NaiveLoader)
    connection.autocommit = True
    connection.execute("SET TIME ZONE 'UTC'")
    connection.execute("SET datestyle = 'ISO, YMD'")
    connection.autocommit = False


def _begin(connection: Connection) -> None:
    match connection.get_execution_options().get("purpose"):
        case "writing":
            # Each statement sees what is committed by then, and the lock is taken first: nothing older can be read.
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE")
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER})")
        case "reading":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _tell_no_values(context: ExceptionContext) -> None:
    """PostgreSQL repeats the row or the value that it refused. What may be logged is the error's name and place."""
    problem = context.sqlalchemy_exception
    if problem is not None and _hide_values(context.original_exception):
        problem.args = (f"({type(context.original_exception).__name__}) {context.original_exception}",)


def _hide_values(error: BaseException) -> bool:
    """Take the values out of the error's text; returns whether there could be any."""
    code = getattr(error, "sqlstate", None) or ""
    if not code.startswith(_TELLS_VALUES):
        return False
    place = getattr(error, "diag", None)
    parts = {name: getattr(place, f"{name}_name", None) for name in ("table", "column", "constraint")}
    named = [f"{name} {value}" for name, value in parts.items() if value]
    error.args = (", ".join([f"PostgreSQL refused a value (error {code})", *named]),)
    return True


def insert_rows(connection: Connection, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows of stored values by COPY: measured at a tenth of the time of single statements."""
    import psycopg

    driver: Any = connection.connection.driver_connection
    quoted = ", ".join(f'"{name}"' for name in names)
    statement = f"COPY {table} ({quoted}) FROM STDIN"
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        _hide_values(error)
        raise DBAPIError.instance(  # what SQLAlchemy does for its own statements
            statement, None, error, psycopg.Error, hide_parameters=True, dialect=connection.dialect
        ) from None


def among(name: str, kind: str, values: Collection[Any]) -> tuple[str, tuple[Any, ...]]:
    """A condition that the column, of the SQL type `kind`, has one of these values, and its parameters."""
    return f"{name} = ANY(CAST(%s AS {kind}[]))", (list(values),)


def compact(connection: "psycopg.Connection[Any]") -> None:
    """Write every table anew without what was deleted. Waits for readers."""
    connection.autocommit = True
    try:
        connection.execute("VACUUM (FULL, ANALYZE)")
    finally:
        connection.autocommit = False
