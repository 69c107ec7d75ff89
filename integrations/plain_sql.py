"""Constant SQL for the few hot reads and writes of a call: one way to run it, and moments as both databases store them.

Use the ORM everywhere else. Building a query costs more than running it (docs/choices.md), so a hot statement is a
constant text with %s places, and the ORM query that means the same stands beside it in a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

Row = tuple[Any, ...]


def on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def rows(sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def row(sql: str, parameters: Sequence[Any] = ()) -> Row | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: Row | None = cursor.fetchone()
        return found


def write(sql: str, parameters: Sequence[Any] = ()) -> int:
    """How many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def insert(sql: str, parameters: Sequence[Any] = ()) -> int:
    """The id that `INSERT ... RETURNING id` gave."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.fetchone()[0])


def stamp(moment: datetime | None) -> Any:
    """A moment as a parameter: SQLite keeps naive UTC text, PostgreSQL takes it as it is."""
    if moment is None or on_postgresql():
        return moment
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def moment(stored: Any) -> datetime | None:
    """A moment out of a row, aware, in UTC."""
    if stored is None:
        return None
    at: datetime = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
