"""Asking for somebody: who is asked, when and how often; reminding, withdrawing, and what a change of the duty does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from config.due import SERVICES, WATCHES
from directory.models import Assistance
from integrations import clock, sweep
from integrations.models import OutboxMessage
from rosters import services
from rosters.errors import CoverRefused, FormRefused, NotYours
from rosters.models import CoverAsk, CoverRequest, Duty
from rosters.services import covering
from tests import builders
from tests.rosters.cover.conftest import World, leaves

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def work() -> None:
    """All that is due now, without sending anything."""
    for _ in range(20):
        if not sweep.look(SERVICES, WATCHES):
            return


def told(person: object, kind: str = "") -> list[str]:
    """What waits for or went to somebody: bodies, oldest first."""
    to = [person.numbers.get().e164, person.email]  # type: ignore[attr-defined]
    rows = OutboxMessage.objects.filter(to__in=to, **({"kind": kind} if kind else {})).order_by("pk")
    return [row.body for row in rows]


def test_everybody_who_fits_is_asked_and_nobody_else(world: World) -> None:
    builders.a_lawyer("Fay Familie", areas=("familie-jeugd",))
    builders.a_lawyer("Gus Ginder", region="zwolle")
    busy = builders.a_lawyer("Hal Heeft-dienst")
    world.duty(person=busy, desk=builders.a_desk(builders.a_line()))
    request = world.request()
    assert set(request.asks.values_list("person__name", flat=True)) == {"Bob de Boer", "Cor Cornelissen", "Dee Dijk"}
    assert Duty.objects.get(cancelled_at__isnull=True, person=world.ada).pk == request.duty_id


def test_a_duty_within_a_week_is_asked_by_text_and_a_later_one_by_mail(world: World) -> None:
    world.request(world.duty(starts=48))
    work()
    assert ["JA 101 of kijk" in body for body in told(world.bob)] == [True]
    clock.forward(DAY)
    world.request(world.duty(starts=24 * 12))
    work()
    assert [row.kind for row in OutboxMessage.objects.filter(to=world.bob.email)] == ["mail"]


def test_requests_of_one_day_come_together_in_one_message(world: World) -> None:
    clock.forward(11 * HOUR)  # in the evening
    for starts in (100, 130, 160):
        world.request(world.duty(starts=starts))
    work()
    assert told(world.bob) == []
    clock.forward(10 * HOUR)
    work()
    assert len(told(world.bob)) == 1
    assert "En nog 2" in told(world.bob)[0]


def test_a_second_request_on_a_day_waits_for_the_next(world: World) -> None:
    world.request(world.duty(starts=100))
    work()
    clock.forward(HOUR)
    world.request(world.duty(starts=130))
    work()
    assert len(told(world.bob)) == 1
    clock.forward(DAY)
    work()
    assert len(told(world.bob)) == 2


def test_what_starts_within_a_day_waits_for_nothing(world: World) -> None:
    world.request(world.duty(starts=100))
    work()
    world.request(world.duty(starts=5))
    work()
    assert len(told(world.bob)) == 2


def test_only_who_has_not_answered_is_reminded(world: World) -> None:
    request = world.request(world.duty(starts=24 * 7 + 1))
    work()
    covering.say_no(request_id=request.pk, person_id=world.bob.pk)
    for _ in range(5):
        clock.forward(DAY)
        work()
    assert len(told(world.bob)) == 1
    assert len(told(world.cor)) == 2
    assert CoverAsk.objects.get(person=world.cor).reminded_at is not None


def test_the_holder_hears_that_nobody_was_found_and_keeps_the_duty(world: World) -> None:
    request = world.request(world.duty(starts=24 * 3))
    for _ in range(3 * 24):
        clock.forward(HOUR)
        work()
    request.refresh_from_db()
    assert request.state == CoverRequest.State.EXPIRED
    assert sum("nog geen vervanging" in body for body in told(world.ada, "sms")) == 2
    assert Duty.objects.get(pk=request.duty_id).cancelled_at is None


def test_the_one_who_is_asked_for_by_another_hears_it(world: World) -> None:
    duty = world.duty()
    els = builders.a_person("Els Assistent")
    Assistance.objects.create(assistant=els, person=world.ada)
    request = covering.open_request(duty_id=duty.pk, kind="give", by=els.pk)
    assert request.made_by == els
    assert "Els A. zoekt vervanging" in told(world.ada, "sms")[0]


@pytest.mark.parametrize("who", ["bob", "stranger"])
def test_nobody_gives_away_the_duty_of_somebody_else(world: World, who: str) -> None:
    person = world.bob if who == "bob" else builders.a_stranger()
    with pytest.raises(NotYours):
        covering.open_request(duty_id=world.duty().pk, kind="give", by=person.pk)


def test_a_duty_has_one_request_at_a_time(world: World) -> None:
    request = world.request()
    with pytest.raises(CoverRefused) as refused:
        world.request(request.duty)
    assert refused.value.code == "request_open"
    covering.withdraw(request_id=request.pk, by=world.ada.pk)
    assert world.request(request.duty).number == request.number + 1


def test_a_part_lies_within_the_duty(world: World) -> None:
    duty = world.duty()
    for start, end in (
        (duty.starts_at - HOUR, duty.ends_at),
        (duty.ends_at, duty.starts_at),
        (duty.starts_at, duty.ends_at + HOUR),
    ):
        with pytest.raises(FormRefused):
            world.request(duty, starts_at=start, ends_at=end)
    assert world.request(duty, starts_at=duty.starts_at + HOUR).starts_at == duty.starts_at + HOUR


def test_withdrawing_tells_who_was_told_and_asks_nobody_later(world: World) -> None:
    request = world.request()
    work()
    covering.say_no(request_id=request.pk, person_id=world.bob.pk)
    covering.withdraw(request_id=request.pk, by=world.ada.pk)
    assert "niemand meer nodig" in told(world.cor)[-1]
    assert len(told(world.bob)) == 1


def test_a_duty_that_leaves_takes_its_request_with_it(world: World) -> None:
    request = world.request()
    work()
    services.cancel_duty(duty_id=request.duty_id, by=world.coby.pk)
    request.refresh_from_db()
    assert request.state == CoverRequest.State.WITHDRAWN
    assert "niemand meer nodig" in told(world.bob)[-1]


def test_who_left_is_not_asked_and_not_told(world: World) -> None:
    leaves(world.bob)
    request = world.request()
    assert "Bob de Boer" not in request.asks.values_list("person__name", flat=True)
    leaves(world.cor)
    work()
    assert told(world.cor) == []
    assert len(told(world.dee)) == 1
