"""SQL on one of two databases: a SQLite file of the index folder, or PostgreSQL on a server.

Only this file and `manifest_tables.py` know SQLAlchemy. Statements are written once, in what both
databases understand; `IN :names` takes any number of texts, `IN NUMBERS :names` of numbers.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Row, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import QueuePool, StaticPool
from sqlalchemy.sql.elements import TextClause

from rag.errors import IndexLocked, SettingsError, StoreUnavailable
from vectorstore.locks import write_lock

BUSY_SECONDS = 30.0  # how long to wait for another process's transaction
CONNECT_SECONDS = 10  # how long to wait for a server
CONNECTIONS = 8  # of one process to a server, kept open; twice as many in a rush
MANY = 5_000  # rows of one statement
_LOCK_NOT_AVAILABLE = "55P03"  # as PostgreSQL numbers it

Rows = Sequence[Row[*tuple[Any, ...]]]
_LIST = re.compile(r"IN (NUMBERS )?:(\w+)")
_LISTED = {  # any number of values in one parameter
    "sqlite": r"IN (SELECT value FROM json_each(:\2))",
    "postgresql": r"IN (SELECT json_array_elements_text(CAST(:\2 AS json)))",
    "postgresql NUMBERS ": (
        r"IN (SELECT CAST(json_array_elements_text(CAST(:\2 AS json)) AS bigint))"
    ),
}


class Transaction:
    """What can be done in one transaction, or outside of any: statements, one after the other."""

    def __init__(self, connection: Connection) -> None:
        """Wrap an open connection."""
        self._connection = connection
        self.dialect = connection.dialect.name

    def rows(self, sql: str, **values: Any) -> Rows:
        """All rows of a query, or of a statement that returns what it changed."""
        found = self._connection.execute(_statement(sql, self.dialect), _values(values))
        return found.fetchall()

    def row(self, sql: str, **values: Any) -> Row[*tuple[Any, ...]] | None:
        """The first row of a query; None if there is none."""
        return next(iter(self.rows(sql, **values)), None)

    def run(self, sql: str, **values: Any) -> None:
        """Run a statement that returns nothing."""
        self._connection.execute(_statement(sql, self.dialect), _values(values))

    def each(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run a statement for each of some rows of values."""
        waiting = list(rows)
        for first in range(0, len(waiting), MANY):
            batch = waiting[first : first + MANY]
            self._connection.execute(_statement(sql, self.dialect), batch)

    def batches(self, sql: str) -> Iterator[Rows]:
        """The rows of a query, so many at a time."""
        found = self._connection.execute(
            _statement(sql, self.dialect), execution_options={"yield_per": MANY // 10}
        )
        yield from found.partitions()

    def alone(self, name: str, seconds: float) -> bool:
        """Wait for other transactions of this name on a server; False after so many seconds.

        Until this one ends they wait. After False it can only be given up.
        """
        self.run(f"SET LOCAL lock_timeout = {seconds * 1000:.0f}")
        try:
            self.run("SELECT pg_advisory_xact_lock(:key)", key=_lock_key(name))
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", "") == _LOCK_NOT_AVAILABLE:
                return False
            raise
        return True

    def make(self, tables: MetaData) -> None:
        """Make the tables that are not there."""
        tables.create_all(self._connection)

    def drop(self, tables: MetaData) -> None:
        """Delete the tables with all that they hold."""
        tables.drop_all(self._connection)


class Database:
    """One database, used from many threads. Any method may raise StoreUnavailable."""

    def __init__(self, engine: Engine, name: str, way_out: str, file: Path | None) -> None:
        """Not for callers: see `in_file` and `on_server`."""
        self._engine = engine
        self.name = name  # as it may be shown
        self._way_out = way_out
        self._file = file
        self._lock = threading.RLock()  # of SQLite's one connection
        self._own: Connection | None = None  # on which the only writer writes
        self._closed = False
        self.is_server = engine.dialect.name == "postgresql"
        with self.mapped(), self._engine.connect():
            pass  # fail now rather than at the first question

    def close(self) -> None:
        """Close every connection; the object is of no use afterwards."""
        with self._lock:
            self._closed = True
            self._engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Change several things together or, after an error, nothing."""
        with self.mapped(), self._writing() as connection:
            if self.is_server:
                with connection.begin():
                    yield Transaction(connection)
                return
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield Transaction(connection)
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[Transaction]:
        """Read several things as they are at one moment."""
        with self.mapped(), self._reading() as connection:
            if self.is_server:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
                with connection.begin():
                    yield Transaction(connection)
                return
            connection.exec_driver_sql("BEGIN")
            try:
                yield Transaction(connection)
            finally:
                connection.exec_driver_sql("ROLLBACK")

    def rows(self, sql: str, **values: Any) -> Rows:
        """All rows of a query."""
        with self.mapped(), self._reading() as connection:
            return Transaction(connection).rows(sql, **values)

    def copy(self, path: Path, tables: MetaData) -> None:
        """Write all tables, as they are at one moment, to a new SQLite file.

        Others, of this process too, read and write meanwhile.
        """
        if self._file is not None:
            with (
                self.mapped(),
                closing(sqlite3.connect(self._file, timeout=BUSY_SECONDS)) as source,
                closing(sqlite3.connect(path)) as target,
            ):
                source.backup(target)
            return
        with closing(in_file(path)) as other, self.snapshot() as own, other.transaction() as db:
            _pour(own, db, tables)

    def replace(self, path: Path, tables: MetaData) -> None:
        """Put the tables of a SQLite file in place of all that are here, in one transaction."""
        with closing(in_file(path)) as other, other.snapshot() as given, self.transaction() as db:
            db.drop(tables)
            _pour(given, db, tables)

    def damage(self, most: int) -> list[str]:
        """What SQLite finds wrong in its file, in so many lines; a server sees to that itself."""
        if self.is_server:
            return []
        with self.mapped(), self._reading() as connection:
            found = connection.exec_driver_sql(f"PRAGMA integrity_check({int(most)})")
            return [str(row[0]) for row in found if row[0] != "ok"]

    def shrink(self) -> None:
        """Give the room of what was deleted back to the disk; a server sees to that itself."""
        if not self.is_server:
            with self.mapped(), self._reading() as connection:
                connection.exec_driver_sql("VACUUM")

    def has(self, table: str) -> bool:
        """Whether there is a table of this name."""
        with self.mapped(), self._reading() as connection:
            return bool(self._engine.dialect.has_table(connection, table))

    @contextmanager
    def sole_writer(self) -> Iterator[None]:
        """Be the only writer, of all processes of all machines; of one folder with SQLite.

        On a server everything is written by the connection that holds the lock: with it goes the
        right to write.

        Raises:
            IndexLocked: another process is writing.

        """
        if self._file is not None:
            with write_lock(self._file.parent):
                yield
            return
        key = {"key": _lock_key()}
        with ExitStack() as stack:
            with self.mapped():  # and not what is done while it is held: files are read then
                connection = stack.enter_context(self._engine.connect())
                taken = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar()
                connection.commit()
            if not taken:
                raise IndexLocked(
                    f"Another byline is writing to the index in {self.name}. Wait until it has"
                    " finished and try again; the lock goes when that process ends, however it"
                    " ends."
                )
            self._own = connection
            try:
                yield
            finally:
                with self._lock:
                    self._own = None
                with suppress(SQLAlchemyError):  # a lost connection has let go of it already
                    connection.rollback()
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)
                    connection.commit()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._closed:
            raise StoreUnavailable(f"{self.name} was closed.")
        if self.is_server:
            with self._engine.connect() as connection:
                yield connection
        else:
            with self._lock, self._engine.connect() as connection:
                yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._lock:
            if self._own is not None:
                yield self._own
                return
        with self._reading() as connection:
            yield connection

    @contextmanager
    def mapped(self) -> Iterator[None]:
        """Give errors of the database as StoreUnavailable, with what to do."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            why = getattr(error, "orig", None) or error
            raise StoreUnavailable(f"{self.name} cannot be used ({why}). {self._way_out}") from why


def in_file(path: Path) -> Database:
    """Open or create a SQLite file; tables come later. Raises StoreUnavailable."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=StaticPool,
        pool_reset_on_return=None,  # it would roll back what the same thread has begun
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _write_ahead)
    return Database(
        engine,
        str(path),
        "If no other program has it open and the disk is not full, bring back a backup"
        " (byline restore FILE --replace) or build the index again:"
        " byline ingest FOLDER --index DIR --rebuild",
        path,
    )


def on_server(url: str) -> Database:
    """Open the PostgreSQL database at `url`. Raises SettingsError, StoreUnavailable."""
    address = address_of(url)
    try:
        engine = create_engine(
            address,
            poolclass=QueuePool,
            pool_size=CONNECTIONS,
            max_overflow=CONNECTIONS,
            pool_pre_ping=True,
            connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "byline"},
        )
    except ModuleNotFoundError as error:
        raise SettingsError(
            "BYLINE_DATABASE needs the driver of PostgreSQL: pip install 'byline[postgresql]'"
        ) from error
    return Database(
        engine,
        address.render_as_string(hide_password=True),
        "Check that PostgreSQL runs there and that BYLINE_DATABASE names its user, password and"
        " database.",
        None,
    )


def address_of(url: str) -> URL:
    """The address that BYLINE_DATABASE names, with its driver. Raises SettingsError."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise SettingsError(f"BYLINE_DATABASE {_FORM}") from error
    if address.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise SettingsError(f"BYLINE_DATABASE is of {address.drivername}; it {_FORM}")
    return address.set(drivername="postgresql+psycopg")


def behind(beginning: str) -> str:
    """The first text, byte by byte, after all that begin so."""
    return f"{beginning[:-1]}{chr(ord(beginning[-1]) + 1)}"


def _pour(source: Transaction, target: Transaction, tables: MetaData) -> None:
    """Make the tables in `target` and copy all rows to them."""
    target.make(tables)
    for table in tables.sorted_tables:
        names = [column.name for column in table.columns]
        listed = ", ".join(f'"{name}"' for name in names)
        values = ", ".join(f":{name}" for name in names)
        for rows in source.batches(f"SELECT {listed} FROM {table.name}"):
            insert = f"INSERT INTO {table.name} ({listed}) VALUES ({values})"
            target.each(insert, [dict(row._mapping) for row in rows])
        counted = table.autoincrement_column
        if counted is not None and target.dialect == "postgresql":  # the next number is above all
            target.run(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{counted.name}'),"
                f" COALESCE(MAX({counted.name}), 0) + 1, false) FROM {table.name}"
            )


_FORM = "must be postgresql://USER:PASSWORD@HOST:PORT/DATABASE."


def _write_ahead(connection: Any, _: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")


def _lock_key(name: str = "") -> int:
    """The number of an advisory lock; without a name that of writers: a database has one index."""
    digest = hashlib.sha256(f"byline{name and f' {name}'}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


@lru_cache(maxsize=512)
def _statement(sql: str, dialect: str) -> TextClause:
    def listed(found: re.Match[str]) -> str:
        return found.expand(_LISTED.get(f"{dialect} {found[1]}", _LISTED[dialect]))

    return text(_LIST.sub(listed, sql))


def _values(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: json.dumps(list(value)) if _is_list(value) else value for name, value in given.items()
    }


def _is_list(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes)
