"""Who calls: the constant SQL, held to the same question through the ORM."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from directory import queries, services
from directory.models import Person, PhoneNumber
from integrations import clock
from tests import builders

pytestmark = pytest.mark.django_db
NumQueries = Callable[[int], AbstractContextManager[Any]]


def through_the_orm(number: str) -> tuple[Any, ...]:
    """(person, organisation, verified, roles, regions) of a number, slowly."""
    held = PhoneNumber.objects.get(e164=number)
    organisation = held.organisation or (held.person.organisation if held.person else None)
    roles = queries.roles_of(held.person) if held.person else ()
    own = {role.region_id for role in roles if role.role == "worker" and role.region_id}
    office = set(organisation.regions.values_list("pk", flat=True)) if organisation else set()
    return (
        held.person_id,
        organisation.pk if organisation else None,
        held.verified_at is not None,
        frozenset(role.role for role in roles),
        own or office,
    )


def test_the_constant_sql_answers_as_the_orm_does() -> None:
    loket = builders.a_loket("Loket Noord", regions=("walcheren", "zwolle", "AR01"), main_number="088 1234567")
    worker = builders.a_worker("Wim", organisation=loket)
    both = builders.a_worker("Bea", organisation=loket)
    services.assign_role(person_id=both.pk, role="worker", region_id=builders.region_id("AR05"))
    services.assign_role(person_id=both.pk, role="coordinator", region_id=builders.region_id("zwolle"))
    builders.a_lawyer("Ada")
    builders.a_stranger("Vera", number=None, verified=False)
    for number in PhoneNumber.objects.values_list("e164", flat=True):
        caller = queries.caller_of(number)
        assert caller is not None
        found = (caller.person_id, caller.organisation_id, caller.verified, caller.roles, set(caller.region_ids))
        assert found == through_the_orm(number), number
        assert caller.number == number
    assert Person.objects.count() == 4
    assert queries.contact(worker.pk).organisation == "Loket Noord"


def test_a_caller_costs_one_statement(django_assert_num_queries: NumQueries) -> None:
    worker = builders.a_worker("Wim")
    number = queries.contact(worker.pk).number
    services.set_dial_code(person_id=worker.pk, code=builders.dial_code.complete(7))
    with django_assert_num_queries(1):
        assert queries.caller_of(number) is not None
    with django_assert_num_queries(1):
        assert queries.person_by_code(builders.dial_code.complete(7)) is not None
    with django_assert_num_queries(0):
        assert queries.person_by_code("12345678") is None
        assert queries.caller_of("") is None


def test_a_main_number_calls_for_its_organisation() -> None:
    builders.a_loket("Loket Noorderpoort", regions=("walcheren",), main_number="088 1234567")
    caller = queries.caller_of("+31881234567")
    assert caller is not None
    assert (caller.is_main_number, caller.name, caller.may_ask) == (True, "Loket Noorderpoort", True)
    assert caller.region_ids == (builders.region_id("walcheren"),)


def test_the_usual_region_comes_first() -> None:
    loket = builders.a_loket(regions=("walcheren", "zwolle", "AR01"))
    worker = builders.a_worker(organisation=loket, region="walcheren")
    services.remember_region(person_id=worker.pk, region_id=builders.region_id("zwolle"))
    caller = queries.caller_of(queries.contact(worker.pk).number)
    assert caller is not None
    assert caller.region_ids[0] == caller.usual_region_id == builders.region_id("zwolle")
    assert len(caller.region_ids) == 3


def test_only_a_worker_may_ask() -> None:
    lawyer = builders.a_lawyer()
    caller = queries.caller_of(queries.contact(lawyer.pk).number)
    assert caller is not None
    assert not caller.may_ask


def test_a_role_holds_from_its_first_day_until_its_last(at_ten_thirty: object) -> None:
    person = builders.a_person()
    today = builders.today()
    services.assign_role(
        person_id=person.pk, role="worker", starts_on=today + timedelta(days=1), ends_on=today + timedelta(days=3)
    )
    number = queries.contact(person.pk).number
    held = []
    for _day in range(5):
        caller = queries.caller_of(number)
        assert caller is not None
        assert caller.may_ask == queries.in_scope(person, "worker")
        held.append(caller.may_ask)
        clock.forward(timedelta(days=1))
    assert held == [False, True, True, False, False]


def test_somebody_who_left_is_not_known() -> None:
    worker = builders.a_worker("Wim")
    number = queries.contact(worker.pk).number
    services.set_dial_code(person_id=worker.pk, code=builders.dial_code.complete(7))
    services.update_person(
        person_id=worker.pk,
        email=worker.email,
        name="Wim",
        organisation_id=worker.organisation_id,
        usual_area_id=None,
        usual_region_id=None,
        is_generalist=False,
        is_active=False,
    )
    assert queries.caller_of(number) is None
    assert queries.person_by_code(builders.dial_code.complete(7)) is None


def test_a_code_finds_its_person_and_the_number_to_call_back() -> None:
    worker = builders.a_worker("Wim")
    code = services.set_dial_code(person_id=worker.pk)
    caller = queries.person_by_code(code)
    assert caller is not None
    assert (caller.person_id, caller.verified) == (worker.pk, True)
    assert caller.number == queries.contact(worker.pk).number


def test_the_code_itself_is_not_in_the_database() -> None:
    worker = builders.a_worker("Wim")
    code = services.set_dial_code(person_id=worker.pk)
    kept = Person.objects.filter(pk=worker.pk).values_list("dial_code_hash", flat=True)[0]
    assert kept is not None
    assert len(kept) == 64
    assert code not in kept
