"""A person's own roster and one duty: what stands there, who sees it, and what the buttons do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from directory import services as directory_services
from rosters import services
from rosters.models import Duty
from tests import builders
from tests.builders import a_desk, a_duty, a_lawyer, an_all_hours_line

pytestmark = pytest.mark.django_db


def as_(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def bos(at_ten_thirty: datetime) -> Any:
    return a_lawyer("Bos")


@pytest.fixture
def duty(bos: Any) -> Any:
    return a_duty(a_desk(an_all_hours_line(), "Walcheren huur"), bos, starts=24)


def test_the_roster_lists_the_duties_by_week(bos: Any, duty: Any) -> None:
    page = as_(bos).get(reverse("my_roster")).content.decode()
    assert "1 dienst in de komende 13 weken." in page
    assert "Week 47, vanaf 16 november" in page
    assert "donderdag 19 november, 10:30–14:30" in page
    assert "gepland" in page


def test_an_empty_roster_says_what_comes(bos: Any) -> None:
    page = as_(bos).get(reverse("my_roster")).content.decode()
    assert "Er staan geen diensten voor je gepland." in page


def test_the_page_asks_the_database_little_however_many_duties(
    bos: Any, duty: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(2, 60):
        a_duty(duty.desk, bos, starts=24 * day)
    client = as_(bos)
    client.get(reverse("my_roster"))
    with django_assert_max_num_queries(15):
        client.get(reverse("my_roster"))


def test_confirming_is_one_press(bos: Any, duty: Any) -> None:
    client = as_(bos)
    answer = client.post(reverse("duty_confirm", args=[duty.pk]), follow=True)
    assert "Bevestigd." in answer.content.decode()
    found = Duty.objects.get(pk=duty.pk)
    assert (found.confirmed_how, found.confirmed_at is not None) == ("page", True)


def test_a_duty_may_ring_another_number_of_its_holder(bos: Any, duty: Any) -> None:
    client, office = as_(bos), builders.a_number()
    number = directory_services.add_number(person_id=bos.pk, number=office, verified=True, primary=False)
    client.post(reverse("duty_number", args=[duty.pk]), {"nummer": number.pk})
    assert Duty.objects.get(pk=duty.pk).number_id == number.pk
    assert "selected" in client.get(reverse("duty", args=[duty.pk])).content.decode()
    stranger = directory_services.add_number(person_id=a_lawyer().pk, number=builders.a_number(), primary=False)
    answer = client.post(reverse("duty_number", args=[duty.pk]), {"nummer": stranger.pk}, follow=True)
    assert "Kies een nummer" in answer.content.decode()
    assert Duty.objects.get(pk=duty.pk).number_id == number.pk


def test_a_duty_is_seen_by_who_keeps_its_holders_roster(bos: Any, duty: Any) -> None:
    helper, coordinator = builders.a_person("Hulp"), builders.a_coordinator()
    directory_services.assist(assistant_id=helper.pk, person_id=bos.pk)
    people = {"holder": bos, "assistant": helper, "coordinator": coordinator}
    others = {"lawyer": a_lawyer(), "elsewhere": builders.a_coordinator(region="zwolle"), "worker": builders.a_worker()}
    address = reverse("duty", args=[duty.pk])
    assert {name: as_(one).get(address).status_code for name, one in people.items()} == dict.fromkeys(people, 200)
    statuses = {name: as_(one).get(address).status_code for name, one in others.items()}
    assert set(statuses.values()) == {404}
    for name in ("duty_confirm", "duty_number"):
        assert as_(others["lawyer"]).post(reverse(name, args=[duty.pk])).status_code == 404


def test_a_duty_that_is_over_shows_no_more(bos: Any, duty: Any) -> None:
    services.cancel_duty(duty_id=duty.pk)
    assert as_(bos).get(reverse("duty", args=[duty.pk])).status_code == 404


def test_an_assistant_sees_whose_roster_it_is(bos: Any, duty: Any) -> None:
    helper = builders.a_person("Hulp")
    directory_services.assist(assistant_id=helper.pk, person_id=bos.pk)
    page = as_(helper).get(reverse("my_roster")).content.decode()
    assert "Rooster van Bos" in page
    assert f"?voor={bos.pk}" in page
