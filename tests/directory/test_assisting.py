"""Assistants: made and ended by an administrator, with the role that opens the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from directory import queries, services
from directory.errors import DirectoryError, NotKnown
from directory.models import Assistance
from tests import builders

pytestmark = pytest.mark.django_db


def roles(person: object) -> list[str]:
    return [one.role for one in queries.roles_of(person.pk)]  # type: ignore[attr-defined]


def test_an_assistant_gets_the_role_with_the_first_and_loses_it_with_the_last() -> None:
    assistant, ada, bea = builders.a_stranger(), builders.a_lawyer("Ada"), builders.a_lawyer("Bea")
    first = services.assist(assistant_id=assistant.pk, person_id=ada.pk)
    second = services.assist(assistant_id=assistant.pk, person_id=bea.pk)
    assert roles(assistant) == ["assistant"]
    assert list(queries.assisted_by(assistant.pk).values()) == ["Ada", "Bea"]
    services.end_assistance(assistance_id=first.pk)
    services.end_assistance(assistance_id=first.pk)
    assert queries.may_act_for(assistant.pk, bea.pk)
    assert not queries.may_act_for(assistant.pk, ada.pk)
    services.end_assistance(assistance_id=second.pk)
    assert roles(assistant) == []


def test_the_same_two_again_only_moves_the_dates() -> None:
    assistant, ada = builders.a_stranger(), builders.a_lawyer("Ada")
    today = builders.today()
    services.assist(assistant_id=assistant.pk, person_id=ada.pk)
    services.assist(assistant_id=assistant.pk, person_id=ada.pk, starts_on=today + timedelta(days=1))
    assert Assistance.objects.count() == 1
    assert not queries.may_act_for(assistant.pk, ada.pk)


def test_what_cannot_be_is_refused_with_what_to_do() -> None:
    assistant, ada, gone = builders.a_stranger(), builders.a_lawyer("Ada"), builders.a_lawyer("Weg")
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    today = builders.today()
    with pytest.raises(DirectoryError, match=r"."):
        services.assist(assistant_id=ada.pk, person_id=ada.pk)
    with pytest.raises(DirectoryError):
        services.assist(assistant_id=assistant.pk, person_id=ada.pk, starts_on=today, ends_on=today)
    with pytest.raises(NotKnown):
        services.assist(assistant_id=assistant.pk, person_id=gone.pk)
    assert not Assistance.objects.exists()


def test_an_administrator_sets_it_up_on_a_page(client: Client) -> None:
    client.force_login(builders.an_administrator())
    assistant, ada, bea = builders.a_stranger(), builders.a_lawyer("Ada"), builders.a_lawyer("Bea")
    typed = {"assistant": assistant.pk, "person": ada.pk, "starts_on": "", "ends_on": ""}
    assert client.post(reverse("admin:directory_assistance_add"), typed).status_code == 302
    made = Assistance.objects.get()
    change = reverse("admin:directory_assistance_change", args=[made.pk])
    assert client.post(change, {**typed, "person": bea.pk}).status_code == 302
    assert list(queries.assisted_by(assistant.pk)) == [bea.pk]
    refused = client.post(reverse("admin:directory_assistance_add"), {**typed, "assistant": ada.pk})
    assert refused.status_code == 200
    assert "Kies twee personen" in refused.content.decode()
    left = Assistance.objects.get()
    client.post(reverse("admin:directory_assistance_delete", args=[left.pk]), {"post": "yes"})
    assert not Assistance.objects.exists()
