"""Calls in figures: offered, taken, and why not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from hotline import figures
from hotline.models import Offer
from tests import builders

pytestmark = pytest.mark.django_db


def test_every_end_of_an_offer_is_taken_refused_or_of_nobodys_doing() -> None:
    rest = set(Offer.State) - figures.TAKEN - set(figures.REFUSED)
    assert rest == {"ring", "whisper", "asked", "stopped", "lapsed"}
    assert not figures.TAKEN & set(figures.REFUSED)


def test_calls_are_counted_per_person_in_one_statement(
    at_ten_thirty: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ada, bea, cor = (builders.a_lawyer(name) for name in ("Ada", "Bea", "Cor"))
    for state in ("talked", "talked", "missed", "missed", "conflict", "stopped"):
        builders.an_offer(ada, state)
    builders.an_offer(bea, "declined", channel="online")
    window = at_ten_thirty - timedelta(hours=1), at_ten_thirty + timedelta(hours=1)
    with django_assert_num_queries(1):
        found = figures.calls_of([ada.pk, bea.pk, cor.pk], *window)
    assert found[ada.pk] == figures.Calls(6, 2, {"missed": 2, "conflict": 1})
    assert [number for _words, number in found[ada.pk].reasons] == [2, 1]
    assert found[bea.pk] == figures.Calls(1, 0, {"declined": 1})
    assert found[cor.pk] == figures.Calls()
    assert figures.calls_of([ada.pk], window[1], window[1] + timedelta(hours=1)) == {ada.pk: figures.Calls()}


def test_a_talk_is_as_long_as_the_vendor_says_else_as_the_clock_says_and_online_has_no_length(
    at_ten_thirty: datetime,
) -> None:
    ada = builders.a_lawyer("Ada")
    builders.an_offer(ada, "talked", seconds=125)
    builders.an_offer(ada, "talked", seconds=None, accepted_at=at_ten_thirty - timedelta(seconds=61))
    builders.an_offer(ada, "answered", channel="online")
    builders.an_offer(ada, "missed")
    window = at_ten_thirty - timedelta(hours=1), at_ten_thirty + timedelta(hours=1)
    assert [talk.seconds for talk in figures.talks_of([ada.pk], *window)[ada.pk]] == [125, 61, 0]
