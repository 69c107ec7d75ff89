"""Fetching from a real server on this machine; the guard lets these tests, and nobody else, reach it."""

from __future__ import annotations

import datetime as dt
import gzip
import ipaddress
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrations.calendars.faults import CalendarFault
from integrations.calendars.fetch import Fetched, fetch
from integrations.calendars.guard import Policy
from integrations.calendars.parts import MOST_BYTES
from tests.integrations.calendars.calendars import calendar, event

ICS = calendar(event(":20261120T090000Z", ":20261120T100000Z"))
Answer = Callable[[BaseHTTPRequestHandler], None]


def here(_host: str, _port: int, _seconds: float) -> list[str]:
    return ["127.0.0.1"]


THIS_MACHINE = Policy(resolve=here, may_connect=lambda ip, _port: ip == "127.0.0.1")


class Server:
    """What it answers per path, and what it was asked."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append((self.path, dict(self.headers)))
                server.answers[self.path](self)

            def log_message(self, *_args: object) -> None:
                return

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.handle_error = lambda *_args: None  # type: ignore[method-assign]  # who hangs up is no news
        if context is not None:
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self.port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, path: str, scheme: str = "http", host: str = "agenda.example") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.stop()


def says(status: int, body: bytes = b"", **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def code_of(url: str, policy: Policy = THIS_MACHINE, seconds: float = 5) -> str:
    with pytest.raises(CalendarFault) as refused:
        fetch(url, policy=policy, seconds=seconds)
    assert "example" not in repr(refused.value)
    return refused.value.code


def test_fetches_and_asks_next_time_whether_it_changed(server: Server) -> None:
    server.answers["/a.ics?sleutel=geheim"] = says(200, ICS, ETag='"1"')
    url = server.url("/a.ics?sleutel=geheim")
    assert fetch(url, policy=THIS_MACHINE) == Fetched(ICS, '"1"')
    server.answers["/a.ics?sleutel=geheim"] = says(304)
    assert fetch(url, etag='"1"', policy=THIS_MACHINE) == Fetched(None, '"1"')
    first, second = (headers for _path, headers in server.asked)
    assert first["Host"] == f"agenda.example:{server.port}"
    assert first["Accept-Encoding"] == "identity"
    assert "If-None-Match" not in first
    assert second["If-None-Match"] == '"1"'


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "login_needed"), (403, "login_needed"), (404, "not_found"), (410, "not_found"), (429, "server_fault"),
     (500, "server_fault"), (204, "server_fault"), (302, "server_fault")],
)  # fmt: skip
def test_says_what_the_server_said(server: Server, status: int, code: str) -> None:
    server.answers["/"] = says(status)
    assert code_of(server.url("/")) == code


def test_follows_three_redirects_and_no_more(server: Server) -> None:
    for number in range(4):
        server.answers[f"/{number}"] = says(302, Location=f"/{number + 1}")
    server.answers["/4"] = says(200, ICS)
    assert fetch(server.url("/1"), policy=THIS_MACHINE).body == ICS
    assert code_of(server.url("/0")) == "redirects"


def test_judges_again_after_each_redirect(server: Server) -> None:
    """A public name that sends us on to the inside."""
    server.answers["/"] = says(302, Location=f"http://binnen.example:{server.port}/geheim")
    server.answers["/geheim"] = says(200, ICS)
    inside = Policy(
        resolve=lambda host, _port, _seconds: ["127.0.0.1"] if host == "agenda.example" else ["127.0.0.2"],
        may_connect=lambda ip, _port: ip == "127.0.0.1",
    )
    assert code_of(server.url("/"), inside) == "address_refused"
    assert [path for path, _headers in server.asked] == ["/"]


def test_a_name_that_answers_otherwise_the_second_time_gains_nothing(server: Server) -> None:
    """Rebinding: the name is resolved once, and the connection goes to the address that was judged."""
    server.answers["/"] = says(200, ICS)
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    policy = Policy(resolve=lambda *_asked: next(answers), may_connect=lambda ip, _port: ip == "127.0.0.1")
    assert fetch(server.url("/"), policy=policy).body == ICS
    assert next(answers) == ["10.0.0.1"]


def test_without_the_policy_of_a_test_this_machine_is_not_asked(server: Server) -> None:
    server.answers["/"] = says(200, ICS)
    assert code_of(server.url("/", host="127.0.0.1"), Policy()) == "address_refused"
    assert server.asked == []


def test_no_proxy_of_the_environment_is_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    server.answers["/"] = says(200, ICS)
    assert fetch(server.url("/"), policy=THIS_MACHINE).body == ICS


@pytest.mark.parametrize("said", [True, False])
def test_stops_after_five_megabytes_whether_said_or_not(server: Server, said: bool) -> None:
    sent = 0

    def answer(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.send_response(200)
        if said:
            handler.send_header("Content-Length", "50000000")
        handler.end_headers()
        for _ in range(500):
            handler.wfile.write(b"x" * 100_000)
            sent += 100_000

    server.answers["/"] = answer
    assert code_of(server.url("/")) == "too_big"
    assert sent < 4 * MOST_BYTES


def test_unpacks_nothing(server: Server) -> None:
    bomb = gzip.compress(b"BEGIN:VCALENDAR\r\n" + b"x" * 20_000_000)
    server.answers["/"] = says(200, bomb, Content_Encoding="gzip")
    assert code_of(server.url("/")) == "packed"


@pytest.mark.parametrize("where", ["head", "body"])
def test_a_server_that_drips_is_cut_at_the_deadline(server: Server, where: str) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if where == "body":
            handler.send_response(200)
            handler.end_headers()
        else:
            handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-A: ")
        for _ in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)  # a slow server, not a wait of this test

    server.answers["/"] = answer
    started = time.monotonic()
    assert code_of(server.url("/"), seconds=0.4) == "too_slow"
    assert time.monotonic() - started < 2


def test_a_resolver_that_never_answers_is_left_behind() -> None:
    slow = Policy(resolve=lambda _host, _port, seconds: [] if seconds < 1 else ["127.0.0.1"])
    assert code_of("http://agenda.example/", slow, seconds=0.2) == "unreachable"


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert code_of(f"http://agenda.example:{port}/") == "unreachable"


def test_what_is_no_http_is_unreachable(server: Server) -> None:
    server.answers["/"] = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n") and None  # type: ignore[func-returns-value]
    assert code_of(server.url("/")) == "unreachable"


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate of `name` signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    day = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(day)
        .not_valid_after(day + dt.timedelta(days=36500))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.9"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


def test_over_tls_the_certificate_must_be_of_the_name(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path, "agenda.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    names: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    secure = Server(context)
    secure.answers["/"] = says(200, ICS)
    trusting = Policy(here, THIS_MACHINE.may_connect, lambda: ssl.create_default_context(cafile=str(cert)))
    try:
        assert fetch(secure.url("/", "webcal"), policy=trusting).body == ICS
        assert code_of(secure.url("/", "https", "elders.example"), trusting) == "certificate"
        assert code_of(secure.url("/", "https"), THIS_MACHINE) == "certificate"
    finally:
        secure.stop()
    assert names[0] == "agenda.example"


def test_the_address_is_logged_nowhere(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.answers["/geheim"] = says(500)
    code_of(server.url("/geheim"))
    assert "geheim" not in caplog.text
