"""The vendor asks the number's fallback address when a document of ours failed: the call goes on where it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from hotline.models import Call, Offer
from integrations.twilio import rest
from tests import builders
from tests.network import Network
from tests.stories.conftest import LINE

pytestmark = pytest.mark.django_db


@pytest.fixture
def network(db: None, at_ten_thirty: Any) -> Network:
    network = Network(Client())
    doors = network.engine.doors
    network.engine.doors = replace(doors, fallback=f"{settings.PUBLIC_URL}/twilio/voice/again1")
    return network


def test_a_call_whose_answers_fail_rings_nobody_twice_and_talks_once(network: Network) -> None:
    desk = builders.a_desk(builders.an_all_hours_line("Piketlijn", number=LINE), "Walcheren huur")
    people = [builders.a_worker("Wim Werker"), builders.a_lawyer("Bos"), builders.a_lawyer("Chen")]
    for position, lawyer in enumerate(people[1:], start=1):
        builders.a_duty(desk, lawyer, position)
    worker, bos, chen = (network.person(one.numbers.get(is_primary=True).e164, one.name) for one in people)
    with rest.use_http_client(network.http):
        worker.dials(LINE)
        network.misbehaves("time_out", "/greet")  # key 1 was heard, the answer that rings Bos never came
        worker.presses("1")
        chen.is_ringing(within=40)
        chen.picks_up()
        chen.presses("1")
        network.talking(worker, chen)
        network.misbehaves("fail", "/dialled")
        chen.hangs_up()
        worker.hears("Heb je de advocaat gesproken? 1 ja. 2 nee.")
        worker.presses("1")
        worker.hears("Ben je geholpen?")
        worker.presses("1")
        worker.hears("Dank je wel.")
        network.forward(5)
    assert bos.is_idle()
    assert list(Offer.objects.order_by("pk").values_list("state", flat=True)) == ["missed", "talked"]
    assert Call.objects.get().end == "connected"
