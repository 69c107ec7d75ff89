"""Telephone vendors that keep what they were asked and answer as they were told: at the client, or over a real wire."""

from __future__ import annotations

import json
import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from twilio.http import HttpClient
from twilio.http.response import Response

from integrations.twilio import rest


class FakeVendor(HttpClient):  # type: ignore[misc]  # the library is not typed
    """`answers` holds what comes next: an HTTP status, or an exception to raise; when empty, all is well."""

    def __init__(self, *answers: int | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def request(
        self, method: str, uri: str, params: Any = None, data: Any = None, *args: Any, **kwargs: Any
    ) -> Response:
        self.asked.append((uri.rpartition("/")[2], data or params or {}))
        answer = self.answers.pop(0) if self.answers else 201
        if isinstance(answer, Exception):
            raise answer
        body = {"sid": f"SID{len(self.asked)}", "status": "queued"} if answer < 300 else {"code": 21211, "message": ""}
        return Response(answer, json.dumps(body))

    def texts(self) -> list[str]:
        return [data["Body"] for uri, data in self.asked if uri == "Messages.json"]


def lost_answer() -> Exception:
    return requests.ReadTimeout()


def not_reached() -> Exception:
    return requests.ConnectTimeout()


@contextmanager
def vendor(*answers: int | Exception) -> Iterator[FakeVendor]:
    fake = FakeVendor(*answers)
    with rest.use_http_client(fake):
        yield fake


class VendorServer(ThreadingHTTPServer):
    """Keeps what it was asked and answers with `status` and `answer`; `silent` never answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[tuple[str, str, dict[str, list[str]], dict[str, str]]] = []
        self.status = 201
        self.answer: Any = {"sid": "CA1", "status": "queued"}
        self.silent = False
        self.rude = False
        self.over = threading.Event()
        self.heard: queue.Queue[str] = queue.Queue()  # the last part of each path, to wait for

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/vendor"


class Answer(BaseHTTPRequestHandler):
    server: VendorServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        parts = urlsplit(self.path)
        form = parse_qs(body or parts.query, keep_blank_values=True)
        self.server.asked.append((self.command, parts.path, form, dict(self.headers)))
        self.server.heard.put(parts.path.rpartition("/")[2])
        if self.server.silent:
            self.server.over.wait(10)
            return
        if self.server.rude:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        answer = self.server.answer
        text = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the screen of a test."""


@contextmanager
def vendor_server() -> Iterator[VendorServer]:
    server = VendorServer()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
