"""What came of it: both sides, follow-ups, and closing by itself."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from hotline.consultations import queries, services
from hotline.consultations.outcomes import note_outcome
from hotline.consultations.record import lock_by_id, put
from hotline.core import lifecycle
from hotline.errors import FormRefused, NotFound, NotNow, NotYours
from hotline.models import Callback, Consultation, FollowUp, Message, Offer, Outcome, Ticket
from integrations import clock
from integrations.models import OutboxMessage
from tests import builders as make
from tests.hotline.consultations.story import (
    World,
    fresh,
    mails_to,
    pass_time,
    same_as_replayed,
    standing,
    states,
    until_due,
)

ZONE = ZoneInfo("Europe/Amsterdam")


def say(world: World, consultation: Consultation, value: str, **more: object) -> Outcome:
    return services.log_outcome(person=world.worker, reference=consultation.reference, value=value, **more)  # type: ignore[arg-type]


def talked(world: World, *, asker: bool = True, organisation: bool = True) -> Consultation:
    """A consultation by telephone as the call machine leaves it when both have hung up."""
    consultation = Consultation(
        channel="phone",
        line_id=world.line.pk,
        area_id=make.area_id("huur"),
        region_id=make.region_id("walcheren"),
        lane="vandaag",
        organisation_id=world.worker.organisation_id if organisation else None,
        asker_id=world.worker.pk if asker else None,
        lawyer_id=world.first.pk,
    )
    due = clock.now()
    put(
        consultation,
        lifecycle.standing_after_talk(world.first.pk, due, consultation.asker_id, organisation),
    )
    consultation.save()
    Offer.objects.create(
        consultation=consultation,
        lawyer_id=world.first.pk,
        desk_id=world.desk.pk,
        channel="phone",
        state="talked",
        accepted_at=clock.now(),
        ended_at=clock.now(),
    )
    return consultation


def test_helped_closes_it(world: World) -> None:
    consultation = world.answered()
    say(world, consultation, "helped", route="link")
    assert standing(consultation) == ("closed", "", "")
    assert fresh(consultation).ended_at == clock.now()
    said = Outcome.objects.get(consultation=consultation, side="worker")
    assert (said.value, said.route, said.person_id) == ("helped", "link", world.worker.pk)
    assert same_as_replayed(consultation)


def test_helped_with_an_open_follow_up_waits_for_it(world: World) -> None:
    consultation = world.answered()
    services.plan_follow_up(
        person=world.first, reference=consultation.reference, due_on=date(2026, 11, 25), what="Brief nalezen"
    )
    say(world, consultation, "helped")
    assert standing(consultation) == ("answered", "follow_up", "Ada Eerste")
    assert fresh(consultation).next_due_at == datetime(2026, 11, 25, 17, 0, tzinfo=ZONE)
    follow_up = FollowUp.objects.get()
    services.close_follow_up(person=world.first, follow_up_id=follow_up.pk)
    assert standing(consultation) == ("closed", "", "")
    assert same_as_replayed(consultation)


def test_the_first_of_two_follow_ups_is_the_next_step(world: World) -> None:
    consultation = world.answered()
    say(world, consultation, "helped", follow_up_on=date(2026, 11, 27))
    assert standing(consultation) == ("answered", "follow_up", "Wim Werker")
    services.plan_follow_up(person=world.first, reference=consultation.reference, due_on=date(2026, 11, 24))
    assert standing(consultation) == ("answered", "follow_up", "Ada Eerste")
    assert queries.my_follow_ups(world.worker)[0][1:] == (consultation.reference, date(2026, 11, 27))


def test_a_follow_up_is_told_once_on_its_day_then_reminded_then_the_coordinators(world: World) -> None:
    consultation = world.answered()
    say(world, consultation, "helped", follow_up_on=date(2026, 11, 20))
    clock.move_to(datetime(2026, 11, 20, 8, 59, tzinfo=ZONE))
    pass_time(seconds=1)
    assert mails_to(world.worker, "follow_up") == []
    pass_time(minutes=1)
    pass_time(minutes=1)
    assert len(mails_to(world.worker, "follow_up")) == 1
    until_due(consultation)
    assert len(mails_to(world.worker, "follow_up")) == 2
    until_due(consultation)
    assert standing(consultation) == ("answered", "coordinate", "coordinator")
    assert same_as_replayed(consultation)


@pytest.mark.parametrize("day", [date(2026, 11, 17), date(2028, 1, 1)])
def test_a_follow_up_lies_ahead_within_a_year(world: World, day: date) -> None:
    consultation = world.answered()
    with pytest.raises(FormRefused) as refused:
        services.plan_follow_up(person=world.first, reference=consultation.reference, due_on=day)
    assert refused.value.field == "follow_up_on"


def test_only_its_owner_closes_a_follow_up(world: World) -> None:
    consultation = world.answered()
    follow_up = services.plan_follow_up(person=world.first, reference=consultation.reference, due_on=date(2026, 11, 25))
    with pytest.raises(NotYours):
        services.close_follow_up(person=world.worker, follow_up_id=follow_up.pk)
    with pytest.raises(NotFound):
        services.close_follow_up(person=world.second, follow_up_id=follow_up.pk)
    with pytest.raises(NotFound):
        services.close_follow_up(person=world.first, follow_up_id=follow_up.pk + 1)


def test_silence_is_one_mail_after_five_working_days_and_closed_after_ten(world: World) -> None:
    consultation = world.answered()
    until_due(consultation)
    assert clock.now() == datetime(2026, 11, 25, 17, 0, tzinfo=ZONE)
    assert len(mails_to(world.worker, "confirm")) == 1
    assert standing(consultation) == ("answered", "confirm", "Wim Werker")
    until_due(consultation)
    assert clock.now() == datetime(2026, 12, 2, 17, 0, tzinfo=ZONE)
    assert standing(consultation) == ("closed", "", "")
    assert len(mails_to(world.worker, "confirm")) == 1
    assert same_as_replayed(consultation)


def test_silence_with_an_open_follow_up_does_not_close(world: World) -> None:
    consultation = world.answered()
    services.plan_follow_up(person=world.first, reference=consultation.reference, due_on=date(2026, 12, 18))
    until_due(consultation)
    until_due(consultation)
    assert standing(consultation) == ("answered", "follow_up", "Ada Eerste")


@pytest.mark.parametrize("value", ["partly", "not_helped"])
def test_not_helped_is_asked_what_next_and_the_coordinator_helps_who_does_not_choose(world: World, value: str) -> None:
    consultation = world.answered()
    say(world, consultation, value)
    assert standing(consultation) == ("answered", "confirm", "Wim Werker")
    assert fresh(consultation).next_due_at == datetime(2026, 11, 19, 17, 0, tzinfo=ZONE)
    assert mails_to(world.worker, "choose")
    until_due(consultation)
    assert standing(consultation) == ("submitted", "coordinate", "coordinator")
    assert same_as_replayed(consultation)


def test_not_helped_and_again_is_the_next_round(world: World) -> None:
    consultation = world.answered()
    say(world, consultation, "not_helped", then="again")
    assert fresh(consultation).round == 2
    assert standing(consultation) == ("submitted", "accept", "desk")
    assert states(consultation)[-1][1] == "asked"
    assert fresh(consultation).offers.get(round=1).release_reason == "again"
    assert same_as_replayed(consultation)


def test_not_helped_and_the_coordinator(world: World) -> None:
    consultation = world.answered()
    say(world, consultation, "partly", then="coordinator")
    assert standing(consultation) == ("submitted", "coordinate", "coordinator")
    assert mails_to(world.coordinator, "for_coordinator")


def test_a_closed_question_is_reopened_by_saying_that_it_did_not_help(world: World) -> None:
    consultation = world.answered()
    say(world, consultation, "helped")
    say(world, consultation, "not_helped", then="again")
    assert standing(consultation) == ("submitted", "accept", "desk")
    assert fresh(consultation).ended_at is None
    assert same_as_replayed(consultation)


def test_again_after_a_talk_by_telephone_is_a_call(world: World) -> None:
    consultation = talked(world)
    say(world, consultation, "not_helped", then="again")
    assert Callback.objects.get(consultation=consultation).worker_id == world.worker.pk
    assert standing(consultation) == ("submitted", "call_back", "line")


def test_saying_it_again_replaces_it(world: World) -> None:
    consultation = world.answered()
    say(world, consultation, "partly")
    say(world, consultation, "helped")
    view = queries.consultation_for(world.worker, consultation.reference)
    assert {one.side: one.value for one in view.outcomes} == {"lawyer": "answered", "worker": "helped"}
    assert standing(consultation) == ("closed", "", "")


def test_there_is_no_outcome_before_an_answer(world: World) -> None:
    consultation = world.accepted()
    with pytest.raises(NotNow):
        say(world, consultation, "helped")


@pytest.mark.parametrize(("value", "then"), [("answered", ""), ("nonsense", ""), ("not_helped", "nonsense")])
def test_a_word_of_the_other_side_or_of_nobody_is_refused(world: World, value: str, then: str) -> None:
    consultation = world.answered()
    with pytest.raises(FormRefused):
        say(world, consultation, value, then=then)


def test_a_note_with_the_outcome_is_case_text_and_goes_in_the_thread(world: World) -> None:
    consultation = world.answered()
    say(world, consultation, "helped", note="Cliënt is opgelucht")
    assert Message.objects.get(consultation=consultation, kind="note").body == "Cliënt is opgelucht"
    for message in OutboxMessage.objects.all():
        assert "opgelucht" not in message.body


def test_the_lawyer_says_hand_over_and_the_coordinator_arranges_it(world: World) -> None:
    consultation = world.answered()
    services.log_outcome(person=world.first, reference=consultation.reference, value="hand_over")
    assert standing(consultation) == ("handed_over", "coordinate", "coordinator")
    say(world, consultation, "helped")
    assert standing(consultation) == ("handed_over", "coordinate", "coordinator")
    services.settle(person=world.coordinator, reference=consultation.reference)
    assert standing(consultation) == ("answered", "confirm", "Wim Werker")
    assert same_as_replayed(consultation)


def test_the_lawyer_says_follow_up_and_it_is_planned_for_next_week(world: World) -> None:
    consultation = world.answered()
    services.log_outcome(person=world.first, reference=consultation.reference, value="follow_up")
    follow_up = FollowUp.objects.get()
    assert (follow_up.owner_id, follow_up.due_on) == (world.first.pk, date(2026, 11, 25))


def test_the_lawyers_wrong_area_after_a_talk_counts_as_a_signal(world: World) -> None:
    for _ in range(2):
        consultation = talked(world)
        services.log_outcome(person=world.first, reference=consultation.reference, value="wrong_area")
    assert Ticket.objects.get().kind == "mismatch"


def test_a_key_of_the_main_number_has_no_person(world: World) -> None:
    consultation = talked(world, asker=False)
    row = lock_by_id(consultation.pk)
    note_outcome(row, side="worker", value="helped", route="key", person_id=None)
    assert standing(consultation) == ("closed", "", "")


def test_a_main_number_that_was_not_helped_gets_the_coordinator(world: World) -> None:
    consultation = talked(world, asker=False)
    note_outcome(lock_by_id(consultation.pk), side="worker", value="not_helped", route="key", person_id=None)
    assert standing(consultation) == ("submitted", "coordinate", "coordinator")


def test_a_talk_with_somebody_unknown_closes_on_the_lawyers_word(world: World) -> None:
    consultation = talked(world, asker=False, organisation=False)
    assert standing(consultation) == ("answered", "outcome", "Ada Eerste")
    services.log_outcome(person=world.first, reference=consultation.reference, value="later", route="key")
    assert standing(consultation) == ("answered", "outcome", "Ada Eerste")
    assert [one.row.reference for one in queries.open_outcomes(world.first)] == [consultation.reference]
    services.log_outcome(person=world.first, reference=consultation.reference, value="answered")
    assert standing(consultation) == ("closed", "", "")
    assert queries.open_outcomes(world.first) == ()


def test_a_lawyer_who_says_nothing_is_reminded_with_a_link(world: World) -> None:
    consultation = talked(world, asker=False, organisation=False)
    until_due(consultation)
    mail = OutboxMessage.objects.get(kind="mail", to=world.first.email)
    assert mail.payload["link"]["action"] == "outcome"
    until_due(consultation)
    assert standing(consultation) == ("closed", "", "")
