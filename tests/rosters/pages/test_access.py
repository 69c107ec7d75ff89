"""Whose roster a page shows, and to whom it opens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from directory.models import Assistance
from rosters import queries
from rosters.models import Pattern
from rosters.pages.access import for_duty_holders, is_on_behalf, on_behalf, whose
from tests import builders

pytestmark = pytest.mark.django_db


@for_duty_holders
def a_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{whose(request).name}{on_behalf(request)}")


def opened_by(person: Any, voor: Any = "") -> str:
    """Whose page it is, or '403'."""
    request = RequestFactory().get("/rooster/", {"voor": voor} if voor else {})
    request.user = person
    try:
        return a_page(request).content.decode()
    except PermissionDenied:
        return "403"


def assists(assistant: Any, person: Any, **fields: Any) -> None:
    Assistance.objects.create(assistant=assistant, person=person, **fields)


@pytest.fixture
def people(at_ten_thirty: datetime) -> dict[str, Any]:
    return builders.personas()


def test_a_lawyer_sees_his_own_also_without_a_duty(people: dict[str, Any]) -> None:
    assert opened_by(people["lawyer"]) == "Ada Advocaat"
    assert opened_by(people["lawyer"], people["lawyer"].pk) == "Ada Advocaat"


@pytest.mark.parametrize("role", ["worker", "coordinator", "stranger"])
def test_others_see_nothing_until_they_are_rostered(people: dict[str, Any], role: str) -> None:
    person = people[role]
    assert opened_by(person) == "403"
    builders.a_duty(builders.a_desk(builders.an_all_hours_line(direction="back"), areas="*"), person)
    assert opened_by(person) == person.name


def test_a_stranger_is_sent_to_log_in() -> None:
    request = RequestFactory().get("/rooster/")
    request.user = AnonymousUser()
    assert a_page(request).status_code == 302


def test_an_assistant_sees_the_first_of_those_whose_roster_is_kept_and_each_by_name(people: dict[str, Any]) -> None:
    assistant, other = people["stranger"], builders.a_lawyer("Bea Advocaat")
    assists(assistant, other)
    assists(assistant, people["lawyer"])
    assert opened_by(assistant) == f"Ada Advocaat?voor={people['lawyer'].pk}"
    assert opened_by(assistant, other.pk) == f"Bea Advocaat?voor={other.pk}"
    assert opened_by(assistant, builders.a_lawyer().pk) == "403"


def test_assistance_that_is_over_opens_nothing(people: dict[str, Any]) -> None:
    assists(people["stranger"], people["lawyer"], ends_on=builders.today())
    assert opened_by(people["stranger"], people["lawyer"].pk) == "403"
    assert opened_by(people["stranger"]) == "403"


def test_a_coordinator_opens_the_people_of_the_region_and_of_no_other(people: dict[str, Any]) -> None:
    lawyer = people["lawyer"].pk
    assert opened_by(people["coordinator"], lawyer) == f"Ada Advocaat?voor={lawyer}"
    assert opened_by(people["other_coordinator"], lawyer) == "403"
    assert opened_by(people["worker"], lawyer) == "403"


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 30, "²", "99999999"])
def test_a_wrong_id_is_refused(people: dict[str, Any], asked: str) -> None:
    assert opened_by(people["lawyer"], asked) == "403"


def test_on_behalf_is_said_only_of_somebody_else(people: dict[str, Any]) -> None:
    request = RequestFactory().post("/rooster/", {"voor": str(people["lawyer"].pk)})
    request.user = people["coordinator"]
    assert is_on_behalf(request)
    request = RequestFactory().get("/rooster/")
    request.user = people["lawyer"]
    assert not is_on_behalf(request)


def test_does_duties_asks_once_and_knows_patterns_and_old_duties(
    people: dict[str, Any], at_ten_thirty: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    worker = people["worker"]
    desk = builders.a_desk(builders.an_all_hours_line())
    with django_assert_num_queries(1):
        assert not queries.does_duties(worker.pk)
    duty = builders.a_duty(desk, worker, starts=-89 * 24)
    assert queries.does_duties(worker.pk)
    assert not queries.does_duties(worker.pk, at_ten_thirty + timedelta(days=2))
    day = builders.today()
    pattern = Pattern.objects.create(desk=desk, person=worker, weekdays="0", starts=0, minutes=60, valid_from=day)
    assert queries.does_duties(worker.pk, at_ten_thirty + timedelta(days=500))
    pattern.valid_until = day
    pattern.save()
    assert not queries.does_duties(worker.pk, at_ten_thirty + timedelta(days=500))
    assert duty.person_id == worker.pk
