"""A Wednesday at 10:30 with the people of `story.a_world`, and a browser without JavaScript for each of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.hotline.consultations.story import World, a_world

As = Callable[[Any], Client]


@pytest.fixture
def world(db: None, at_ten_thirty: datetime) -> World:
    return a_world()


@pytest.fixture
def as_() -> As:
    """A client that is logged in as this person."""

    def logged_in(person: Any) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return logged_in


@pytest.fixture(autouse=True)
def no_earlier_tries() -> None:
    cache.clear()


def main_of(answer: Any) -> str:
    """The main part of a page, without the frame around it, white space folded."""
    return " ".join(answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0].split())
