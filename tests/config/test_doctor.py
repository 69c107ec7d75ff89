"""The doctor: one line per part with its cure, in Dutch, and an exit code."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.utils import translation
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from config import doctor
from config.doctor import Level
from integrations import lease, sweep
from tests.builders import a_line
from tests.integrations.vendor import FakeVendor, vendor

pytestmark = pytest.mark.django_db


def examined(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    try:
        call_command("doctor", *options)
    except SystemExit as end:
        return int(str(end.code)), capsys.readouterr().out
    return 0, capsys.readouterr().out


def test_says_what_is_wrong_with_the_cure_and_exits_1(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:1"
    with vendor(401), translation.override("nl"):
        code, out = examined(capsys)
    lines = {line[7:].partition(":")[0]: line for line in out.splitlines()}
    assert code == 1
    assert lines["leverancier en klok"].startswith(
        "FOUT   leverancier en klok: De leverancier kent ons niet (HTTP 401)."
    )
    assert "→ Kijk TWILIO_ACCOUNT_SID" in lines["leverancier en klok"]
    assert lines["handtekening"].startswith("FOUT")
    assert lines["database"].startswith("OK")
    assert lines["veegronde"].startswith("LET OP veegronde: Er is nog nooit geveegd.")


def test_tells_a_program_the_same(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:1"
    with vendor():
        code, out = examined(capsys, "--json")
    told = json.loads(out)
    assert (code, told["ok"]) == (1, False)
    levels = {check["name"]: check["level"] for check in told["checks"]}
    assert list(levels) == list(doctor.CHECKS)
    assert (levels["vendor and clock"], levels["signature"], levels["sweep"]) == ("ok", "fault", "note")


def test_makes_a_field_key(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = examined(capsys, "--new-field-key")
    assert code == 0
    assert Fernet(out.strip()).decrypt(Fernet(out.strip()).encrypt(b"x")) == b"x"


def test_the_signature_makes_the_round_trip_over_the_public_address(
    live_server: LiveServer, settings: Settings
) -> None:
    settings.PUBLIC_URL = live_server.url
    assert doctor.look_at_signature().level is Level.OK


class Stubborn(BaseHTTPRequestHandler):
    """Another server at our public address: it answers every request with the status that its path begins with."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(int(self.path.split("/")[1]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the screen of a test."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stubborn)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("status", "told"), [(403, "Our own signature"), (200, "not refused"), (404, "not refused")])
def test_a_public_address_that_leads_elsewhere_is_found_out(
    elsewhere: str, settings: Settings, status: int, told: str
) -> None:
    settings.PUBLIC_URL = f"{elsewhere}/{status}"
    with translation.override("en"):
        finding = doctor.look_at_signature()
    assert finding.level is Level.FAULT
    assert told in finding.text


class Late(FakeVendor):
    """A vendor whose clock tells `told`."""

    def __init__(self, told: str) -> None:
        super().__init__()
        self.last_date = told


@pytest.mark.parametrize(
    ("told", "level"),
    [
        ("", Level.OK),
        ("Wed, 18 Nov 2026 09:30:02 GMT", Level.OK),
        ("Wed, 18 Nov 2026 09:30:20 GMT", Level.NOTE),
        ("Wed, 18 Nov 2026 09:28:00 GMT", Level.FAULT),
    ],
)
@pytest.mark.usefixtures("at_ten_thirty")
def test_a_clock_that_differs_from_the_vendors_is_noted(told: str, level: Level) -> None:
    from integrations.twilio import rest

    with rest.use_http_client(Late(told)):
        assert doctor.look_at_vendor().level is level


SETTINGS: list[tuple[dict[str, Any], Level]] = [
    ({}, Level.OK),
    ({"PRODUCTION": True, "DEBUG": True}, Level.FAULT),
    ({"REAL_VENDOR": True, "PUBLIC_URL": "http://piket.example.nl"}, Level.FAULT),
    ({"ALLOWED_HOSTS": ["*"]}, Level.NOTE),
    ({"PRODUCTION": True, "SHORT_URL": "http://127.0.0.1:8000"}, Level.FAULT),
]


@pytest.mark.parametrize(("changes", "level"), SETTINGS)
def test_unsafe_settings_are_named(settings: Settings, changes: dict[str, Any], level: Level) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)
    assert doctor.look_at_settings().level is level


@pytest.mark.parametrize(
    ("hosts", "level"),
    [(["piket.nl"], Level.OK), ([".piket.nl"], Level.FAULT), ([".nl"], Level.OK), (["x.nl"], Level.FAULT)],
)
def test_the_name_of_the_public_address_must_be_let_in(settings: Settings, hosts: list[str], level: Level) -> None:
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://piket.nl", hosts
    assert doctor.look_at_address().level is level


def test_a_dead_broker_a_dead_mail_server_and_a_line_without_fallback(settings: Settings) -> None:
    assert doctor.look_at_broker().level is Level.OK
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert doctor.look_at_mail().level is Level.FAULT
    a_line()
    assert doctor.look_at_fallback().level is Level.NOTE
    settings.REAL_VENDOR = True
    assert doctor.look_at_fallback().level is Level.FAULT
    settings.FALLBACK_NUMBER = "+31850000009"
    assert doctor.look_at_fallback().level is Level.OK


def test_a_sweep_that_runs_is_seen() -> None:
    with lease.held(sweep.LEASE_NAME, seconds=1):
        pass
    assert doctor.look_at_sweep().level is Level.OK


def test_the_style_sheets_are_found() -> None:
    assert doctor.look_at_static().level is Level.OK
