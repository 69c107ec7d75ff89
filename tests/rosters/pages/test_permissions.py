"""Who may open what: every page about rosters with every persona. 302 is the way to logging in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rosters import urls
from tests import builders

OK, LOGIN, WRONG, NO, HIDDEN = 200, 302, 400, 403, 404
PERSONAS = ("nobody", "worker", "lawyer", "coordinator", "stranger")
PAGES: dict[str, tuple[int, int, int, int, int]] = {
    "my_roster": (LOGIN, NO, OK, NO, NO),
    "duty": (LOGIN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "rosters": (LOGIN, NO, NO, OK, NO),
    "draft_new": (LOGIN, NO, NO, OK, NO),
    "pattern_new": (LOGIN, NO, NO, OK, NO),
    "rotation_new": (LOGIN, NO, NO, OK, NO),
    "duty_add": (LOGIN, NO, NO, OK, NO),
    # about one object that is not there: as for one of another region, see plans/test_pages
    "pattern": (LOGIN, NO, NO, HIDDEN, NO),
    "version": (LOGIN, NO, NO, HIDDEN, NO),
    "version_publish": (LOGIN, NO, NO, HIDDEN, NO),
    "duty_end": (LOGIN, NO, NO, HIDDEN, NO),
    "availability": (LOGIN, NO, OK, NO, NO),
    "rounds": (LOGIN, NO, NO, OK, NO),
    "cover_board": (LOGIN, NO, OK, OK, NO),
    # about one object that is not there: as for one that is somebody else's, see cover/test_pages
    "cover_new": (LOGIN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "cover_request": (LOGIN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "sick": (LOGIN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "sick_call": (LOGIN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "repair": (LOGIN, NO, NO, HIDDEN, NO),
    "calendar_feed": (LOGIN, NO, OK, OK, NO),
    "coverage": (LOGIN, NO, NO, OK, NO),
}
POSTS: dict[str, tuple[int, int, int, int, int]] = {
    "duty_confirm": (LOGIN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "duty_number": (LOGIN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "planned": (LOGIN, NO, NO, HIDDEN, NO),
    "version_discard": (LOGIN, NO, NO, HIDDEN, NO),
    "version_undo": (LOGIN, NO, NO, HIDDEN, NO),
    "availability_set": (LOGIN, NO, LOGIN, NO, NO),
    "availability_quick": (LOGIN, NO, WRONG, NO, NO),
    "availability_withdraw": (LOGIN, NO, LOGIN, NO, NO),
    "availability_wish": (LOGIN, NO, WRONG, NO, NO),
    "availability_terms": (LOGIN, NO, NO, NO, NO),
    "busy_add": (LOGIN, NO, WRONG, NO, NO),
    "busy_remove": (LOGIN, NO, LOGIN, NO, NO),
    "cover_step": (LOGIN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "feed_new": (LOGIN, NO, NO, LOGIN, NO),
    "feed_settings": (LOGIN, LOGIN, LOGIN, LOGIN, LOGIN),  # of another: told so, see test_calendar
    "feed_revoke": (LOGIN, LOGIN, LOGIN, LOGIN, LOGIN),
}
ARGUMENTS: dict[str, list[Any]] = {
    **{page: [77] for page in ("pattern", "version", "version_publish", "version_discard", "version_undo", "duty_end")},
    "planned": [77, 78],
    "busy_remove": [77],
    **{page: [77] for page in ("cover_new", "cover_request", "cover_step", "sick", "sick_call", "repair")},
    "feed_settings": [77],
    "feed_revoke": [77],
    **{page: [77] for page in ("duty", "duty_confirm", "duty_number")},
}
OPEN_TO_ALL: set[str] = {"cover_link", "duty_link", "feed"}  # links and feeds: the token is the key
ELSEWHERE: set[str] = {
    "gap",
    "gap_owner",
    "desk_stretch",
}  # about one object: who may open it is told in a test of its own


@pytest.fixture
def people(db: None, at_ten_thirty: datetime) -> dict[str, Any]:
    return {"nobody": None, **builders.personas()}


def client_of(person: Any) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_for_its_roles_only(people: dict[str, Any], page: str) -> None:
    answers = {
        persona: client_of(people[persona]).get(reverse(page, args=ARGUMENTS.get(page, []))) for persona in PERSONAS
    }
    assert tuple(answer.status_code for answer in answers.values()) == PAGES[page]
    if answers["nobody"].status_code == LOGIN:
        assert answers["nobody"].headers["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("page", POSTS)
def test_a_button_works_for_its_roles_only(people: dict[str, Any], page: str) -> None:
    address = reverse(page, args=ARGUMENTS.get(page, []))
    assert tuple(client_of(people[persona]).post(address).status_code for persona in PERSONAS) == POSTS[page]


def test_every_page_has_a_row_in_these_tables() -> None:
    """A new address must say who may open it."""
    assert {pattern.name for pattern in urls.urlpatterns} == set(PAGES) | set(POSTS) | ELSEWHERE | OPEN_TO_ALL
