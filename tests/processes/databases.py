"""Databases that exist for one test only: a file, or a database of our own on the PostgreSQL server of this machine."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import psycopg

SERVER = "postgres://postgres@127.0.0.1:5432/postgres"


class Database(Protocol):
    """`url` as in DATABASE_URL. `copy_to` makes the same again for a program in another folder."""

    name: str
    url: str

    def rows(self, sql: str) -> list[tuple[Any, ...]]: ...
    def held_up(self) -> AbstractContextManager[None]:
        """Nobody gets on with a call: who writes waits in the midst of a transaction."""

    def copy_to(self, folder: Path) -> Database: ...
    def drop(self) -> None: ...


class Sqlite:
    """The file in `var/`, as a fresh clone has it. Copying the folder copies the database."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.file = folder / "var" / "piketlijn.sqlite3"
        self.url = f"sqlite:///{self.file}"

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.file, timeout=10)) as connection, connection:
            return connection.execute(sql).fetchall()

    @contextmanager
    def held_up(self) -> Iterator[None]:
        with closing(sqlite3.connect(self.file, timeout=10, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")

    def copy_to(self, folder: Path) -> Sqlite:
        return Sqlite(folder)

    def drop(self) -> None:
        """Goes with its folder."""


class Postgres:
    """A database with a name that nobody else has. Raises psycopg.OperationalError where no server answers."""

    name = "PostgreSQL"

    def __init__(self, like: str = "template1") -> None:
        given = os.environ.get("DATABASE_URL", "")
        self.server = given if given.startswith("postgres") else SERVER
        self.database = f"piketlijn_whole_{os.getpid()}_{secrets.token_hex(3)}"
        self.url = urlsplit(self.server)._replace(path=f"/{self.database}").geturl()
        self._on_the_server(f'CREATE DATABASE "{self.database}" TEMPLATE "{like}"')

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def held_up(self) -> Iterator[None]:
        with psycopg.connect(self.url, connect_timeout=5) as connection:
            connection.execute("LOCK TABLE hotline_event IN SHARE ROW EXCLUSIVE MODE")
            yield
            connection.rollback()

    def copy_to(self, folder: Path) -> Postgres:
        return Postgres(like=self.database)

    def drop(self) -> None:
        self._on_the_server(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')

    def _on_the_server(self, sql: str) -> None:
        server = urlsplit(self.server)._replace(path="/postgres").geturl()
        with psycopg.connect(server, autocommit=True, connect_timeout=5) as connection:
            connection.execute(sql.encode())
