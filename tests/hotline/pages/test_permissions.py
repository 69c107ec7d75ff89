"""Who may open what: every page with every persona. 302 is the way to logging in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hotline import urls
from tests import builders
from tests.hotline.consultations.story import World
from tests.hotline.pages.conftest import As

OK, LOGIN, BAD, NO, HIDDEN = 200, 302, 400, 403, 404
PERSONAS = ("nobody", "worker", "lawyer", "coordinator", "stranger")
PAGES: dict[str, tuple[int, int, int, int, int]] = {
    "questions": (LOGIN, OK, NO, NO, NO),
    "ask": (LOGIN, OK, NO, NO, NO),
    "ask_beside": (LOGIN, OK, NO, NO, NO),
    "today": (LOGIN, NO, OK, NO, NO),
    "conversations": (LOGIN, NO, OK, NO, NO),
    "hours": (LOGIN, NO, OK, NO, NO),  # and whoever does duties, and who keeps a roster: test_access
    "hours_export": (LOGIN, NO, OK, NO, NO),
    "why_me": (LOGIN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "statements": (LOGIN, NO, NO, OK, NO),
    "live": (LOGIN, NO, NO, OK, NO),
    "live_board": (LOGIN, NO, NO, OK, NO),
    "tickets": (LOGIN, NO, NO, OK, NO),
    "readiness": (LOGIN, NO, NO, OK, NO),
    "readiness_csv": (LOGIN, NO, NO, OK, NO),
    "settings": (LOGIN, OK, OK, OK, OK),
    "on_call_now": (LOGIN, OK, OK, OK, OK),
    "login": (OK, LOGIN, LOGIN, LOGIN, LOGIN),
    "start": (LOGIN, LOGIN, LOGIN, LOGIN, OK),
}
POSTS: dict[str, tuple[int, int, int, int, int]] = {
    "pause": (LOGIN, NO, LOGIN, NO, NO),
    "resume": (LOGIN, NO, LOGIN, NO, NO),
    "hours_correct": (LOGIN, NO, 400, NO, NO),
    "hours_submit": (LOGIN, NO, LOGIN, NO, NO),
    "statement_agree": (LOGIN, NO, NO, LOGIN, NO),
    "statement_back": (LOGIN, NO, NO, LOGIN, NO),
    "ticket_done": (LOGIN, NO, NO, HIDDEN, NO),
    "called": (LOGIN, NO, NO, HIDDEN, NO),
    "readiness_test": (LOGIN, NO, NO, LOGIN, NO),
    "number_add": (LOGIN, BAD, BAD, BAD, BAD),
    "number_code": (LOGIN, BAD, BAD, BAD, BAD),
    "number_deed": (LOGIN, LOGIN, LOGIN, LOGIN, LOGIN),
}
ARGUMENTS: dict[str, list[Any]] = {
    "ticket_done": [77],
    "called": [77],
    "hours_export": ["csv"],
    "why_me": [77],
    "statement_agree": [77],
    "statement_back": [77],
    "readiness_test": [77],
    "number_code": [77],
    "number_deed": [77, "test"],
}


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


@pytest.mark.parametrize("page", POSTS)
def test_a_button_is_not_a_link(people: dict[str, Any], page: str) -> None:
    owner = "lawyer" if page in {"pause", "resume", "hours_correct", "hours_submit"} else "coordinator"
    assert client_of(people[owner]).get(reverse(page, args=ARGUMENTS.get(page, []))).status_code == 405


def test_a_question_is_seen_by_those_who_have_to_do_with_it(world: World, as_: As) -> None:
    address = reverse("question", args=[world.ask().reference])
    statuses = {
        name: as_(person).get(address).status_code
        for name, person in {
            "asker": world.worker,
            "colleague": world.colleague,
            "asked": world.first,
            "another lawyer": world.second,
            "coordinator": world.coordinator,
            "coordinator elsewhere": builders.a_coordinator(region="zwolle"),
            "stranger": builders.a_stranger(),
            "worker elsewhere": builders.a_worker(),
        }.items()
    }
    assert statuses == {
        "asker": OK,
        "colleague": OK,
        "asked": OK,
        "another lawyer": HIDDEN,
        "coordinator": OK,
        "coordinator elsewhere": HIDDEN,
        "stranger": HIDDEN,
        "worker elsewhere": HIDDEN,
    }


def test_the_text_is_read_by_the_asker_only_until_somebody_accepts(world: World, as_: As) -> None:
    consultation = world.ask()
    address = reverse("question", args=[consultation.reference])

    def readers() -> set[str]:
        people = ("worker", "colleague", "first", "second", "coordinator")
        pages = {name: as_(getattr(world, name)).get(address).content.decode() for name in people}
        return {name for name, page in pages.items() if "borg houden" in page}

    assert readers() == {"worker"}
    as_(world.first).post(reverse("question_step", args=[consultation.reference, "aannemen"]))
    assert readers() == {"worker", "first"}


def test_every_page_has_a_row_in_these_tables() -> None:
    """A new address must say who may open it."""
    elsewhere = {"question", "question_standing", "question_text", "question_step", "question_file"}
    open_to_all = {
        "favicon",
        "logout",
        "appearance",
        "practice_switch",
        "lab",
        "offer_link",
        "outcome_link",
        "appointment_link",
        "pause_link",
    }
    ours = {pattern.name for pattern in urls.urlpatterns}
    assert ours == set(PAGES) | set(POSTS) | elsewhere | open_to_all
