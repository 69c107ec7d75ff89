"""Can you be reached: numbers, codes and test calls of one's own, and the coordinator's list."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory import queries as directory
from directory import services as directory_services
from hotline import proving
from hotline.models import ProofCall
from integrations import clock
from integrations.models import OutboxMessage
from tests import builders
from tests.hotline.pages.conftest import As, main_of
from tests.stories.conftest import LINE, Scene, scene  # noqa: F401

SETTINGS = "/mijn/instellingen/"


@pytest.fixture
def no_errors() -> list[str]:
    return []


def deed(client: Client, number_id: int, name: str) -> str:
    answer = client.post(reverse("number_deed", args=[number_id, name]), follow=True)
    assert answer.status_code == 200
    return main_of(answer)


def the_code() -> str:
    body = OutboxMessage.objects.filter(kind="sms", body__contains="je code is").latest("pk").body
    found = re.search(r"\d{6}", body)
    assert found is not None
    return found[0]


def test_a_new_number_is_added_and_proved_by_a_text(scene: Scene, as_: As) -> None:  # noqa: F811
    person = builders.a_lawyer("Ada", number="")
    client = as_(person)
    assert "Je hebt nog geen nummer" in main_of(client.get(SETTINGS))
    client.post(reverse("number_add"), {"nummer": "06 0000 0777"})
    number = directory.numbers_of(person.pk)[0]
    assert (number.e164, number.verified) == ("+31600000777", False)
    assert "sms met een code onderweg" in deed(client, number.id, "code-sms")
    wrong = client.post(reverse("number_code", args=[number.id]), {"code": "12"})
    assert wrong.status_code == 400
    assert "Dat is niet de code" in main_of(wrong)
    right = client.post(reverse("number_code", args=[number.id]), {"code": the_code()}, follow=True)
    assert "Dit nummer is van jou en kan gebeld worden" in main_of(right)
    proved = directory.numbers_of(person.pk)[0]
    assert (proved.verified, proved.is_primary, proved.texted_at) == (True, True, clock.now())


def test_a_number_is_proved_by_a_spoken_code(scene: Scene, as_: As) -> None:  # noqa: F811
    person = builders.a_lawyer("Ada", verified=False)
    number = directory.numbers_of(person.pk)[0]
    deed(as_(person), number.id, "code-spraak")
    scene.look()
    phone = scene.add("ada", person)
    phone.is_ringing()
    phone.picks_up()
    phone.presses("1")
    phone.hears("Je code is")
    phone.hears("Nog een keer:")
    digits = re.findall(r"\d", phone.heard.partition("Nog een keer:")[2])
    as_(person).post(reverse("number_code", args=[number.id]), {"code": "".join(digits[:6])})
    assert directory.numbers_of(person.pk)[0].verified


def test_call_me_now_as_a_test(scene: Scene, as_: As) -> None:  # noqa: F811
    person = builders.a_lawyer("Ada")
    phone = scene.add("ada", person)
    client = as_(person)
    assert "niet gereed" in main_of(client.get(SETTINGS))
    assert "We bellen je nu" in deed(client, directory.numbers_of(person.pk)[0].id, "test")
    scene.look()
    phone.is_ringing()
    phone.picks_up()
    phone.presses("1")
    scene.network.forward(10)
    phone.sends_sms(LINE, "hulp")
    assert proving.readiness_of(person.pk).is_ready
    assert "Je bent bereikbaar" in main_of(client.get(SETTINGS))
    clock.forward(timedelta(days=90))
    assert not proving.readiness_of(person.pk).is_ready


@pytest.mark.parametrize("typed", ["", "112", "0900-1234", "hallo", "06 1234"])
def test_a_number_that_cannot_be_is_said_and_stays_typed(db: None, as_: As, typed: str) -> None:
    person = builders.a_lawyer("Ada", number="")
    answer = as_(person).post(reverse("number_add"), {"nummer": typed})
    assert answer.status_code == 400
    assert 'class="piket-error-summary"' in main_of(answer)
    assert f'value="{typed}"' in main_of(answer) or not typed
    assert directory.numbers_of(person.pk) == ()


def test_first_choice_and_removing(db: None, as_: As) -> None:
    person = builders.a_lawyer("Ada")
    first = directory.numbers_of(person.pk)[0]
    second = directory_services.add_number(person_id=person.pk, number="0600000777", verified=True, primary=False)
    client = as_(person)
    assert "Bewaard" in deed(client, second.pk, "eerste-keus")
    assert directory.numbers_of(person.pk)[0].id == second.pk
    assert "Weggehaald" in deed(client, first.id, "weg")
    assert "enige nummer dat werkt" in deed(client, second.pk, "weg")


def test_the_numbers_of_somebody_else_are_not_ones_own(db: None, as_: As) -> None:
    other = directory.numbers_of(builders.a_lawyer().pk)[0]
    client = as_(builders.a_lawyer())
    for name in ("code-sms", "code-spraak", "test", "eerste-keus", "weg"):
        assert "Dit nummer is er niet meer" in deed(client, other.id, name)
    assert client.post(reverse("number_code", args=[other.id]), {"code": "123456"}).status_code == 400
    assert client.post(reverse("number_deed", args=[other.id, "anders"])).status_code == 404
    assert not ProofCall.objects.exists()


# --- The coordinator's list -------------------------------------------------------------------------------------------
def people() -> dict[str, Any]:
    ready = builders.a_lawyer("Ada Gereed")
    number = directory.numbers_of(ready.pk)[0].e164
    directory_services.mark_tested(e164=number)
    directory_services.mark_texted(e164=number)
    return {
        "ready": ready,
        "untested": builders.a_lawyer("Bo Ongetest"),
        "without": builders.a_lawyer("Cas Nummerloos", number=""),
        "elsewhere": builders.a_lawyer("Dirk Zwolle", region="zwolle"),
        "coordinator": builders.a_coordinator("Coby", password=builders.PASSWORD),
    }


def test_the_list_says_per_channel_who_can_be_reached(db: None, at_ten_thirty: Any, as_: As) -> None:
    known = people()
    page = main_of(as_(known["coordinator"]).get(reverse("readiness")))
    assert "1 van de 3 mensen zijn gereed." in page
    assert "Ada Gereed" in page
    assert "niet getest" in page
    assert "geen nummer" in page
    assert "Dirk Zwolle" not in page
    only = main_of(as_(known["coordinator"]).get(reverse("readiness"), {"toon": "niet-gereed"}))
    assert "Ada Gereed" not in only
    assert "Bo Ongetest" in only


def test_a_worker_with_a_duty_on_a_desk_of_the_region_is_on_the_list(db: None, at_ten_thirty: Any, as_: As) -> None:
    worker = builders.a_worker("Wim Werker")
    desk = builders.a_desk(builders.a_line())
    builders.a_duty(desk, worker, starts=24)
    page = main_of(as_(builders.a_coordinator()).get(reverse("readiness")))
    assert "Wim Werker" in page


def test_the_list_as_csv(db: None, at_ten_thirty: Any, as_: As) -> None:
    known = people()
    builders.a_lawyer("=1+1")
    answer = as_(known["coordinator"]).get(reverse("readiness_csv"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:3] == ["Naam", "Gereed", "Telefoon"]
    assert [row[:2] for row in rows[1:]] == [
        ["'=1+1", "niet gereed"],
        ["Ada Gereed", "gereed"],
        ["Bo Ongetest", "niet gereed"],
        ["Cas Nummerloos", "niet gereed"],
    ]


def test_a_coordinator_sends_a_test(scene: Scene, as_: As) -> None:  # noqa: F811
    known = people()
    client, bo = as_(known["coordinator"]), scene.add("bo", known["untested"])
    address = reverse("readiness_test", args=[known["untested"].pk])
    assert "een testoproep en een test-sms" in main_of(client.post(address, follow=True))
    scene.look()
    bo.is_ringing()
    bo.gets_sms("dit is een test. Antwoord HULP")
    assert ProofCall.objects.get().asked_by == known["coordinator"]


def test_not_in_quiet_hours_not_elsewhere_and_not_without_a_number(db: None, at_ten_thirty: Any, as_: As) -> None:
    known = people()
    client = as_(known["coordinator"])

    def said(name: str) -> str:
        return main_of(client.post(reverse("readiness_test", args=[known[name].pk]), follow=True))

    assert "geen diensten in jouw regio" in said("elsewhere")
    assert "heeft nog geen nummer" in said("without")
    clock.forward(timedelta(hours=10))
    client = as_(known["coordinator"])
    assert "Het is avond, nacht of weekend" in said("untested")
    assert not ProofCall.objects.exists()


def test_the_list_costs_the_same_for_many(db: None, at_ten_thirty: Any) -> None:
    coordinator = builders.a_coordinator()
    proving.readiness_for(coordinator.pk)  # the set-up is remembered from now on
    counts = []
    for _ in range(2):
        for _ in range(5):
            builders.a_lawyer()
        with CaptureQueriesContext(connection) as asked:
            assert proving.readiness_for(coordinator.pk)
        counts.append(len(asked))
    assert counts[0] == counts[1]
