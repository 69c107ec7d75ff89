"""The set-up pages: for administrators only, and through the services."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from directory import queries, services
from directory.models import Municipality, Organisation, Person, PhoneNumber, Region, RoleAssignment
from tests import builders

pytestmark = pytest.mark.django_db
OURS = [model for model in admin.site._registry if model._meta.app_label == "directory"]


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(builders.an_administrator())
    return client


def test_only_administrators_get_in(client: Client) -> None:
    for person in builders.personas().values():
        client.force_login(person)
        assert client.get("/beheer/").status_code == 302
    client.force_login(builders.an_administrator())
    assert client.get("/beheer/").status_code == 200


def test_an_administrator_whose_role_has_ended_does_not_get_in(client: Client) -> None:
    person = builders.an_administrator()
    services.end_role(role_id=person.roles.get().pk, on=builders.today())
    client.force_login(person)
    assert client.get("/beheer/").status_code == 302


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_every_list_and_every_form_opens(administrator: Client, model: type[Any]) -> None:
    services.assist(assistant_id=builders.a_stranger().pk, person_id=builders.a_lawyer().pk)
    name = f"admin:directory_{model._meta.model_name}"
    assert administrator.get(reverse(f"{name}_changelist")).status_code == 200
    assert administrator.get(reverse(f"{name}_change", args=[model.objects.first().pk])).status_code == 200
    if model is not Municipality:
        assert administrator.get(reverse(f"{name}_add")).status_code == 200


def test_a_person_is_added_with_a_password_and_no_hash_is_ever_shown(administrator: Client) -> None:
    typed = {"email": "nieuw@example.nl", "name": "Nieuw", "is_active": "on", "new_password": builders.PASSWORD}
    answer = administrator.post(reverse("admin:directory_person_add"), typed)
    assert answer.status_code == 302
    person = Person.objects.get(email="nieuw@example.nl")
    assert person.check_password(builders.PASSWORD)
    page = administrator.get(reverse("admin:directory_person_change", args=[person.pk])).content.decode()
    assert person.password not in page
    assert "dial_code" not in page.replace("new_dial_code", "")


def test_a_refusal_is_shown_on_the_form_and_what_was_typed_stays(administrator: Client) -> None:
    builders.a_person(email="wim@example.nl")
    typed = {"email": "wim@example.nl", "name": "Andere Wim", "is_active": "on"}
    answer = administrator.post(reverse("admin:directory_person_add"), typed)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "wim@example.nl is al in gebruik." in page
    assert "Andere Wim" in page
    assert Person.objects.filter(name="Andere Wim").count() == 0


def test_a_paid_number_is_refused_with_what_to_do(administrator: Client) -> None:
    person = builders.a_person(number="")
    typed = {"person": person.pk, "number": "0900 8020", "is_primary": "on"}
    answer = administrator.post(reverse("admin:directory_phonenumber_add"), typed)
    assert "betaalde nummers" in answer.content.decode()
    typed["number"] = "06 00000007"
    assert administrator.post(reverse("admin:directory_phonenumber_add"), typed).status_code == 302
    number = PhoneNumber.objects.get(person=person)
    assert (number.e164, number.verified_at) == ("+31600000007", None)
    chosen = {"action": "verify", "_selected_action": [number.pk]}
    administrator.post(reverse("admin:directory_phonenumber_changelist"), chosen)
    assert queries.contact(person.pk).number == "+31600000007"


def test_a_number_has_exactly_one_holder(administrator: Client) -> None:
    answer = administrator.post(reverse("admin:directory_phonenumber_add"), {"number": "06 00000007"})
    assert "Kies een persoon of een organisatie" in answer.content.decode()


def test_neighbours_are_typed_in_order(administrator: Client) -> None:
    walcheren = Region.objects.get(code="walcheren")
    address = reverse("admin:directory_region_change", args=[walcheren.pk])
    typed = {"code": "walcheren", "name": "Walcheren", "parent": walcheren.parent_id, "neighbour_codes": "AR10, ar08"}
    assert administrator.post(address, typed).status_code == 302
    assert queries.set_up().neighbours(walcheren.pk) == (builders.region_id("AR10"), builders.region_id("AR08"))
    typed["neighbour_codes"] = "AR10 AR99"
    assert "AR99" in administrator.post(address, typed).content.decode()
    typed["neighbour_codes"] = "AR11"
    assert "Kies een andere" in administrator.post(address, typed).content.decode()


def test_an_organisation_a_municipality_an_area_and_a_registration_are_changed(administrator: Client) -> None:
    walcheren = builders.region_id("walcheren")
    typed: dict[str, Any] = {"name": "Loket Zuid", "kind": "first_line", "regions": [walcheren]}
    administrator.post(reverse("admin:directory_organisation_add"), typed)
    loket = Organisation.objects.get(name="Loket Zuid")
    typed["name"] = "Loket Zuidwest"
    administrator.post(reverse("admin:directory_organisation_change", args=[loket.pk]), typed)
    assert queries.organisation(loket.pk).name == "Loket Zuidwest"
    goes = Municipality.objects.get(name="Goes")
    administrator.post(reverse("admin:directory_municipality_change", args=[goes.pk]), {"region": walcheren})
    assert queries.region_of_municipality(goes.code) == walcheren
    typed = {"slug": "huur", "name": "Huurrecht", "short_name": "wonen", "order": 1, "signpost": ""}
    administrator.post(reverse("admin:directory_legalarea_change", args=[builders.area_id("huur")]), typed)
    assert queries.area("huur").short_name == "wonen"
    lawyer = builders.a_lawyer(areas=("huur",))
    registered = lawyer.qualifications.get()
    typed = {"person": lawyer.pk, "area": builders.area_id("asiel")}
    administrator.post(reverse("admin:directory_qualification_change", args=[registered.pk]), typed)
    assert [one.area.slug for one in lawyer.qualifications.all()] == ["asiel"]


def test_a_role_is_given_and_taken_away(administrator: Client) -> None:
    person = builders.a_person()
    typed = {"person": person.pk, "role": "coordinator"}
    page = administrator.post(reverse("admin:directory_roleassignment_add"), typed).content.decode()
    assert "Een coördinator werkt voor een regio" in page
    typed["region"] = builders.region_id("zwolle")
    administrator.post(reverse("admin:directory_roleassignment_add"), typed)
    role = RoleAssignment.objects.get(person=person)
    typed["region"] = builders.region_id("walcheren")
    administrator.post(reverse("admin:directory_roleassignment_change", args=[role.pk]), typed)
    role = RoleAssignment.objects.get(person=person)
    assert role.region_id == builders.region_id("walcheren")
    administrator.post(reverse("admin:directory_roleassignment_delete", args=[role.pk]), {"post": "yes"})
    assert queries.roles_of(person) == ()


def test_nobody_is_deleted(administrator: Client) -> None:
    person = builders.a_person()
    assert administrator.post(reverse("admin:directory_person_delete", args=[person.pk])).status_code == 403


def test_a_new_dial_code_is_shown_once(administrator: Client) -> None:
    person = builders.a_person("Wim")
    chosen = {"action": "new_dial_code", "_selected_action": [person.pk]}
    page = administrator.post(reverse("admin:directory_person_changelist"), chosen, follow=True).content.decode()
    code = page.split("Wim: toegangscode ")[1][:8]
    found = queries.person_by_code(code)
    assert found is not None
    assert found.person_id == person.pk
