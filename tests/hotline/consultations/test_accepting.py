"""Offers: accept, pass on, give back; not in time is the next lawyer, then the coordinator."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.consultations import queries, services
from hotline.errors import AlreadyAccepted, FormRefused, NotFound, NotNow, NotYours
from hotline.models import Event, Exclusion, Ticket
from integrations import clock
from integrations.models import OutboxMessage
from rosters import services as rosters
from tests import builders as make
from tests.hotline.consultations.story import (
    World,
    fresh,
    mails_to,
    pass_time,
    same_as_replayed,
    standing,
    states,
    texts_to,
    until_due,
)

ZONE = ZoneInfo("Europe/Amsterdam")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def test_accepting_makes_him_the_lawyer_and_the_answer_due(world: World) -> None:
    consultation = world.ask()
    pass_time(minutes=10)
    services.accept(person=world.first, reference=consultation.reference)
    row = fresh(consultation)
    assert (row.lawyer_id, row.next_due_at, row.answer_due_at) == (world.first.pk, at(18, 17), at(18, 17))
    assert standing(consultation) == ("with_lawyer", "answer", "Ada Eerste")
    offer = row.offers.get()
    assert (offer.state, offer.accepted_at, offer.due_at, offer.ended_at) == ("taken", clock.now(), None, None)
    assert mails_to(world.worker, "accepted")
    assert same_as_replayed(consultation)


def test_accepting_twice_is_accepting_once(world: World) -> None:
    consultation = world.accepted()
    again = services.accept(person=world.first, reference=consultation.reference)
    assert again.lawyer_id == world.first.pk
    assert Event.objects.filter(consultation=consultation, kind="accepted").count() == 1


def test_not_accepted_in_time_goes_to_the_next_lawyer_then_to_the_coordinator(world: World) -> None:
    consultation = world.ask()
    pass_time(minutes=44)
    assert states(consultation) == [("Ada Eerste", "asked")]
    pass_time(minutes=1)
    assert states(consultation) == [("Ada Eerste", "expired"), ("Bea Tweede", "asked")]
    assert fresh(consultation).next_due_at == at(18, 12)
    pass_time(minutes=45)
    assert states(consultation) == [("Ada Eerste", "expired"), ("Bea Tweede", "expired")]
    assert standing(consultation) == ("submitted", "coordinate", "coordinator")
    assert fresh(consultation).next_due_at == at(18, 13)
    assert mails_to(world.coordinator, "for_coordinator")
    assert mails_to(world.worker, "searching")
    assert same_as_replayed(consultation)


def test_the_calm_lane_gives_each_lawyer_four_open_hours(world: World) -> None:
    consultation = world.ask(lane="twee_dagen")
    assert fresh(consultation).next_due_at == at(18, 14, 30)
    until_due(consultation)
    assert states(consultation) == [("Ada Eerste", "expired"), ("Bea Tweede", "asked")]
    assert fresh(consultation).next_due_at == at(19, 10, 30)
    until_due(consultation)
    assert standing(consultation) == ("submitted", "coordinate", "coordinator")
    assert fresh(consultation).next_due_at == at(20, 11)


def test_who_was_too_late_may_still_accept_while_nobody_else_has(world: World) -> None:
    consultation = world.ask()
    pass_time(minutes=50)
    services.accept(person=world.first, reference=consultation.reference)
    assert states(consultation) == [("Ada Eerste", "taken"), ("Bea Tweede", "stopped")]
    assert mails_to(world.second, "offer_over")
    with pytest.raises(AlreadyAccepted) as refused:
        services.accept(person=world.second, reference=consultation.reference)
    assert refused.value.who == "Ada Eerste"
    assert "Ada Eerste" in refused.value.message


def test_who_was_too_late_may_take_it_from_the_coordinators_list(world: World) -> None:
    consultation = world.ask()
    pass_time(minutes=95)
    services.accept(person=world.second, reference=consultation.reference)
    assert standing(consultation) == ("with_lawyer", "answer", "Bea Tweede")
    assert same_as_replayed(consultation)


def test_an_answer_that_would_be_due_at_once_gets_an_open_hour(world: World) -> None:
    clock.forward(timedelta(hours=3, minutes=30))  # 14:00: due at 17:00
    consultation = world.ask()
    clock.move_to(at(18, 16, 50))
    services.accept(person=world.first, reference=consultation.reference)
    assert fresh(consultation).answer_due_at == at(19, 9, 50)


def test_nobody_but_who_was_asked_can_accept(world: World) -> None:
    consultation = world.ask()
    for person in (world.second, world.worker, world.coordinator, make.a_stranger()):
        with pytest.raises(NotFound):
            services.accept(person=person, reference=consultation.reference)
    assert states(consultation) == [("Ada Eerste", "asked")]


def test_a_question_that_is_over_is_not_accepted(world: World) -> None:
    consultation = world.ask()
    services.withdraw(person=world.worker, reference=consultation.reference)
    with pytest.raises(NotNow):
        services.accept(person=world.first, reference=consultation.reference)


def test_no_time_asks_the_next_at_once(world: World) -> None:
    consultation = world.ask()
    services.decline(person=world.first, reference=consultation.reference, reason="no_time")
    assert states(consultation) == [("Ada Eerste", "declined"), ("Bea Tweede", "asked")]
    assert Exclusion.objects.count() == 0
    with pytest.raises(NotNow):
        services.accept(person=world.first, reference=consultation.reference)
    assert same_as_replayed(consultation)


def test_declining_twice_is_declining_once(world: World) -> None:
    consultation = world.ask()
    for _ in range(2):
        services.decline(person=world.first, reference=consultation.reference, reason="no_time")
    assert states(consultation) == [("Ada Eerste", "declined"), ("Bea Tweede", "asked")]


def test_a_conflict_excludes_the_whole_office_and_writes_no_name(world: World) -> None:
    partner = make.a_lawyer("Pim Partner", organisation=world.first.organisation)
    make.a_duty(world.desk, partner, 3, hours=8)
    consultation = world.ask()
    services.decline(person=world.first, reference=consultation.reference, reason="conflict")
    assert states(consultation) == [("Ada Eerste", "conflict"), ("Bea Tweede", "asked")]
    services.decline(person=world.second, reference=consultation.reference, reason="no_time")
    assert standing(consultation) == ("submitted", "coordinate", "coordinator")
    row = Exclusion.objects.get()
    assert (row.person_id, row.organisation_id) == (world.first.pk, world.first.organisation_id)
    assert Event.objects.get(consultation=consultation, kind="declined", actor=world.first).data["reason"] == "conflict"


def test_wrong_area_twice_on_one_desk_is_a_task_for_the_coordinator(world: World) -> None:
    first, second = world.ask(), world.ask()
    services.decline(person=world.first, reference=first.reference, reason="wrong_area")
    assert Ticket.objects.count() == 0
    services.decline(person=world.first, reference=second.reference, reason="wrong_area")
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.data) == ("mismatch", {"desk": world.desk.pk, "area": "huur"})
    third = world.ask()
    services.decline(person=world.first, reference=third.reference, reason="wrong_area")
    assert Ticket.objects.count() == 1


def test_a_reason_that_we_do_not_know_is_refused(world: World) -> None:
    consultation = world.ask()
    with pytest.raises(FormRefused):
        services.decline(person=world.first, reference=consultation.reference, reason="zin")


def test_a_lawyer_in_a_pause_is_passed_over_and_asked_when_it_ends(world: World) -> None:
    rosters.pause(person_id=world.first.pk, until=clock.now() + timedelta(minutes=5), source="page")
    rosters.pause(person_id=world.second.pk, until=clock.now() + timedelta(minutes=30), source="page")
    consultation = world.ask()
    assert states(consultation) == []
    assert fresh(consultation).next_due_at == clock.now() + timedelta(minutes=5)
    pass_time(minutes=5)
    assert states(consultation) == [("Ada Eerste", "asked")]
    assert same_as_replayed(consultation)


def test_giving_back_starts_a_new_round_without_him(world: World) -> None:
    consultation = world.accepted()
    services.release(person=world.first, reference=consultation.reference, reason="ill")
    assert states(consultation) == [("Ada Eerste", "taken"), ("Bea Tweede", "asked")]
    released = fresh(consultation).offers.get(lawyer=world.first)
    assert (released.released_at, released.release_reason) == (clock.now(), "ill")
    assert (fresh(consultation).round, fresh(consultation).lawyer_id) == (2, None)
    assert mails_to(world.worker, "released")
    with pytest.raises(NotFound):
        queries.consultation_for(world.first, consultation.reference)
    services.accept(person=world.second, reference=consultation.reference)
    assert standing(consultation) == ("with_lawyer", "answer", "Bea Tweede")
    assert same_as_replayed(consultation)


def test_only_the_lawyer_gives_back_and_only_before_the_answer(world: World) -> None:
    consultation = world.accepted()
    with pytest.raises(NotYours):
        services.release(person=world.worker, reference=consultation.reference)
    services.answer(person=world.first, reference=consultation.reference, text="Nee.")
    with pytest.raises(NotNow):
        services.release(person=world.first, reference=consultation.reference)


def test_an_accepted_question_stays_with_its_lawyer_after_his_duty(world: World) -> None:
    consultation = world.accepted(lane="twee_dagen")
    pass_time(hours=10)
    assert standing(consultation) == ("with_lawyer", "answer", "Ada Eerste")
    assert queries.consultation_for(world.first, consultation.reference).has_text


def test_an_overdue_answer_is_told_to_lawyer_and_coordinator_and_can_still_be_given(world: World) -> None:
    consultation = world.accepted()
    until_due(consultation)
    assert standing(consultation) == ("with_lawyer", "coordinate", "coordinator")
    assert mails_to(world.first, "answer_overdue")
    assert len(texts_to(world.first)) == 2
    assert mails_to(world.coordinator, "for_coordinator")
    until_due(consultation)
    assert len(mails_to(world.coordinator, "for_coordinator")) == 2
    services.answer(person=world.first, reference=consultation.reference, text="Alsnog.")
    assert standing(consultation) == ("answered", "confirm", "Wim Werker")
    assert same_as_replayed(consultation)


def test_the_coordinator_is_not_woken_for_what_can_wait_and_the_lawyer_on_duty_is_asked_at_once(world: World) -> None:
    line = make.an_all_hours_line()
    night = make.a_desk(line, "Nacht", areas=("asiel",))
    make.a_duty(night, make.a_lawyer("Nel Nacht", areas=("asiel",)), starts=11, hours=12)
    clock.move_to(at(18, 23))
    consultation = world.ask(area_id=make.area_id("asiel"), line_id=line.pk)
    pass_time(minutes=45)
    assert standing(consultation) == ("submitted", "coordinate", "coordinator")
    texts = OutboxMessage.objects.filter(kind="sms").order_by("pk").values_list("dedupe_key", "not_before")
    moments = {key.split(":")[0]: moment for key, moment in texts}
    assert moments == {"offered": at(18, 23), "for_coordinator": at(19, 7, 30)}
