"""Wie is er nu: the list agrees with the router, and the dry run says who and why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hotline.queries import who_would_ring
from integrations import clock
from rosters import services as roster_services
from tests import builders
from tests.hotline.consultations.story import World
from tests.hotline.pages.conftest import As, main_of


def row_of(page: str, area: str) -> str:
    return next(row for row in page.split("<tr>") if area in row).split("</tr>")[0]


def test_an_area_shows_who_until_when_the_backup_and_the_key(world: World, as_: As) -> None:
    row = row_of(main_of(as_(world.worker).get(reverse("on_call_now"))), "Huurrecht")
    assert "Ada Eerste" in row
    assert "17:30" in row
    assert "Bea Tweede" in row
    assert '<span class="piket-key">1</span>' in row
    assert who_would_ring("huur", "walcheren").ring[0].name == "Ada Eerste"


def test_an_area_without_anybody_says_so(world: World, as_: As) -> None:
    assert "niemand" in row_of(main_of(as_(world.worker).get(reverse("on_call_now"))), "Asielrecht")


def test_a_pause_is_shown(world: World, as_: As) -> None:
    roster_services.pause(person_id=world.first.pk, source="page", minutes=30)
    row = row_of(main_of(as_(world.worker).get(reverse("on_call_now"))), "Huurrecht")
    assert "pauze" in row
    assert "tot 11:00" in row


def test_a_neighbour_is_named_as_such(world: World, as_: As) -> None:
    page = main_of(as_(world.worker).get(reverse("on_call_now"), {"regio": "AR08"}))
    assert "Rotterdam, 10:30" in page
    assert "(buurregio)" in row_of(page, "Huurrecht") or "niemand" in row_of(page, "Huurrecht")


def test_outside_opening_hours_it_says_when_the_line_opens(world: World, as_: As) -> None:
    clock.forward(timedelta(hours=8))
    assert "Buiten openingstijd." in main_of(as_(world.worker).get(reverse("on_call_now")))


def test_no_private_number_is_on_the_page(world: World, as_: As) -> None:
    query = {"rechtsgebied": "huur", "regio": "walcheren", "moment": "2026-11-18T11:00"}
    page = as_(world.worker).get(reverse("on_call_now"), query).content.decode()
    for person in (world.first, world.second, world.worker):
        assert person.numbers.get().e164[-6:] not in page


def test_the_dry_run_gives_the_order_and_who_is_passed_over(world: World, as_: As) -> None:
    roster_services.pause(person_id=world.first.pk, source="page", minutes=60)
    query = {"rechtsgebied": "huur", "regio": "walcheren", "moment": "2026-11-18T10:45"}
    page = main_of(as_(world.coordinator).get(reverse("on_call_now"), query))
    order, passed = page.split("Niet gebeld")
    assert "Bea Tweede" in order.split("Wie gaat er over?")[1]
    assert "Ada Eerste" in passed


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({"rechtsgebied": "huur", "regio": "walcheren", "moment": "straks"}, "Schrijf het moment als"),
        ({"rechtsgebied": "huur", "regio": "walcheren", "moment": ""}, "Kies een moment."),
        ({"rechtsgebied": "huur", "regio": "walcheren", "moment": "2036-11-18T10:45"}, "binnen een jaar"),
        ({"rechtsgebied": "tuin", "regio": "walcheren", "moment": "2026-11-18T10:45"}, "geldige keuze"),
        ({"rechtsgebied": "huur", "regio": "mars", "moment": "2026-11-18T10:45"}, "geldige keuze"),
    ],
)
def test_a_wrong_question_is_told(world: World, as_: As, query: dict[str, str], fault: str) -> None:
    assert fault in main_of(as_(world.worker).get(reverse("on_call_now"), query))


def test_the_list_costs_the_same_with_more_desks(world: World, as_: As) -> None:
    client = as_(world.worker)
    client.get(reverse("on_call_now"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("on_call_now"))
    for slug in ("asiel", "arbeid", "schulden"):
        desk = builders.a_desk(world.line, areas=[slug])
        builders.a_duty(desk, builders.a_lawyer(areas=[slug]))
    client.get(reverse("on_call_now"))
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("on_call_now"))
    assert len(many) <= len(few) + 3  # one for each other moment at which a duty ends
