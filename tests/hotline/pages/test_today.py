"""Vandaag: the duty, the pause, open outcomes with one press, and what is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from hotline.models import Outcome, Ticket
from integrations import clock
from rosters import queries as rosters
from tests import builders
from tests.hotline.consultations.story import World
from tests.hotline.pages.conftest import As, main_of


def test_the_card_says_where_and_until_when(world: World, as_: As) -> None:
    page = main_of(as_(world.first).get(reverse("today")))
    assert "Je bent van dienst" in page
    assert "Walcheren huur" in page
    assert "tot 17:30" in page


def test_without_a_duty_it_says_when_the_next_one_is(world: World, as_: As) -> None:
    clock.forward(timedelta(hours=10))
    page = main_of(as_(world.first).get(reverse("today")))
    assert "Nu geen dienst" in page
    assert "Je volgende dienst: morgen 9:30, Walcheren huur." in page
    assert "Je hebt geen diensten gepland." in main_of(as_(builders.a_lawyer()).get(reverse("today")))


@pytest.mark.parametrize(("minutes", "until"), [("15", "10:45"), ("30", "11:00"), ("60", "11:30"), ("", "17:30")])
def test_a_pause_ends_by_itself(world: World, as_: As, minutes: str, until: str) -> None:
    page = main_of(as_(world.first).post(reverse("pause"), {"minutes": minutes}, follow=True))
    assert f"Je hebt pauze tot {until}" in page
    assert rosters.pause_of(world.first.pk) is not None


def test_the_last_cover_is_told_first_and_pauses_with_a_second_press(world: World, as_: As) -> None:
    as_(world.second).post(reverse("pause"), {"minutes": "60"})
    first = as_(world.first)
    page = main_of(first.post(reverse("pause"), {"minutes": "15"}))
    assert "Jij bent de enige" in page
    assert "Walcheren huur" in page
    assert rosters.pause_of(world.first.pk) is None
    first.post(reverse("pause"), {"minutes": "15", "sure": "on"})
    assert rosters.pause_of(world.first.pk) is not None
    assert Ticket.objects.get().kind == "last_cover"


def test_back_from_a_pause(world: World, as_: As) -> None:
    client = as_(world.first)
    client.post(reverse("pause"), {"minutes": "60"})
    assert "Je bent van dienst" in main_of(client.post(reverse("resume"), follow=True))


@pytest.mark.parametrize("minutes", ["7", "abc", "-15"])
def test_any_other_pause_is_refused(world: World, as_: As, minutes: str) -> None:
    page = main_of(as_(world.first).post(reverse("pause"), {"minutes": minutes}, follow=True))
    assert "Kies 15, 30 of 60 minuten" in page
    assert rosters.pause_of(world.first.pk) is None


def test_pausing_without_a_duty_says_why_not(world: World, as_: As) -> None:
    page = main_of(as_(builders.a_lawyer()).post(reverse("pause"), {"minutes": ""}, follow=True))
    assert "Je hebt pauze tot" not in page


def test_what_is_asked_stands_on_the_page(world: World, as_: As) -> None:
    consultation = world.ask()
    page = main_of(as_(world.first).get(reverse("today")))
    assert consultation.reference in page
    assert "vóór 11:15" in page
    assert "borg" not in page


def test_an_open_outcome_is_said_with_one_press(world: World, as_: As) -> None:
    consultation = world.answered()
    Outcome.objects.all().delete()
    client = as_(world.first)
    page = main_of(client.get(reverse("today")))
    assert "Nog vastleggen (1)" in page
    answer = client.post(
        reverse("question_step", args=[consultation.reference, "uitkomst"]), {"value": "answered", "terug": "vandaag"}
    )
    assert answer.headers["Location"] == reverse("today")
    assert Outcome.objects.get().value == "answered"
    assert "Nog vastleggen" not in main_of(client.get(reverse("today")))
