"""Links without login: one person, one object, one action, once; guessing leads nowhere and is counted."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from integrations import clock, housekeeping, models
from integrations.links import Link, LinkFor, look, mint, revoke, use

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten_thirty")]
HOME, CAFE = "203.0.113.7", "198.51.100.9"
ACCEPT = LinkFor(7, "accept", "offer:1", "c")


def minted(link_for: LinkFor = ACCEPT) -> str:
    return mint(link_for, clock.now()).rpartition("/")[2]


def test_the_address_is_short_and_the_token_has_fifty_bits(settings: Settings) -> None:
    settings.SHORT_URL = "https://pk.nl"
    addresses = {mint(ACCEPT, clock.now()) for _ in range(50)}
    assert len(addresses) == 50
    assert all(re.fullmatch("https://pk.nl/c/[a-z2-7]{10}", address) for address in addresses)


def test_the_token_lies_nowhere_and_its_hash_needs_our_key(settings: Settings) -> None:
    token = minted()
    assert token not in str(models.Link.objects.values())
    assert look(token, HOME)
    settings.SECRET_KEY = "another"
    assert look(token, HOME) is None


def test_opening_changes_nothing_and_using_works_once() -> None:
    token = minted()
    expected = Link(7, "accept", "offer:1", clock.now() + timedelta(hours=72))
    with CaptureQueriesContext(connection) as queries:
        assert look(token, HOME) == look(token.upper(), CAFE) == expected
    assert all(query["sql"].startswith("SELECT") for query in queries)
    assert use(token, HOME) == expected
    assert use(token, HOME) is None
    assert look(token, HOME) is None
    assert models.LinkMiss.objects.count() == 2


@pytest.mark.parametrize(("hours", "lives"), [(1, 1), (72, 72), (500, 72)])
def test_lives_as_long_as_asked_and_never_over_72_hours(hours: int, lives: int) -> None:
    token = minted(LinkFor(7, "accept", "offer:1", "c", hours=hours))
    clock.forward(timedelta(hours=lives) - timedelta(seconds=1))
    assert look(token, HOME)
    clock.forward(timedelta(seconds=1))
    assert look(token, HOME) is None
    assert use(token, HOME) is None


def test_who_guesses_gets_nothing_for_a_while_not_even_a_good_link() -> None:
    token = minted()
    for number in range(20):
        assert look(f"guess{number}", CAFE) is None
    assert look(token, CAFE) is None
    assert use(token, CAFE) is None
    assert look(token, HOME)
    assert models.LinkMiss.objects.count() == 20
    clock.forward(timedelta(minutes=10))
    assert use(token, CAFE)


def test_nineteen_misses_are_forgiven() -> None:
    token = minted()
    for number in range(19):
        look(f"guess{number}", CAFE)
    assert look(token, CAFE)


def test_no_address_of_a_visitor_is_kept() -> None:
    look("guess", CAFE)
    assert CAFE not in str(models.LinkMiss.objects.values())


def test_old_links_and_misses_are_forgotten() -> None:
    minted()
    look("guess", CAFE)
    clock.forward(timedelta(days=40))
    minted()
    housekeeping.tidy()
    assert (models.Link.objects.count(), models.LinkMiss.objects.count()) == (1, 0)


def test_the_links_of_one_person_about_one_thing_can_be_taken_back() -> None:
    hers, his, other = (
        minted(),
        minted(LinkFor(8, "accept", "offer:1", "c")),
        minted(LinkFor(7, "accept", "offer:2", "c")),
    )
    assert revoke(7, ["offer:1", "offer:9"]) == 1
    assert look(hers, HOME) is None
    assert look(his, HOME)
    assert look(other, HOME)
