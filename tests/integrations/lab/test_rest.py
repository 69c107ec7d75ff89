"""The REST API that the product meets, through the vendor's own client, in this process."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import requests
from django.conf import settings
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from integrations import clock
from tests.integrations.lab.product import LAWYER, LINE, WORKER, Product, dial, gather, line
from tests.network import Network

URL = f"{settings.PUBLIC_URL}/offer"
STATUS = f"{settings.PUBLIC_URL}/status"
ALL_EVENTS = ["initiated", "ringing", "answered", "completed"]
PATH = f"https://api.twilio.com/2010-04-01/Accounts/{settings.TWILIO_ACCOUNT_SID}"


def a_network(product: Product | None = None) -> tuple[Network, Client, Product]:
    product = product or line(offer="<Say>Terugbellen.</Say>" + gather("Toets 1.", "/key") + "<Hangup/>")
    network = Network(product)
    client = Client(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN[0], http_client=network.http)
    return network, client, product


def test_a_placed_call_rings_tells_its_statuses_and_runs_its_document() -> None:
    network, client, product = a_network()
    lawyer = network.person(LAWYER, "lawyer")
    call = client.calls.create(
        to=LAWYER, from_=LINE, url=URL, timeout=20, status_callback=STATUS, status_callback_event=ALL_EVENTS
    )
    assert call.status == "queued"
    lawyer.is_ringing()
    lawyer.picks_up()
    lawyer.hears("Terugbellen")
    asked = product.one("/offer")
    assert (asked["CallSid"], asked["Direction"], asked["To"]) == (call.sid, "outbound-api", LAWYER)
    lawyer.hangs_up()
    assert product.statuses("/status") == ["initiated", "ringing", "in-progress", "completed"]
    assert [params["SequenceNumber"] for params in product.requests("/status")] == ["0", "1", "2", "3"]
    assert client.calls(call.sid).fetch().status == "completed"
    assert not network.faults


def test_a_placed_call_rings_its_time_plus_the_buffer_of_the_vendor() -> None:  # V1
    network, client, product = a_network()
    lawyer = network.person(LAWYER, "lawyer")
    client.calls.create(to=LAWYER, from_=LINE, url=URL, timeout=20, status_callback=STATUS)
    lawyer.is_ringing()
    network.forward(24.5)
    assert lawyer.rings
    network.forward(1)
    lawyer.is_not_ringing()
    assert product.statuses("/status") == ["no-answer"]  # only the last one, unless more was asked for


def test_placed_calls_start_one_per_second() -> None:  # V14
    network, client, _ = a_network()
    people = [network.person(f"+3160000020{n}") for n in range(3)]
    for person in people:
        client.calls.create(to=person.number, from_=LINE, url=URL)
    network.forward(0.5)
    assert [person.rings for person in people] == [True, False, False]
    network.forward(2)
    assert all(person.rings for person in people)


def test_a_placed_call_ends_at_its_time_limit() -> None:
    network, client, _ = a_network(line(offer='<Pause length="600"/>'))
    lawyer = network.person(LAWYER, "lawyer")
    client.calls.create(to=LAWYER, from_=LINE, url=URL, time_limit=60)
    lawyer.is_ringing()
    lawyer.picks_up()
    network.forward(61)
    lawyer.is_idle()


def test_redirecting_the_caller_ends_the_dial_whose_action_is_told_but_not_obeyed() -> None:  # V12
    network, client, product = a_network(line(now="<Say>Even anders.</Say>"))
    worker, lawyer = network.person(WORKER, "worker"), network.person(LAWYER, "lawyer")
    worker.dials(LINE)
    lawyer.is_ringing()
    sid = product.requests("/twilio/voice")[0]["CallSid"]
    client.calls(sid).update(url=f"{settings.PUBLIC_URL}/now", method="POST")
    worker.hears("Even anders.")
    lawyer.is_idle()
    assert product.one("/dialled")["CallStatus"] == "in-progress"
    assert product.statuses("/status")[-1] == "canceled"
    network.forward(30)
    assert "Het gesprek is klaar" not in worker.heard


def test_redirecting_the_rung_party_runs_the_action_without_the_length_of_the_call() -> None:  # V13
    network, client, product = a_network(line(join="<Say>Hierheen.</Say>"))
    worker, lawyer = network.person(WORKER, "worker"), network.person(LAWYER, "lawyer")
    worker.dials(LINE)
    lawyer.is_ringing()
    lawyer.picks_up()
    lawyer.presses("1")
    network.talking(worker, lawyer)
    sid = product.requests("/whisper")[0]["CallSid"]
    client.calls(sid).update(url=f"{settings.PUBLIC_URL}/join")
    lawyer.hears("Hierheen.")
    worker.hears("Het gesprek is klaar.")
    told = product.one("/dialled")
    assert "DialCallDuration" not in told
    assert told["DialBridged"] == "true"


def test_ending_a_call_by_rest_is_like_hanging_up() -> None:
    network, client, product = a_network()
    worker, lawyer = network.person(WORKER, "worker"), network.person(LAWYER, "lawyer")
    worker.dials(LINE)
    lawyer.is_ringing()
    client.calls(product.requests("/twilio/voice")[0]["CallSid"]).update(status="completed")
    worker.is_idle()
    lawyer.is_idle()
    assert product.one("/dialled")["CallStatus"] == "completed"


def test_canceled_ends_a_ringing_call_and_leaves_an_answered_one_alone() -> None:
    network, client, _ = a_network(line(offer='<Pause length="600"/>'))
    lawyer = network.person(LAWYER, "lawyer")
    for picks_up, status in [(False, "canceled"), (True, "in-progress")]:
        call = client.calls.create(to=LAWYER, from_=LINE, url=URL)
        lawyer.is_ringing()
        if picks_up:
            lawyer.picks_up()
        client.calls(call.sid).update(status="canceled")
        network.forward(1)
        assert client.calls(call.sid).fetch().status == status


def test_calls_are_listed_by_number_and_start_newest_first() -> None:
    network, client, _ = a_network()
    first = client.calls.create(to=LAWYER, from_=LINE, url=URL)
    client.calls.create(to=WORKER, from_=LINE, url=URL)
    network.forward(60)
    since = clock.now()
    later = client.calls.create(to=LAWYER, from_=LINE, url=URL)
    network.forward(2)
    assert [call.sid for call in client.calls.list(to=LAWYER)] == [later.sid, first.sid]
    assert [call.sid for call in client.calls.list(to=LAWYER, start_time_after=since)] == [later.sid]
    assert client.calls.list(to=LAWYER, start_time_before=since - timedelta(hours=1)) == []


def test_a_text_reaches_the_phone_and_is_told_as_sent_and_delivered() -> None:
    network, client, product = a_network()
    worker = network.person(WORKER, "worker")
    message = client.messages.create(to=WORKER, from_=LINE, body="Tot straks.", status_callback=STATUS)
    assert worker.gets_sms("Tot straks") == "Tot straks."
    told = product.requests("/status")
    assert [params["MessageStatus"] for params in told] == ["sent", "delivered"]
    assert {params["MessageSid"] for params in told} == {message.sid}
    assert client.messages(message.sid).fetch().status == "delivered"


def test_a_text_to_a_number_that_does_not_exist_is_undelivered_with_a_code() -> None:
    network, client, product = a_network()
    worker = network.person(WORKER, "worker")
    worker.behaves("bad")
    client.messages.create(to=WORKER, from_=LINE, body="Tot straks.", status_callback=STATUS)
    network.settle()
    assert product.requests("/status")[-1]["MessageStatus"] == "undelivered"
    assert product.requests("/status")[-1]["ErrorCode"] == "30003"
    assert worker.texts == []


def test_a_text_of_a_person_comes_to_the_product_and_its_answer_comes_back() -> None:
    network, _, product = a_network(Product({"/twilio/sms": "<Message>Welkom terug.</Message>"}))
    lawyer = network.person(LAWYER, "lawyer")
    lawyer.sends_sms(LINE, "VERDER")
    told = product.one("/twilio/sms")
    assert (told["From"], told["To"], told["Body"]) == (LAWYER, LINE, "VERDER")
    assert lawyer.gets_sms("Welkom terug")


def test_without_the_right_credentials_everything_is_refused_in_the_vendors_shape() -> None:
    network, _, _ = a_network()
    for auth in (None, (settings.TWILIO_ACCOUNT_SID, "wrong"), ("AC0", settings.TWILIO_AUTH_TOKEN[0])):
        response = network.http.request("POST", f"{PATH}/Calls.json", data={"To": LAWYER}, auth=auth)
        body = json.loads(response.text)
        assert response.status_code == body["status"] == 401
        assert set(body) == {"code", "message", "more_info", "status"}
        assert body["code"] == 20003


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"From": LINE, "Url": URL}, 21201),
        ({"To": "0612345678", "From": LINE, "Url": URL}, 21211),
        ({"To": LAWYER, "Url": URL}, 21212),
        ({"To": LAWYER, "From": LINE}, 21205),
        ({"To": LAWYER, "From": LINE, "Url": "/offer"}, 21205),
        ({"To": LAWYER, "From": LINE, "Twiml": "<Response>" + "a" * 4000}, 21623),
    ],
)
def test_a_call_that_cannot_be_placed_is_refused_with_the_vendors_code(given: dict[str, str], code: int) -> None:
    network, _, _ = a_network()
    auth = (settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN[0])
    response = network.http.request("POST", f"{PATH}/Calls.json", data=given, auth=auth)
    assert (response.status_code, json.loads(response.text)["code"]) == (400, code)
    assert not network.engine.legs


@pytest.mark.parametrize(
    "given", [{"From": LINE, "Body": "x"}, {"To": LAWYER, "Body": "x"}, {"To": LAWYER, "From": LINE}]
)
def test_a_text_that_lacks_something_is_refused(given: dict[str, str]) -> None:
    network, _, _ = a_network()
    auth = (settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN[0])
    response = network.http.request("POST", f"{PATH}/Messages.json", data=given, auth=auth)
    assert response.status_code == 400


def test_an_unknown_call_or_path_is_not_found() -> None:
    _, client, _ = a_network()
    with pytest.raises(TwilioRestException) as missing:
        client.calls("CA00000000000000000000000000000000").fetch()
    assert (missing.value.status, missing.value.code) == (404, 20404)


def test_a_parameter_that_the_lab_would_not_honour_is_a_fault() -> None:
    network, client, _ = a_network()
    client.calls.create(to=LAWYER, from_=LINE, url=URL, machine_detection="Enable")
    client.calls.create(to=LAWYER, from_=LINE, url=URL, record=True)
    client.calls.create(to=LAWYER, from_=LINE, url=URL, status_callback_event=["initiated ringing"])
    assert [fault.code for fault in network.faults] == [20001, 21000, 21626]


@pytest.mark.parametrize(("kind", "status"), [("refuse", 400), ("error", 500), ("too_many", 429)])
def test_the_vendor_can_refuse_a_request_and_do_nothing(kind: str, status: int) -> None:
    network, client, _ = a_network()
    network.misbehaves(kind, "Calls")
    with pytest.raises(TwilioRestException) as refused:
        client.calls.create(to=LAWYER, from_=LINE, url=URL)
    assert refused.value.status == status
    assert not network.engine.legs
    assert client.calls.create(to=LAWYER, from_=LINE, url=URL).sid  # the next one is good again


@pytest.mark.parametrize(
    ("kind", "error", "rings"),
    [
        ("lost", requests.ReadTimeout, True),
        ("swallowed", requests.ReadTimeout, False),
        ("unreachable", requests.ConnectTimeout, False),
    ],
)
def test_an_answer_can_get_lost_after_or_before_the_request_was_done(
    kind: str, error: type[Exception], rings: bool
) -> None:
    network, client, _ = a_network()
    lawyer = network.person(LAWYER, "lawyer")
    network.misbehaves(kind)
    with pytest.raises(error):
        client.calls.create(to=LAWYER, from_=LINE, url=URL)
    network.forward(1)
    assert lawyer.rings is rings


def test_the_account_and_the_numbers_are_shown_for_a_check_of_the_set_up() -> None:
    _, client, _ = a_network()
    assert client.api.accounts(settings.TWILIO_ACCOUNT_SID).fetch().status == "active"
    number = client.incoming_phone_numbers.list(phone_number=LINE)[0]
    assert number.voice_url == f"{settings.PUBLIC_URL}/twilio/voice"


def test_a_placed_call_may_dial_and_its_own_action_hears_of_it() -> None:
    network, client, product = a_network(line(offer="<Say>Ik bel nu.</Say>" + dial(WORKER)))
    worker, lawyer = network.person(WORKER, "worker"), network.person(LAWYER, "lawyer")
    call = client.calls.create(to=LAWYER, from_=LINE, url=URL)
    lawyer.is_ringing()
    lawyer.picks_up()
    worker.is_ringing()
    worker.picks_up()
    worker.presses("1")
    network.talking(lawyer, worker)
    worker.hangs_up()
    assert product.one("/dialled")["CallSid"] == call.sid
    lawyer.hears("Het gesprek is klaar.")
