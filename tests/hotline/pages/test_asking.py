"""Nieuwe vraag: three answers, one press; what is wrong is said and nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from hotline.models import Attachment, Consultation
from integrations import clock
from tests.hotline.consultations.story import World
from tests.hotline.pages.conftest import As, main_of

FILLED = {
    "once": "a1b2",
    "area": "huur",
    "lane": "vandaag",
    "question": "Mag de verhuurder het slot vervangen?",
    "region": "walcheren",
}


@pytest.fixture
def client(world: World, as_: As) -> Client:
    return as_(world.worker)


def send(client: Client, **changes: Any) -> Any:
    return client.post(reverse("ask"), {**FILLED, **changes})


def test_the_page_knows_the_usual_area_and_region(client: Client) -> None:
    page = main_of(client.get(reverse("ask")))
    assert 'value="huur" id="id_area_0" required checked' in page
    assert '<option value="walcheren" selected>' in page


def test_who_is_on_duty_stands_beside_it_without_a_private_number(world: World, client: Client) -> None:
    page = main_of(client.get(reverse("ask")))
    assert "Ada Eerste" in page
    assert f'href="tel:{world.line.number}"' in page
    for lawyer in (world.first, world.second):
        assert lawyer.numbers.get().e164 not in page


def test_three_answers_make_a_question(world: World, client: Client) -> None:
    answer = send(client)
    consultation = Consultation.objects.get()
    assert answer.headers["Location"] == f"/vragen/{consultation.reference}/?verstuurd=1"
    assert consultation.question == FILLED["question"]
    assert consultation.asker == world.worker
    page = main_of(client.get(answer.headers["Location"]))
    assert f"Het nummer is {consultation.reference}" in page
    assert 'data-draft-sent="ask"' in page


def test_sending_the_same_form_twice_asks_once(client: Client) -> None:
    first, second = send(client), send(client)
    assert first.headers["Location"] == second.headers["Location"]
    assert Consultation.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "fault", "field"),
    [
        ({"area": ""}, "Kies een rechtsgebied.", "id_area_0"),
        ({"area": "tuinrecht"}, "Selecteer een geldige keuze", "id_area_0"),
        ({"lane": ""}, "Kies hoe snel je het antwoord nodig hebt.", "id_lane_0"),
        ({"question": "  "}, "Schrijf je vraag in één zin.", "id_question"),
        ({"question": "a" * 301}, "300", "id_question"),
        ({"deadline": "gauw"}, "Schrijf de datum als 27-11-2026.", "id_deadline"),
        ({"region": ""}, "Kies een regio.", "id_region"),
    ],
)
def test_a_fault_is_told_above_and_beside_its_field(
    client: Client, changes: dict[str, str], fault: str, field: str
) -> None:
    answer = send(client, background="Ze woont er zes jaar.", **changes)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "<title>Fout: " in page
    summary = page.split("piket-error-summary")[1].split("</div>")[0]
    assert fault in summary
    assert f'href="#{field}"' in summary
    assert f'id="{field}"' in page
    assert 'aria-invalid="true"' in page
    assert "Ze woont er zes jaar." in page
    assert not Consultation.objects.exists()


def test_an_area_that_is_signposted_says_where_to_go(client: Client) -> None:
    answer = send(client, area="straf-zorgdwang")
    assert answer.status_code == 400
    assert FILLED["question"] in answer.content.decode()
    assert not Consultation.objects.exists()


def test_a_file_comes_along(client: Client) -> None:
    file = SimpleUploadedFile("brief.txt", b"Geachte heer,")
    send(client, files=[file])
    assert Attachment.objects.get().name == "brief.txt"


@pytest.mark.parametrize(
    ("name", "content"), [("brief.pdf", b"MZ\x90\x00\x03\x00"), ("brief.pdf", b"gewone tekst"), ("leeg.txt", b"")]
)
def test_a_bad_file_is_refused_and_the_typed_question_stays(client: Client, name: str, content: bytes) -> None:
    answer = send(client, files=[SimpleUploadedFile(name, content)])
    page = answer.content.decode()
    assert answer.status_code == 400
    assert name in page.split("piket-error-summary")[1].split("</div>")[0]
    assert FILLED["question"] in page
    assert "Kies je bestanden opnieuw" in page
    assert '<details class="piket-more piket-section" open>' in page
    assert not Consultation.objects.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(client: Client, settings: Settings) -> None:
    settings.MAX_FILE_BYTES = 1024 * 1024
    answer = send(client, files=[SimpleUploadedFile("scan.pdf", b"%PDF-" + b"x" * 1024 * 1024)])
    assert answer.status_code == 400
    assert "groter dan 1 MB" in answer.content.decode()
    assert FILLED["question"] in answer.content.decode()


def test_the_card_follows_another_area_and_region(client: Client) -> None:
    card = client.get(reverse("ask_beside"), {"area": "asiel", "region": "zwolle"}).content.decode()
    assert "Asielrecht, Zwolle" in card
    assert "Ada Eerste" not in card


@pytest.mark.parametrize(
    "query", [{}, {"area": "x", "region": "y"}, {"area": "straf-zorgdwang", "region": "walcheren"}]
)
def test_the_card_bears_any_question(client: Client, query: dict[str, str]) -> None:
    assert client.get(reverse("ask_beside"), query).status_code == 200


def test_the_card_says_when_a_closed_line_opens(world: World, client: Client) -> None:
    clock.forward(timedelta(hours=9))
    card = main_of(client.get(reverse("ask")))
    assert "De lijn is nu dicht." in card
    assert "morgen om 9:00" in card
