"""The lab as a running program: real sockets on this machine, a product of a few lines, a call from end to end."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
from django.conf import settings
from django.core.mail import EmailMessage
from pytest_django import Settings
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from integrations.lab.mail import LabBackend
from integrations.lab.realtime import Lab
from integrations.lab.server import Server
from integrations.lab.webhooks import Doors, Profile
from integrations.twilio.wire import wire
from tests.integrations.lab.product import LAWYER, LINE, WHISPER, WORKER, dial

QUICK = Profile(characters_per_second=10_000, calls_per_second=1_000)
DOCUMENTS = {
    "/twilio/voice": "<Say>Welkom.</Say>" + dial(LAWYER),
    "/whisper": WHISPER,
    "/key": "<Say>Verbonden.</Say>",
    "/dialled": "<Say>Klaar.</Say><Hangup/>",
    "/placed": "<Say>Terugbellen.</Say><Hangup/>",
}


class RunningProduct(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        self.slow = threading.Event()  # while set, /twilio/voice does not answer
        self.go_on = threading.Event()
        self.bad_signatures: list[str] = []
        super().__init__(("127.0.0.1", 0), _Product)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Product(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: RunningProduct

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        params = dict(parse_qsl(body, keep_blank_values=True))
        validator = RequestValidator(settings.TWILIO_AUTH_TOKEN[0])
        if not validator.validate(self.server.url + self.path, params, self.headers["X-Twilio-Signature"]):
            self.server.bad_signatures.append(self.path)
        if params.get("From") == "+31600000009" and self.server.slow.is_set():
            self.server.go_on.wait(10)
        text = f"<Response>{DOCUMENTS[self.path]}</Response>" if self.path in DOCUMENTS else ""
        if "CallbackSource" in params:
            text = ""
        self.send_response(200 if text else 204)
        self.send_header("Content-Type", "text/xml")
        if text:
            self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


class Around:
    """The lab, its page's doors, and the product it calls."""

    def __init__(self, lab: Lab, server: Server, product: RunningProduct) -> None:
        self.lab, self.product = lab, product
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        self.session = requests.Session()

    def get(self, path: str) -> Any:
        response = self.session.get(self.url + path, timeout=5)
        assert response.status_code == 200, response.text
        return response.json()

    def post(self, path: str, status: int = 200, **given: Any) -> Any:
        response = self.session.post(self.url + path, json=given, timeout=5)
        assert response.status_code == status, response.text
        return response.json()

    def phone(self, number: str, verb: str, status: int = 200, **given: Any) -> Any:
        return self.post(f"/lab/phones/{number}/{verb}", status, **given)

    def wait(self, number: str, holds: Callable[[Any], bool]) -> Any:
        """The phone as soon as it is so."""
        for _ in range(500):
            phone = self.get(f"/lab/phones/{number}")
            if holds(phone):
                return phone
            self.lab.stopped.wait(0.01)
        raise AssertionError(f"{phone} after: {self.get('/lab/log')['log'][-20:]}")

    def wait_for(self, number: str, state: str) -> Any:
        return self.wait(number, lambda phone: phone["state"] == state)

    def client(self) -> Client:
        return Client(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN[0], http_client=wire(self.url, 5))


@pytest.fixture
def around(tmp_path: Path) -> Iterator[Around]:
    product = RunningProduct()
    voice = f"{product.url}/twilio/voice"
    lab = Lab(
        account=settings.TWILIO_ACCOUNT_SID,
        tokens=list(settings.TWILIO_AUTH_TOKEN),
        doors=Doors(voice, voice, f"{product.url}/twilio/sms"),
        people_file=tmp_path / "lab.json",
        profile=QUICK,
        seed=1,
    )
    server = Server(("127.0.0.1", 0), lab)
    for running in (product, server):
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    lab.start()
    around = Around(lab, server, product)
    yield around
    around.session.close()
    product.go_on.set()
    for running in (server, product):
        running.shutdown()
        running.server_close()
    lab.stop()
    assert not product.bad_signatures


@pytest.fixture(autouse=True)
def _standing_clock() -> None:
    """Here time runs by itself."""


def test_a_call_goes_from_end_to_end_over_the_doors_of_the_page(around: Around) -> None:
    around.phone(WORKER, "dial", to=LINE)
    around.wait_for(LAWYER, "ringing")
    around.phone(LAWYER, "pick-up")
    around.wait(LAWYER, lambda phone: phone["asking"])
    around.phone(LAWYER, "press", keys="1")
    talking = around.wait_for(WORKER, "talking")
    assert talking["with"] == LAWYER
    around.phone(LAWYER, "hang-up")
    idle = around.wait_for(WORKER, "idle")
    assert [line["text"] for line in idle["lines"] if line["kind"] == "heard"] == ["Welkom.", "Klaar."]
    assert around.get("/lab/state")["faults"] == []


def test_one_slow_webhook_does_not_stop_other_calls(around: Around) -> None:
    around.product.slow.set()
    around.phone("+31600000009", "dial", to=LINE)
    around.phone(WORKER, "dial", to=LINE)
    around.wait_for(LAWYER, "ringing")
    assert around.get("/lab/phones/+31600000009")["state"] == "calling"


def test_a_webhook_that_takes_too_long_is_given_up_and_the_caller_hears_it(around: Around) -> None:
    around.lab.network.profile = replace(QUICK, webhook_timeout_s=0.2)
    around.product.slow.set()
    around.phone("+31600000009", "dial", to=LINE)
    phone = around.wait("+31600000009", lambda phone: phone["state"] == "idle")
    assert "application error" in str(phone["lines"])
    assert "no answer in time" in around.get("/lab/state")["faults"][0]


