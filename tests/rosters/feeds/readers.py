"""How programs that nobody here wrote read a feed: each gives the same list of events."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
import warnings
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
import requests

from tests.processes.house import free_port

HERE = Path(__file__).resolve().parent.parent.parent / "clients"
BIN = Path(sys.executable).parent
DEBIANS_PYTHON = Path("/usr/bin/python3")
PATIENCE = 30  # seconds for one program


class Read(NamedTuple):
    """One event as a program understood it; moments in UTC."""

    starts: datetime
    ends: datetime
    title: str
    status: str


def by_icalendar(text: bytes, first: date, last: date) -> list[Read]:
    """The library icalendar, with recurring-ical-events as every program unrolls a feed."""
    import icalendar
    import recurring_ical_events

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(first, last)
    return sorted(
        Read(_utc(event["DTSTART"].dt), _utc(event["DTEND"].dt), str(event["SUMMARY"]), str(event["STATUS"]))
        for event in found
    )


def by_icaljs(text: bytes) -> list[Read]:
    """ical.js, the parser of Thunderbird."""
    if shutil.which("node") is None or not (HERE / "node_modules" / "ical.js").is_dir():
        pytest.skip("no ical.js (npm ci --prefix tests/clients)")
    return _from_json(["node", str(HERE / "read.mjs")], text)


def by_libical(text: bytes) -> list[Read]:
    """libical, the engine of GNOME and KDE, which also judges whether a calendar keeps the standard."""
    probe = "import gi; gi.require_version('ICalGLib', '3.0')"
    tried = subprocess.run([DEBIANS_PYTHON, "-c", probe], capture_output=True) if DEBIANS_PYTHON.exists() else None
    if tried is None or tried.returncode:
        pytest.skip("no libical (Debian: apt-get install python3-gi gir1.2-ical-3.0)")
    return _from_json([str(DEBIANS_PYTHON), str(HERE / "libical_reader.py")], text)


def by_khal(text: bytes, folder: Path, first: date) -> list[Read]:
    """vdirsyncer fetches it over HTTP, khal reads what it wrote down."""
    (folder / "calendar").mkdir()
    with served(text) as address:
        (folder / "vdirsyncer").write_text(_VDIRSYNCER.format(folder=folder, address=address))
        for deed in ("discover", "sync"):
            _run([str(BIN / "vdirsyncer"), "-c", str(folder / "vdirsyncer"), deed], b"y\n")
    (folder / "khal").write_text(_KHAL.format(folder=folder))
    fields = [word for name in ("start-long", "end-long", "title", "status") for word in ("--json", name)]
    command = [str(BIN / "khal"), "-c", str(folder / "khal"), "list", "--once", *fields, first.isoformat(), "400d"]
    days = [json.loads(line) for line in _run(command).stdout.splitlines()]
    return sorted(
        Read(_minute(event["start-long"]), _minute(event["end-long"]), event["title"], event["status"])
        for day in days
        for event in day
    )


def by_radicale(text: bytes, folder: Path) -> list[Read]:
    """Radicale, a calendar server: it takes the whole feed and unrolls it for who asks; its parser is vobject."""
    import vobject  # type: ignore[import-untyped]

    with _radicale(folder) as address:
        who = ("piket", "")
        put = requests.put(
            f"{address}/piket/agenda/", text, headers={"Content-Type": "text/calendar"}, auth=who, timeout=PATIENCE
        )
        assert put.status_code == 201, put.text
        asked = requests.request(
            "REPORT", f"{address}/piket/agenda/", data=_QUERY, headers={"Depth": "1"}, auth=who, timeout=PATIENCE
        )
        assert asked.status_code == 207, asked.text
    answers = ElementTree.fromstring(asked.text).iter("{urn:ietf:params:xml:ns:caldav}calendar-data")
    events = [vobject.readOne(answer.text).vevent for answer in answers]
    return sorted(
        Read(_utc(one.dtstart.value), _utc(one.dtend.value), one.summary.value, one.status.value) for one in events
    )


# --- What the programs need ------------------------------------------------------------------------------------------
_VDIRSYNCER = """
[general]
status_path = "{folder}/status"
[pair both]
a = "web"
b = "disk"
collections = null
[storage web]
type = "http"
url = "{address}"
[storage disk]
type = "filesystem"
path = "{folder}/calendar"
fileext = ".ics"
"""
_KHAL = """
[calendars]
[[piket]]
path = {folder}/calendar
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M
longdatetimeformat = %Y-%m-%dT%H:%M
[default]
default_calendar = piket
[sqlite]
path = {folder}/khal.sqlite3
"""
_QUERY = """<?xml version="1.0"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop><c:calendar-data>
<c:expand start="20260101T000000Z" end="20271231T000000Z"/></c:calendar-data></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">
<c:time-range start="20260101T000000Z" end="20271231T000000Z"/></c:comp-filter></c:comp-filter></c:filter>
</c:calendar-query>"""


@contextmanager
def served(text: bytes) -> Iterator[str]:
    """The address of a web server that gives this calendar."""

    class Calendar(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/calendar; charset=utf-8")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Calendar) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/agenda.ics"
        server.shutdown()


@contextmanager
def _radicale(folder: Path) -> Iterator[str]:
    port = free_port()
    options = {"--server-hosts": f"127.0.0.1:{port}", "--auth-type": "none", "--web-type": "none"}
    options |= {"--storage-filesystem-folder": str(folder), "--config": "", "--logging-level": "warning"}
    command = [sys.executable, "-m", "radicale", *(word for option in options.items() for word in option)]
    log = folder / "radicale.log"
    with log.open("wb") as written:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=written)
    try:
        _wait_for(port, process)
        started = log.stat().st_size  # its complaints about how it was started are no concern of the feed
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
    assert log.read_bytes()[started:] == b""


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            requests.get(f"http://127.0.0.1:{port}/", timeout=1)
        except requests.ConnectionError:
            time.sleep(0.1)  # a program of others starts: nothing of ours tells when it is there
        else:
            return
    pytest.fail("Radicale did not start")


def _run(command: list[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(command, input=given, capture_output=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr.decode()
    assert b"arning" not in done.stderr, done.stderr.decode()
    return done


def _from_json(command: list[str], text: bytes) -> list[Read]:
    told = json.loads(_run(command, text).stdout)
    assert told["warnings"] == [], told["warnings"]
    assert not any(event["recurring"] for event in told["events"])
    return sorted(
        Read(_at(event["starts"]), _at(event["ends"]), event["title"], event["status"]) for event in told["events"]
    )


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _utc(moment: datetime) -> datetime:
    assert moment.tzinfo is not None
    return moment.astimezone(UTC)


def _minute(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)
