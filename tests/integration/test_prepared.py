from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import JSON, Boolean, Column, Integer, MetaData, String, Table, Uuid, bindparam, event, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from portal import prepared
from portal.database import Database, UtcDateTime, insert_or_nothing

THINGS = Table(
    "prepared_things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("uuid", Uuid, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("on", Boolean, nullable=False),
    Column("data", JSON, nullable=False),
    Column("state", String(10)),
)
COUNTED = Table(
    "prepared_counted",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("made_here", String(10), default=lambda: "yes"),
)
ADD = THINGS.insert()
ONE = select(THINGS).where(THINGS.c.id == bindparam("wanted"))
IN_STATES = select(THINGS.c.id).where(
    THINGS.c.state.in_(("a", "b")), THINGS.c.at > bindparam("after", type_=UtcDateTime, required=False)
)
THING = {
    "id": 1,
    "uuid": UUID(int=7),
    "at": datetime(2026, 7, 1, 9, tzinfo=UTC),
    "on": True,
    "data": {"fullName": "李娜 100%"},
    "state": "a",
}


@pytest.fixture
def things(database: Database) -> Database:
    with database.write() as connection:
        THINGS.metadata.create_all(connection)
        prepared.rows(connection, ADD, THING)
    return database


def test_values_come_out_as_they_went_in(things: Database) -> None:
    with things.read() as connection:
        (row,) = prepared.rows(connection, ONE, {"wanted": 1})
        (known,) = connection.execute(ONE, {"wanted": 1})
    assert row._asdict() == THING == known._asdict()


def test_values_that_stand_in_a_statement_need_not_be_given(things: Database) -> None:
    with things.read() as connection:
        for day, found in ((1, 1), (2, 0)):
            after = datetime(2026, 7, day, tzinfo=UTC)
            assert len(prepared.rows(connection, IN_STATES, {"after": after})) == found


def test_an_insert_tells_what_is_asked_of_the_new_row_and_nothing_of_one_that_is_there(things: Database) -> None:
    with things.write() as connection:
        statement = insert_or_nothing(connection.dialect.name, THINGS, THINGS.c.id, THINGS.c.on)
        assert prepared.rows(connection, statement, THING | {"id": 2}) == [(2, True)]
        assert prepared.rows(connection, statement, THING | {"id": 2}) == []


def test_it_is_part_of_the_transaction(things: Database) -> None:
    class Never(Exception):
        pass

    def add_in_vain() -> None:
        with things.write() as connection:
            prepared.rows(connection, ADD, THING | {"id": 3})
            raise Never

    with pytest.raises(Never):
        add_in_vain()
    with things.read() as connection:
        assert prepared.rows(connection, ONE, {"wanted": 3}) == []


def test_a_default_that_would_be_forgotten_is_refused(things: Database) -> None:
    with things.read() as connection, pytest.raises(ValueError, match="made_here"):
        prepared.rows(connection, COUNTED.insert(), {"id": 1})


def test_who_listens_to_statements_hears_of_these_too(things: Database) -> None:
    heard: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        heard.append(statement)

    for moment in ("before_cursor_execute", "after_cursor_execute"):
        event.listen(things.engine, moment, hear)
    with things.read() as connection:
        prepared.rows(connection, ONE, {"wanted": 1})
    assert sum("FROM prepared_things" in statement for statement in heard) == 2


def test_errors_are_sqlalchemys(things: Database) -> None:
    with pytest.raises(IntegrityError), things.write() as connection:
        prepared.rows(connection, ADD, THING)
    with pytest.raises(DBAPIError), things.read() as connection:
        prepared.rows(connection, select(COUNTED), {})


def test_a_connection_that_was_lost_is_replaced(postgresql_database_url: str) -> None:
    things = Database(postgresql_database_url)
    with things.write() as connection:
        THINGS.metadata.create_all(connection)

    def look_in_vain() -> None:
        with things.write() as connection:
            process = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with things.write() as other:
                other.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})
            prepared.rows(connection, ONE, {"wanted": 1})

    with pytest.raises(OperationalError) as raised:
        look_in_vain()
    assert raised.value.connection_invalidated
    with things.read() as connection:
        assert prepared.rows(connection, ONE, {"wanted": 1}) == []
    things.close()
