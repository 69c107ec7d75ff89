"""Te regelen: what coordinators have to look at, in their own regions, and ticking it off."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from hotline.models import Callback, Event, Ticket
from hotline.phone import tickets
from integrations import clock
from tests import builders
from tests.hotline.consultations.story import World
from tests.hotline.pages.conftest import As, main_of

KINDS = (
    "fault", "fallback", "vendor_refused", "no_bridge_key", "bad_number", "mismatch", "last_cover", "delivery",
    "callback",
)  # fmt: skip


def a_ticket(kind: str = "bad_number", region: str | None = "walcheren", **fields: Any) -> Ticket:
    region_id = builders.region_id(region) if region else None
    return tickets.file_ticket(kind, f"{kind}:{region}", clock.now(), region_id=region_id, **fields)


def test_a_quiet_day_says_so_in_one_sentence(world: World, as_: As) -> None:
    assert "Er is nu niets voor jou te regelen." in main_of(as_(world.coordinator).get(reverse("tickets")))


@pytest.mark.parametrize("kind", KINDS)
def test_every_ticket_says_what_to_do_in_words(world: World, as_: As, kind: str) -> None:
    a_ticket(kind)
    page = main_of(as_(world.coordinator).get(reverse("tickets")))
    assert "Om naar te kijken (1)" in page
    assert f"<strong>{kind}</strong>" not in page


def test_ticking_off_is_on_record_and_twice_is_once(world: World, as_: As) -> None:
    ticket = a_ticket()
    client = as_(world.coordinator)
    for _ in range(2):
        client.post(reverse("ticket_done", args=[ticket.pk]))
    ticket.refresh_from_db()
    assert ticket.done_at is not None
    assert ticket.owner == world.coordinator
    assert Event.objects.get(kind="ticket_done").actor == world.coordinator
    assert "niets voor jou te regelen" in main_of(client.get(reverse("tickets")))


def test_a_ticket_of_another_region_is_not_his(world: World, as_: As) -> None:
    ticket = a_ticket(region="zwolle")
    client = as_(world.coordinator)
    assert "Om naar te kijken" not in main_of(client.get(reverse("tickets")))
    assert client.post(reverse("ticket_done", args=[ticket.pk])).status_code == 404
    ticket.refresh_from_db()
    assert ticket.done_at is None


def test_a_ticket_of_the_whole_country_is_for_every_coordinator(world: World, as_: As) -> None:
    a_ticket(region=None)
    assert "Om naar te kijken (1)" in main_of(as_(world.coordinator).get(reverse("tickets")))


def test_somebody_whom_only_a_coordinator_can_call(world: World, as_: As) -> None:
    callback = Callback.objects.create(
        line=world.line,
        region_id=builders.region_id("walcheren"),
        number="+31600000777",
        state=Callback.State.COORDINATOR,
        why="stranger",
        due_at=clock.now(),
    )
    client = as_(world.coordinator)
    page = main_of(client.get(reverse("tickets")))
    assert "Onbekende beller" in page
    assert 'href="tel:+31600000777"' in page
    assert as_(builders.a_coordinator(region="zwolle")).post(reverse("called", args=[callback.pk])).status_code == 404
    client.post(reverse("called", args=[callback.pk]))
    callback.refresh_from_db()
    assert (callback.state, callback.end_reason) == ("done", "by_coordinator")
    assert Event.objects.get(kind="called_by_coordinator").actor == world.coordinator


def test_a_question_that_nobody_took_stands_here(world: World, as_: As) -> None:
    consultation = world.ask()
    client = as_(world.coordinator)
    for lawyer in (world.first, world.second):
        address = reverse("question_step", args=[consultation.reference, "doorgeven"])
        as_(lawyer).post(address, {"reason": "no_time"})
    assert consultation.reference in main_of(client.get(reverse("tickets")))
    client.post(reverse("question_step", args=[consultation.reference, "geregeld"]))
    assert consultation.reference not in main_of(client.get(reverse("tickets")))
