"""Asking online: who is asked, by when, and what is refused with what was typed kept by the page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.consultations import queries, services
from hotline.consultations.files import Upload
from hotline.errors import FileRefused, FormRefused, NotNow, Signposted
from hotline.models import Callback, Consultation, Event, Offer
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
    texts_to,
    until_due,
)

ZONE = ZoneInfo("Europe/Amsterdam")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def test_puts_the_question_to_the_first_lawyer_on_duty_at_once(world: World) -> None:
    consultation = world.ask()
    assert consultation.reference == f"PK-{2400 + consultation.pk}"
    assert states(consultation) == [("Ada Eerste", "asked")]
    offer = consultation.offers.get()
    assert (offer.channel, offer.stage, offer.due_at) == ("online", "own", at(18, 11, 15))
    assert offer.decision_id is not None
    assert offer.decision is not None
    assert offer.decision.about == f"vraag:{consultation.pk}"
    assert standing(consultation) == ("submitted", "accept", "desk")
    assert fresh(consultation).next_due_at == at(18, 11, 15)
    assert fresh(consultation).answer_due_at == at(18, 17)
    assert same_as_replayed(consultation)


def test_tells_the_lawyer_by_sms_and_mail_without_the_case(world: World) -> None:
    consultation = world.ask(background="Mevrouw Jansen, Dorpsstraat 1")
    (sms,) = texts_to(world.first)
    assert consultation.reference in sms
    assert "huur" in sms
    assert "Walcheren" in sms
    assert "vandaag" in sms
    assert "11:15" in sms
    assert "{link}" in sms
    mail = OutboxMessage.objects.get(kind="mail", to=world.first.email)
    assert "Juridisch Loket Vlissingen" in mail.body
    assert mail.payload["link"]["action"] == "accept"
    assert mail.payload["link"]["about"] == f"offer:{consultation.offers.get().pk}"
    for message in OutboxMessage.objects.all():
        for secret in ("borg", "Jansen", "Dorpsstraat", world.worker.name):
            assert secret not in f"{message.subject} {message.body} {message.payload}"


def test_the_text_lies_encrypted_in_the_database(world: World) -> None:
    consultation = world.ask(background="Zij heet Jansen")
    raw = Consultation.objects.filter(pk=consultation.pk).extra(select={"raw": "question || background"})
    stored = raw.values_list("raw", flat=True)[0]
    assert "borg" not in stored
    assert "Jansen" not in stored
    assert fresh(consultation).question == "Mag de verhuurder de borg houden?"


@pytest.mark.parametrize(
    ("deadline", "lane"),
    [(None, "twee_dagen"), (date(2026, 11, 20), "vandaag"), (date(2026, 11, 30), "twee_dagen")],
)
def test_the_term_of_the_asker_chooses_the_lane_when_he_does_not(
    world: World, deadline: date | None, lane: str
) -> None:
    consultation = world.ask(lane=None, deadline=deadline)
    assert (consultation.lane, consultation.deadline) == (lane, deadline)


def test_a_question_at_night_waits_for_the_opening(world: World) -> None:
    clock.forward(timedelta(hours=12))
    consultation = world.ask()
    assert states(consultation) == []
    assert standing(consultation) == ("submitted", "accept", "line")
    assert fresh(consultation).next_due_at == at(19, 9)
    until_due(consultation)  # nobody is on duty before 9:30, so it looks again
    assert states(consultation) == []
    until_due(consultation)
    until_due(consultation)
    until_due(consultation)
    until_due(consultation)
    assert states(consultation) == [("Ada Eerste", "asked")]
    assert same_as_replayed(consultation)


def test_with_nobody_on_duty_the_coordinator_gets_it_after_the_time_one_lawyer_has(world: World) -> None:
    make.a_desk(world.line, "Walcheren arbeid", areas=("arbeid",))
    consultation = world.ask(area_id=make.area_id("arbeid"))
    assert standing(consultation) == ("submitted", "accept", "line")
    for _ in range(5):
        until_due(consultation)
    assert clock.now() == at(18, 11, 15)
    assert standing(consultation) == ("submitted", "coordinate", "coordinator")
    assert len(mails_to(world.coordinator, "for_coordinator")) == 1
    assert len(texts_to(world.coordinator)) == 1
    assert mails_to(world.worker, "searching")
    assert same_as_replayed(consultation)


def test_now_online_is_a_call_by_the_line(world: World) -> None:
    consultation = world.ask(lane="nu")
    callback = Callback.objects.get(consultation=consultation)
    assert (callback.worker_id, callback.why, callback.state) == (world.worker.pk, "online", "waiting")
    assert callback.due_at == clock.now()
    assert standing(consultation) == ("submitted", "call_back", "line")
    assert Offer.objects.count() == 0
    assert same_as_replayed(consultation)


def test_now_while_the_line_is_closed_calls_at_the_opening(world: World) -> None:
    clock.forward(timedelta(hours=12))
    consultation = world.ask(lane="nu")
    assert Callback.objects.get(consultation=consultation).due_at == at(19, 9)


def test_an_asker_without_a_number_cannot_be_called_and_the_coordinator_hears_why(world: World) -> None:
    nobody = make.a_worker("Nico Nummerloos", organisation=world.worker.organisation, number="")
    consultation = world.ask(person=nobody, lane="nu")
    assert standing(consultation) == ("submitted", "coordinate", "coordinator")
    event = Event.objects.get(consultation=consultation, kind="to_coordinator")
    assert event.data["why"] == "no_number"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"question": "   "}, "question"),
        ({"question": "x" * 301}, "question"),
        ({"background": "x" * 10_001}, "background"),
        ({"lane": "ooit"}, "lane"),
        ({"area_id": 0}, "area"),
        ({"region_id": 0}, "region"),
    ],
)
def test_says_which_field_is_wrong_and_writes_nothing(world: World, changes: dict[str, object], field: str) -> None:
    with pytest.raises(FormRefused) as refused:
        world.ask(**changes)
    assert refused.value.field == field
    assert refused.value.message
    assert (Consultation.objects.count(), OutboxMessage.objects.count()) == (0, 0)


def test_three_hundred_characters_are_enough_and_allowed(world: World) -> None:
    assert len(fresh(world.ask(question="x" * 300)).question) == 300


def test_an_area_that_is_a_signpost_says_where_to_go(world: World) -> None:
    with pytest.raises(Signposted) as refused:
        world.ask(area_id=make.area_id("straf-zorgdwang"))
    assert refused.value.field == "area"
    assert refused.value.message


def test_an_area_that_no_desk_serves_is_refused_before_anything_is_written(world: World) -> None:
    with pytest.raises(FormRefused) as refused:
        world.ask(area_id=make.area_id("arbeid"))
    assert (refused.value.code, refused.value.field) == ("no_line", "area")


def test_a_refused_file_leaves_no_question_behind(world: World) -> None:
    with pytest.raises(FileRefused):
        world.ask(uploads=[Upload("brief.pdf", b"%PDF-1.7 echt"), Upload("virus.pdf", b"MZ\x90\x00" + bytes(64))])
    assert Consultation.objects.count() == 0


def test_withdrawing_tells_the_lawyer_and_ends_it(world: World) -> None:
    consultation = world.ask()
    services.withdraw(person=world.worker, reference=consultation.reference)
    assert standing(consultation) == ("withdrawn", "", "")
    assert fresh(consultation).ended_at == clock.now()
    assert states(consultation) == [("Ada Eerste", "stopped")]
    assert mails_to(world.first, "withdrawn")
    assert services.withdraw(person=world.worker, reference=consultation.reference).status == "withdrawn"
    assert same_as_replayed(consultation)


def test_withdrawing_takes_back_the_promised_call(world: World) -> None:
    consultation = world.ask(lane="nu")
    services.withdraw(person=world.worker, reference=consultation.reference)
    assert Callback.objects.get(consultation=consultation).state == "withdrawn"
    assert standing(consultation) == ("withdrawn", "", "")


def test_an_answered_question_is_not_withdrawn(world: World) -> None:
    consultation = world.answered()
    with pytest.raises(NotNow):
        services.withdraw(person=world.worker, reference=consultation.reference)


def test_correcting_the_area_asks_other_lawyers(world: World) -> None:
    third = make.a_lawyer("Cem Derde", areas=("arbeid",))
    desk = make.a_desk(world.line, "Walcheren arbeid", areas=("arbeid",))
    make.a_duty(desk, third, hours=8)
    consultation = world.ask()
    services.correct_area_region(person=world.worker, reference=consultation.reference, area_id=make.area_id("arbeid"))
    assert states(consultation) == [("Ada Eerste", "stopped"), ("Cem Derde", "asked")]
    assert mails_to(world.first, "offer_over")
    assert fresh(consultation).area.slug == "arbeid"
    assert same_as_replayed(consultation)


def test_the_lawyer_who_has_it_corrects_the_area_and_keeps_it(world: World) -> None:
    consultation = world.accepted()
    services.correct_area_region(
        person=world.first, reference=consultation.reference, region_id=make.region_id("zwolle")
    )
    assert fresh(consultation).region.code == "zwolle"
    assert standing(consultation) == ("with_lawyer", "answer", "Ada Eerste")


def test_correcting_to_a_signpost_or_to_nonsense_is_refused(world: World) -> None:
    consultation = world.ask()
    for area_id in (make.area_id("straf-zorgdwang"), 999_999):
        with pytest.raises(FormRefused):
            services.correct_area_region(person=world.worker, reference=consultation.reference, area_id=area_id)
    assert states(consultation) == [("Ada Eerste", "asked")]


def test_the_reference_is_read_as_people_type_it(world: World) -> None:
    consultation = world.ask()
    number = consultation.reference[3:]
    for typed in (consultation.reference, f"pk-{number}", f"PK{number}", number, f"  {consultation.reference} "):
        assert queries.consultation_for(world.worker, typed).id == consultation.pk


def test_the_whole_way_from_asking_to_closed(world: World) -> None:
    consultation = world.ask()
    pass_time(minutes=10)
    services.accept(person=world.first, reference=consultation.reference)
    assert standing(consultation) == ("with_lawyer", "answer", "Ada Eerste")
    pass_time(minutes=20)
    services.answer(person=world.first, reference=consultation.reference, text="Alleen voor schade.")
    assert standing(consultation) == ("answered", "confirm", "Wim Werker")
    services.log_outcome(person=world.worker, reference=consultation.reference, value="helped", route="link")
    assert standing(consultation) == ("closed", "", "")
    kinds = [entry.kind for entry in queries.consultation_for(world.worker, consultation.reference).timeline]
    assert kinds == ["asked", "offered", "accepted", "answered", "outcome", "outcome", "closed"]
    assert same_as_replayed(consultation)
