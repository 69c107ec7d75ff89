"""What people text back: about duties, taking over, being ill, pausing; each once, and each to be taken back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from hotline.models import Event, ProofCall, Ticket
from integrations import clock
from rosters import queries, services
from rosters.core.wall import AMSTERDAM
from rosters.models import Absence, CoverAsk, CoverRequest, Duty, Pause
from rosters.services import covering
from tests import builders
from tests.network import Person
from tests.stories.conftest import LINE, Scene
from tests.stories.moves import asks, takes


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=AMSTERDAM).astimezone(UTC)  # type: ignore[arg-type, misc]


def at(scene: Scene, *parts: int) -> None:
    """It is then, and the sweep has looked."""
    clock.move_to(local(*parts))
    scene.look()


def press(text: str, choice: str) -> str:
    """Open the link in a text and press a button of its card."""
    address = re.search(r"http://\S+/[kpv]/\w+", text)
    assert address is not None, text
    path = "/" + address[0].split("/", 3)[3]
    assert Client().get(path).status_code == 200
    answer = Client().post(path, {"keuze": choice})
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


@pytest.fixture
def tomorrow(scene: Scene) -> Duty:
    """Ada has a duty tomorrow, 9-13; it is Wednesday 10:30."""
    desk = builders.a_desk(scene.line, "Walcheren huur")
    person = builders.a_lawyer("Ada")
    scene.add("ada", person)
    return a_duty(desk, person, (2026, 11, 19, 9), (2026, 11, 19, 13))


def a_duty(desk: Any, person: Any, start: tuple[int, ...], end: tuple[int, ...], position: int = 1) -> Duty:
    return services.add_duty(
        desk_id=desk.pk, person_id=person.pk, starts_at=local(*start), ends_at=local(*end), position=position
    )


def fresh(duty: Duty) -> Duty:
    return Duty.objects.get(pk=duty.pk)


# --- JA and NEE -------------------------------------------------------------------------------------------------------
def test_reminder_ja_and_no_more_questions(scene: Scene, tomorrow: Duty) -> None:
    ada = scene.phone("ada")
    at(scene, 2026, 11, 18, 16)
    ada.gets_sms("morgen 9-13 u heb je dienst Walcheren huur. Klaar? Antwoord JA.")
    ada.sends_sms(LINE, "Ja!")
    answer = ada.gets_sms("dank je wel, je bent er morgen 9-13 u.")
    assert fresh(tomorrow).confirmed_how == "sms"
    at(scene, 2026, 11, 18, 20)
    assert len(ada.texts) == 2
    assert "teruggenomen" in press(answer, "terug")
    assert fresh(tomorrow).confirmed_at is None


def test_silence_is_asked_again_and_then_told_to_the_coordinator(scene: Scene, tomorrow: Duty) -> None:
    coby = scene.add("coby", builders.a_coordinator("Coby"))
    ada = scene.phone("ada")
    at(scene, 2026, 11, 18, 16)
    at(scene, 2026, 11, 18, 18)
    ada.gets_sms("we weten nog niet of je morgen 9-13 u kunt")
    at(scene, 2026, 11, 18, 20)
    assert Ticket.objects.get().kind == "unconfirmed"
    assert not any("niet bevestigd" in text for text in coby.texts)  # a text waits for the morning
    at(scene, 2026, 11, 19, 7, 30)
    coby.gets_sms("Ada heeft de dienst morgen 9-13 u (Walcheren huur) niet bevestigd")
    ada.sends_sms(LINE, "JA")
    ada.gets_sms("je bent er vandaag 9-13 u.")


def test_the_link_of_the_reminder(scene: Scene, tomorrow: Duty) -> None:
    at(scene, 2026, 11, 18, 16)
    assert "Dank je wel" in press(scene.phone("ada").gets_sms("heb je dienst"), "ja")
    assert fresh(tomorrow).confirmed_how == "link"


def test_nee_leaves_the_choice_to_the_holder(scene: Scene, tomorrow: Duty) -> None:
    ada = scene.phone("ada")
    at(scene, 2026, 11, 18, 16)
    ada.sends_sms(LINE, "nee")
    answer = ada.gets_sms("je dienst morgen 9-13 u is niet bevestigd. Zoek vervanging of meld je ziek:")
    assert fresh(tomorrow).cancelled_at is None
    press(answer, "weg")
    assert CoverRequest.objects.get().kind == "give"


@pytest.mark.parametrize("body", ["JA", "nee", "JA DIENST", "ja 4", "NEE 417"])
def test_without_a_question_nothing_is_changed(scene: Scene, tomorrow: Duty, body: str) -> None:
    ada = scene.phone("ada")
    ada.sends_sms(LINE, body)
    answer = ada.gets_sms("Piket: ")
    assert "er wacht nu niets op een JA of NEE" in answer or "al overgenomen of niet meer nodig" in answer
    assert fresh(tomorrow).confirmed_at is None


@pytest.mark.parametrize(
    "body", ["Ja maar ik kan pas om 10 uur", "ja, waarschijnlijk", "ZIEK morgen", "VERDER 5", "JAJA"]
)
def test_a_word_with_more_behind_it_is_no_word(scene: Scene, tomorrow: Duty, body: str) -> None:
    ada = scene.phone("ada")
    at(scene, 2026, 11, 18, 16)
    ada.sends_sms(LINE, body)
    ada.gets_sms("dat woord ken ik niet. Je kunt antwoorden: JA, NEE, ZIEK, PAUZE 15, VERDER of HULP.")
    assert fresh(tomorrow).confirmed_at is None
    assert not Absence.objects.exists()
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.person.name) == ("unknown_text", "Ada")
    assert "10 uur" not in str(Event.objects.values()) + str(Ticket.objects.values())


@pytest.mark.parametrize(("body", "tickets"), [("STOP", 1), ("start", 0), ("HELP", 0), ("Yes", 0)])
def test_the_words_of_the_vendor_are_never_ours(scene: Scene, tomorrow: Duty, body: str, tickets: int) -> None:
    ada = scene.phone("ada")
    at(scene, 2026, 11, 18, 16)
    ada.sends_sms(LINE, body)
    scene.network.forward(2)
    assert len(ada.texts) == 1  # the reminder
    assert Ticket.objects.filter(kind="texts_stopped").count() == tickets
    assert fresh(tomorrow).confirmed_at is None


def test_a_text_shows_that_texts_arrive(scene: Scene, tomorrow: Duty) -> None:
    scene.phone("ada").sends_sms(LINE, "HULP")
    scene.phone("ada").gets_sms("JA of NEE bij een dienst")
    assert scene.people["ada"].numbers.get().texted_at == clock.now()


# --- Taking over ------------------------------------------------------------------------------------------------------
def asked_to_take_over(scene: Scene, tomorrow: Duty, name: str = "bo") -> tuple[Person, CoverRequest]:
    """Bo is asked to take Ada's duty of tomorrow over."""
    taker = builders.a_lawyer(name.capitalize())
    phone = scene.add(name, taker)
    ada = scene.people["ada"]
    request = covering.open_request(duty_id=tomorrow.pk, kind="give", by=ada.pk, ask=[taker.pk])
    scene.look()
    return phone, request


