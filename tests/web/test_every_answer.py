"""What every page carries, and the pages of our faults."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_every_page_carries_a_policy_without_inline_code(client: Client) -> None:
    policy = client.get(reverse("login")).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_pages_are_dutch_whatever_the_browser_prefers(client: Client) -> None:
    page = client.get(reverse("login"), headers={"Accept-Language": "en-GB"})
    assert page.headers["Content-Language"] == "nl"
    assert '<html lang="nl"' in page.content.decode()


def test_a_person_can_choose_english_and_dutch_again(client: Client) -> None:
    back = client.post(reverse("appearance"), {"language": "en", "next": reverse("login")})
    assert back.headers["Location"] == reverse("login")
    assert "Sign in" in client.get(reverse("login")).content.decode()
    client.post(reverse("appearance"), {"language": "nl"})
    assert "Inloggen" in client.get(reverse("login")).content.decode()


def test_a_person_can_choose_dark_and_his_device_again(client: Client) -> None:
    client.post(reverse("appearance"), {"theme": "dark"})
    assert 'data-theme="dark"' in client.get(reverse("login")).content.decode()
    client.post(reverse("appearance"), {"theme": ""})
    assert "data-theme" not in client.get(reverse("login")).content.decode()


@pytest.mark.parametrize("wanted", ["https://elders.example.nl/", "//elders.example.nl", "javascript:alert(1)", ""])
def test_choosing_a_look_never_leads_away_from_here(client: Client, wanted: str) -> None:
    assert client.post(reverse("appearance"), {"theme": "dark", "next": wanted}).headers["Location"] == "/"


def test_an_unknown_address_says_what_to_do(client: Client) -> None:
    page = client.get("/bestaat-niet/")
    assert page.status_code == 404
    assert "Deze pagina bestaat niet" in page.content.decode()


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_fault_pages_need_no_request_and_lead_on(name: str) -> None:
    """Django renders 500 and 403_csrf without any context: they must not count on one."""
    page = render_to_string(name)
    assert "<h1>" in page
    assert 'href="/"' in page


def test_a_form_without_its_token_is_refused_in_plain_words() -> None:
    page = Client(enforce_csrf_checks=True).post(reverse("login"), {"username": "a@example.nl", "password": "x"})
    assert page.status_code == 403
    assert "Het formulier is niet meer geldig" in page.content.decode()


def test_a_browser_that_asks_for_the_old_icon_gets_ours(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert answer.headers["Location"] == "/static/web/favicon.svg"
