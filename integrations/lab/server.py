"""The lab's web server, from the standard library: the vendor's REST API, mail, the page of phones and its JSON."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import socketserver
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from integrations import clock
from integrations.lab import desk
from integrations.lab.messages import Mail
from integrations.lab.phones import NotPossible
from integrations.lab.realtime import Lab
from integrations.lab.rest import AnswerLost
from integrations.lab.wire import API_VERSION, error_json

PAGE = Path(__file__).with_name("page")
FILES = {
    "/lab/": ("phones.html", "text/html; charset=utf-8"),
    "/lab/phones.js": ("phones.js", "text/javascript; charset=utf-8"),
    "/lab/phones.css": ("phones.css", "text/css; charset=utf-8"),
}
LARGEST_BODY = 12 * 1024 * 1024
LOST_ANSWER_S = 8.0  # longer than the product waits
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], lab: Lab) -> None:
        self.lab = lab
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        """Without the look-up of our own name, which may take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 120  # an idle connection
    server: Server

    def do_GET(self) -> None:
        self._guarded(self._get)

    def do_POST(self) -> None:
        self._guarded(self._post)

    def do_DELETE(self) -> None:
        self._guarded(self._rest)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: everything that matters stands in the engine's own log."""

    # --- Ways in --------------------------------------------------------------------------------------------------
    def _guarded(self, answer: Any) -> None:
        """Answer a request; whatever is wrong with it becomes a clear JSON error."""
        parts = urlsplit(self.path)
        self.where = unquote(parts.path)
        self.query = parse_qs(parts.query, keep_blank_values=True)
        self.body = b""
        try:
            length = int(self.headers.get("Content-Length") or 0)
            if length > LARGEST_BODY:
                self.close_connection = True
                self._json(413, {"error": "Te groot."})
                return
            self.body = self.rfile.read(length) if length else b""
            if not self._is_from_here():
                self._json(403, {"error": "Alleen vanaf de pagina van het lab zelf."})
                return
            answer()
        except desk.BadRequest as error:
            self._json(400, {"error": str(error)})
        except NotPossible as error:
            self._json(409, {"error": str(error)})
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _is_from_here(self) -> bool:
        """Another web site in the same browser may not press our keys: neither by form nor by a name of its own."""
        host = self.headers.get("Host") or ""
        name = urlsplit(f"//{host}").hostname or ""
        bound = str(self.server.server_address[0])
        if bound in LOOPBACK and name not in LOOPBACK:
            return False
        origin = self.headers.get("Origin")
        return origin is None or urlsplit(origin).netloc == host

    def _get(self) -> None:
        lab = self.server.lab
        if self.where.startswith(f"/{API_VERSION}/"):
            self._rest()
        elif self.where in {"/", "/lab"}:
            self._send(302, b"", "text/plain", {"Location": "/lab/"})
        elif self.where in FILES:
            name, kind = FILES[self.where]
            self._send(200, (PAGE / name).read_bytes(), kind)
        elif self.where == "/healthz":
            self._json(200, {"lab": "ok"})
        elif self.where == "/lab/state":
            self._state()
        elif self.where == "/lab/log":
            with lab.engine() as network:
                lines = [[line.at.isoformat(), line.who, line.kind, line.text] for line in network.log]
            self._json(200, {"log": lines[-self._whole("lines", 200) :]})
        elif self.where == "/lab/mail":
            with lab.engine():
                mails = desk.mails_json(lab, self._one("to"))
            self._json(200, {"mail": mails})
        elif self.where.startswith("/lab/phones/"):
            with lab.engine() as network:
                lab.read_people()
                found = desk.phone_json(lab, network.phone(desk.number_of(self.where.removeprefix("/lab/phones/"))))
            self._json(200, found)
        else:
            self._json(404, {"error": f"{self.where} is er niet."})

    def _post(self) -> None:
        lab = self.server.lab
        if self.where.startswith(f"/{API_VERSION}/"):
            self._rest()
        elif self.where == "/mail":
            self._mail()
        elif self.where == "/lab/misbehave":
            with lab.engine():
                desk.misbehave(lab, self._given())
            self._json(200, {})
        elif self.where.startswith("/lab/phones/"):
            number, _, verb = self.where.removeprefix("/lab/phones/").partition("/")
            given = self._given()
            with lab.engine():
                lab.read_people()
                done = desk.act(lab, number, verb, given)
            self._json(200, done)
        else:
            self._json(404, {"error": f"{self.where} is er niet."})

    # --- Answers --------------------------------------------------------------------------------------------------
    def _state(self) -> None:
        lab = self.server.lab
        with lab.engine() as network:
            lab.read_people()
            if self._one("revision") == str(network.noted):
                shown = None
            else:
                limit = self._whole("limit", desk.SHOWN_PHONES)
                shown = desk.state(lab, search=self._one("search"), role=self._one("role"), limit=limit)
        if shown is None:
            self._send(204, b"", "")
        else:
            self._json(200, shown)

    def _mail(self) -> None:
        if self._credentials() is None:
            self._json(401, error_json(401, 20003, "Authenticate"))
            return
        given = self._given()
        to = given.get("to")
        if not isinstance(to, list) or not to:
            raise desk.BadRequest("to: a list of addresses is needed")
        texts = {key: str(given.get(key) or "") for key in ("from", "subject", "text", "html")}
        mail = Mail(
            clock.now(),
            texts["from"],
            [str(address) for address in to],
            texts["subject"],
            texts["text"],
            texts["html"],
            [str(name) for name in given.get("files") or ()],
        )
        with self.server.lab.engine():
            self.server.lab.receive(mail)
        self._json(201, {})

    def _rest(self) -> None:
        lab = self.server.lab
        form = parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        try:
            with lab.engine():
                answer = lab.rest.handle(self.command, self.where, self.query, form, self._credentials())
        except AnswerLost as lost:
            lab.stopped.wait(LOST_ANSWER_S if lost.connected else 0)
            self.close_connection = True
            return
        self._json(answer.status, answer.body)

    def _credentials(self) -> tuple[str, str] | None:
        """Basic credentials, or None when they are not the product's."""
        kind, _, value = (self.headers.get("Authorization") or "").partition(" ")
        if kind.lower() != "basic":
            return None
        try:
            account, _, token = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        network = self.server.lab.network
        fits = any(hmac.compare_digest(token.encode(), known.encode()) for known in network.tokens)
        return (account, token) if fits and account == network.account else None

    def _given(self) -> dict[str, Any]:
        try:
            given = json.loads(self.body or b"{}")
        except ValueError as error:
            raise desk.BadRequest(f"Geen JSON: {error}") from error
        if not isinstance(given, dict):
            raise desk.BadRequest("Een JSON-object is nodig.")
        return given

    def _one(self, name: str) -> str:
        return (self.query.get(name) or [""])[0]

    def _whole(self, name: str, default: int) -> int:
        text = self._one(name)
        return int(text) if text.isdecimal() else default

    def _json(self, status: int, body: dict[str, Any]) -> None:
        self._send(status, json.dumps(body, ensure_ascii=False).encode(), "application/json; charset=utf-8")

    def _send(self, status: int, body: bytes, kind: str, more: dict[str, str] | None = None) -> None:
        self.send_response(HTTPStatus(status))
        if kind:
            self.send_header("Content-Type", kind)
        if status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header(
            "Content-Security-Policy",
            "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
        )
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