def test_ja_takes_the_one_open_request(scene: Scene, tomorrow: Duty) -> None:
    bo, request = asked_to_take_over(scene, tomorrow)
    bo.gets_sms(f"JA {request.number}")
    bo.sends_sms(LINE, "ja")
    bo.gets_sms("Walcheren huur")
    scene.network.forward(2)
    assert CoverRequest.objects.get().state == "taken"
    made = Duty.objects.get(cancelled_at__isnull=True)
    assert (made.person, made.confirmed_how) == (scene.people["bo"], "sms")


def test_ja_with_the_number(scene: Scene, tomorrow: Duty) -> None:
    bo, request = asked_to_take_over(scene, tomorrow)
    bo.sends_sms(LINE, f"JA {request.number}")
    assert CoverRequest.objects.get().state == "taken"
    bo.sends_sms(LINE, f"JA {request.number}")
    bo.gets_sms(f"nummer {request.number} is al overgenomen of niet meer nodig")


def test_nee_with_the_number(scene: Scene, tomorrow: Duty) -> None:
    bo, request = asked_to_take_over(scene, tomorrow)
    bo.sends_sms(LINE, f"nee {request.number}")
    bo.gets_sms(f"genoteerd, je neemt nummer {request.number} niet over. Toch wel? http")
    assert CoverAsk.objects.get().answer == "no"


def test_when_more_waits_the_answer_asks_which(scene: Scene, tomorrow: Duty) -> None:
    bo, request = asked_to_take_over(scene, tomorrow)
    own = a_duty(tomorrow.desk, scene.people["bo"], (2026, 11, 19, 17), (2026, 11, 19, 21))
    at(scene, 2026, 11, 18, 16)
    bo.sends_sms(LINE, "JA")
    bo.gets_sms(f"welke? JA DIENST is je dienst morgen 17-21 u. JA {request.number} is overnemen.")
    assert fresh(own).confirmed_at is None
    bo.sends_sms(LINE, "JA DIENST")
    bo.gets_sms("je bent er morgen 17-21 u.")
    assert fresh(own).confirmed_how == "sms"
    assert CoverRequest.objects.get().state == "open"


