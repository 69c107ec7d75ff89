"""Real processes, killed: a web server, workers with a broker, the sweep in the foreground. Nothing written is lost."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from shutil import copyfile
from urllib.error import URLError

import pytest
from django.conf import settings

from tests.integrations.vendor import VendorServer, vendor_server

pytestmark = pytest.mark.processes
ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds, for a machine with a lot to do
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/5")
WORKER = ("-m", "celery", "-A", "config", "worker", "--concurrency=2", "-l", "WARNING")
TEXT = 'from integrations import outbox; outbox.enqueue(outbox.sms("+31600000002", "tekst", key="{key}"))'
CALL = (
    "from integrations import outbox; outbox.enqueue(outbox.place_call("
    '"+31600000001", url="https://p/o", status_url="https://p/s", caller_id="+31850000000", ring_seconds=20, key="c"))'
)


class House:
    """One database, one vendor, and the processes that this test started: they end with it."""

    def __init__(self, folder: Path, vendor: VendorServer) -> None:
        self.vendor = vendor
        self.database = folder / "house.sqlite3"
        self.running: list[subprocess.Popen[bytes]] = []
        self.environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "TWILIO_API_BASE": vendor.base,
            "CELERY_BROKER_URL": "",
            "SECRET_KEY": "for a test",
            "TWILIO_AUTH_TOKEN": "token",
        }

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
        return done.stdout.strip()

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "-c", code)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=self.environment, start_new_session=True)
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """SIGKILL to it and its children, at one moment."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)
        self.running.remove(process)

    def kill_all(self) -> None:
        for process in list(self.running):
            self.kill(process)

    def states(self) -> list[str]:
        with closing(sqlite3.connect(self.database)) as database:
            return [state for (state,) in database.execute("SELECT state FROM integrations_outboxmessage ORDER BY id")]

    def come_to(self, *states: str) -> None:
        """Wait until the messages have these states: the vendor hears of one before its row says so."""
        for _ in range(PATIENCE * 10):
            if self.states() == list(states):
                return
            _wait_a_moment()
        raise AssertionError(self.states())

    def the_vendor_hears(self, what: str) -> None:
        assert self.vendor.heard.get(timeout=PATIENCE) == what


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with vendor_server() as vendor:
        house = House(tmp_path_factory.mktemp("migrated"), vendor)
        house.manage("migrate", "-v0")
        return house.database


@pytest.fixture
def house(tmp_path: Path, migrated: Path) -> Iterator[House]:
    with vendor_server() as vendor, ExitStack() as stack:
        house = House(tmp_path, vendor)
        copyfile(migrated, house.database)
        stack.callback(house.kill_all)
        yield house


@pytest.fixture
def broker(house: House) -> None:
    try:
        socket.create_connection(("127.0.0.1", 6379), timeout=1).close()
    except OSError:
        pytest.skip("no Redis on this machine")
    house.environment["CELERY_BROKER_URL"] = REDIS


def worker(house: House) -> subprocess.Popen[bytes]:
    return house.start(*WORKER)


def beat(house: House, folder: Path) -> subprocess.Popen[bytes]:
    return house.start("-m", "celery", "-A", "config", "beat", "-s", str(folder / "beat"), "-l", "WARNING")


def web(house: House) -> str:
    """Start a web server of one process and wait until it answers. Its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    house.start("-m", "gunicorn", "config.wsgi", "-b", f"127.0.0.1:{port}", "--threads", "2", "--no-control-socket")
    address = f"http://127.0.0.1:{port}"
    for _ in range(PATIENCE * 10):
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=1) as answer:
                assert answer.status == 200
                return address
        except (URLError, ConnectionError, TimeoutError):
            house.running[-1].poll()
            assert house.running[-1].returncode is None
            _wait_a_moment()
    raise AssertionError("the web server did not start")


def _wait_a_moment() -> None:
    """Until a port of nobody refuses us: a pause that needs no sleep."""
    with socket.socket() as pause:
        pause.settimeout(0.1)
        pause.bind(("127.0.0.1", 0))
        pause.listen(0)
        with pytest.raises(TimeoutError):
            pause.accept()


def test_the_sweep_in_the_foreground_sends_and_stops_when_asked(house: House) -> None:
    house.shell(TEXT.format(key="before"))
    sweep = house.start("manage.py", "sweep")
    house.the_vendor_hears("Messages.json")
    house.shell(TEXT.format(key="after"))
    house.the_vendor_hears("Messages.json")
    sweep.send_signal(signal.SIGTERM)
    assert sweep.wait(PATIENCE) == 0
    house.running.remove(sweep)
    assert house.states() == ["sent", "sent"]


def test_a_sweep_killed_while_it_places_a_call_leaves_it_unknown_and_places_no_second(house: House) -> None:
    house.vendor.silent = True
    house.shell(CALL)
    first = house.start("manage.py", "sweep")
    house.the_vendor_hears("Calls.json")
    house.kill(first)
    house.vendor.silent = False
    house.shell(
        "from integrations.models import OutboxMessage; OutboxMessage.objects.update(lease_until='2020-01-01T00:00Z')"
    )
    house.shell(TEXT.format(key="next"))
    house.start("manage.py", "sweep")
    house.the_vendor_hears("Messages.json")
    house.come_to("unknown", "sent")
    assert house.vendor.heard.empty()


def test_a_web_server_alone_sweeps_by_itself(house: House) -> None:
    web(house)
    house.shell(TEXT.format(key="a"))
    house.the_vendor_hears("Messages.json")


def test_workers_sweep_and_when_they_die_the_web_server_steps_in(house: House, broker: None, tmp_path: Path) -> None:
    house.shell(TEXT.format(key="a"))
    labour, clockwork = worker(house), beat(house, tmp_path)
    house.the_vendor_hears("Messages.json")
    address = web(house)
    house.shell(TEXT.format(key="b"))
    house.come_to("sent", "sent")
    house.kill(labour)
    house.shell(TEXT.format(key="c"))
    house.come_to("sent", "sent", "sent")
    house.kill(clockwork)
    house.shell(TEXT.format(key="d"))
    house.come_to("sent", "sent", "sent", "sent")
    with urllib.request.urlopen(f"{address}/metrics", timeout=5) as answer:
        assert b"piketlijn_broker_reachable 1.0" in answer.read()


def test_a_worker_does_not_start_where_a_real_vendor_would_ring_demo_people(house: House, broker: None) -> None:
    house.shell(
        "from directory.models import Person;"
        ' Person.objects.create(email="p@example.nl", name="Bos", password="!", is_demo=True)'
    )
    house.environment |= {
        "TELEPHONY": "twilio",
        "TWILIO_API_BASE": "",
        "PUBLIC_URL": "https://piket.example.nl",
        "FIELD_KEYS": settings.FIELD_KEYS[0],
    }
    for command in (WORKER, ("manage.py", "sweep"), ("-c", "import config.wsgi")):
        end = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=house.environment, capture_output=True, timeout=PATIENCE
        )
        assert end.returncode != 0
        assert b"demo people" in end.stderr
    assert house.vendor.heard.empty()
