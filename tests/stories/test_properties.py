"""Whatever people do and whatever the vendor does wrong: what may never be false is not false."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from config.due import SERVICES, WATCHES
from hotline.models import Call, Callback, Consultation, Offer
from hotline.simulation import judge
from integrations import clock, sweep
from integrations.lab.calls import Leg
from integrations.lab.misbehaviour import CHANCES
from integrations.lab.phones import NotPossible, Phone, Watcher
from integrations.twilio import rest
from tests import builders
from tests.network import Network
from tests.stories.conftest import LINE, CountingClient

A_SECOND = timedelta(seconds=1)
KEPT_FOR = timedelta(hours=4)  # promises of half an hour, tried again after 10 and 30 minutes
LAWYERS = ("anna", "bos", "chen")


@dataclass(frozen=True)
class Lawyer:
    """How she answers: seconds until she picks up (None: never), and the keys she presses, '' for none."""

    behaviour: str
    picks_up: float | None
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Play:
    """One call with everybody's part in it, and what the vendor does wrong."""

    worker_keys: tuple[str, ...]
    thinks: float
    leaves_after: float | None
    lawyers: tuple[Lawyer, ...]
    talks: float
    caller_hangs_up: bool
    wishes: tuple[tuple[str, int], ...]
    chaos: float
    seed: int


KEYS = some.sampled_from(("1", "1", "1", "1", "2", "3", "4", "5", "0", "8", ""))
PEOPLE = some.builds(
    Lawyer,
    behaviour=some.sampled_from(("person", "person", "person", "silent", "voicemail", "off", "busy", "bad", "refuses")),
    picks_up=some.one_of(some.none(), some.floats(0.1, 19)),
    keys=some.lists(KEYS, max_size=3).map(tuple),
)
PLAYS = some.builds(
    Play,
    worker_keys=some.lists(some.sampled_from(("1", "1", "1", "2", "3", "9", "*", "0", "7", "")), max_size=6).map(tuple),
    thinks=some.floats(0.2, 8),
    leaves_after=some.one_of(some.none(), some.floats(0.1, 120)),
    lawyers=some.tuples(PEOPLE, PEOPLE, PEOPLE),
    talks=some.sampled_from((0.5, 3, 8, 40, 700)),
    caller_hangs_up=some.booleans(),
    wishes=some.lists(
        some.tuples(some.sampled_from(sorted(set(CHANCES) - {"time_out", "fail"})), some.integers(1, 3)), max_size=6
    ).map(tuple),
    chaos=some.sampled_from((0.0, 0.0, 0.3, 1.0)),
    seed=some.integers(0, 10_000),
)


@pytest.fixture
def town(db: None, at_ten_thirty: Any, no_errors: list[str]) -> dict[str, str]:
    """A worker and three lawyers on two desks: name -> number. Each play leaves it as it was."""
    line = builders.an_all_hours_line("Piketlijn", number=LINE)
    own = builders.a_desk(line, "Walcheren huur")
    country = builders.a_desk(line, "Landelijk", areas="*", regions=("landelijk",))
    people = {"worker": builders.a_worker("Wim Werker")}
    for name, desk, position in (("anna", own, 1), ("bos", own, 2), ("chen", country, 1)):
        people[name] = builders.a_lawyer(name.capitalize() + " de Advocaat")
        builders.a_duty(desk, people[name], position, hours=12)
    builders.a_coordinator("Coby")
    return {name: person.numbers.get(is_primary=True).e164 for name, person in people.items()}


