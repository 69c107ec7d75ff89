"""Who may open what: every page about rosters with every persona. 302 is the way to logging in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rosters import urls
from tests import builders

OK, LOGIN, NO, HIDDEN = 200, 302, 403, 404
PERSONAS = ("nobody", "worker", "lawyer", "coordinator", "stranger")
PAGES: dict[str, tuple[int, int, int, int, int]] = {
    "calendar_feed": (LOGIN, NO, OK, OK, NO),
    "coverage": (LOGIN, NO, NO, OK, NO),
}
POSTS: dict[str, tuple[int, int, int, int, int]] = {
    "feed_new": (LOGIN, NO, NO, LOGIN, NO),
    "feed_settings": (LOGIN, LOGIN, LOGIN, LOGIN, LOGIN),  # of another: told so, see test_calendar
    "feed_revoke": (LOGIN, LOGIN, LOGIN, LOGIN, LOGIN),
}
ARGUMENTS: dict[str, list[Any]] = {"feed_settings": [77], "feed_revoke": [77]}
OPEN_TO_ALL: set[str] = {"duty_link", "feed"}  # links and feeds: the token is the key
ELSEWHERE: set[str] = {"gap", "gap_owner", "desk_stretch"}  # about one object: who may open it is told in a test of its own


@pytest.fixture
def people(db: None, at_ten_thirty: datetime) -> dict[str, Any]:
    return {"nobody": None, **builders.personas()}


def client_of(person: Any) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("persona", PERSONAS)
def test_a_page_opens_for_its_roles_only(people: dict[str, Any], page: str, persona: str) -> None:
    answer = client_of(people[persona]).get(reverse(page, args=ARGUMENTS.get(page, [])))
    assert answer.status_code == PAGES[page][PERSONAS.index(persona)]
    if persona == "nobody" and answer.status_code == LOGIN:
        assert answer.headers["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("page", POSTS)
@pytest.mark.parametrize("persona", PERSONAS)
def test_a_button_works_for_its_roles_only(people: dict[str, Any], page: str, persona: str) -> None:
    answer = client_of(people[persona]).post(reverse(page, args=ARGUMENTS.get(page, [])))
    assert answer.status_code == POSTS[page][PERSONAS.index(persona)]


def test_every_page_has_a_row_in_these_tables() -> None:
    """A new address must say who may open it."""
    assert {pattern.name for pattern in urls.urlpatterns} == set(PAGES) | set(POSTS) | ELSEWHERE | OPEN_TO_ALL
