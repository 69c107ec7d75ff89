"""Whatever people do, in whatever order: what must never be false of a consultation stays true."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db.models import Count

from hotline.consultations import record, services
from hotline.consultations.record import ACCEPTED
from hotline.core import lifecycle
from hotline.core.lifecycle import STEPS, Status, Step
from hotline.errors import HotlineError
from hotline.models import Callback, Consultation, FollowUp, Offer
from hotline.phone import callbacks
from integrations import clock
from rosters import services as rosters
from tests import builders as make
from tests.hotline.consultations.story import World, fresh, same_as_replayed

Deed = Callable[[World, str, Random], object]


def today(days: int) -> Any:
    return (clock.now() + timedelta(days=days)).date()


def lawyer(world: World, dice: Random) -> Any:
    """Mostly whoever was asked or has it, sometimes the other."""
    latest = Offer.objects.filter(released_at__isnull=True).order_by("-pk").first()
    return latest.lawyer if latest and dice.random() < 0.8 else dice.choice([world.first, world.second])


def asker(world: World, dice: Random) -> Any:
    """Mostly the one whose question it is, sometimes the colleague."""
    owner = Consultation.objects.latest("pk").asker
    return owner if dice.random() < 0.8 else dice.choice([world.worker, world.colleague])


def talk(world: World) -> None:
    """The line keeps its promise: both are called, talk, and hang up; as the callback machine writes it."""
    for promised in Callback.objects.filter(state__in=["waiting", "coordinator"]):
        consultation = record.lock_by_id(promised.consultation_id or 0)
        holder = record.accepted_offer(consultation)
        lawyer_id = holder.lawyer_id if holder else world.second.pk
        due = clock.now() + timedelta(hours=1)
        record.stand(consultation, lifecycle.standing_when_talking(lawyer_id, due), "called")
        if holder is None:
            Offer.objects.create(
                consultation=consultation,
                round=consultation.round,
                lawyer_id=lawyer_id,
                channel="phone",
                state="talked",
                accepted_at=clock.now(),
                ended_at=clock.now(),
            )
        callbacks.end(promised, Callback.State.DONE, "connected")
        standing = lifecycle.standing_after_talk(lawyer_id, due, consultation.asker_id, True)
        record.stand(consultation, standing, "talked")


DEEDS: tuple[Deed, ...] = (
    lambda w, r, d: services.accept(person=lawyer(w, d), reference=r),
    lambda w, r, d: services.accept(person=lawyer(w, d), reference=r),
    lambda w, r, d: services.decline(
        person=lawyer(w, d), reference=r, reason=d.choice(["no_time", "conflict", "wrong_area"])
    ),
    lambda w, r, d: services.release(person=lawyer(w, d), reference=r),
    lambda w, r, d: services.ask_more(person=lawyer(w, d), reference=r, text="Meer?"),
    lambda w, r, d: services.reply(person=asker(w, d), reference=r, text="Meer."),
    lambda w, r, d: services.answer(
        person=lawyer(w, d),
        reference=r,
        text="Antwoord.",
        value=d.choice(["answered", "follow_up", "hand_over", "wrong_area", "later"]),
    ),
    lambda w, r, d: services.log_outcome(
        person=asker(w, d),
        reference=r,
        value=d.choice(["helped", "partly", "not_helped"]),
        then=d.choice(["", "again", "coordinator"]),
        follow_up_on=d.choice([None, today(d.randrange(20))]),
    ),
    lambda w, r, d: services.log_outcome(
        person=lawyer(w, d),
        reference=r,
        value=d.choice(["answered", "follow_up", "hand_over", "wrong_area", "later"]),
    ),
    lambda w, r, d: services.plan_follow_up(
        person=d.choice([w.worker, w.first]), reference=r, due_on=today(d.randrange(20))
    ),
    lambda w, r, d: [services.close_follow_up(person=one.owner, follow_up_id=one.pk) for one in FollowUp.objects.all()],
    lambda w, r, d: services.take_over(person=asker(w, d), reference=r),
    lambda w, r, d: services.share(
        person=asker(w, d), reference=r, colleague_id=d.choice([w.worker.pk, w.colleague.pk])
    ),
    lambda w, r, d: services.correct_area_region(
        person=asker(w, d), reference=r, region_id=make.region_id(d.choice(["walcheren", "landelijk"]))
    ),
    lambda w, r, d: services.call_the_asker(person=lawyer(w, d), reference=r) if d.random() < 0.5 else talk(w),
    lambda w, r, d: services.call_me_about_this(person=asker(w, d), reference=r) if d.random() < 0.3 else talk(w),
    lambda w, r, d: talk(w),
    lambda w, r, d: [
        callbacks.withdraw(callback_id=one.pk, person_id=one.worker_id or 0)
        for one in Callback.objects.filter(state="waiting")
    ],
    lambda w, r, d: services.assign(
        person=w.coordinator, reference=r, lawyer_id=d.choice([None, w.first.pk, w.second.pk])
    ),
    lambda w, r, d: services.settle(person=w.coordinator, reference=r),
    lambda w, r, d: services.withdraw(person=asker(w, d), reference=r) if d.random() < 0.05 else None,
    lambda w, r, d: time_passes(d.choice([5, 50, 50, 300, 1500])),
    lambda w, r, d: time_passes(d.choice([5, 5, 50, 300, 1500])),
)


# The deed that is wanted next: chosen often, so that a question gets somewhere.
WANTED: dict[Step, tuple[Deed, ...]] = {
    Step.ACCEPT: DEEDS[:2],
    Step.ANSWER: DEEDS[4:5] + DEEDS[6:7],
    Step.INFORM: DEEDS[5:6],
    Step.CONFIRM: DEEDS[7:8],
    Step.CALL_BACK: (lambda w, r, d: talk(w),),
    Step.FOLLOW_UP: DEEDS[10:11],
}


def deed(consultation: Consultation, dice: Random) -> Deed:
    wanted = WANTED.get(Step(fresh(consultation).next_step), DEEDS)
    return dice.choice(wanted if dice.random() < 0.5 else DEEDS)


def time_passes(minutes: float) -> None:
    clock.forward(timedelta(minutes=minutes))
    services.follow_ups_due()
    services.consultations_overdue()


def holds(consultation: Consultation) -> None:
    """Architecture 3.1, 3.2 and 3.8, from the rows."""
    row = fresh(consultation)
    assert Step(row.next_step) in STEPS[Status(row.status)]
    if row.is_open:
        assert row.next_due_at is not None
        assert (row.next_owner_id is None) != (row.next_owner_role == "")
        assert row.ended_at is None
    else:
        assert row.ended_at is not None
        assert not Offer.objects.filter(consultation=row, state="asked").exists()
        assert not Callback.objects.filter(consultation=row, state__in=Callback.OPEN).exists()
    accepted = Offer.objects.filter(consultation=row, state__in=ACCEPTED, released_at__isnull=True)
    assert not accepted.values("round").annotate(many=Count("pk")).filter(many__gt=1).exists()
    assert Offer.objects.filter(consultation=row, state="asked").count() <= 1
    if row.next_step == Step.CALL_BACK:
        assert Callback.objects.filter(consultation=row, state__in=Callback.OPEN).count() == 1
    if row.next_step == Step.ANSWER:
        assert accepted.filter(lawyer_id=row.next_owner_id).exists()
    assert same_as_replayed(row)


@pytest.mark.parametrize("seed", range(5))
def test_any_order_of_deeds_keeps_the_rules(world: World, seed: int, caplog: pytest.LogCaptureFixture) -> None:
    dice = Random(seed)
    for person in (world.first, world.second):
        for duty in person.duties.all():
            rosters.cancel_duty(duty_id=duty.pk, why="test")
        make.a_duty(world.desk, person, 1 + (person == world.second), hours=6 * 24)
    consultation = world.ask(lane=dice.choice(["vandaag", "twee_dagen", "nu"]))
    for _ in range(40):
        with suppress(HotlineError):  # a polite refusal changes nothing
            deed(consultation, dice)(world, consultation.reference, dice)
        holds(consultation)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 200))
def test_many_more_orders(world: World, seed: int, caplog: pytest.LogCaptureFixture) -> None:
    test_any_order_of_deeds_keeps_the_rules(world, seed, caplog)
