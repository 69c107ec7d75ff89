"""A lawyer falls ill: the line rings the backup at once, others are asked by text, and whoever takes it is rung."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from directory.models import Person
from rosters.models import CoverRequest, Duty
from rosters.services import covering, sick
from tests import builders
from tests.stories.conftest import LINE, Scene
from tests.stories.ending import end_of, offers, over


def press(scene: Scene, text: str, choice: str) -> str:
    """Open the link in a text and press a button."""
    found = re.search(r"https?://\S+?/v/([a-z2-7]{10})", text)
    assert found, text
    answer = Client().post(f"/v/{found[1]}", {"keuze": choice})
    scene.look()
    return str(answer.content.decode())


def a_call_is_answered_by(scene: Scene, name: str) -> None:
    worker, lawyer = scene.phone("worker"), scene.phone(name)
    worker.dials(LINE)
    worker.presses("1")
    lawyer.is_ringing(within=0)
    lawyer.picks_up()
    lawyer.presses("1")
    scene.network.talking(worker, lawyer)
    lawyer.hangs_up()
    worker.hangs_up()
    over(scene)


def test_a_sick_call_rings_the_backup_at_once(two_lawyers: Scene) -> None:
    bos = two_lawyers.people["bos"]
    client = Client()
    client.force_login(bos)
    duty = Duty.objects.get(person=bos)
    assert client.post(reverse("sick", args=[duty.pk]), {"hoelang": "dag"}).status_code == 302

    a_call_is_answered_by(two_lawyers, "chen")

    assert end_of(two_lawyers) == ("connected", "talked")
    assert offers() == [("chen", "talked")]


def test_who_takes_the_duty_by_text_is_rung_first(two_lawyers: Scene) -> None:
    coordinator = two_lawyers.add("coby", builders.a_coordinator("Coby"))
    dee, eva = two_lawyers.add("dee", builders.a_lawyer("Dee")), two_lawyers.add("eva", builders.a_lawyer("Eva"))
    bos = two_lawyers.people["bos"]

    call = sick.report_sick(person_id=bos.pk, by=bos.pk)
    two_lawyers.look()
    coordinator.gets_sms("is ziek", within=5)
    covering.ask_candidates(request_id=call.request_ids[0])
    two_lawyers.look()
    asked = dee.gets_sms("wie neemt", within=5)
    late = eva.gets_sms("wie neemt", within=5)
    assert "De dienst is van jou" in press(two_lawyers, asked, "overnemen")
    assert "al overgenomen door Dee" in press(two_lawyers, late, "overnemen")
    two_lawyers.phone("bos").gets_sms("Dee neemt je dienst", within=5)

    a_call_is_answered_by(two_lawyers, "dee")
    assert offers() == [("dee", "talked")]
    assert CoverRequest.objects.get().taken_by == Person.objects.get(name="Dee")


def test_a_running_duty_that_is_given_away_rings_the_other_from_that_minute(two_lawyers: Scene) -> None:
    dee = two_lawyers.add("dee", builders.a_lawyer("Dee"))
    bos = two_lawyers.people["bos"]
    covering.open_request(duty_id=Duty.objects.get(person=bos).pk, kind="give", by=bos.pk)
    two_lawyers.look()
    press(two_lawyers, dee.gets_sms("wie neemt"), "overnemen")
    two_lawyers.phone("bos").gets_sms("neemt je dienst")

    a_call_is_answered_by(two_lawyers, "dee")
    assert offers() == [("dee", "talked")]
