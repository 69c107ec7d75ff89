"""Two people, or two processes, act on one question at one moment: real threads, on the database in use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hotline.consultations import services
from hotline.consultations.overdue import see_to
from hotline.errors import AlreadyAccepted, HotlineError, NotNow
from hotline.models import Consultation, Event, Offer
from integrations import clock
from integrations.models import OutboxMessage
from tests.concurrency import at_once, shared_by_threads
from tests.hotline.consultations.story import World, a_world, fresh, same_as_replayed, standing, states

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None, at_ten_thirty: datetime, tmp_path: Path) -> Iterator[World]:
    with shared_by_threads(tmp_path):
        yield a_world()


def nothing_broke(results: list[Any]) -> None:
    assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, HotlineError)], results


@pytest.mark.parametrize("turn", range(3))
def test_of_two_lawyers_who_accept_one_wins_and_the_other_hears_who(world: World, turn: int) -> None:
    consultation = world.ask()
    clock.forward(timedelta(minutes=45))
    services.consultations_overdue()  # the first may still accept, the second is asked
    assert states(consultation) == [("Ada Eerste", "expired"), ("Bea Tweede", "asked")]

    results = at_once(
        lambda: services.accept(person=world.first, reference=consultation.reference),
        lambda: services.accept(person=world.second, reference=consultation.reference),
    )

    nothing_broke(results)
    winners = [one for one in results if isinstance(one, Consultation)]
    losers = [one for one in results if isinstance(one, AlreadyAccepted)]
    assert (len(winners), len(losers)) == (1, 1)
    holder = Offer.objects.get(consultation=consultation, state="taken")
    assert losers[0].who == holder.lawyer.name
    assert fresh(consultation).lawyer_id == holder.lawyer_id
    assert Event.objects.filter(consultation=consultation, kind="accepted").count() == 1
    assert same_as_replayed(consultation)


def test_a_double_click_accepts_once(world: World) -> None:
    consultation = world.ask()
    results = at_once(*[lambda: services.accept(person=world.first, reference=consultation.reference)] * 3)
    nothing_broke(results)
    assert all(isinstance(one, Consultation) for one in results)
    assert Event.objects.filter(consultation=consultation, kind="accepted").count() == 1
    assert OutboxMessage.objects.filter(dedupe_key__startswith="accepted:").count() == 1


@pytest.mark.parametrize("turn", range(3))
def test_accepting_while_it_is_withdrawn_ends_one_way(world: World, turn: int) -> None:
    consultation = world.ask()
    results = at_once(
        lambda: services.accept(person=world.first, reference=consultation.reference),
        lambda: services.withdraw(person=world.worker, reference=consultation.reference),
    )
    nothing_broke(results)
    assert fresh(consultation).status == "withdrawn"
    refused = [one for one in results if isinstance(one, NotNow)]
    assert len(refused) == (1 if states(consultation)[0][1] == "stopped" else 0)
    assert not Offer.objects.filter(consultation=consultation, state="taken", released_at__isnull=True).exists()
    assert same_as_replayed(consultation)


@pytest.mark.parametrize("turn", range(3))
def test_accepting_while_the_time_runs_out_keeps_one_lawyer(world: World, turn: int) -> None:
    consultation = world.ask()
    clock.forward(timedelta(minutes=45))
    results = at_once(
        lambda: services.accept(person=world.first, reference=consultation.reference),
        lambda: see_to(consultation.pk),
    )
    nothing_broke(results)
    assert standing(consultation) == ("with_lawyer", "answer", "Ada Eerste")
    assert Offer.objects.filter(consultation=consultation, state="asked").count() == 0
    assert same_as_replayed(consultation)


def test_two_sweeps_ask_one_next_lawyer(world: World) -> None:
    consultation = world.ask()
    clock.forward(timedelta(minutes=45))
    results = at_once(lambda: see_to(consultation.pk), lambda: see_to(consultation.pk))
    nothing_broke(results)
    assert sorted(results) == [False, True]
    assert states(consultation) == [("Ada Eerste", "expired"), ("Bea Tweede", "asked")]


def test_two_colleagues_take_over_in_turn_and_one_has_it(world: World) -> None:
    consultation = world.accepted()
    services.take_over(person=world.colleague, reference=consultation.reference)
    results = at_once(
        lambda: services.take_over(person=world.worker, reference=consultation.reference),
        lambda: services.log_outcome(person=world.worker, reference=consultation.reference, value="helped"),
    )
    nothing_broke(results)
    assert fresh(consultation).asker_id == world.worker.pk
    assert same_as_replayed(consultation)


def test_replying_and_answering_at_one_moment_loses_neither(world: World) -> None:
    consultation = world.accepted()
    results = at_once(
        lambda: services.reply(person=world.worker, reference=consultation.reference, text="Nog iets."),
        lambda: services.answer(person=world.first, reference=consultation.reference, text="Antwoord."),
    )
    nothing_broke(results)
    assert sorted(consultation.messages.values_list("kind", flat=True)) == ["answer", "reply"]
    assert standing(consultation) in {
        ("answered", "confirm", "Wim Werker"),
        ("with_lawyer", "answer", "Ada Eerste"),
    }
    assert same_as_replayed(consultation)
