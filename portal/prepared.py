"""Statements that run with every booking: put together by SQLAlchemy once, then run by the driver alone.

`Connection.execute` looks its statement up each time, and builds a context and a result around the driver's cursor:
more work than the driver's own. Here SQLAlchemy's types stay and the rest is left out, on both databases alike.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.base import Executable
from sqlalchemy.types import TypeEngine

Process = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement as one driver takes it.

    :ivar stated: the values that stand in the statement itself; those that are asked for have none.
    :ivar into: what the driver needs made of a value, by its name.
    :ivar order: the names of the values one after the other, for a driver that takes them so.
    :ivar out: what is to be made of the driver's values, None where they are right.
    :ivar row: how its rows are given.
    """

    sql: str
    stated: dict[str, Any]
    into: tuple[tuple[str, Process], ...]
    order: tuple[str, ...] | None
    out: tuple[Process | None, ...]
    row: Callable[[Iterable[Any]], Any]


def rows(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> list[Any]:
    """Run a statement within the transaction of a connection; return its rows, as tuples with names.

    :param statement: the same object each time, as it is put together but once: a SELECT, or an INSERT of one row.
    :param values: all that it takes, by name; of an INSERT also the columns.
    :raises sqlalchemy.exc.DBAPIError: as `Connection.execute` does.
    """
    text = _text(connection.dialect, statement, tuple(values))
    given = {**text.stated, **values}
    for name, process in text.into:
        given[name] = process(given[name])
    found = _run(connection, text, given if text.order is None else [given[name] for name in text.order])
    if any(text.out):
        found = [map(_out, text.out, row) for row in found]
    return [text.row(row) for row in found]


def _run(connection: Connection, text: _Text, values: Any) -> list[Any]:
    hears = connection.dispatch  # who counts or delays statements hears of these too
    cursor = connection.connection.cursor()
    try:
        if hears.before_cursor_execute:
            hears.before_cursor_execute(connection, cursor, text.sql, values, None, False)
        cursor.execute(text.sql, values)
        if hears.after_cursor_execute:
            hears.after_cursor_execute(connection, cursor, text.sql, values, None, False)
        return list(cursor.fetchall()) if text.out else []
    except connection.dialect.loaded_dbapi.Error as error:
        raise _failed(connection, cursor, text.sql, error) from error
    finally:
        cursor.close()


@lru_cache(maxsize=1024)
def _text(dialect: Dialect, statement: Any, names: tuple[str, ...]) -> _Text:
    compiled = statement.compile(dialect=dialect, column_keys=names, compile_kwargs={"render_postcompile": True})
    into = {name: _impl(dialect, bind.type).bind_processor(dialect) for name, bind in compiled.binds.items()}
    if compiled.insert_prefetch:
        raise ValueError(f"{compiled.insert_prefetch}: a default that Python makes is not made here")
    columns = tuple(statement.exported_columns)
    row = namedtuple("Row", [getattr(column, "name", "") for column in columns], rename=True)  # type: ignore[misc]
    return _Text(
        sql=compiled.string,
        stated={name: value for name, value in compiled.params.items() if name not in names},
        into=tuple((name, process) for name, process in into.items() if process and name in names),
        order=tuple(compiled.positiontup) if compiled.positional else None,
        out=tuple(_impl(dialect, column.type).result_processor(dialect, None) for column in columns),
        row=row._make,
    )


def _out(process: Process | None, value: Any) -> Any:
    return value if process is None else process(value)


def _impl(dialect: Dialect, kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)


def _failed(connection: Connection, cursor: Any, sql: str, error: Exception) -> BaseException:
    """Return a driver's error as SQLAlchemy tells it; a connection that is lost goes out of the pool."""
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, connection.connection, cursor)  # type: ignore[arg-type]
    if lost:
        connection.invalidate(error)
    base = dialect.loaded_dbapi.Error
    return DBAPIError.instance(sql, None, error, base, connection_invalidated=lost, dialect=dialect)
