"""Whole answered calls against a bare view, on the same server, middleware and database, in alternating rounds.

gunicorn with two processes of four threads serves a throw-away database; eight callers in a process of their own each
run greeting, key, ring, status callbacks, whisper, key 1, end of the Dial, outcome and final status, one after another.
The ratio of requests per second is taken round by round, and its median counts: the machine's speed drifts, ratios of
neighbours do not.
"""

from __future__ import annotations

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

ROUNDS, ROUND_SECONDS, CALLERS = 5, 4.0, 8
GOAL, AMBITION = 0.5, 0.65
ROOT = Path(__file__).resolve().parent.parent
ADDRESS = re.compile(r"(?:action|url|statusCallback)=\"(http[^\"]+)\"")
Figure = tuple[str, float, str, str, bool]


def figures() -> list[Figure]:
    """One ratio per database that answers; PostgreSQL is left out, and said so, when it does not."""
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        found.append(_ratio("SQLite", f"sqlite:///{folder}/bench.sqlite3"))
    url = os.environ.get("BENCH_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/test")
    if _answers(url):
        with _own_database(url) as own:
            found.append(_ratio("PostgreSQL", own))
    else:
        print("PostgreSQL does not answer on localhost: left out", file=sys.stderr)
    return found


def _ratio(name: str, database_url: str) -> Figure:
    with _server(database_url) as (port, token):
        ratios = []
        for number in range(ROUNDS):
            bare = _rate(lambda caller: _bare(caller, port, token))
            call = _rate(lambda caller: _call(caller, port, token))
            ratios.append(call / bare)
            print(f"{name} round {number + 1}: bare {bare:.0f}/s, call {call:.0f}/s", file=sys.stderr)
    ratio = statistics.median(ratios)
    return (f"webhooks of a call, {name}", round(ratio, 2), "of a bare view", f">= {GOAL}", ratio >= GOAL)


def _rate(work: Callable[[int], int]) -> float:
    """Requests per second of all callers together."""
    done: list[int] = []
    until = time.monotonic() + ROUND_SECONDS

    def run(caller: int) -> None:
        count = 0
        while time.monotonic() < until:
            count += work(caller)
        done.append(count)

    began = time.monotonic()
    threads = [threading.Thread(target=run, args=(caller,)) for caller in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(done) < CALLERS:
        raise RuntimeError("a caller of the benchmark failed")
    return sum(done) / (time.monotonic() - began)


# --- The callers ------------------------------------------------------------------------------------------------------
_local = threading.local()


def _post(port: int, token: str, url: str, form: dict[str, str]) -> str:
    from integrations.lab.wire import signature

    if getattr(_local, "port", None) != port:
        _local.connection, _local.port = http.client.HTTPConnection("127.0.0.1", port, timeout=20), port
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": signature(token, url, form),
    }
    _local.connection.request("POST", urlsplit(url).path, urlencode(form), headers)
    answer = _local.connection.getresponse()
    body: str = answer.read().decode()
    if answer.status not in (200, 204):
        raise RuntimeError(f"{answer.status} at {url}")
    return body


def _bare(caller: int, port: int, token: str) -> int:
    _post(port, token, f"http://127.0.0.1:{port}/bare", {"CallSid": "CA1", "To": "+31850000000"})
    return 1


def _call(caller: int, port: int, token: str) -> int:
    """One answered call, eleven webhooks; each address is read from the document before it."""
    voice = f"http://127.0.0.1:{port}/twilio/voice"
    sid, child = f"CA{os.urandom(12).hex()}", f"CA{os.urandom(12).hex()}"
    mine = {"CallSid": sid, "From": f"+3160000010{caller}", "To": "+31850000000", "CallStatus": "in-progress"}
    hers = {"CallSid": child, "ParentCallSid": sid, "From": "+31850000000", "To": "+31600000200"}
    (greet,) = ADDRESS.findall(_post(port, token, voice, {**mine, "CallStatus": "ringing"}))
    ring = ADDRESS.findall(_post(port, token, greet, {**mine, "Digits": "1"}))
    if len(ring) != 3:
        raise RuntimeError("nobody was rung")
    dialled = next(url for url in ring if url.endswith("/dialled"))
    whisper = next(url for url in ring if url.endswith("/whisper"))
    status = next(url for url in ring if url.endswith("/status"))

    def tell(word: str, sequence: int) -> None:
        progress = {"CallStatus": word, "SequenceNumber": str(sequence), "CallbackSource": "call-progress-events"}
        _post(port, token, status, {**hers, **progress})

    tell("initiated", 0)
    tell("ringing", 1)
    tell("in-progress", 2)
    (key,) = ADDRESS.findall(_post(port, token, whisper, {**hers, "CallStatus": "in-progress"}))
    _post(port, token, key, {**hers, "CallStatus": "in-progress", "Digits": "1"})
    tell("completed", 3)
    over = {"DialCallStatus": "completed", "DialCallSid": child, "DialBridged": "true", "DialCallDuration": "60"}
    (outcome,) = ADDRESS.findall(_post(port, token, dialled, {**mine, **over}))
    _post(port, token, outcome, {**mine, "Digits": "1"})
    last = {"CallStatus": "completed", "SequenceNumber": "0", "CallbackSource": "call-progress-events"}
    _post(port, token, voice, {**mine, **last})
    return 11


# --- The server -------------------------------------------------------------------------------------------------------


@contextmanager
def _server(database_url: str) -> Iterator[tuple[int, str]]:
    port, token = _free_port(), os.urandom(16).hex()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "DATABASE_URL": database_url,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TWILIO_AUTH_TOKEN": token,
        "CELERY_BROKER_URL": "",
    }
    run = [sys.executable, "-m"]
    subprocess.run([*run, "django", "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
    subprocess.run([*run, "benchmarks.town"], env=environment, cwd=ROOT, check=True)
    # Straight to Django's handler: the background thread of config.wsgi belongs to no webhook.
    serve = ["gunicorn", "-w", "2", "--threads", "4", "-b", f"127.0.0.1:{port}", "--log-level", "error"]
    server = subprocess.Popen([*run, *serve, "django.core.wsgi:get_wsgi_application()"], env=environment, cwd=ROOT)
    try:
        _wait_for(port)
        yield port, token
    finally:
        server.terminate()
        server.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 5432), timeout=2):
            return True
    except OSError:
        return False


@contextmanager
def _own_database(url: str) -> Iterator[str]:
    """A database of our own beside the one in `url`, dropped afterwards."""
    import psycopg

    name = f"bench_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
