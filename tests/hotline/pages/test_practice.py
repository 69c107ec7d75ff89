"""The practice banner and its role switcher: only with the lab, on this machine, with demo people."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests import builders

pytestmark = pytest.mark.django_db


def test_the_banner_shows_while_there_are_demo_people(client: Client) -> None:
    person = builders.a_worker("Fatima el Idrissi", is_demo=True)
    page = client.get(reverse("login")).content.decode()
    assert "Oefenomgeving" in page
    assert f'<option value="{person.pk}"' in page


def test_without_demo_people_there_is_no_banner(client: Client) -> None:
    builders.a_worker("Fatima el Idrissi")
    assert "Oefenomgeving" not in client.get(reverse("login")).content.decode()


def test_one_press_looks_as_somebody_else(client: Client) -> None:
    builders.a_worker(is_demo=True)
    lawyer = builders.a_lawyer("Sanne de Vries", is_demo=True)
    assert client.post(reverse("practice_switch"), {"person": lawyer.pk}).status_code == 302
    assert client.session["_auth_user_id"] == str(lawyer.pk)


@pytest.mark.parametrize("wanted", ["", "0", "abc", "99999999", "²"])
def test_nobody_in_particular_is_not_found(client: Client, wanted: str) -> None:
    builders.a_worker(is_demo=True)
    assert client.post(reverse("practice_switch"), {"person": wanted}).status_code == 404


def test_a_real_person_cannot_be_looked_as(client: Client) -> None:
    builders.a_worker(is_demo=True)
    real = builders.a_worker()
    assert client.post(reverse("practice_switch"), {"person": real.pk}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_link_cannot_switch(client: Client) -> None:
    assert client.get(reverse("practice_switch")).status_code == 405


@pytest.mark.parametrize(("telephony", "production"), [("twilio", False), ("lab", True), ("twilio", True)])
def test_outside_the_lab_or_on_a_public_address_there_is_no_switcher(
    client: Client, settings: Settings, telephony: str, production: bool
) -> None:
    person = builders.a_worker(is_demo=True)
    settings.TELEPHONY, settings.PRODUCTION = telephony, production
    assert "Oefenomgeving" not in client.get(reverse("login")).content.decode()
    assert client.post(reverse("practice_switch"), {"person": person.pk}).status_code == 404


def test_the_phones_are_one_press_away_in_the_lab_only(client: Client, settings: Settings) -> None:
    assert client.get(reverse("lab")).headers["Location"] == f"{settings.LAB_ADDRESS}/lab/"
    settings.TELEPHONY = "twilio"
    assert client.get(reverse("lab")).status_code == 404
