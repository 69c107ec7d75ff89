"""What webhooks carry and what REST answers, held against lists re-typed from the vendor's documentation."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime

from django.conf import settings
from twilio.rest.api.v2010.account.call import CallInstance
from twilio.rest.api.v2010.account.message import MessageInstance

from integrations import clock
from integrations.lab import wire
from integrations.lab.messages import Message
from tests.integrations.lab.product import LAWYER, LINE, WORKER, Params, Product, line
from tests.network import Network

PLACES = {
    f"{side}{part}" for side in ("From", "To", "Caller", "Called") for part in ("City", "State", "Zip", "Country")
}
STANDARD = {"CallSid", "AccountSid", "From", "To", "Caller", "Called", "CallStatus", "ApiVersion", "Direction"} | PLACES
STATUS = STANDARD | {"SequenceNumber", "Timestamp", "CallbackSource"}
LENGTH = {"CallDuration", "Duration"}
CALL_KEYS = {
    "sid", "date_created", "date_updated", "parent_call_sid", "account_sid", "to", "to_formatted", "from",
    "from_formatted", "phone_number_sid", "status", "start_time", "end_time", "duration", "price", "price_unit",
    "direction", "answered_by", "api_version", "forwarded_from", "group_sid", "caller_name", "queue_time", "trunk_sid",
    "uri", "subresource_uris", "annotation",
}  # fmt: skip
MESSAGE_KEYS = {
    "body", "num_segments", "direction", "from", "to", "date_updated", "price", "error_message", "uri", "account_sid",
    "num_media", "status", "messaging_service_sid", "sid", "date_sent", "date_created", "error_code", "price_unit",
    "api_version", "subresource_uris",
}  # fmt: skip


def a_talk() -> Product:
    product = line()
    network = Network(product)
    worker, lawyer = network.person(WORKER), network.person(LAWYER)
    worker.dials(LINE)
    lawyer.is_ringing()
    lawyer.picks_up()
    lawyer.presses("1")
    network.talking(worker, lawyer)
    network.forward(61)
    lawyer.hangs_up()
    network.forward(5)
    return product


def test_the_first_request_of_a_call() -> None:
    first = a_talk().requests("/twilio/voice")[0]
    assert set(first) == STANDARD
    assert (first["From"], first["To"], first["Caller"], first["Called"]) == (WORKER, LINE, WORKER, LINE)
    assert (first["CallStatus"], first["Direction"]) == ("ringing", "inbound")
    assert first["AccountSid"] == settings.TWILIO_ACCOUNT_SID
    assert re.fullmatch(r"CA[0-9a-f]{32}", first["CallSid"])
    assert first["FromCity"] == ""  # blank parameters are sent and signed


def test_the_whisper_runs_on_a_leg_of_its_own_with_the_callers_as_parent() -> None:
    product = a_talk()
    caller, whisper = product.requests("/twilio/voice")[0], product.one("/whisper")
    assert set(whisper) == STANDARD | {"ParentCallSid"}
    assert whisper["ParentCallSid"] == caller["CallSid"] != whisper["CallSid"]
    assert (whisper["CallStatus"], whisper["Direction"]) == ("in-progress", "outbound-dial")
    assert (whisper["From"], whisper["To"]) == (LINE, LAWYER)


def test_a_key_brings_digits() -> None:
    assert set(a_talk().one("/key")) == STANDARD | {"ParentCallSid", "Digits"}


def test_the_dial_action_after_a_talk() -> None:
    product = a_talk()
    told = product.one("/dialled")
    assert set(told) == STANDARD | {"DialCallStatus", "DialCallSid", "DialCallDuration", "DialBridged"}
    assert told["DialCallSid"] == product.one("/whisper")["CallSid"]
    assert told["CallStatus"] == "in-progress"


def test_status_callbacks_of_the_rung_number_come_in_order_with_number_and_time() -> None:  # V10
    told = a_talk().requests("/status")
    assert [params["CallStatus"] for params in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [params["SequenceNumber"] for params in told] == ["0", "1", "2", "3"]
    assert [set(params) for params in told[:3]] == [STATUS | {"ParentCallSid"}] * 3
    assert set(told[3]) == STATUS | {"ParentCallSid"} | LENGTH
    assert {params["CallbackSource"] for params in told} == {"call-progress-events"}
    assert (parsedate_to_datetime(told[3]["Timestamp"]) - parsedate_to_datetime(told[2]["Timestamp"])).seconds >= 61
    assert told[3]["Duration"] == "2"  # minutes, begun ones count


def test_the_final_status_of_the_caller_goes_to_the_status_callback_of_the_number() -> None:
    final: Params = a_talk().requests("/twilio/voice")[-1]
    assert set(final) == STATUS | LENGTH
    assert (final["CallStatus"], final["SequenceNumber"]) == ("completed", "0")


def test_an_incoming_text() -> None:
    product = Product({})
    network = Network(product)
    network.person(WORKER).sends_sms(LINE, "VERDER")
    told = product.one("/twilio/sms")
    assert set(told) >= {"MessageSid", "SmsSid", "AccountSid", "From", "To", "Body", "NumMedia", "NumSegments"}
    assert re.fullmatch(r"SM[0-9a-f]{32}", told["MessageSid"])


def test_a_delivery_callback_has_no_time_and_no_sequence() -> None:
    message = Message("SM1", LINE, WORKER, "Tot straks.", clock.now(), status="delivered")
    told = wire.sms_status(message, "AC1")
    assert set(told) == {
        "MessageSid", "SmsSid", "MessageStatus", "SmsStatus", "To", "From", "AccountSid", "ApiVersion",
    }  # fmt: skip


def test_a_call_and_a_message_in_rest_have_the_keys_of_the_vendor() -> None:
    product = line()
    network = Network(product)
    network.person(WORKER).dials(LINE)
    network.person(LAWYER).is_ringing()
    for leg in network.engine.legs.values():
        shown = wire.call_json(leg)
        assert set(shown) == CALL_KEYS
        assert shown["status"] in _words(CallInstance.Status)
    message = network.engine.texts.send(LINE, WORKER, "Tot straks.")
    shown = wire.message_json(message, settings.TWILIO_ACCOUNT_SID)
    assert set(shown) == MESSAGE_KEYS
    assert shown["status"] in _words(MessageInstance.Status)


def _words(names: object) -> set[str]:
    return {value for name, value in vars(names).items() if name.isupper()}


def test_a_text_is_counted_in_parts_as_the_vendor_does() -> None:
    for text, parts in [("a" * 160, 1), ("a" * 161, 2), ("a" * 307, 3), ("ł" * 70, 1), ("ł" * 71, 2)]:
        assert Message("SM1", LINE, WORKER, text, clock.now()).segments == parts
