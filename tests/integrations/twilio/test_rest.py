"""What we ask of the vendor, over a real wire to a small server of this test, and what its failures mean."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings
from twilio.http import HttpClient
from twilio.http.response import Response

from integrations.errors import VendorError
from integrations.twilio import rest
from tests.integrations.vendor import VendorServer, vendor_server

pytestmark = pytest.mark.django_db
CALLS = "/2010-04-01/Accounts/AC0/Calls"


@pytest.fixture
def vendor(settings: Settings) -> Iterator[VendorServer]:
    settings.TWILIO_ACCOUNT_SID = "AC0"
    settings.TWILIO_AUTH_TOKEN = ["new", "old"]
    settings.TWILIO_REGION = ""
    settings.HOTLINE_NUMBER = "+31850000000"
    with vendor_server() as server:
        settings.TWILIO_API_BASE = server.base
        yield server


def place() -> str:
    return rest.place_call(
        "+31600000001",
        url="https://p/twilio/l/c4-1/offer",
        status_url="https://p/twilio/l/c4/status",
        caller_id="+31850000000",
        ring_seconds=20,
    )


def test_places_a_call_at_our_own_address_without_recording(vendor: VendorServer) -> None:
    assert place() == "CA1"
    [(method, path, form, headers)] = vendor.asked
    assert (method, path) == ("POST", f"/vendor{CALLS}.json")
    assert headers["Authorization"] == "Basic QUMwOm5ldw=="
    assert form == {
        "To": ["+31600000001"],
        "From": ["+31850000000"],
        "Url": ["https://p/twilio/l/c4-1/offer"],
        "Method": ["POST"],
        "Timeout": ["20"],
        "TimeLimit": ["3700"],
        "Record": ["false"],
        "StatusCallback": ["https://p/twilio/l/c4/status"],
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        "StatusCallbackMethod": ["POST"],
    }


def test_redirects_and_ends_a_leg(vendor: VendorServer) -> None:
    vendor.status = 200
    rest.redirect_call("CA7", url="https://p/x")
    rest.end_call("v3:odd id")
    assert [(path, form) for _, path, form, _ in vendor.asked] == [
        (f"/vendor{CALLS}/CA7.json", {"Url": ["https://p/x"], "Method": ["POST"]}),
        (f"/vendor{CALLS}/v3:odd%20id.json", {"Status": ["completed"]}),
    ]


def test_sends_a_text_from_our_number(vendor: VendorServer) -> None:
    vendor.answer = {"sid": "SM1"}
    assert rest.send_sms("+31600000001", "hallo é") == "SM1"
    assert vendor.asked[0][2] == {"To": ["+31600000001"], "From": ["+31850000000"], "Body": ["hallo é"]}


def test_asks_the_state_of_a_leg_and_finds_calls_by_number_and_time(vendor: VendorServer) -> None:
    vendor.status, vendor.answer = 200, {"sid": "CA1", "status": "in-progress"}
    assert rest.fetch_call_status("CA1") == "in-progress"
    started = "Wed, 18 Nov 2026 09:30:05 +0000"
    vendor.answer = {"calls": [{"sid": "CA2", "status": "ringing", "start_time": started}], "next_page_uri": None}
    found = rest.find_calls("+31600000001", datetime(2026, 11, 18, 9, 30, tzinfo=UTC))
    assert found == [rest.FoundCall("CA2", "ringing", datetime(2026, 11, 18, 9, 30, 5, tzinfo=UTC))]
    assert vendor.asked[1][2]["StartTime>"] == ["2026-11-18T09:30:00Z"]


def test_the_region_names_the_host_when_there_is_no_base(settings: Settings) -> None:
    class Listening(HttpClient):  # type: ignore[misc]  # the library is not typed
        def __init__(self) -> None:
            self.urls: list[str] = []

        def request(self, method: str, uri: str, *args: Any, **kwargs: Any) -> Response:
            self.urls.append(uri)
            return Response(200, '{"sid": "CA1", "status": "busy"}')

    settings.TWILIO_REGION, settings.TWILIO_ACCOUNT_SID = "ie1", "AC0"
    ears = Listening()
    with rest.use_http_client(ears):
        assert rest.fetch_call_status("CA1") == "busy"
    assert ears.urls == [f"https://api.ie1.twilio.com{CALLS}/CA1.json"]


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (401, True), (404, True), (429, False), (408, False), (500, False), (503, False)],
)
def test_a_refusal_is_permanent_and_a_fault_or_a_full_queue_is_not(
    vendor: VendorServer, status: int, permanent: bool
) -> None:
    vendor.status = status
    vendor.answer = {"status": status, "code": 21211, "message": "The number +31600000001 is not valid"}
    with pytest.raises(VendorError) as failure:
        place()
    assert (failure.value.permanent, failure.value.unknown, failure.value.status) == (permanent, False, status)
    assert str(failure.value) == f"HTTP {status}, code 21211"


def test_silence_after_the_request_left_is_unknown(vendor: VendorServer, settings: Settings) -> None:
    vendor.silent, settings.VENDOR_TIMEOUT = True, 0.05
    with pytest.raises(VendorError) as failure:
        place()
    assert (failure.value.permanent, failure.value.unknown) == (False, True)


def test_a_connection_that_breaks_before_the_answer_is_unknown(vendor: VendorServer) -> None:
    vendor.rude = True
    with pytest.raises(VendorError) as failure:
        place()
    assert failure.value.unknown


def test_an_answer_that_is_no_answer_is_unknown(vendor: VendorServer) -> None:
    vendor.answer = "<html>proxy says hello</html>"
    with pytest.raises(VendorError) as failure:
        place()
    assert failure.value.unknown


def test_a_vendor_that_is_not_there_got_nothing(settings: Settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.TWILIO_API_BASE = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(VendorError) as failure:
        place()
    assert (failure.value.permanent, failure.value.unknown, str(failure.value)) == (
        False,
        False,
        "not reached: no connection",
    )


def test_nothing_is_asked_inside_a_transaction(vendor: VendorServer) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        place()
    assert vendor.asked == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_asked_inside_a_real_transaction_either(vendor: VendorServer) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        rest.fetch_call_status("CA1")
    assert place() == "CA1"


def test_no_number_reaches_the_log(vendor: VendorServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        place()
        vendor.status, vendor.answer = 200, {"calls": [], "next_page_uri": None}
        rest.find_calls("+31600000001", datetime(2026, 11, 18, tzinfo=UTC))
    assert "31600000001" not in caplog.text
