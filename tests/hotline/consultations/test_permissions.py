"""Who may read and who may do what: every persona, every read, every write. A table, and the rules around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from directory import services as directory
from hotline.consultations import queries, services
from hotline.consultations.access import somebody
from hotline.errors import FormRefused, HotlineError, NotFound, NotYours
from hotline.models import Attachment, Consultation, Event, FollowUp
from tests import builders as make
from tests.hotline.consultations.files_for_tests import a_text
from tests.hotline.consultations.story import World, fresh, mails_to, states, view

QUESTION = "Mag de verhuurder de borg houden?"
TEXT, OUTSIDE, NOTHING = "text", "outside", "nothing"


def the_people(world: World) -> dict[str, Any]:
    loket = world.worker.organisation
    people = {
        "worker": world.worker,
        "colleague": world.colleague,
        "shared": make.a_worker("Sam Samen", organisation=loket),
        "other_lawyer": make.a_lawyer("Olga Ongevraagd", organisation=world.first.organisation),
        "coordinator": world.coordinator,
        "country_coordinator": make.a_coordinator("Lia Landelijk", region="landelijk"),
        "other_coordinator": make.a_coordinator("Otto Elders", region="zwolle"),
        "administrator": make.an_administrator("Bas Beheer", organisation=loket),
        "editor": make.a_stranger("Eva Redactie"),
        "other_worker": make.a_worker("Wil Weg"),
        "stranger": make.a_stranger("Vera Vreemd"),
    }
    directory.assign_role(person_id=people["editor"].pk, role="editor")
    return people


def offered_to_second(world: World) -> tuple[Consultation, dict[str, Any]]:
    """Given back by the first lawyer, open at the second; shared with one colleague."""
    people = the_people(world)
    consultation = world.ask(background="Achtergrond", uploads=[a_text()])
    services.share(person=world.worker, reference=consultation.reference, colleague_id=people["shared"].pk)
    services.accept(person=world.first, reference=consultation.reference)
    services.release(person=world.first, reference=consultation.reference, reason="ill")
    assert states(consultation)[-1] == ("Bea Tweede", "asked")
    return fresh(consultation), {**people, "released": world.first, "offered": world.second}


def accepted_by_second(world: World) -> tuple[Consultation, dict[str, Any]]:
    consultation, people = offered_to_second(world)
    services.accept(person=world.second, reference=consultation.reference)
    people["lawyer"] = people.pop("offered")
    return fresh(consultation), people


Stage = Callable[[World], tuple[Consultation, dict[str, Any]]]
READS = {
    "worker": TEXT,
    "shared": TEXT,
    "offered": TEXT,
    "lawyer": TEXT,
    "colleague": OUTSIDE,
    "coordinator": OUTSIDE,
    "country_coordinator": OUTSIDE,
}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in the block did not happen: a world is dear to build, and every persona gets the same one."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("stage", [offered_to_second, accepted_by_second])
def test_who_reads_what(world: World, stage: Stage) -> None:
    consultation, people = stage(world)
    for persona, person in people.items():
        expected = READS.get(persona, NOTHING)
        before = Event.objects.filter(consultation=consultation, kind="read").count()
        if expected == NOTHING:
            with pytest.raises(NotFound):
                view(person, consultation)
        else:
            seen = view(person, consultation)
            assert seen.has_text == (expected == TEXT), persona
            assert (seen.question == QUESTION) == (expected == TEXT), persona
            assert (seen.background == "Achtergrond") == (expected == TEXT), persona
            assert bool(seen.files) == (expected == TEXT), persona
            assert seen.timeline
        rows = Event.objects.filter(consultation=consultation, kind="read").count() - before
        assert rows == (1 if expected == TEXT else 0), persona


@pytest.mark.parametrize("stage", [offered_to_second, accepted_by_second])
def test_who_reads_a_file(world: World, stage: Stage) -> None:
    _consultation, people = stage(world)
    attachment = Attachment.objects.get()
    for persona, person in people.items():
        if READS.get(persona) == TEXT:
            assert queries.attachment_for(person, attachment.pk).content, persona
        else:
            with pytest.raises(NotFound):
                queries.attachment_for(person, attachment.pk)


def test_the_outside_shows_nothing_of_the_case_and_leaves_no_row(world: World) -> None:
    consultation = world.ask(background="Achtergrond", uploads=[a_text()])
    outside = queries.consultation_for(world.first, consultation.reference, with_text=False)
    assert (outside.question, outside.background, outside.messages, outside.files) == ("", "", (), ())
    assert outside.may == {"accept", "decline", "correct_area_region"}
    assert not Event.objects.filter(kind="read").exists()


def test_what_does_not_exist_and_what_is_not_yours_look_the_same(world: World) -> None:
    consultation = world.ask()
    for reference in (consultation.reference, "PK-99999", "PK-1", "onzin", "PK-", "", "PK-99999999999999999999"):
        with pytest.raises(NotFound) as refused:
            queries.consultation_for(make.a_stranger(), reference)
        assert refused.value.code == "not_found"


Act = Callable[[Any, Consultation], object]
# Done already: the asker has it, the lawyer has accepted it, the colleague reads along.
CHANGES_NOTHING = {("take_over", "worker"), ("accept", "lawyer"), ("share", "worker")}
WRITES: dict[str, tuple[Act, frozenset[str]]] = {
    # service: how it is called, and who may
    "accept": (lambda who, it: services.accept(person=who, reference=it.reference), frozenset({"offered", "lawyer"})),
    "decline": (
        lambda who, it: services.decline(person=who, reference=it.reference, reason="no_time"),
        frozenset({"offered"}),
    ),
    "release": (lambda who, it: services.release(person=who, reference=it.reference), frozenset({"lawyer"})),
    "ask_more": (
        lambda who, it: services.ask_more(person=who, reference=it.reference, text="?"),
        frozenset({"lawyer"}),
    ),
    "answer": (lambda who, it: services.answer(person=who, reference=it.reference, text="!"), frozenset({"lawyer"})),
    "reply": (lambda who, it: services.reply(person=who, reference=it.reference, text="."), frozenset({"worker"})),
    "withdraw": (lambda who, it: services.withdraw(person=who, reference=it.reference), frozenset({"worker"})),
    "share": (
        lambda who, it: services.share(person=who, reference=it.reference, colleague_id=it.shares.get().person_id),
        frozenset({"worker"}),
    ),
    "unshare": (
        lambda who, it: services.unshare(person=who, reference=it.reference, colleague_id=it.shares.get().person_id),
        frozenset({"worker"}),
    ),
    "take_over": (
        lambda who, it: services.take_over(person=who, reference=it.reference),
        frozenset({"worker", "colleague", "shared"}),
    ),
    "correct_area_region": (
        lambda who, it: services.correct_area_region(
            person=who, reference=it.reference, region_id=make.region_id("landelijk")
        ),
        frozenset({"worker", "offered", "lawyer"}),
    ),
    "plan_follow_up": (
        lambda who, it: services.plan_follow_up(person=who, reference=it.reference, due_on=date(2026, 11, 20)),
        frozenset({"worker", "lawyer"}),
    ),
    "call_the_asker": (
        lambda who, it: services.call_the_asker(person=who, reference=it.reference),
        frozenset({"lawyer"}),
    ),
    "call_me_about_this": (
        lambda who, it: services.call_me_about_this(person=who, reference=it.reference),
        frozenset({"worker"}),
    ),
    "assign": (
        lambda who, it: services.assign(person=who, reference=it.reference),
        frozenset({"coordinator", "country_coordinator"}),
    ),
    "open_text_as_coordinator": (
        lambda who, it: queries.open_text_as_coordinator(who, it.reference, "Klacht van de asker"),
        frozenset({"coordinator", "country_coordinator"}),
    ),
}


@pytest.mark.parametrize("stage", [offered_to_second, accepted_by_second])
def test_who_does_what(world: World, stage: Stage) -> None:
    consultation, people = stage(world)
    for service, (act, allowed) in WRITES.items():
        for persona, person in people.items():
            before = Event.objects.count()
            with undone():
                if persona in allowed:
                    act(person, consultation)
                    new = Event.objects.count() > before
                    assert new or (service, persona) in CHANGES_NOTHING, (service, persona)
                    continue
                with pytest.raises(HotlineError):
                    act(person, consultation)
                assert Event.objects.count() == before, (service, persona)
                assert fresh(consultation).next_step == consultation.next_step


@pytest.mark.parametrize("persona", ["worker", "lawyer"])
def test_both_sides_say_what_came_of_it(world: World, persona: str) -> None:
    consultation = world.answered()
    person = {"worker": world.worker, "lawyer": world.first}[persona]
    value = {"worker": "helped", "lawyer": "answered"}[persona]
    assert services.log_outcome(person=person, reference=consultation.reference, value=value).side == persona


def test_nobody_else_says_what_came_of_it(world: World) -> None:
    consultation = world.answered()
    for persona, person in {**the_people(world), "other": world.second}.items():
        for value in ("helped", "answered"):
            if persona != "worker":
                with pytest.raises((NotFound, NotYours)):
                    services.log_outcome(person=person, reference=consultation.reference, value=value)


@pytest.mark.parametrize("stage", [offered_to_second, accepted_by_second])
def test_the_buttons_that_are_shown_are_those_that_work(world: World, stage: Stage) -> None:
    consultation, people = stage(world)
    for persona in READS:
        if persona in people:
            with undone():
                shown = view(people[persona], consultation).may
                assert shown
                for service in shown & set(WRITES):
                    assert persona in WRITES[service][1]
            for service in shown & set(WRITES):
                with undone():
                    WRITES[service][0](people[persona], consultation)


def test_a_coordinator_opens_the_text_with_a_reason_that_both_sides_get_to_see(world: World) -> None:
    consultation = world.accepted()
    seen = queries.open_text_as_coordinator(world.coordinator, consultation.reference, "Klacht over de termijn")
    assert seen.question == QUESTION
    assert mails_to(world.worker, "text_opened")
    assert mails_to(world.first, "text_opened")
    for person in (world.worker, world.first):
        entry = [line for line in view(person, consultation).timeline if line.kind == "text_opened"]
        assert "Klacht over de termijn" in entry[0].text
        assert entry[0].who == "Coby Regie"
    assert view(world.coordinator, consultation).question == ""


@pytest.mark.parametrize("reason", ["", "  ", "ja", "x" * 201])
def test_a_coordinator_without_a_reason_reads_nothing(world: World, reason: str) -> None:
    consultation = world.accepted()
    with pytest.raises(FormRefused):
        queries.open_text_as_coordinator(world.coordinator, consultation.reference, reason)
    assert mails_to(world.worker, "text_opened") == []


def test_a_coordinator_whose_role_has_ended_sees_nothing(world: World) -> None:
    consultation = world.ask()
    former = make.a_stranger("Fien Voorheen")
    directory.assign_role(
        person_id=former.pk,
        role="coordinator",
        region_id=make.region_id("walcheren"),
        ends_on=date(2026, 11, 18),
    )
    with pytest.raises(NotFound):
        view(former, consultation)


def test_somebody_behind_a_link_acts_with_his_own_rights(world: World) -> None:
    consultation = world.ask()
    services.accept(person=somebody(world.first.pk), reference=consultation.reference)
    assert fresh(consultation).lawyer_id == world.first.pk
    with pytest.raises(HotlineError):
        services.answer(person=somebody(world.worker.pk), reference=consultation.reference, text="!")
    world.second.is_active = False
    world.second.save()
    with pytest.raises(NotFound):
        somebody(world.second.pk)


def test_what_is_written_down_about_a_consultation_holds_no_case_text(world: World) -> None:
    consultation, people = accepted_by_second(world)
    reference = consultation.reference
    services.ask_more(person=people["lawyer"], reference=reference, text="Heet zij Jansen?")
    services.reply(person=world.worker, reference=reference, text="Jansen, ja")
    services.answer(person=people["lawyer"], reference=reference, text="Jansen heeft gelijk")
    services.plan_follow_up(
        person=world.worker, reference=reference, due_on=date(2026, 11, 20), what="Jansen terugbellen"
    )
    services.log_outcome(person=world.worker, reference=reference, value="helped", note="Jansen is blij")
    for event in Event.objects.all():
        assert "Jansen" not in str(event.data)
        assert "borg" not in str(event.data)
    for entry in view(world.worker, consultation).timeline:
        assert "Jansen" not in entry.text
    assert view(world.coordinator, consultation).follow_ups[0].what == ""
    assert FollowUp.objects.get().what == "Jansen terugbellen"
