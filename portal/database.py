"""The database: one code path over SQLite and PostgreSQL, read and write transactions, migrations.

Nothing connects before the first transaction, so a process may build a `Database` and fork.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Executable, MetaData, Table, create_engine, event, make_url, text
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

MIGRATIONS = Path(__file__).with_name("migrations")
MIGRATION_LOCK = 0x706F7274616C
"""Key of the PostgreSQL advisory lock under which one process at a time migrates."""
TRUSTED_S = 1.0
"""How long a pooled connection is taken to be alive after its last use; then it is asked first."""
WAIT_SECONDS = 15
"""How long a transaction waits for a lock before it fails."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of the portal, declared by the feature that owns it."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware datetimes in UTC go in and come out. SQLite, which knows no zones, keeps them without."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a datetime without a zone, which would mean another instant on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"expected an aware datetime, not {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the instant in UTC, whatever zone the connection has."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """A database and its transactions.

    :param url: `sqlite:////absolute/path` or `postgresql+psycopg://user@host/name`.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)

    @cached_property
    def engine(self) -> Engine:
        """The engine with its pool; made on first use."""
        if self.url.get_backend_name() == "sqlite":
            return _sqlite_engine(self)
        return _postgresql_engine(self)

    @cached_property
    def _writer(self) -> Engine:
        return self.engine.execution_options(portal_write=True)

    @cached_property
    def _reader(self) -> Engine:
        if self.url.get_backend_name() == "sqlite":
            return self.engine
        # Each statement has its own snapshot either way (READ COMMITTED); this saves the ways there to begin and end.
        return self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that only reads; on SQLite, everything as it stood at the first statement."""
        with self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that commits when the block ends, and leaves no trace when it raises.

        On SQLite it is the only writer from its start (`BEGIN IMMEDIATE`); on PostgreSQL it locks the rows it asks for.
        """
        with self._writer.begin() as connection:
            yield connection

    def ping(self) -> None:
        """Ask for an answer.

        :raises sqlalchemy.exc.SQLAlchemyError: when there is none.
        """
        with self.read() as connection:
            connection.execute(text("SELECT 1"))

    def upgrade(self) -> None:
        """Bring the schema to the newest version; several processes may call it at once."""
        from alembic.command import upgrade  # noqa: PLC0415 - a third of a second that only this needs
        from alembic.config import Config  # noqa: PLC0415

        if self.url.get_backend_name() == "sqlite" and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        with self.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            config.attributes["connection"] = connection
            upgrade(config, "head")

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def insert_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> int | None:
    """Insert a row unless it breaks a unique constraint; return its primary key, or None when one was there.

    Waits for a transaction that is inserting the same key, so that a look afterwards sees its row.
    """
    statement = insert_or_nothing(connection.dialect.name, table, *table.primary_key.columns)
    row = connection.execute(statement, dict(values)).first()
    return None if row is None else row[0]


@cache
def insert_or_nothing(dialect: str, table: Table, *wanted: ColumnElement[Any]) -> Executable:
    """Return the statement of `insert_new` for a kind of database, put together once.

    :param wanted: what it gives of a new row.
    """
    insert = import_module(f"sqlalchemy.dialects.{dialect}").insert  # the one at work is loaded already
    statement: Executable = insert(table).on_conflict_do_nothing().returning(*wanted)
    return statement


def _postgresql_engine(database: Database) -> Engine:
    engine = create_engine(
        database.url,
        isolation_level="READ COMMITTED",  # a stricter level counts places in a stale snapshot, lock or no lock
        connect_args={"connect_timeout": 5, "options": f"-c lock_timeout={WAIT_SECONDS}s"},
    )

    @event.listens_for(engine, "checkin")
    def note(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def look(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        # Asking each time (pool_pre_ping) is one more way there and back; one that answered just now is there.
        if time.monotonic() - record.info.get("used", math.inf) > TRUSTED_S and not _answers(engine, connection):
            raise DisconnectionError

    return engine


def _answers(engine: Engine, connection: DBAPIConnection) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False


def _sqlite_engine(database: Database) -> Engine:
    engine = create_engine(database.url, connect_args={"timeout": WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def configure(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None  # the driver starts no transaction of its own: `begin` below does
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power cut
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later cannot wait for another writer; it just fails.
        writes = connection.get_execution_options().get("portal_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
