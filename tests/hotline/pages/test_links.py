"""Pages behind links: no login, opening changes nothing, one press does it, and guessing learns nothing."""

from __future__ import annotations

import html
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hotline.consultations import services
from hotline.consultations.telling import accept_link, outcome_link
from hotline.models import Callback, Consultation, Event, Offer, Outcome
from hotline.phone.callbacks import appointment_link
from integrations import clock, links
from integrations.links import LinkFor
from integrations.models import Link, LinkMiss, OutboxMessage
from tests import builders
from tests.hotline.consultations.story import World, fresh
from tests.hotline.pages.conftest import main_of

KINDS = ("offer", "outcome", "appointment")


def address_of(link: LinkFor) -> str:
    """The path of a link that was just made."""
    return "/" + links.mint(link, clock.now()).split("/", 3)[3]


def links_of(world: World) -> dict[str, tuple[str, Consultation]]:
    asked, answered, called = world.ask(), world.answered(), world.accepted()
    callback = services.call_me_about_this(person=world.worker, reference=called.reference)
    return {
        "offer": (address_of(accept_link(asked.offers.get())), asked),
        "outcome": (address_of(outcome_link(world.worker.pk, answered)), answered),
        "appointment": (address_of(appointment_link(world.worker.pk, callback.pk)), called),
    }


def everything() -> list[Any]:
    """All that a press could change; the rows of links themselves too."""
    tables = (Consultation, Offer, Outcome, Callback, Event, Link, OutboxMessage)
    return [list(table.objects.order_by("pk").values()) for table in tables]


@pytest.mark.parametrize("kind", KINDS)
def test_opening_a_link_three_times_changes_nothing(world: World, client: Client, kind: str) -> None:
    address, _consultation = links_of(world)[kind]
    before = everything()
    for _ in range(3):
        assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200
    assert everything() == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_shows_the_outside_only(world: World, client: Client, kind: str) -> None:
    address, consultation = links_of(world)[kind]
    answer = client.get(address)
    page = answer.content.decode()
    assert consultation.reference in page
    assert "Huurrecht" in page
    assert "Walcheren" in page
    for secret in ("borg", "Nee, alleen voor schade", world.worker.numbers.get().e164, world.worker.email):
        assert secret not in page
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer.headers["Cache-Control"]


def test_accepting_with_one_press(world: World, client: Client) -> None:
    address, consultation = links_of(world)["offer"]
    page = main_of(client.post(address, {"keuze": "aannemen"}))
    assert "Je hebt de vraag aangenomen." in page
    assert fresh(consultation).lawyer == world.first


@pytest.mark.parametrize("reason", ["no_time", "conflict", "wrong_area"])
def test_passing_on_with_one_press(world: World, client: Client, reason: str) -> None:
    address, consultation = links_of(world)["offer"]
    assert "Doorgegeven." in main_of(client.post(address, {"keuze": reason}))
    assert consultation.offers.latest("pk").lawyer == world.second


def test_an_unknown_choice_is_told_and_the_link_still_works(world: World, client: Client) -> None:
    address, consultation = links_of(world)["offer"]
    assert client.post(address, {"keuze": "misschien"}).status_code == 400
    assert client.post(address, {}).status_code == 400
    client.post(address, {"keuze": "aannemen"})
    assert fresh(consultation).lawyer == world.first


@pytest.mark.parametrize(
    ("value", "status"), [("helped", "closed"), ("partly", "answered"), ("not_helped", "answered")]
)
def test_the_asker_says_what_came_of_it_with_one_press(world: World, client: Client, value: str, status: str) -> None:
    address, consultation = links_of(world)["outcome"]
    assert "Vastgelegd. Dank je wel." in main_of(client.post(address, {"keuze": value}))
    assert fresh(consultation).status == status
    assert Outcome.objects.get(consultation=consultation, side="worker").route == "link"


def test_the_lawyer_gets_his_own_buttons(world: World, client: Client) -> None:
    consultation = world.answered()
    page = main_of(client.get(address_of(outcome_link(world.first.pk, consultation))))
    assert "Wat is de uitkomst?" in page
    assert 'value="hand_over"' in page
    assert 'value="helped"' not in page


