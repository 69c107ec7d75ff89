"""Engine and product in one process: the real signature check, Django's own client, the product's own REST client."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from integrations.errors import VendorError
from integrations.twilio import rest
from integrations.twilio.signature import signed
from tests.integrations.lab.product import LAWYER, LINE, WORKER, Product
from tests.network import Network

pytestmark = pytest.mark.urls(__name__)


@signed
def voice(request: HttpRequest) -> HttpResponse:
    said = "blank ones too" if request.POST["FromCity"] == "" else "no blanks"
    return HttpResponse(f"<Response><Say>Dag {request.POST['From']}, {said}.</Say></Response>", "text/xml")


urlpatterns = [path("twilio/voice", voice)]


@pytest.mark.parametrize("public", ["http://127.0.0.1:8000", "https://piket.example.nl"])
def test_a_signed_webhook_passes_the_real_check_whatever_the_public_address(settings: Settings, public: str) -> None:
    settings.PUBLIC_URL = public
    settings.ALLOWED_HOSTS = ["127.0.0.1", "piket.example.nl"]
    network = Network(Client())
    worker = network.person(WORKER, "worker")
    worker.dials(LINE)
    worker.hears(f"Dag {WORKER}, blank ones too.")
    worker.is_idle(within=5)


def test_a_webhook_signed_with_another_token_is_refused_and_the_call_ends(settings: Settings) -> None:
    network = Network(Client())
    settings.TWILIO_AUTH_TOKEN = ["another"]
    worker = network.person(WORKER, "worker")
    worker.dials(LINE)
    worker.is_idle()
    assert [fault.code for fault in network.faults] == [11200, 15003]


def test_the_products_own_requests_reach_the_same_vendor() -> None:
    network = Network(Product({"/offer": '<Pause length="60"/>', "/now": "<Say>Nu iets anders.</Say>"}))
    lawyer = network.person(LAWYER, "lawyer")
    public = "http://127.0.0.1:8000"
    with rest.use_http_client(network.http):
        sid = rest.place_call(
            LAWYER, url=f"{public}/offer", status_url=f"{public}/status", caller_id=LINE, ring_seconds=20
        )
        lawyer.is_ringing()
        assert rest.fetch_call_status(sid) == "ringing"
        lawyer.picks_up()
        rest.redirect_call(sid, url=f"{public}/now")
        lawyer.hears("Nu iets anders.")
        rest.send_sms(WORKER, "Tot straks.")
        assert network.person(WORKER).gets_sms("Tot straks.")
        network.misbehaves("lost")
        with pytest.raises(VendorError) as failure:
            rest.place_call(WORKER, url=f"{public}/offer", status_url="", caller_id=LINE, ring_seconds=20)
        assert failure.value.unknown
        network.forward(2)
        assert [found.status for found in rest.find_calls(WORKER, network.engine.now.replace(minute=0))] == ["ringing"]
    assert not network.faults