def test_a_rest_answer_can_get_lost_on_the_wire_after_the_request_was_done(around: Around) -> None:
    around.post("/lab/misbehave", kind="lost", where="Calls")
    client = Client(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN[0], http_client=wire(around.url, 0.3))
    with pytest.raises(requests.ReadTimeout):
        client.calls.create(to=LAWYER, from_=LINE, url=f"{around.product.url}/placed")
    around.wait_for(LAWYER, "ringing")


def test_the_vendors_own_client_places_redirects_polls_and_lists_calls(around: Around) -> None:
    client = around.client()
    call = client.calls.create(to=LAWYER, from_=LINE, url=f"{around.product.url}/placed", timeout=20)
    around.wait_for(LAWYER, "ringing")
    assert client.calls(call.sid).fetch().status == "ringing"
    assert [found.sid for found in client.calls.list(to=LAWYER, limit=20)] == [call.sid]
    around.phone(LAWYER, "pick-up")
    around.wait(LAWYER, lambda phone: any(line["text"] == "Terugbellen." for line in phone["lines"]))


def test_a_call_that_is_over_refuses_a_redirect_in_the_vendors_words(around: Around) -> None:
    client = around.client()
    call = client.calls.create(to=LAWYER, from_=LINE, url=f"{around.product.url}/placed")
    around.wait_for(LAWYER, "ringing")
    client.calls(call.sid).update(status="completed")
    around.wait_for(LAWYER, "idle")
    with pytest.raises(TwilioRestException) as refused:
        client.calls(call.sid).update(url=f"{around.product.url}/placed")
    assert (refused.value.status, refused.value.code) == (400, 21220)


def test_mail_of_the_product_lies_with_whoever_has_the_address(around: Around, settings: Settings) -> None:
    settings.TWILIO_API_BASE = around.url
    mail = EmailMessage("Er is een vraag", "Kijk op https://piket.example.nl/c/ABC", to=["Bos@example.nl"])
    assert LabBackend().send_messages([mail]) == 1
    assert around.get("/lab/mail?to=bos@example.nl")["mail"][0]["subject"] == "Er is een vraag"


def test_mail_without_the_products_credentials_is_refused(around: Around) -> None:
    answer = around.post("/mail", 401, to=["bos@example.nl"])
    assert answer["code"] == 20003


def test_mail_that_cannot_be_posted_raises_unless_told_not_to(settings: Settings) -> None:
    settings.TWILIO_API_BASE = "http://127.0.0.1:9"
    mail = EmailMessage("Onderwerp", "Tekst", to=["bos@example.nl"])
    assert LabBackend(fail_silently=True).send_messages([mail]) == 0
    with pytest.raises(OSError):
        LabBackend().send_messages([mail])


def test_people_come_from_the_file_and_again_when_it_changes(around: Around, tmp_path: Path) -> None:
    file = tmp_path / "lab.json"
    worker = {"name": "Anna", "role": "worker", "number": WORKER, "email": "anna@example.nl", "login": "anna"}
    file.write_text(json.dumps({"lines": [{"name": "Eerste lijn", "number": LINE}], "people": [worker]}))
    state = around.get("/lab/state")
    assert [phone["name"] for phone in state["phones"]] == ["Anna"]
    assert state["lines"] == [{"name": "Eerste lijn", "number": LINE}]
    lawyer = {"name": "Bos", "role": "lawyer", "number": LAWYER, "email": "", "login": "bos"}
    file.write_text(json.dumps({"lines": [], "people": [worker, lawyer]}))
    assert [phone["name"] for phone in around.get("/lab/state?role=lawyer")["phones"]] == ["Bos"]
    assert [phone["name"] for phone in around.get("/lab/state?search=ann")["phones"]] == ["Anna"]


def test_a_phone_with_something_going_on_comes_first_whatever_the_filter(around: Around) -> None:
    around.phone(WORKER, "dial", to=LINE)
    around.wait_for(LAWYER, "ringing")
    shown = around.get("/lab/state?search=niemand")["phones"]
    assert [phone["number"] for phone in shown] == [LAWYER, WORKER]


def test_nothing_is_sent_to_the_page_when_nothing_changed(around: Around) -> None:
    revision = around.get("/lab/state")["revision"]
    response = around.session.get(f"{around.url}/lab/state?revision={revision}", timeout=5)
    assert response.status_code == 204


def test_another_web_site_cannot_press_our_keys(around: Around) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        url = f"{around.url}/lab/phones/{WORKER}/dial"
        response = around.session.post(url, json={"to": LINE}, headers=headers, timeout=5)
        assert response.status_code == 403


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [
        (f"/lab/phones/{WORKER}/pick-up", {}, 409),
        (f"/lab/phones/{WORKER}/press", {"keys": "1"}, 409),
        (f"/lab/phones/{WORKER}/dial", {"to": "niets"}, 400),
        (f"/lab/phones/{WORKER}/dance", {}, 400),
        (f"/lab/phones/{WORKER}/behaviour", {"behaviour": "boos"}, 400),
        ("/lab/misbehave", {"kind": "onbekend"}, 400),
        ("/lab/misbehave", {"chaos": 2}, 400),
        ("/lab/nergens", {}, 404),
    ],
)
def test_what_is_not_possible_is_answered_clearly(around: Around, path: str, given: Any, status: int) -> None:
    assert around.post(path, status, **given)["error"]


def test_the_page_and_its_files_are_served(around: Around) -> None:
    for path, kind in [("/", "text/html"), ("/lab/phones.js", "text/javascript"), ("/lab/phones.css", "text/css")]:
        response = around.session.get(around.url + path, timeout=5)
        assert response.headers["Content-Type"].startswith(kind)
        assert "Telefoonlab" in response.text or kind != "text/html"