def test_an_appointment_moves_and_is_withdrawn(world: World, client: Client) -> None:
    consultation = world.accepted()
    callback = services.call_me_about_this(person=world.worker, reference=consultation.reference)
    address = address_of(appointment_link(world.worker.pk, callback.pk))
    moment = html.unescape(main_of(client.get(address)).split('name="keuze" value="')[2].split('"')[0])
    assert "Afgesproken: we bellen je" in main_of(client.post(address, {"keuze": moment}))
    assert Callback.objects.get(pk=callback.pk).due_at == datetime.fromisoformat(moment)
    other = address_of(appointment_link(world.worker.pk, callback.pk))
    assert "Ingetrokken." in main_of(client.post(other, {"keuze": "intrekken"}))
    assert Callback.objects.get(pk=callback.pk).state == "withdrawn"


@pytest.mark.parametrize(
    "moment", ["", "straks", "2026-11-18T08:00:00+01:00", "2026-11-18T23:00:00+01:00", "2027-11-18T11:00:00+01:00"]
)
def test_an_impossible_moment_is_refused_and_the_link_still_works(world: World, client: Client, moment: str) -> None:
    address, _consultation = links_of(world)["appointment"]
    due = Callback.objects.get().due_at
    answer = client.post(address, {"keuze": moment})
    assert answer.status_code == 400
    assert "Kies een van deze momenten, of trek in." in main_of(answer)
    assert Callback.objects.get().due_at == due
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_used_expired_and_malformed_links_answer_alike(world: World, client: Client, kind: str) -> None:
    made = links_of(world)
    used, consultation = made[kind]
    choice = {"offer": "aannemen", "outcome": "helped", "appointment": "intrekken"}[kind]
    client.post(used, {"keuze": choice})
    other = next(address for name, (address, _row) in made.items() if name != kind)
    prefix = used[:3]
    answers = [
        client.get(address)
        for address in (used, f"{prefix}aaaaaaaaaa", f"{prefix}x", f"{prefix}{'z' * 40}", f"{prefix}{other[3:]}")
    ]
    answers.append(client.post(f"{prefix}aaaaaaaaaa", {"keuze": choice}))
    assert {answer.status_code for answer in answers} == {410}
    assert len({main_of(answer) for answer in answers}) == 1
    assert consultation.reference not in answers[0].content.decode()
    clock.forward(timedelta(hours=73))
    assert client.get(other).status_code == 410


def test_a_replayed_press_does_nothing(world: World, client: Client) -> None:
    address, consultation = links_of(world)["outcome"]
    client.post(address, {"keuze": "helped"})
    assert client.post(address, {"keuze": "not_helped"}).status_code == 410
    assert Outcome.objects.filter(consultation=consultation, side="worker").count() == 1


def test_guesses_are_counted_and_slow_down_one_address_only(world: World, client: Client) -> None:
    address, _consultation = links_of(world)["offer"]
    for number in range(25):
        client.get(f"/c/guess{number:05d}".replace("0", "a").replace("1", "b"))
    assert LinkMiss.objects.count() == links.MISSES_ALLOWED
    assert client.get(address).status_code == 410
    assert client.get(address, REMOTE_ADDR="198.51.100.9").status_code == 200


def test_a_link_of_somebody_who_left_is_gone(world: World, client: Client) -> None:
    address, _consultation = links_of(world)["offer"]
    world.first.is_active = False
    world.first.save()
    assert client.get(address).status_code == 410


def test_what_somebody_else_took_is_told_and_nothing_changes(world: World, client: Client) -> None:
    address, consultation = links_of(world)["offer"]
    services.assign(person=world.coordinator, reference=consultation.reference, lawyer_id=world.second.pk)
    services.accept(person=world.second, reference=consultation.reference)
    assert "wacht niet meer op jou" in main_of(client.get(address))
    answer = client.post(address, {"keuze": "aannemen"})
    assert answer.status_code in {404, 409, 410}
    assert fresh(consultation).lawyer == world.second


def test_a_link_needs_its_own_press_not_a_session(world: World) -> None:
    """Whoever is logged in as somebody else acts as the holder of the link, and as nobody more."""
    consultation = world.ask()
    client = Client()
    client.force_login(builders.a_stranger())
    address = address_of(accept_link(consultation.offers.get()))
    client.post(address, {"keuze": "aannemen"})
    assert fresh(consultation).lawyer == world.first
    assert client.get(reverse("question", args=[consultation.reference])).status_code == 404
