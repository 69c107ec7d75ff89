"""Real threads on a real database: the in-memory one of SQLite cannot be shared by writers, so they get a file.

@pytest.mark.django_db(transaction=True)
def test_...(shared_database: None) -> None:
    results = at_once(lambda: claim(), lambda: claim())
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from pathlib import Path
from typing import Any

from django.db import connection, connections


@contextmanager
def shared_by_threads(folder: Path) -> Iterator[None]:
    """Let every thread, this one too, work on one database that has several writers. PostgreSQL is one already."""
    if connection.vendor != "sqlite":
        yield
        return
    copy = folder / "shared.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    here, name = connections["default"], connection.settings_dict["NAME"]
    here.settings_dict["NAME"] = str(copy)
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        here.settings_dict["NAME"] = name
        connections["default"] = here


def at_once(*work: Callable[[], Any], connected: int = 50) -> list[Any]:
    """Do all of it at one moment, each in a thread of its own at this context's clock. What each returned or raised.

    A server takes no more than so many connections: of more threads than `connected`, the others wait their turn.
    """
    results: list[Any] = [None] * len(work)
    together = threading.Barrier(min(len(work), connected))
    turns = threading.Semaphore(connected)

    def do(place: int) -> None:
        with turns:
            try:
                connection.ensure_connection()
                if place < together.parties:
                    together.wait(30)
                results[place] = work[place]()
            except Exception as error:
                results[place] = error
            finally:
                connections.close_all()

    threads = [threading.Thread(target=copy_context().run, args=(do, place)) for place in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