@contextmanager
def undone() -> Iterator[None]:
    """Everything inside is taken back, the clock too. The outbox must not take it for a transaction of ours."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with clock.at(clock.now()), block:
        yield
        transaction.set_rollback(True)


def played(play: Play, numbers: dict[str, str]) -> Network:
    """Perform the play to its end: all legs gone, every promise kept or handed on."""
    client = CountingClient()
    network = Network(client, chaos=play.chaos, seed=play.seed)
    for kind, times in play.wishes:
        network.misbehaves(kind, times=times)
    keys = iter(play.worker_keys)
    worker = network.engine.phone(numbers["worker"], "worker")
    worker.watcher = Watcher(
        rings=lambda phone, leg: leg.after(3, picks_up, phone, leg),
        asked=lambda phone, leg: network.engine.after(play.thinks, presses, phone, leg, next(keys, "1")),
        talks=lambda phone, leg: network.engine.after(play.talks, leaves, phone, leg, play.caller_hangs_up),
    )
    for name, part in zip(LAWYERS, play.lawyers, strict=True):
        acts(network.engine.phone(numbers[name], name), part)
    if play.leaves_after is not None:
        network.engine.after(play.leaves_after, leaves, worker, None, True)
    with rest.use_http_client(network.http):
        worker.dial(LINE)
        let_time_pass(network, client)
    return network


def acts(phone: Phone, part: Lawyer) -> None:
    phone.behave(part.behaviour)
    keys = iter(part.keys)

    def rings(_phone: Phone, leg: Leg) -> None:
        if part.behaviour == "person" and part.picks_up is not None:
            leg.after(part.picks_up, picks_up, phone, leg)

    phone.watcher = Watcher(
        rings=rings, asked=lambda _phone, leg: phone.network.after(2.5, presses, phone, leg, next(keys, "1"))
    )


def picks_up(phone: Phone, leg: Leg) -> None:
    if phone.ringing is leg:
        phone.pick_up()


def presses(phone: Phone, leg: Leg, key: str) -> None:
    if key and phone.leg is leg and not leg.ended and leg.talks_with is None and phone.state != "voicemail":
        try:
            phone.press(key)
        except NotPossible:
            return


def leaves(phone: Phone, leg: Leg | None, caller: bool) -> None:
    leaver = (leg if caller else leg.talks_with) if leg is not None else phone.leg
    if leaver is not None and not leaver.ended:
        leaver.hang_up()


def let_time_pass(network: Network, client: CountingClient) -> None:
    """From event to event; the sweep looks when something was said and when a moment has come."""
    engine = network.engine
    end, heard, quiet_until = engine.now + KEPT_FOR, -1, engine.now
    while engine.now < end:
        event = engine.next_at()
        if event is None and quiet_until >= end:
            return
        engine.advance(min(event or end, max(quiet_until, engine.now), end))
        if client.posts != heard:
            heard, quiet_until = client.posts, sweep.next_moment(WATCHES) or end
        if engine.now >= quiet_until:
            sweep.look(SERVICES, WATCHES)
            sweep.send()
            quiet_until = max(sweep.next_moment(WATCHES) or end, engine.now + A_SECOND)


def holds(play: Play, numbers: dict[str, str]) -> None:
    with undone():
        network = played(play, numbers)
        story = network.transcript()
        behaves = play.chaos == 0 and not play.wishes
        assert judge.broken(bad_vendor=not behaves) == [], story  # 2, 5, 6, 8, 11, 12 and more
        assert not behaves or network.faults == [], story
        now = clock.now()
        for call in Call.objects.all():
            assert call.due_at is None, story
        for offer in Offer.objects.all():
            assert offer.ended_at is not None, story
        for callback in Callback.objects.filter(state="waiting"):
            assert callback.due_at is not None, story
            assert callback.due_at > now, story
        accepted = {offer.number for offer in Offer.objects.filter(accepted_at__isnull=False)}
        for bridge in network.bridges:  # 3, 4: nobody is joined without her own key
            legs = {bridge.caller.phone.number, bridge.callee.phone.number}
            assert legs & accepted, story
        rounds = [(offer.consultation_id, offer.round) for offer in Offer.objects.filter(state="talked")]
        assert len(rounds) == len(set(rounds)), story
        for consultation in Consultation.objects.filter(status="answered"):
            assert consultation.lawyer_id is not None, story


AS_IT_IS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=AS_IT_IS, phases=[Phase.generate])
@given(play=PLAYS)
def test_nothing_false_whatever_happens(town: dict[str, str], play: Play) -> None:
    holds(play, town)


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=AS_IT_IS)
@given(play=PLAYS)
def test_nothing_false_whatever_happens_for_long(town: dict[str, str], play: Play) -> None:
    holds(play, town)
