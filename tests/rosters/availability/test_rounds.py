"""Rounds with a deadline, how many duties somebody wants, and what a coordinator agrees with him."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from integrations import clock
from rosters import services, stated
from rosters.core import wall
from rosters.errors import FormRefused, NotKnown, NotYours
from rosters.models import Round, Terms, Wish
from tests import builders
from tests.rosters.availability.conftest import Office

DEADLINE = wall.moment(date(2026, 11, 25), 18 * 60)


def a_round(by: Any, region: str = "walcheren", **changes: Any) -> Round:
    given: dict[str, Any] = {
        "name": "Q1 2027",
        "starts_on": date(2027, 1, 1),
        "ends_on": date(2027, 4, 1),
        "deadline": DEADLINE,
        **changes,
    }
    return services.open_round(by=by.pk, region_id=builders.region_id(region), **given)


def wish(office: Office, asked: Round, least: int | None = None, most: int | None = None, by: Any = None) -> Wish:
    return services.give_wish(
        round_id=asked.pk,
        person_id=office.ada.pk,
        by=(by or office.ada).pk,
        min_duties=least,
        max_duties=most,
    )


def test_a_coordinator_asks_in_a_region_of_his_own_only(office: Office) -> None:
    assert a_round(office.coordinator).name == "Q1 2027"
    for by in (office.elsewhere, office.ada):
        with pytest.raises(NotYours):
            a_round(by)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"ends_on": date(2027, 1, 1)}, "ends_on"),
        ({"ends_on": date(2029, 1, 1)}, "ends_on"),
        ({"deadline": DEADLINE - timedelta(days=30)}, "deadline"),
        ({"deadline": DEADLINE + timedelta(days=300)}, "deadline"),
    ],
)
def test_refuses_a_round_that_cannot_be(office: Office, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(FormRefused) as refused:
        a_round(office.coordinator, **changes)
    assert refused.value.field == field
    assert not Round.objects.exists()


def test_an_answer_after_the_deadline_is_taken_and_shows_as_late(office: Office) -> None:
    asked = a_round(office.coordinator)
    wish(office, asked, 2, 6)
    (mine,) = stated.rounds_of(office.ada.pk)
    assert (mine.min_duties, mine.max_duties, mine.is_late) == (2, 6, False)
    clock.move_to(DEADLINE)
    wish(office, asked, 1, by=office.els)
    (mine,) = stated.rounds_of(office.ada.pk)
    assert (mine.min_duties, mine.max_duties, mine.is_late) == (1, None, True)
    (row,) = stated.rounds_for(office.coordinator.pk)
    assert row.answered == ((office.ada.pk, "Ada Advocaat", True),)
    assert row.waiting == ((office.bea.pk, "Bea Collega"),)


@pytest.mark.parametrize(
    ("least", "most", "field"), [(3, 2, "max_duties"), (-1, None, "min_duties"), (0, 100, "max_duties")]
)
def test_refuses_numbers_that_cannot_be(office: Office, least: int, most: int | None, field: str) -> None:
    asked = a_round(office.coordinator)
    with pytest.raises(FormRefused) as refused:
        wish(office, asked, least, most)
    assert refused.value.field == field
    with pytest.raises(NotYours):
        wish(office, asked, by=office.bea)
    with pytest.raises(NotKnown):
        wish(office, Round(pk=asked.pk + 1))


def test_a_round_asks_the_people_of_its_region_until_its_period_is_over(office: Office) -> None:
    a_round(office.coordinator)
    a_round(office.elsewhere, region="zwolle", name="Zwolle")
    assert [one.name for one in stated.rounds_of(office.ada.pk)] == ["Q1 2027"]
    assert [row.name for row in stated.rounds_for(office.elsewhere.pk)] == ["Zwolle"]
    clock.move_to(datetime.fromisoformat("2027-04-01T10:00+02:00"))
    assert stated.rounds_of(office.ada.pk) == []


def agree(office: Office, by: Any, **changes: Any) -> Terms:
    given: dict[str, Any] = {
        "weight": Decimal("0.5"),
        "max_per_week": 2,
        "max_per_month": None,
        "rest_hours": 11,
        **changes,
    }
    return services.agree_terms(person_id=office.ada.pk, by=by.pk, **given)


def test_only_a_coordinator_of_the_region_agrees_something(office: Office) -> None:
    assert agree(office, office.coordinator).weight == Decimal("0.5")
    for by in (office.ada, office.els, office.bea, office.elsewhere):
        with pytest.raises(NotYours):
            agree(office, by)
    assert stated.terms_of(office.ada.pk).max_per_week == 2


def test_availability_does_not_lower_the_agreed_share(office: Office) -> None:
    services.set_habit(person_id=office.ada.pk, by=office.ada.pk, weekdays=range(5), part="", level="cannot")
    assert stated.terms_of(office.ada.pk).weight == 1
    assert not Terms.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"weight": Decimal(0)},
        {"weight": Decimal(11)},
        {"max_per_week": 0},
        {"max_per_week": 15},
        {"max_per_month": 0},
        {"rest_hours": 73},
    ],
)
def test_refuses_agreements_that_cannot_be(office: Office, changes: dict[str, Any]) -> None:
    with pytest.raises(FormRefused) as refused:
        agree(office, office.coordinator, **changes)
    assert refused.value.field in changes
