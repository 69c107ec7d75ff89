"""Logging in by e-mail and password, the throttle, and logging out."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_earlier_tries() -> None:
    cache.clear()


def sign_in(client: Client, email: str, password: str, **headers: str) -> str:
    """The page that answers; '' when it let us in."""
    answer = client.post(reverse("login"), {"username": email, "password": password}, **headers)  # type: ignore[arg-type]
    return "" if answer.status_code == 302 else answer.content.decode()


def test_a_person_signs_in_with_his_address_in_any_case(client: Client) -> None:
    builders.a_worker(email="wim@example.nl", password=builders.PASSWORD)
    assert sign_in(client, "Wim@Example.nl", builders.PASSWORD) == ""


def test_a_wrong_password_is_told_in_words_with_the_address_kept(client: Client) -> None:
    builders.a_worker(email="wim@example.nl", password=builders.PASSWORD)
    page = sign_in(client, "wim@example.nl", "fout")
    assert "<title>Fout: Inloggen" in page
    assert "horen niet bij elkaar" in page
    assert 'value="wim@example.nl"' in page
    assert 'value="fout"' not in page


def test_an_empty_form_says_what_to_fill_in(client: Client) -> None:
    page = sign_in(client, "", "")
    assert 'href="#id_username"' in page
    assert "Vul je e-mailadres in." in page
    assert "Vul je wachtwoord in." in page


def test_an_unknown_address_gets_the_same_answer_as_a_wrong_password(client: Client) -> None:
    builders.a_worker(email="wim@example.nl", password=builders.PASSWORD)
    assert "horen niet bij elkaar" in sign_in(client, "niemand@example.nl", "fout")


def test_after_five_wrong_tries_even_the_right_password_waits(client: Client) -> None:
    builders.a_worker(email="wim@example.nl", password=builders.PASSWORD)
    for _ in range(5):
        assert "horen niet bij elkaar" in sign_in(client, "wim@example.nl", "fout")
    assert "Te veel pogingen" in sign_in(client, "wim@example.nl", builders.PASSWORD)


def test_the_throttle_of_one_account_does_not_stop_a_colleague(client: Client) -> None:
    builders.a_worker(email="wim@example.nl", password=builders.PASSWORD)
    builders.a_worker(email="kim@example.nl", password=builders.PASSWORD)
    for _ in range(6):
        sign_in(client, "wim@example.nl", "fout")
    assert sign_in(client, "kim@example.nl", builders.PASSWORD) == ""


def test_one_address_that_tries_many_accounts_is_stopped(client: Client) -> None:
    builders.a_worker(email="wim@example.nl", password=builders.PASSWORD)
    for number in range(30):
        sign_in(client, f"gok{number}@example.nl", "fout")
    assert "Te veel pogingen" in sign_in(client, "wim@example.nl", builders.PASSWORD)
    assert sign_in(client, "wim@example.nl", builders.PASSWORD, REMOTE_ADDR="198.51.100.7") == ""


def test_signing_out_is_a_button_not_a_link(client: Client) -> None:
    client.force_login(builders.a_worker())
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).headers["Location"] == reverse("login")
    assert client.get(reverse("start")).headers["Location"].startswith(reverse("login"))


def test_whoever_has_no_role_reads_what_to_do(client: Client, at_ten_thirty: datetime) -> None:
    client.force_login(builders.a_stranger())
    assert "Je hebt nog geen rol" in client.get(reverse("start")).content.decode()