# --- ZIEK -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def ill(two_lawyers: Scene) -> Scene:
    """Bos is on duty with Chen behind him; Dirk could take over; Bos texts ZIEK."""
    two_lawyers.add("dirk", builders.a_lawyer("Dirk"))
    two_lawyers.phone("bos").sends_sms(LINE, "ziek")
    return two_lawyers


def test_ziek_skips_at_once_and_asks_others_after_key_1(ill: Scene) -> None:
    bos, dirk = ill.phone("bos"), ill.phone("dirk")
    bos.gets_sms("je bent ziek gemeld en krijgt geen oproepen. We bellen je nu: toets 1 bevestigt het.")
    bos.is_ringing()
    bos.picks_up()
    bos.hears("Je hebt je ziek gemeld. Klopt dat? Toets 1.")
    assert dirk.texts == []
    bos.presses("1")
    bos.hears("We vragen anderen om het over te nemen. Beterschap.")
    dirk.gets_sms("Walcheren huur", within=10)
    bos.is_idle(within=20)
    asks(ill)
    takes(ill, "chen")  # the first phone that rings
    assert ProofCall.objects.get().state == "proved"


def test_ziek_is_taken_back_by_its_link(ill: Scene) -> None:
    bos = ill.phone("bos")
    text = bos.gets_sms("Vergissing? ")
    bos.is_ringing()
    bos.refuses()
    assert "niet meer ziek gemeld" in press(text, "terug")
    assert queries.on_duty_now(ill.people["bos"].pk) is not None
    ill.network.forward(660)
    assert not Ticket.objects.filter(kind="sick_unconfirmed").exists()
    assert ill.phone("dirk").texts == []


def test_key_2_takes_it_back(ill: Scene) -> None:
    bos = ill.phone("bos")
    bos.is_ringing()
    bos.picks_up()
    bos.hears("vergissing? Toets 2.")
    bos.presses("2")
    bos.hears("Je dienst blijft van jou.")
    assert queries.on_duty_now(ill.people["bos"].pk) is not None


def test_without_key_1_the_coordinator_decides(ill: Scene) -> None:
    coby = ill.add("coby", builders.a_coordinator("Coby"))
    ill.phone("bos").behaves("voicemail")
    ill.network.forward(590)
    assert not Ticket.objects.filter(kind="sick_unconfirmed").exists()
    ill.network.forward(20)
    assert Ticket.objects.filter(kind="sick_unconfirmed").count() == 1
    coby.gets_sms("Bos meldde zich ziek per sms en bevestigde het niet per telefoon. Jij beslist: http")
    assert ill.phone("dirk").texts == []
    assert queries.on_duty_now(ill.people["bos"].pk) is None


def test_ziek_twice_is_once(ill: Scene) -> None:
    bos = ill.phone("bos")
    bos.is_ringing()
    bos.refuses()
    bos.sends_sms(LINE, "ZIEK")
    bos.gets_sms("je bent al ziek gemeld, tot")
    assert Absence.objects.count() == ProofCall.objects.count() == 1


def test_ziek_that_comes_twice_acts_once(two_lawyers: Scene) -> None:
    two_lawyers.network.misbehaves("duplicate", "/sms")
    two_lawyers.phone("bos").sends_sms(LINE, "ZIEK")
    two_lawyers.network.forward(2)
    assert Absence.objects.count() == ProofCall.objects.count() == 1
    assert Event.objects.filter(kind="sms").count() == 1


def test_ziek_without_a_duty_calls_nobody(scene: Scene) -> None:
    ada = scene.add("ada", builders.a_lawyer("Ada"))
    ada.sends_sms(LINE, "ziek")
    ada.gets_sms("je bent ziek gemeld. Je hebt tot")
    ada.is_not_ringing()
    assert not ProofCall.objects.exists()


# --- PAUZE and VERDER -------------------------------------------------------------------------------------------------
def test_a_pause_is_ended_by_its_link_and_a_resumption_too(two_lawyers: Scene) -> None:
    bos = two_lawyers.phone("bos")
    bos.sends_sms(LINE, "pauze 30")
    text = bos.gets_sms("je bent met pauze tot 11:00.")
    assert "Je pauze is voorbij" in press(text, "verder")
    assert queries.pause_of(two_lawyers.people["bos"].pk) is None
    bos.sends_sms(LINE, "pauze 30")
    bos.sends_sms(LINE, "verder")
    press(bos.gets_sms("Toch pauze?"), "pauze")
    pause = queries.pause_of(two_lawyers.people["bos"].pk)
    assert pause is not None
    assert pause.ends_at == local(2026, 11, 18, 11)
    assert Pause.objects.filter(source="link").count() == 1
