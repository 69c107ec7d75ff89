"""Houses to break things in: on PostgreSQL where it answers here, else on SQLite; with a Redis of our own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.processes.databases import Database, Postgres, Sqlite
from tests.processes.house import PATIENCE, House, free_port, wait_until

Tell = Callable[[str], None]


@pytest.fixture
def tell(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Tell:
    """Say a figure to whoever runs the tests, and keep it with the results."""

    def told(text: str) -> None:
        request.node.user_properties.append(("figure", text))
        with capsys.disabled():
            sys.stdout.write(f"\n  {text}\n")

    return told


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One with the demo in it, that never runs: each test gets a copy."""

    def database(folder: Path) -> Database:
        if os.environ.get("DATABASE_URL", "").startswith("sqlite"):
            return Sqlite(folder)
        try:
            return Postgres()
        except psycopg.OperationalError:
            return Sqlite(folder)

    house = House.built(tmp_path_factory.mktemp("built") / "house", database)
    yield house
    house.close()


class Broker:
    """A Redis of our own, that may be killed; nothing in it is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        keeps_nothing = ("--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--port", str(self.port))
        self.process = subprocess.Popen(
            ["redis-server", *keeps_nothing], cwd=self.folder, stdout=subprocess.DEVNULL, start_new_session=True
        )
        wait_until(self.answers, "Redis answers")

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(7) == b"+PONG\r\n"
        except OSError:
            return False

    def send(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(PATIENCE)
            self.process = None


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    if shutil.which("redis-server") is None:
        pytest.skip("no Redis to kill: redis-server is not installed")
    broker = Broker(tmp_path)
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture
def house(built: House, tmp_path: Path, tell: Tell) -> Iterator[House]:
    """Without a broker: the web processes sweep."""
    house = built.copy_to(tmp_path / "house")
    yield from _lived_in(house, tell)


@pytest.fixture
def house_with_workers(built: House, tmp_path: Path, tell: Tell, broker: Broker) -> Iterator[House]:
    house = built.copy_to(tmp_path / "house", broker=broker.url)
    yield from _lived_in(house, tell)


def _lived_in(house: House, tell: Tell) -> Iterator[House]:
    tell(f"on {house.database.name}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    try:
        yield house
    finally:
        for name in list(house.running):
            if words := house.log(name):
                sys.stdout.write(f"--- {name} said last ---\n{words[-4000:]}\n")
        house.close()
