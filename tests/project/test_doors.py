"""make demo, make check and the run before landing do what they say, also when something is in the way."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from deploy import check, demo
from tests.project.test_house import committed

ROOT = Path(__file__).resolve().parent.parent.parent
WEB, LAB = 8170, 8171
PATIENCE = 150  # seconds for a demo to start on a busy machine


def a_taken_port() -> socket.socket:
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    return taken


def test_a_port_that_is_in_use_is_seen_and_a_free_one_is_not() -> None:
    with a_taken_port() as taken:
        address = ("127.0.0.1", taken.getsockname()[1])
        assert demo.is_taken(address)
    assert not demo.is_taken(address)


def test_the_demo_refuses_a_taken_port_with_a_cure() -> None:
    with a_taken_port() as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "deploy.demo"],
            cwd=ROOT,
            env={**os.environ, "PUBLIC_URL": f"http://127.0.0.1:{port}", "TELEPHONY": "lab"},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert f"Port {port} of 127.0.0.1 is in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demo_refuses_an_address_that_is_not_this_machine(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://piket.example.nl"
    with pytest.raises(ImproperlyConfigured, match="this machine only"):
        demo.addresses()


def test_only_postgresql_and_redis_may_be_skipped_before_landing(monkeypatch: pytest.MonkeyPatch) -> None:
    report = check.Report(skipped=["some slow tests: needs PostgreSQL", "browser tests: no Chromium"])
    monkeypatch.setattr(check, "IN_CI", False)
    assert report.forbidden_skips == []
    monkeypatch.setattr(check, "IN_CI", True)
    assert report.forbidden_skips == ["browser tests: no Chromium"]


def test_the_run_before_landing_is_a_script_that_calls_both_doors() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", str(script)]).returncode == 0
    text = script.read_text(encoding="utf-8")
    assert text.index("\nmake test\n") < text.index("\nmake check\n")


@pytest.fixture
def a_copy(tmp_path: Path) -> Path:
    """The repository as a fresh clone has it, with what is not committed yet."""
    for path in committed():
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    return tmp_path


@pytest.fixture
def start_demo(a_copy: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    own = {"PUBLIC_URL": f"http://127.0.0.1:{WEB}", "TWILIO_API_BASE": f"http://127.0.0.1:{LAB}", "TELEPHONY": "lab"}
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}}

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.demo"],
            cwd=a_copy,
            env={**inherited, **own},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=60)


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """What the process prints up to and with the line that holds `words`."""
    assert process.stdout is not None
    said: str = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    pytest.fail(f"it ended without saying {words!r}:\n{said}")


def status(port: int, path: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    try:
        return int(connection.getresponse().status)
    finally:
        connection.close()


def child_with(process: subprocess.Popen[str], words: str) -> int:
    """The id of the child of the process whose command line holds `words`."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue  # it ended while we looked
        if parent == process.pid and words in command:
            return int(folder.name)
    pytest.fail(f"no child with {words!r}")


@pytest.mark.processes
def test_the_demo_serves_both_and_ends_both(start_demo: Callable[[], subprocess.Popen[str]]) -> None:
    began = time.monotonic()
    first = start_demo()
    said = read_until(first, "Ctrl-C stops everything")
    assert time.monotonic() - began < PATIENCE
    assert f"http://127.0.0.1:{WEB}/" in said
    assert f"http://127.0.0.1:{LAB}/lab/" in said
    example = (ROOT / "README.md").read_text(encoding="utf-8")
    logins = re.findall(r"(\S+@example\.nl) +password (\S+)", said)
    assert len(logins) == 3
    for login, password in logins:
        assert re.search(rf"\| `{re.escape(login)}` \| `{re.escape(password)}` \|", example)
    assert status(WEB, "/healthz") == 200
    assert status(WEB, "/") in {200, 302}
    assert status(LAB, "/lab/") == 200

    first.send_signal(signal.SIGINT)
    rest, _ = first.communicate(timeout=60)
    assert "Stopping" in rest
    assert "Traceback" not in said + rest
    assert first.returncode == 0
    assert not demo.is_taken(("127.0.0.1", WEB))
    assert not demo.is_taken(("127.0.0.1", LAB))

    second = start_demo()  # the demo data is there already
    read_until(second, "Ctrl-C stops everything")
    os.kill(child_with(second, "manage.py lab"), signal.SIGKILL)
    rest, _ = second.communicate(timeout=60)
    assert "The lab (exit code -9) ended by itself" in rest
    assert second.returncode == 1
    assert not demo.is_taken(("127.0.0.1", WEB))
