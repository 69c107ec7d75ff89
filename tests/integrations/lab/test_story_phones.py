"""The phones of story tests themselves: time, ticks, and messages that show what happened."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from integrations import clock
from tests.integrations.lab.product import LAWYER, LINE, WORKER, Product, gather, line
from tests.network import Network


def test_time_moves_the_only_clock_from_event_to_event_with_a_tick_each_second() -> None:
    ticks: list[float] = []
    began = clock.now()
    network = Network(line(), tick=lambda: ticks.append((clock.now() - began).total_seconds()))
    network.person(WORKER).dials(LINE)
    network.forward(3)
    assert clock.now() == began + timedelta(seconds=3)
    assert {0, 1, 2, 3} <= {round(tick) for tick in ticks}
    assert ticks == sorted(ticks)
    assert max(later - earlier for earlier, later in pairwise(ticks)) <= 1


def test_a_test_that_moves_the_clock_itself_is_followed() -> None:
    network = Network(line(**{"twilio/voice": gather("Kies.", "/area")}))
    worker = network.person(WORKER, "worker")
    worker.dials(LINE)
    clock.forward(timedelta(seconds=30))
    network.settle()
    assert network.webhooks("/area")


def test_a_failed_expectation_shows_the_transcript() -> None:
    network = Network(line())
    worker = network.person(WORKER, "worker")
    worker.dials(LINE)
    with pytest.raises(AssertionError) as failed:
        worker.hears("Iets heel anders", within=1)
    message = str(failed.value)
    assert "worker did not hear 'Iets heel anders'" in message
    assert "worker heard: Welkom." in message
    assert "/twilio/voice" in message


@pytest.mark.parametrize("deed", ["picks_up", "refuses", "hangs_up"])
def test_what_a_phone_cannot_do_now_fails_with_the_transcript(deed: str) -> None:
    worker = Network(line()).person(WORKER, "worker")
    with pytest.raises(AssertionError, match="What happened"):
        getattr(worker, deed)()


def test_hearing_goes_on_after_what_was_heard_before() -> None:
    network = Network(Product({"/twilio/voice": "<Say>Een. Twee.</Say><Say>Een.</Say>"}))
    worker = network.person(WORKER, "worker")
    worker.dials(LINE)
    worker.hears("Een.")
    worker.hears("Twee.")
    worker.hears("Een.")
    worker.hears_nothing_more()
    with pytest.raises(AssertionError):
        worker.hears("Een.", within=2)


def test_hearing_stops_time_at_the_moment_it_is_heard() -> None:
    network = Network(Product({"/twilio/voice": '<Pause length="3"/><Say>Daar.</Say><Pause length="60"/>'}))
    began = clock.now()
    worker = network.person(WORKER)
    worker.dials(LINE)
    worker.hears("Daar.")
    assert clock.now() == began + timedelta(seconds=3)


def test_an_idle_network_has_idle_phones() -> None:
    network = Network(line())
    network.forward(5)
    assert network.person(LAWYER).is_idle()
    assert network.nobody_talks()
