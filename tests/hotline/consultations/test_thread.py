"""The talk in writing, and the clock that stands still while the asker owes a reply."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.consultations import services
from hotline.errors import FormRefused, NotNow, NotYours
from hotline.models import Callback, Outcome
from integrations import clock
from tests.hotline.consultations.story import (
    World,
    fresh,
    mails_to,
    pass_time,
    same_as_replayed,
    standing,
    until_due,
    view,
)

ZONE = ZoneInfo("Europe/Amsterdam")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def test_asking_for_more_stops_the_clock_and_the_reply_starts_it(world: World) -> None:
    consultation = world.accepted()
    clock.move_to(at(18, 11))
    services.ask_more(person=world.first, reference=consultation.reference, text="Staat het op papier?")
    assert standing(consultation) == ("more_info", "inform", "Wim Werker")
    assert mails_to(world.worker, "more_info")
    clock.move_to(at(18, 16))
    services.reply(person=world.worker, reference=consultation.reference, text="Ja, zie bijlage.")
    assert standing(consultation) == ("with_lawyer", "answer", "Ada Eerste")
    assert fresh(consultation).answer_due_at == at(19, 14)  # six of the open hours were left
    assert fresh(consultation).next_due_at == at(19, 14)
    assert mails_to(world.first, "reply")
    assert same_as_replayed(consultation)


def test_asking_twice_does_not_start_the_clock_in_between(world: World) -> None:
    consultation = world.accepted()
    clock.move_to(at(18, 11))
    services.ask_more(person=world.first, reference=consultation.reference, text="Welke datum?")
    clock.move_to(at(18, 12))
    services.ask_more(person=world.first, reference=consultation.reference, text="En welke verhuurder?")
    clock.move_to(at(18, 13))
    services.reply(person=world.worker, reference=consultation.reference, text="1 november.")
    assert fresh(consultation).answer_due_at == at(19, 11)


def test_a_second_request_after_an_answer_counts_from_itself(world: World) -> None:
    consultation = world.accepted()
    clock.move_to(at(18, 11))
    services.ask_more(person=world.first, reference=consultation.reference, text="Welke datum?")
    services.answer(person=world.first, reference=consultation.reference, text="In het algemeen niet.")
    clock.move_to(at(18, 12))
    services.ask_more(person=world.first, reference=consultation.reference, text="Was er schade?")
    assert standing(consultation) == ("more_info", "inform", "Wim Werker")
    clock.move_to(at(18, 13))
    services.reply(person=world.worker, reference=consultation.reference, text="Nee.")
    assert fresh(consultation).answer_due_at == at(19, 10)  # due 17:00 from 12:00: five hours left
    assert same_as_replayed(consultation)


def test_an_asker_who_does_not_reply_is_reminded_and_then_it_closes(world: World) -> None:
    consultation = world.accepted()
    services.ask_more(person=world.first, reference=consultation.reference, text="Welke datum?")
    until_due(consultation)
    assert clock.now() == at(25, 17)
    assert standing(consultation) == ("more_info", "inform", "Wim Werker")
    assert mails_to(world.worker, "more_info_again")
    until_due(consultation)
    assert standing(consultation) == ("closed", "", "")
    assert same_as_replayed(consultation)


def test_answering_writes_the_lawyers_outcome_and_asks_the_worker(world: World) -> None:
    consultation = world.accepted()
    services.answer(
        person=world.first, reference=consultation.reference, text="Alleen voor schade.", certificate_avoided=True
    )
    assert standing(consultation) == ("answered", "confirm", "Wim Werker")
    outcome = Outcome.objects.get(consultation=consultation)
    assert (outcome.side, outcome.value, outcome.certificate_avoided) == ("lawyer", "answered", True)
    offer = fresh(consultation).offers.get()
    assert (offer.state, offer.answered_at) == ("answered", clock.now())
    assert mails_to(world.worker, "answered")
    assert [message.body for message in view(world.worker, consultation).messages] == ["Alleen voor schade."]


def test_the_asker_writes_back_and_the_lawyer_has_it_again(world: World) -> None:
    consultation = world.answered()
    pass_time(minutes=30)
    services.reply(person=world.worker, reference=consultation.reference, text="En de servicekosten?")
    assert standing(consultation) == ("with_lawyer", "answer", "Ada Eerste")
    assert fresh(consultation).answer_due_at == at(18, 17)
    services.answer(person=world.first, reference=consultation.reference, text="Ook niet.")
    assert [message.kind for message in view(world.worker, consultation).messages] == ["answer", "reply", "answer"]
    assert same_as_replayed(consultation)


def test_what_is_added_before_anybody_accepted_waits_for_the_lawyer(world: World) -> None:
    consultation = world.ask()
    services.reply(person=world.worker, reference=consultation.reference, text="Het gaat om 800 euro.")
    assert standing(consultation) == ("submitted", "accept", "desk")
    assert [message.body for message in view(world.first, consultation).messages] == ["Het gaat om 800 euro."]


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_001])
def test_an_empty_or_endless_text_is_refused(world: World, text: str) -> None:
    consultation = world.accepted()
    for service, person in (
        (services.ask_more, world.first),
        (services.reply, world.worker),
        (services.answer, world.first),
    ):
        with pytest.raises(FormRefused) as refused:
            service(person=person, reference=consultation.reference, text=text)
        assert refused.value.field == "text"
    assert standing(consultation) == ("with_lawyer", "answer", "Ada Eerste")


def test_each_side_has_its_own_words(world: World) -> None:
    consultation = world.accepted()
    for service in (services.ask_more, services.answer):
        with pytest.raises(NotYours):
            service(person=world.worker, reference=consultation.reference, text="Hallo")
    with pytest.raises(NotYours):
        services.reply(person=world.first, reference=consultation.reference, text="Hallo")


def test_nothing_is_said_about_a_closed_question(world: World) -> None:
    consultation = world.answered()
    services.log_outcome(person=world.worker, reference=consultation.reference, value="helped")
    with pytest.raises(NotNow):
        services.reply(person=world.worker, reference=consultation.reference, text="Nog iets")
    with pytest.raises(NotNow):
        services.answer(person=world.first, reference=consultation.reference, text="Nog iets")


def test_call_the_asker_rings_the_lawyer_who_has_it_first(world: World) -> None:
    consultation = world.accepted()
    callback = services.call_the_asker(person=world.first, reference=consultation.reference)
    assert (callback.lawyer_id, callback.worker_id, callback.due_at) == (world.first.pk, world.worker.pk, clock.now())
    assert standing(consultation) == ("with_lawyer", "call_back", "line")
    again = services.call_me_about_this(person=world.worker, reference=consultation.reference)
    assert again.pk == callback.pk
    assert Callback.objects.count() == 1
    assert same_as_replayed(consultation)


def test_call_me_about_this_promises_the_lawyer_who_has_it_or_whoever_is_on_duty(world: World) -> None:
    waiting, taken = world.ask(lane="twee_dagen"), world.accepted()
    nobody_yet = services.call_me_about_this(person=world.worker, reference=waiting.reference)
    with_lawyer = services.call_me_about_this(person=world.worker, reference=taken.reference)
    assert nobody_yet.lawyer_id is None
    assert with_lawyer.lawyer_id == world.first.pk
    assert standing(waiting) == ("submitted", "call_back", "line")


def test_a_call_outside_opening_hours_waits_for_the_opening(world: World) -> None:
    consultation = world.accepted()
    clock.forward(timedelta(hours=9))
    assert services.call_the_asker(person=world.first, reference=consultation.reference).due_at == at(19, 9)


def test_a_closed_question_is_not_called_about(world: World) -> None:
    consultation = world.answered()
    services.log_outcome(person=world.worker, reference=consultation.reference, value="helped")
    with pytest.raises(NotNow):
        services.call_me_about_this(person=world.worker, reference=consultation.reference)
