"""Mijn vragen and the page of one question, from every side; all of it without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hotline.consultations import services
from hotline.models import Callback, Consultation, Event, Message, Outcome
from tests.hotline.consultations.story import World, fresh
from tests.hotline.pages.conftest import As, main_of


def page_of(client: Client, consultation: Consultation, query: str = "") -> str:
    return main_of(client.get(reverse("question", args=[consultation.reference]) + query))


def press(client: Client, consultation: Consultation, step: str, **given: Any) -> Any:
    return client.post(reverse("question_step", args=[consultation.reference, step]), given)


# --- Mijn vragen ----------------------------------------------------------------------------------------------------
def test_what_waits_for_the_asker_is_shown_first(world: World, as_: As) -> None:
    world.answered()
    page = main_of(as_(world.worker).get(reverse("questions")))
    assert 'aria-current="page">Wacht op jou <span class="piket-count">1</span>' in page
    assert "Heeft het geholpen?" in page


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("wacht", "Er wacht niets op jou."),
        ("loopt", "Er loopt geen vraag."),
        ("afgerond", "niets afgerond"),
        ("van-ons", "collega's"),
    ],
)
def test_every_empty_tab_has_a_sentence_and_one_action(world: World, as_: As, tab: str, words: str) -> None:
    page = main_of(as_(world.worker).get(reverse("questions"), {"toon": tab}))
    assert words in page.replace("&#x27;", "'")
    assert page.count(f'href="{reverse("ask")}"') == 2


def test_an_unknown_tab_shows_the_first(world: World, as_: As) -> None:
    world.ask()
    assert "PK-" in main_of(as_(world.worker).get(reverse("questions"), {"toon": "zomaar"}))


def test_a_list_never_shows_the_text(world: World, as_: As) -> None:
    world.ask()
    page = as_(world.worker).get(reverse("questions"), {"toon": "loopt"}).content.decode()
    assert "Huurrecht" in page
    assert "borg" not in page


@pytest.mark.parametrize("page", ["questions", "conversations", "today", "tickets"])
def test_a_list_costs_the_same_for_one_row_and_for_many(world: World, as_: As, page: str) -> None:
    person = {"questions": world.worker, "tickets": world.coordinator}.get(page, world.first)
    client = as_(person)
    world.answered()
    client.get(reverse(page))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(reverse(page))
    for _ in range(4):
        world.answered()
        world.ask()
    with CaptureQueriesContext(connection) as many:
        client.get(reverse(page))
    assert len(many) == len(few)
    assert len(many) <= 16


# --- Before a lawyer accepts ----------------------------------------------------------------------------------------
def test_a_lawyer_can_say_conflict_before_any_text_is_shown(world: World, as_: As) -> None:
    consultation = world.ask()
    lawyer = as_(world.first)
    page = page_of(lawyer, consultation)
    assert "borg" not in page
    assert "Wim Werker" not in page.split("<aside")[0]
    assert "Juridisch Loket Vlissingen" in page
    assert press(lawyer, consultation, "doorgeven", reason="conflict").headers["Location"] == reverse("today")
    assert consultation.exclusions.get().reason == "conflict"
    assert not Event.objects.filter(kind="read", actor=world.first).exists()


def test_a_lawyer_can_read_first_and_that_is_on_record(world: World, as_: As) -> None:
    consultation = world.ask()
    assert "borg" in page_of(as_(world.first), consultation, "?lees=1")
    assert Event.objects.filter(kind="read", actor=world.first).count() == 1


def test_accepting_shows_the_text_and_tells_the_asker(world: World, as_: As) -> None:
    consultation = world.ask()
    lawyer = as_(world.first)
    press(lawyer, consultation, "aannemen")
    page = page_of(lawyer, consultation)
    assert "borg" in page
    assert "Verstuur het antwoord" in page
    assert "Ada Eerste heeft de vraag." in page_of(as_(world.worker), consultation)


def test_the_second_to_accept_hears_who_was_first(world: World, as_: As) -> None:
    consultation = world.ask()
    services.decline(person=world.first, reference=consultation.reference, reason="no_time")
    press(as_(world.second), consultation, "aannemen")
    answer = press(as_(world.second), consultation, "aannemen")
    assert answer.status_code == 302
    late = press(as_(world.first), consultation, "aannemen")
    assert late.status_code == 409
    assert "Bea Tweede" in late.content.decode()
    assert "Er is niets veranderd" in late.content.decode()


# --- The talk in writing --------------------------------------------------------------------------------------------
def test_question_back_and_reply(world: World, as_: As) -> None:
    consultation = world.accepted()
    press(as_(world.first), consultation, "doorvragen", text="Van wanneer is de brief?")
    page = page_of(as_(world.worker), consultation)
    assert "Van wanneer is de brief?" in page
    assert "Reageer, dan loopt de klok van het antwoord weer." in page
    press(as_(world.worker), consultation, "reageren", text="Van 3 november.")
    assert "Van 3 november." in page_of(as_(world.first), consultation)
    assert fresh(consultation).status == "with_lawyer"


def test_an_answer_with_its_warning(world: World, as_: As) -> None:
    consultation = world.accepted()
    press(as_(world.first), consultation, "antwoorden", text="Nee, alleen voor schade.", certificate_avoided="ja")
    page = page_of(as_(world.worker), consultation)
    assert "Nee, alleen voor schade." in page
    assert "Dit is advies aan jou." in page
    assert Outcome.objects.get(side="lawyer").certificate_avoided is True


@pytest.mark.parametrize("step", ["antwoorden", "doorvragen"])
def test_an_empty_text_is_told_and_the_page_stays(world: World, as_: As, step: str) -> None:
    consultation = world.accepted()
    answer = press(as_(world.first), consultation, step, text="  ")
    assert answer.status_code == 400
    assert f'href="#{step}-text"' in answer.content.decode()
    assert "Schrijf eerst iets." in answer.content.decode()
    assert not Message.objects.exists()


def test_a_text_that_is_too_long_is_kept(world: World, as_: As) -> None:
    consultation = world.accepted()
    answer = press(as_(world.first), consultation, "antwoorden", text="lang " * 2500)
    assert answer.status_code == 400
    assert "lang lang lang" in main_of(answer)


# --- What came of it ------------------------------------------------------------------------------------------------
def test_one_press_says_that_it_helped_and_closes_it(world: World, as_: As) -> None:
    consultation = world.answered()
    worker = as_(world.worker)
    assert "Heeft dit geholpen?" in page_of(worker, consultation)
    press(worker, consultation, "uitkomst", value="helped")
    assert fresh(consultation).status == "closed"
    assert "Heeft dit geholpen?" not in page_of(worker, consultation).split("<details")[0]


@pytest.mark.parametrize(("chip", "date", "day"), [("morgen", "", 19), ("week", "", 25), ("datum", "2026-11-30", 30)])
def test_a_follow_up_comes_along_with_the_outcome(world: World, as_: As, chip: str, date: str, day: int) -> None:
    consultation = world.answered()
    press(as_(world.worker), consultation, "uitkomst", value="helped", chip=chip, follow_up_on=date)
    assert consultation.follow_ups.get().due_on.day == day
    assert fresh(consultation).next_step == "follow_up"


def test_a_follow_up_without_its_date_is_asked_for(world: World, as_: As) -> None:
    consultation = world.answered()
    answer = press(as_(world.worker), consultation, "uitkomst", value="helped", chip="datum")
    assert answer.status_code == 400
    assert "Kies de datum van het vervolg." in answer.content.decode()
    assert not Outcome.objects.filter(side="worker").exists()


@pytest.mark.parametrize(("then", "step"), [("again", "accept"), ("coordinator", "coordinate")])
def test_who_was_not_helped_chooses_what_next(world: World, as_: As, then: str, step: str) -> None:
    consultation = world.answered()
    worker = as_(world.worker)
    press(worker, consultation, "uitkomst", value="not_helped")
    assert "Wat doen we nu?" in page_of(worker, consultation)
    press(worker, consultation, "uitkomst", value="not_helped", then=then)
    assert fresh(consultation).next_step == step
    assert "Wat doen we nu?" not in page_of(worker, consultation)


def test_a_follow_up_is_planned_and_ticked_off(world: World, as_: As) -> None:
    consultation = world.accepted()
    lawyer = as_(world.first)
    press(lawyer, consultation, "vervolg", what="Termijn nakijken", chip="morgen")
    assert "Termijn nakijken" in page_of(lawyer, consultation)
    number = consultation.follow_ups.get().pk
    press(lawyer, consultation, "vervolg-klaar", number=number)
    assert consultation.follow_ups.get().done_at is not None


# --- Colleagues -----------------------------------------------------------------------------------------------------
def test_a_colleague_takes_over(world: World, as_: As) -> None:
    consultation = world.accepted()
    colleague = as_(world.colleague)
    page = page_of(colleague, consultation)
    assert "Neem over" in page
    assert "borg" not in page
    press(colleague, consultation, "overnemen")
    assert "borg" in page_of(colleague, consultation)
    assert fresh(consultation).asker == world.colleague


def test_sharing_and_ending_it(world: World, as_: As) -> None:
    consultation = world.ask()
    press(as_(world.worker), consultation, "delen", colleague=world.colleague.pk)
    assert "borg" in page_of(as_(world.colleague), consultation)
    press(as_(world.worker), consultation, "niet-delen", number=world.colleague.pk)
    assert "borg" not in page_of(as_(world.colleague), consultation)


def test_sharing_with_nobody_is_told(world: World, as_: As) -> None:
    answer = press(as_(world.worker), world.ask(), "delen", colleague="")
    assert answer.status_code == 400
    assert "Kies een collega." in answer.content.decode()


def test_withdrawing(world: World, as_: As) -> None:
    consultation = world.ask()
    press(as_(world.worker), consultation, "intrekken")
    assert fresh(consultation).status == "withdrawn"
    assert "Ingetrokken om 10:30." in page_of(as_(world.worker), consultation)


def test_call_me_and_call_the_asker(world: World, as_: As) -> None:
    one, other = world.accepted(), world.accepted()
    press(as_(world.worker), one, "bel-mij")
    press(as_(world.first), other, "bel-de-vrager")
    assert Callback.objects.count() == 2
    assert "De lijn belt jullie beiden" in page_of(as_(world.worker), one)


def test_the_area_is_put_right(world: World, as_: As) -> None:
    consultation = world.ask()
    press(as_(world.worker), consultation, "verbeteren", area="arbeid", region="walcheren")
    assert fresh(consultation).area.slug == "arbeid"


# --- The coordinator ------------------------------------------------------------------------------------------------
def test_a_coordinator_reads_the_text_once_with_a_reason(world: World, as_: As) -> None:
    consultation = world.ask()
    coordinator = as_(world.coordinator)
    address = reverse("question_text", args=[consultation.reference])
    assert "borg" not in page_of(coordinator, consultation)
    assert "borg" not in main_of(coordinator.post(address, {"reason": ""}))
    assert "borg" in main_of(coordinator.post(address, {"reason": "De advocaat is ziek geworden."}))
    assert "borg" not in page_of(coordinator, consultation)
    assert "De advocaat is ziek geworden." in page_of(as_(world.worker), consultation)


def test_a_coordinator_asks_a_lawyer_by_name(world: World, as_: As) -> None:
    consultation = world.ask()
    press(as_(world.coordinator), consultation, "toewijzen", lawyer=world.second.pk)
    assert consultation.offers.latest("pk").lawyer == world.second


# --- Files, faults --------------------------------------------------------------------------------------------------
def test_a_file_is_a_download_for_readers_only(world: World, as_: As) -> None:
    file = SimpleUploadedFile("brief é.txt", b"Geachte heer,")
    filled = {"area": "huur", "lane": "vandaag", "question": "Mag dit?", "region": "walcheren", "files": [file]}
    worker = as_(world.worker)
    worker.post(reverse("ask"), filled)
    consultation = Consultation.objects.get()
    address = reverse("question_file", args=[consultation.attachments.get().pk])
    answer = worker.get(address)
    assert answer.content == b"Geachte heer,"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''brief%20%C3%A9.txt"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert as_(world.second).get(address).status_code == 404
    assert as_(world.coordinator).get(address).status_code == 404


@pytest.mark.parametrize("step", ["bestaat-niet", "accept", "tekst-lezen"])
def test_an_unknown_step_is_not_found(world: World, as_: As, step: str) -> None:
    assert press(as_(world.worker), world.ask(), step).status_code == 404


@pytest.mark.parametrize("step", ["antwoorden", "doorvragen", "bel-de-vrager", "teruggeven"])
def test_a_step_of_somebody_else_is_refused(world: World, as_: As, step: str) -> None:
    answer = press(as_(world.worker), world.accepted(), step, text="tekst", reason="no_time")
    assert answer.status_code == 403
    assert "is voor iemand anders" in main_of(answer) or "Dit kan nu niet" in main_of(answer)


@pytest.mark.parametrize("reference", ["PK-1", "PK-999999999", "PK-2400"])
def test_a_question_that_does_not_exist_is_not_found(world: World, as_: As, reference: str) -> None:
    assert as_(world.worker).get(f"/vragen/{reference}/").status_code == 404


def test_where_it_stands_is_asked_again_for_nothing_while_nothing_changed(world: World, as_: As) -> None:
    consultation = world.ask()
    worker = as_(world.worker)
    address = reverse("question_standing", args=[consultation.reference])
    first = worker.get(address, {"gezien": "2"})
    assert worker.get(address, {"gezien": "2"}, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    services.accept(person=world.first, reference=consultation.reference)
    later = worker.get(address, {"gezien": "2"}, headers={"If-None-Match": first.headers["ETag"]})
    assert later.status_code == 200
    assert "Er is iets gebeurd" in later.content.decode()
    assert not Event.objects.filter(kind="read").exists()


def test_a_main_number_question_is_picked_up(world: World, as_: As) -> None:
    consultation = world.accepted()
    Consultation.objects.filter(pk=consultation.pk).update(asker=None)
    page = page_of(as_(world.colleague), consultation)
    assert "Deze is van mij" in page
    press(as_(world.colleague), consultation, "oppakken")
    assert fresh(consultation).asker == world.colleague


def test_a_page_of_a_question_has_a_fixed_cost(world: World, as_: As) -> None:
    consultation = world.answered()
    worker = as_(world.worker)
    page_of(worker, consultation)
    with CaptureQueriesContext(connection) as few:
        page_of(worker, consultation)
    for number in range(5):
        services.reply(person=world.worker, reference=consultation.reference, text=f"Nog iets: {number}")
    with CaptureQueriesContext(connection) as many:
        page_of(worker, consultation)
    assert len(many) <= len(few) + 1
