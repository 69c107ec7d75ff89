"""A town with one line, one worker and two lawyers, with phones. Time moves only when a story says so."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.client import ClientHandler

from config.due import SERVICES, WATCHES
from integrations import clock, sweep
from integrations.twilio import rest
from tests import builders
from tests.concurrency import shared_by_threads
from tests.hotline.phone import contract
from tests.network import Network, Person

LINE = "+31850000000"


@dataclass
class Scene:
    """Everybody in a story, by name; `phone('bos')` is that person's telephone."""

    network: Network
    line: Any
    client: CountingClient
    people: dict[str, Any] = field(default_factory=dict)

    def phone(self, name: str) -> Person:
        person = self.people[name]
        return self.network.person(person.numbers.get(is_primary=True).e164, name)

    def add(self, name: str, person: Any) -> Person:
        self.people[name] = person
        return self.phone(name)

    def loses_database(self, part: str = "", times: int = 1) -> None:
        """The next so many webhooks with `part` in their address find no database."""
        left = [times]

        def is_down(path: str) -> bool:
            if part not in path or not left[0]:
                return False
            left[0] -= 1
            return True

        self.client.down = is_down  # type: ignore[method-assign]

    def look(self) -> None:
        """The sweep looks now, whatever it expects: a test changed a row by hand, or wrote to the spool."""
        sweep.tick(SERVICES, WATCHES)
        self.network.settle()

    def lawyer(self, name: str, desk: Any, position: int = 1, **fields: Any) -> Person:
        """A lawyer with a duty on this desk from an hour ago for four hours."""
        person = builders.a_lawyer(name.capitalize(), **fields)
        builders.a_duty(desk, person, position)
        return self.add(name, person)


class CountingClient(Client):
    """Counts the webhooks, so that the sweep knows when something was said. Holds every answer to the contract, and
    can work without a database."""

    handler = ClientHandler(enforce_csrf_checks=False)
    posts = 0
    down: Callable[[str], bool] = staticmethod(lambda path: False)

    def __init__(self) -> None:
        shared = type(self).handler  # the middleware looks through all static files when it is made
        super().__init__()
        self.handler = shared

    def post(self, path: str, *args: Any, **fields: Any) -> Any:
        self.posts += 1
        with connection.execute_wrapper(no_database) if self.down(path) else nullcontext():
            response = super().post(path, *args, **fields)
        if response.status_code == 200 and response.content:
            contract.of(path, response.content.decode())
        return response


def no_database(*args: Any) -> Any:
    """Every statement fails, as when the server is gone."""
    raise OperationalError("server closed the connection unexpectedly")


class Sweeper:
    """The product's sweep, called every second. It looks again when something was said or a moment has come.

    A real sweep looks every second; skipping the looks that find nothing makes a story of an hour run in a second.
    """

    def __init__(self, client: CountingClient) -> None:
        self.client = client
        self.heard, self.quiet_until = -1, datetime.min.replace(tzinfo=UTC)

    def __call__(self) -> int:
        heard = self.client.posts
        if heard == self.heard and clock.now() < self.quiet_until:
            return 0
        done = sweep.tick(SERVICES, WATCHES)
        self.heard = heard
        self.quiet_until = sweep.next_moment(WATCHES) or datetime.max.replace(tzinfo=UTC)
        return done


@contextmanager
def a_scene() -> Iterator[Scene]:
    """A worker in Walcheren with one usual area (huur), and a line that is open day and night."""
    client = CountingClient()
    sweep._looked.clear()  # a watch that rests rests by the clock of the test before
    network = Network(client, tick=Sweeper(client))
    line = builders.an_all_hours_line("Piketlijn", number=LINE)
    town = Scene(network, line, client)
    town.add("worker", builders.a_worker("Wim Werker", region="walcheren"))
    with rest.use_http_client(network.http):
        yield town


@pytest.fixture
def no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Nothing of ours fails unseen: handlers and watches log what they survive. A story that fails on purpose adds to
    the list what it expects in the log."""
    expected: list[str] = []
    yield expected
    errors = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    unexpected = [record.getMessage() for record in errors if not any(part in record.getMessage() for part in expected)]
    assert unexpected == []


@pytest.fixture
def scene(db: None, at_ten_thirty: Any, no_errors: list[str]) -> Iterator[Scene]:
    with a_scene() as town:
        yield town


@pytest.fixture
def shared_scene(transactional_db: None, at_ten_thirty: Any, no_errors: list[str], tmp_path: Path) -> Iterator[Scene]:
    """The same on a database that several threads can write to."""
    with shared_by_threads(tmp_path), a_scene() as town:
        yield town


def with_two_lawyers(town: Scene) -> Scene:
    desk = builders.a_desk(town.line, "Walcheren huur")
    town.lawyer("bos", desk, 1)
    town.lawyer("chen", desk, 2)
    return town


@pytest.fixture
def two_lawyers(scene: Scene) -> Scene:
    """Desk 'Walcheren huur' with Bos on duty and Chen as backup."""
    return with_two_lawyers(scene)
