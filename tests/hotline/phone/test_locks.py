"""What a webhook holds while it works must not stop the words that come in beside it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from hotline.models import Call, Offer
from hotline.phone import lawyers, listening, rows
from integrations.twilio import rest
from tests import builders
from tests.concurrency import at_once
from tests.network import Network
from tests.stories.conftest import LINE

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_status_of_the_rung_phone_does_not_wait_for_the_call(at_ten_thirty: Any) -> None:
    """Its event refers to the call and the consultation; waiting for them, with its offer in hand, was a deadlock."""
    if connection.vendor == "sqlite":
        pytest.skip("for PostgreSQL: SQLite has one writer, so nobody holds half of what another needs")
    network = Network(Client())
    desk = builders.a_desk(builders.an_all_hours_line("Piketlijn", number=LINE), "Walcheren huur")
    bos = builders.a_lawyer("Bos")
    builders.a_duty(desk, bos, 1)
    worker = network.person(builders.a_worker("Wim Werker").numbers.get(is_primary=True).e164, "wim")
    with rest.use_http_client(network.http):
        worker.dials(LINE)
        worker.presses("1")
        call, offer = Call.objects.get(), Offer.objects.get()
        form = listening.read({"CallSid": "CA1", "CallStatus": "in-progress", "SequenceNumber": "9"})
        with transaction.atomic():
            assert rows.lock_call(call.token) is not None
            (told,) = at_once(lambda: lawyers.leg_status(offer.token or "", form))
            assert not isinstance(told, Exception), told
            assert rows.close_offer(offer.pk, "stopped", call.started_at)
