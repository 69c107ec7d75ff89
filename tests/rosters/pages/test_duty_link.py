"""The link in a reminder: one card, one press; opening it changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from integrations import clock, links
from integrations.links import LinkFor
from rosters import services
from rosters.models import CoverRequest, Duty
from rosters.services import sick, steps
from tests import builders

pytestmark = pytest.mark.django_db


class Ada:
    """A lawyer with a duty tomorrow, and links about it."""

    def __init__(self) -> None:
        desk = builders.a_desk(builders.an_all_hours_line(), "Walcheren huur")
        self.person = builders.a_lawyer("Ada")
        self.duty = builders.a_duty(desk, self.person, starts=24)
        self.client = Client()

    def link(self, deed: str = steps.CONFIRM, ids: list[int] | None = None) -> str:
        about = steps.about_duties(deed, ids or [self.duty.pk])
        address = links.mint(LinkFor(self.person.pk, steps.LINK, about, "k"), clock.now())
        return "/" + address.split("/", 3)[3]

    def opens(self, address: str) -> Any:
        return self.client.get(address)

    def presses(self, address: str, choice: str) -> Any:
        return self.client.post(address, {"keuze": choice})

    @property
    def confirmed_how(self) -> str:
        return Duty.objects.get(pk=self.duty.pk).confirmed_how


@pytest.fixture
def ada(at_ten_thirty: datetime) -> Ada:
    return Ada()


def test_opening_it_three_times_changes_nothing(ada: Ada) -> None:
    address = ada.link()
    for _ in range(3):
        answer = ada.opens(address)
        assert answer.status_code == 200
        assert "donderdag 19 november" in answer.content.decode()
        assert "Walcheren huur" in answer.content.decode()
    assert ada.confirmed_how == ""


def test_yes(ada: Ada) -> None:
    address = ada.link()
    answer = ada.presses(address, "ja")
    assert "Dank je wel" in answer.content.decode()
    assert reverse("duty", args=[ada.duty.pk]) in answer.content.decode()
    assert ada.confirmed_how == "link"
    assert ada.presses(address, "ja").status_code == 410  # once


def test_two_duties_of_a_day_are_confirmed_by_one_press(ada: Ada) -> None:
    other = builders.a_duty(ada.duty.desk, ada.person, starts=29, hours=2)
    assert ada.presses(ada.link(ids=[ada.duty.pk, other.pk]), "ja").status_code == 200
    assert set(Duty.objects.values_list("confirmed_how", flat=True)) == {"link"}


def test_looking_for_a_replacement(ada: Ada) -> None:
    assert ada.presses(ada.link(), "weg").status_code == 200
    assert CoverRequest.objects.get().kind == "give"
    assert Duty.objects.get().cancelled_at is None


def test_ill(ada: Ada) -> None:
    assert "Beterschap" in ada.presses(ada.link(), "ziek").content.decode()
    assert Duty.objects.get().cancelled_why == "sick"
    assert CoverRequest.objects.get().kind == "sick"


def test_another_button_leaves_the_link_as_it_was(ada: Ada) -> None:
    address = ada.link()
    answer = ada.presses(address, "misschien")
    assert answer.status_code == 400
    assert "Druk op een van de knoppen" in answer.content.decode()
    assert ada.presses(address, "ja").status_code == 200


def test_a_duty_that_is_gone_says_so(ada: Ada) -> None:
    address = ada.link()
    services.cancel_duty(duty_id=ada.duty.pk)
    for answer in (ada.opens(address), ada.presses(address, "ja")):
        assert answer.status_code == 409
        assert "Kijk in je rooster" in answer.content.decode()


def test_a_link_confirms_nobody_elses_duty(ada: Ada) -> None:
    other = builders.a_duty(ada.duty.desk, builders.a_lawyer(), position=2, starts=24)
    assert ada.presses(ada.link(ids=[other.pk]), "ja").status_code == 409
    assert Duty.objects.get(pk=other.pk).confirmed_at is None


def test_taking_a_confirmation_back(ada: Ada) -> None:
    services.confirm(duty_ids=[ada.duty.pk], how="sms", by=ada.person.pk)
    address = ada.link(steps.UNDO)
    assert "terugnemen" in ada.opens(address).content.decode()
    assert ada.presses(address, "terug").status_code == 200
    assert ada.confirmed_how == ""


def test_not_ill_after_all(ada: Ada) -> None:
    called = sick.report_sick(person_id=ada.person.pk, by=ada.person.pk)
    address = ada.link(steps.WELL, [called.absence_id])
    assert "Toch niet ziek?" in ada.opens(address).content.decode()
    assert "weer van jou" in ada.presses(address, "terug").content.decode()
    assert Duty.objects.filter(person=ada.person, cancelled_at__isnull=True).count() == 1


def test_after_three_days_and_for_who_left_it_is_gone(ada: Ada) -> None:
    address = ada.link()
    ada.person.is_active = False
    ada.person.save()
    assert ada.opens(address).status_code == 410
    ada.person.is_active = True
    ada.person.save()
    clock.forward(timedelta(hours=73))
    assert ada.opens(address).status_code == 410
    assert ada.opens("/k/zomaar").status_code == 410
