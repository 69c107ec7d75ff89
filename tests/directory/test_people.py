"""People, their roles and what they are registered for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from directory import queries, services
from directory.errors import DirectoryError, NumberRefused
from directory.models import Person, PhoneNumber
from integrations import clock
from tests import builders

pytestmark = pytest.mark.django_db


def refused(code: str) -> pytest.RaisesExc[DirectoryError]:
    return pytest.raises(DirectoryError, check=lambda error: error.code == code)


def test_a_mail_address_belongs_to_one_person_in_any_case() -> None:
    person = services.create_person(email=" Wim@Example.nl ", name="Wim")
    assert person.email == "wim@example.nl"
    with refused("mail_taken"):
        services.create_person(email="WIM@example.nl", name="Willem")
    with refused("mail_wrong"):
        services.create_person(email="wim", name="Wim")
    with refused("name_empty"):
        services.create_person(email="w@example.nl", name=" ")


def test_somebody_without_a_password_cannot_log_in_and_a_weak_one_is_refused() -> None:
    person = services.create_person(email="wim@example.nl", name="Wim")
    assert not person.has_usable_password()
    with refused("password_weak"):
        services.set_password(person_id=person.pk, password="kort")
    services.set_password(person_id=person.pk, password=builders.PASSWORD)
    assert Person.objects.get(pk=person.pk).check_password(builders.PASSWORD)


def test_a_coordinator_works_for_a_region_and_all_that_lies_in_it() -> None:
    court = builders.a_coordinator(region="AR11")
    assert queries.in_scope(court, "coordinator", builders.region_id("walcheren"))
    assert queries.in_scope(court, "coordinator", builders.region_id("AR11"))
    assert not queries.in_scope(court, "coordinator", builders.region_id("AR08"))
    assert not queries.in_scope(court, "coordinator", builders.region_id("landelijk"))
    assert not queries.in_scope(court, "lawyer")
    assert queries.regions_in_scope(court, "coordinator") == {
        builders.region_id("AR11"),
        builders.region_id("walcheren"),
    }
    with refused("role_needs_region"):
        services.assign_role(person_id=court.pk, role="coordinator")


def test_a_role_without_a_region_holds_everywhere() -> None:
    administrator = builders.an_administrator()
    assert queries.in_scope(administrator, "administrator", builders.region_id("zwolle"))
    assert len(queries.regions_in_scope(administrator, "administrator")) == len(queries.set_up().regions)


def test_the_same_role_in_the_same_place_stays_one_row() -> None:
    person = builders.a_person()
    today = builders.today()
    services.assign_role(person_id=person.pk, role="editor")
    services.assign_role(person_id=person.pk, role="editor", ends_on=today + timedelta(days=1))
    assert [role.role for role in queries.roles_of(person)] == ["editor"]
    with refused("role_dates"):
        services.assign_role(person_id=person.pk, role="editor", starts_on=today, ends_on=today)
    with refused("role_unknown"):
        services.assign_role(person_id=person.pk, role="koning")


def test_the_coordinators_of_the_nearest_region_upward_are_asked() -> None:
    nation = builders.a_coordinator("Nelie", region="landelijk")
    court = builders.a_coordinator("Carla", region="AR11")
    assert [one.name for one in queries.coordinators_for(builders.region_id("walcheren"))] == ["Carla"]
    assert [one.name for one in queries.coordinators_for(builders.region_id("zwolle"))] == ["Nelie"]
    services.end_role(role_id=court.roles.get().pk)
    assert [one.id for one in queries.coordinators_for(builders.region_id("walcheren"))] == [nation.pk]
    services.end_role(role_id=nation.roles.get().pk, on=builders.today() - timedelta(days=1))
    assert queries.coordinators_for(builders.region_id("walcheren")) == ()


def test_a_registration_holds_until_the_end_of_its_last_day(at_ten_thirty: object) -> None:
    lawyer = builders.a_lawyer(areas=("huur", "arbeid"))
    generalist = builders.a_lawyer(areas=(), is_generalist=True)
    rent, work, asylum = (builders.area_id(slug) for slug in ("huur", "arbeid", "asiel"))
    services.qualify(person_id=lawyer.pk, area_id=rent, valid_until=builders.today())
    people = [lawyer.pk, generalist.pk]
    assert queries.qualified(people, [rent, asylum], clock.now()) == {
        lawyer.pk: {rent},
        generalist.pk: {rent, asylum},
    }
    tomorrow = clock.forward(timedelta(days=1))
    assert queries.qualified(people, [rent, work], tomorrow)[lawyer.pk] == {work}
    services.withdraw_qualification(person_id=lawyer.pk, area_id=work)
    assert queries.qualified(people, [rent, work], tomorrow)[lawyer.pk] == frozenset()


def test_a_new_primary_number_replaces_the_old_one() -> None:
    person = builders.a_person(number="06 00000001")
    second = services.add_number(person_id=person.pk, number="06 00000002")
    assert queries.contact(person.pk).number == "", "not verified yet, so it does not ring"
    services.verify_number(number_id=second.pk)
    assert queries.contact(person.pk).number == "+31600000002"
    services.remove_number(number_id=second.pk)
    assert queries.contact(person.pk).number == "+31600000001"


def test_a_number_is_somebodys_once_and_must_be_one_that_can_ring() -> None:
    person = builders.a_person(number="06 00000001")
    with refused("number_taken"):
        services.add_number(person_id=builders.a_person().pk, number="+31600000001")
    with pytest.raises(NumberRefused):
        services.add_number(person_id=person.pk, number="0900 8020")
    with pytest.raises(ValueError, match="one person or"):
        services.add_number(number="06 00000003")


def test_a_number_becomes_suspect_once_and_is_cleared_by_verifying() -> None:
    person = builders.a_person(number="06 00000001")
    assert services.mark_suspect(e164="+31600000001")
    assert not services.mark_suspect(e164="+31600000001")
    assert not services.mark_suspect(e164="+31600000009")
    services.verify_number(number_id=PhoneNumber.objects.get(person=person).pk)
    assert PhoneNumber.objects.get(person=person).suspect_at is None


def test_a_dial_code_belongs_to_one_person() -> None:
    code, first = builders.a_code(), builders.a_person()
    services.set_dial_code(person_id=first.pk, code=code)
    with refused("code_taken"):
        services.set_dial_code(person_id=builders.a_person().pk, code=code)
    with refused("code_wrong"):
        services.set_dial_code(person_id=builders.a_person().pk, code="00000001")
    found = queries.person_by_code(code)
    assert found is not None
    assert found.person_id == first.pk


def test_a_list_of_people_is_added_whole_or_not_at_all() -> None:
    rows = [
        services.NewPerson(
            email=f"nieuw{number}@example.nl",
            name=f"Nieuw {number}",
            number=f"+3160000{number:04d}",
            role="lawyer",
            role_region_id=builders.region_id("zwolle"),
            area_ids=(builders.area_id("huur"),),
            code=builders.a_code(),
        )
        for number in (1, 2, 3)
    ]
    people = services.add_people(people=rows)
    assert [person.name for person in people] == ["Nieuw 1", "Nieuw 2", "Nieuw 3"]
    assert queries.contact(people[1].pk).number == "+31600000002"
    found = queries.person_by_code(rows[2].code)
    assert found is not None
    assert found.person_id == people[2].pk
    with refused("mail_taken"):
        services.add_people(people=[services.NewPerson("anders@example.nl", "Anders", "", "editor"), rows[0]])
    assert not Person.objects.filter(email="anders@example.nl").exists()


def test_colleagues_are_the_active_others_of_the_same_organisation() -> None:
    loket = builders.a_loket()
    worker, other = builders.a_worker("Wim", organisation=loket), builders.a_worker("Bea", organisation=loket)
    builders.a_worker("Elders")
    assert [one.id for one in queries.colleagues(worker.pk)] == [other.pk]
    assert queries.people_of(None) == ()
