"""Fetches a calendar by its address: to the address that the guard judged, in ten seconds, five megabytes at most.

No proxy, no cookies, nothing unpacked, and the address is never logged: it opens somebody's calendar.
"""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import NamedTuple

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from integrations.calendars import guard
from integrations.calendars.faults import (
    CERTIFICATE,
    LOGIN_NEEDED,
    NOT_FOUND,
    PACKED,
    REDIRECTS,
    SERVER_FAULT,
    TOO_BIG,
    TOO_SLOW,
    UNREACHABLE,
    CalendarFault,
)
from integrations.calendars.guard import Address, Policy
from integrations.calendars.parts import MOST_BYTES

SECONDS = 10.0
MOST_REDIRECTS = 3
CHUNK = 65536
LONGEST_ETAG = 200
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)  # its warning about odd headers names the address


class Fetched(NamedTuple):
    """`body` is None when the calendar did not change since `etag`."""

    body: bytes | None
    etag: str


def fetch(url: str, *, etag: str = "", policy: Policy = Policy(), seconds: float = SECONDS) -> Fetched:  # noqa: B008
    """The calendar at this address. `etag`: the one of the last time.

    Raises CalendarFault: address_wrong, address_refused, not_found, login_needed, redirects, certificate, too_slow,
    unreachable, server_fault, too_big, packed.
    """
    there, deadline = guard.address(url), time.monotonic() + seconds
    for _hop in range(MOST_REDIRECTS + 1):
        ip = guard.vetted(there, policy, deadline - time.monotonic())
        with _asked(there, ip, etag, policy, deadline) as answer:
            location = answer.headers.get("Location", "")
            if answer.status in {301, 302, 303, 307, 308} and location:
                there = guard.next_address(there, location)
                continue
            return _read(answer, etag)
    raise CalendarFault(REDIRECTS)


@contextmanager
def _asked(there: Address, ip: str, etag: str, policy: Policy, deadline: float) -> Iterator[HTTPResponse]:
    """The answer, whose socket is cut at the deadline, however slowly it drips."""
    connection, late = _connection(there, ip, policy, deadline), threading.Event()
    answer: HTTPResponse | None = None
    try:
        with _cut_at(deadline, connection, late):
            connection.request(
                "GET", there.target, headers=_headers(there, etag), preload_content=False, decode_content=False
            )
            answer = connection.getresponse()
            yield answer
            if late.is_set():  # a socket that was cut looks like an answer that ended
                raise CalendarFault(TOO_SLOW)
    except CalendarFault:
        if late.is_set():
            raise CalendarFault(TOO_SLOW) from None
        raise
    except ssl.SSLCertVerificationError:
        raise CalendarFault(CERTIFICATE) from None
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        if late.is_set() or time.monotonic() >= deadline or isinstance(error, TimeoutError):
            raise CalendarFault(TOO_SLOW) from None
        raise CalendarFault(UNREACHABLE) from None
    finally:
        if answer is not None:
            answer.close()
        connection.close()


class _Held:
    """A connection whose socket can be cut by another thread while TLS is still being agreed."""

    raw: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        made: socket.socket = super()._new_conn()  # type: ignore[misc]
        self.raw = made.dup()
        return made


class _Plain(_Held, HTTPConnection):
    pass


class _Secure(_Held, HTTPSConnection):
    pass


def _connection(there: Address, ip: str, policy: Policy, deadline: float) -> _Plain | _Secure:
    """To the vetted address; the certificate must be of the name."""
    wait = max(0.1, deadline - time.monotonic())
    if there.scheme == "http":
        return _Plain(ip, there.port, timeout=wait)
    return _Secure(
        ip,
        there.port,
        timeout=wait,
        ssl_context=policy.tls(),
        cert_reqs="CERT_REQUIRED",
        server_hostname=there.host,  # the system's own check; that of urllib3 would log the name
    )


@contextmanager
def _cut_at(deadline: float, connection: _Plain | _Secure, late: threading.Event) -> Iterator[None]:
    def cut() -> None:
        late.set()
        if connection.raw is not None:
            _shut(connection.raw)

    timer = threading.Timer(max(0.0, deadline - time.monotonic()), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if connection.raw is not None:
            connection.raw.close()


def _shut(raw: socket.socket) -> None:
    try:
        raw.shutdown(socket.SHUT_RDWR)
    except OSError:  # it was closed already
        return


def _headers(there: Address, etag: str) -> dict[str, str]:
    host = f"[{there.host}]" if ":" in there.host else there.host
    usual = there.port == guard.PORTS[there.scheme]
    headers = {
        "Host": host if usual else f"{host}:{there.port}",
        "Accept": "text/calendar, */*;q=0.1",
        "Accept-Encoding": "identity",
        "User-Agent": "Piketlijn",
        "Connection": "close",
    }
    return headers | ({"If-None-Match": etag} if etag else {})


def _read(answer: HTTPResponse, etag: str) -> Fetched:
    if answer.status == 304 and etag:
        return Fetched(None, etag)
    if answer.status != 200:
        raise CalendarFault(
            {401: LOGIN_NEEDED, 403: LOGIN_NEEDED, 404: NOT_FOUND, 410: NOT_FOUND}.get(answer.status, SERVER_FAULT)
        )
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise CalendarFault(PACKED)
    said = answer.headers.get("Content-Length", "")
    if said.isdecimal() and int(said) > MOST_BYTES:
        raise CalendarFault(TOO_BIG)
    body = bytearray()
    for piece in answer.stream(CHUNK, decode_content=False):
        body += piece
        if len(body) > MOST_BYTES:
            raise CalendarFault(TOO_BIG)
    given = answer.headers.get("ETag", "")
    return Fetched(bytes(body), given if given.isprintable() and len(given) <= LONGEST_ETAG else "")
