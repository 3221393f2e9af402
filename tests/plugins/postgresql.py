"""A real PostgreSQL for the tests: the one named by PORTAL_TEST_POSTGRESQL_URL, else a throwaway of our own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from alembic.command import upgrade
from alembic.config import Config
from psycopg import sql
from sqlalchemy import make_url

from portal.database import MIGRATIONS, Database
from tools.postgresql import throwaway

SETTING = "PORTAL_TEST_POSTGRESQL_URL"


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """Give the address of a PostgreSQL server where databases may be created."""
    if url := os.environ.get(SETTING):
        yield url
        return
    with throwaway() as url:
        yield url


@pytest.fixture
def postgresql_database_url(postgresql_url: str) -> Iterator[str]:
    """Give the address of an empty database, dropped after the test."""
    with empty_database(postgresql_url) as url:
        yield url


@contextmanager
def empty_database(postgresql_url: str) -> Iterator[str]:
    """Give the address of an empty database on a server, dropped afterwards."""
    name = f"test_{uuid4().hex}"
    _administer(postgresql_url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield make_url(postgresql_url).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(postgresql_url, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give a migrated, empty database: every test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'portal.sqlite'}"
    else:
        url = request.getfixturevalue("postgresql_database_url")
    database = Database(url)
    database.upgrade()
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_at(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    """Give databases as they were at a version of the schema, such as `0006`."""
    url = f"sqlite:///{tmp_path / 'portal.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_database_url")
    database = Database(url)

    def at(version: str) -> Database:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with database.write() as connection:
            config.attributes["connection"] = connection
            upgrade(config, version)
        return database

    yield at
    database.close()


def _administer(url: str, command: sql.Composed) -> None:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(command)
