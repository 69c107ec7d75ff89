"""The whole of Piketlijn as real processes: a copy of the program with a `var/` of its own, and everything it runs."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any, TypeVar

import requests

from tests.processes.databases import Database
from tests.processes.lab import LabDoors

ROOT = Path(__file__).parents[2]
NOT_THE_PROGRAM = ignore_patterns(".*", "var", "build", "tests", "benchmarks", "docs")
PATIENCE = 60.0  # seconds, for a machine with a lot to do
SETTINGS = ("DATABASE_URL", "CELERY_BROKER_URL", "SHORT_URL", "ALLOWED_HOSTS", "TELEPHONY", "FALLBACK_NUMBER", "DEBUG")
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
_LIBC = ctypes.CDLL(None)
_PAUSE = threading.Event()
Found = TypeVar("Found")


def wait_until(found: Callable[[], Found], what: str, within: float = PATIENCE) -> Found:
    """The first true answer of `found`, asked ten times a second. Fails when it takes longer than `within` seconds."""
    ends = time.monotonic() + within
    while not (answer := found()):
        assert time.monotonic() < ends, f"not within {within:.0f} s: {what}"
        pause(0.1)
    return answer


def pause(seconds: float) -> None:
    """Real processes need real time."""
    _PAUSE.wait(seconds)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answers(address: str) -> bool:
    with suppress(requests.RequestException):
        return requests.get(address, timeout=2).status_code == 200
    return False


def threads_of(process: str) -> int:
    with suppress(FileNotFoundError):
        return len(list(Path(f"/proc/{process}/task").iterdir()))
    return 0


def load() -> float:
    """How many programs want each core now; over 1 the machine is busy and times are upper bounds."""
    return os.getloadavg()[0] / (os.cpu_count() or 1)


class House:
    """`people` is what load_demo --json told. Every process ends with `close`, or with the test run itself."""

    def __init__(self, folder: Path, database: Database, *, broker: str = "", people: Any = None) -> None:
        self.folder, self.database, self.people = folder, database, people
        self.calls_of_the_demo = self.texts_of_the_demo = 0  # what is in the rows from the start: the highest id
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        web, lab = free_port(), free_port()
        self.web, self.lab = f"http://127.0.0.1:{web}", LabDoors(f"http://127.0.0.1:{lab}")
        self.environment = {name: value for name, value in os.environ.items() if name not in SETTINGS} | {
            "DATABASE_URL": database.url,
            "CELERY_BROKER_URL": broker,
            "PUBLIC_URL": self.web,
            "TWILIO_API_BASE": self.lab.address,
        }
        gunicorn = ("-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--log-level", "warning")
        celery = ("-m", "celery", "-A", "config")
        self.commands: dict[str, tuple[str, ...]] = {
            "web": (*gunicorn, "--bind", f"127.0.0.1:{web}"),
            "lab": ("manage.py", "lab", f"127.0.0.1:{lab}", "--fallback-url", f"{self.web}/twilio/voice/again1"),
            "worker": (*celery, "worker", "--concurrency=2", "-l", "WARNING"),
            "beat": (*celery, "beat", "-l", "WARNING"),
            "sweep": ("manage.py", "sweep"),
        }
        self.ready = {"web": f"{self.web}/readyz", "lab": f"{self.lab.address}/healthz"}

    # --- Making ---------------------------------------------------------------------------------------------------
    @classmethod
    def built(cls, folder: Path, database: Callable[[Path], Database]) -> House:
        """A new one with the small demo in its database."""
        copytree(ROOT, folder, ignore=NOT_THE_PROGRAM)
        house = cls(folder, database(folder))
        try:
            house.manage("migrate", "--no-input", "-v0")
            house.people = json.loads(house.manage("load_demo", "--size", "small", "--json").splitlines()[-1])
        except BaseException:
            house.close()
            raise
        return house

    def copy_to(self, folder: Path, *, broker: str = "") -> House:
        """The same house at other ports; this one must not be running."""
        copytree(self.folder, folder, ignore=ignore_patterns("logs"))
        copy = House(folder, self.database.copy_to(folder), broker=broker, people=self.people)
        copy.calls_of_the_demo, copy.texts_of_the_demo = (
            copy.database.rows(f"SELECT COALESCE(max(id), 0) FROM {table}")[0][0]
            for table in ("hotline_call", "integrations_outboxmessage")
        )
        return copy

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "-c", code)

    # --- Processes ------------------------------------------------------------------------------------------------
    def start(self, *names: str) -> None:
        """Start these at one moment and return when those with an address answer."""
        (self.folder / "logs").mkdir(exist_ok=True)
        for name in names:
            with (self.folder / "logs" / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    [sys.executable, *self.commands[name]],
                    cwd=self.folder,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=_end_with_the_tests if sys.platform == "linux" else None,
                )
        for name in names:
            if address := self.ready.get(name):
                wait_until(lambda name=name, address=address: self._is_up(name, address), f"{name} answers")  # type: ignore[misc]

    def _is_up(self, name: str, address: str) -> bool:
        assert self.running[name].poll() is None, f"{name} ended by itself:\n{self.log(name)}"
        return answers(address)

    def kill(self, *names: str) -> None:
        """SIGKILL to these and their children."""
        for name in names:
            process = self.running.pop(name)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)

    def web_processes(self) -> list[int]:
        """The ids of the processes that answer requests, oldest first. Their parent starts a new one when one dies;
        it counts from when the thread of its sweep runs, for then the program is loaded."""
        parent = self.running["web"].pid
        found = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        return [int(each) for each in found.split() if threads_of(each) > 1]

    def log(self, name: str) -> str:
        """Everything that a process said."""
        file = self.folder / "logs" / f"{name}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def close(self) -> None:
        self.kill(*list(self.running))
        self.lab.session.close()
        self.database.drop()


def _end_with_the_tests() -> None:
    """In the child: also when the test run itself is killed, nothing of it goes on."""
    _LIBC.prctl(DIE_WITH_PARENT, signal.SIGKILL)
