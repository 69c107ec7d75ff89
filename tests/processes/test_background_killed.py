"""Workers, beat, broker and sweep die or hang while people call: calls connect, texts go out later, nothing is lost."""

from __future__ import annotations

import signal
import time

import pytest

from tests.processes.conftest import Broker, Tell
from tests.processes.house import PATIENCE, House, load, pause, wait_until
from tests.processes.people import LONG_AGO, all_calls_end, call, connect, lawyers_pick_up, talks, texts_go_out

pytestmark = pytest.mark.processes
KEY_TO_RING = 1.0  # seconds
BUSY_MACHINE = 5.0
LONG_ENOUGH_TO_BE_CALLED_BACK_S = 11.0


def ring_request_is_quick(house: House, worker: dict[str, str]) -> float:
    seconds = house.lab.key_to_ring(worker["name"]).total_seconds()
    assert seconds < (KEY_TO_RING if load() < 1 else BUSY_MACHINE)
    return seconds


def busy() -> str:
    return f"(load {load():.1f} per core)"


def test_worker_and_beat_are_killed_during_calls(house_with_workers: House, tell: Tell) -> None:
    house = house_with_workers
    house.start("web", "lab", "worker", "beat")
    lawyers_pick_up(house)
    first, second, third = house.people["workers"][:3]
    connect(house, first)
    house.kill("worker", "beat")
    connect(house, second)
    assert talks(house, first)
    for worker in (first, second):
        assert house.lab.do(worker["number"], "hang-up")
    house.start("worker", "beat")
    connect(house, third)
    assert house.lab.do(third["number"], "hang-up")
    ends = all_calls_end(house)
    assert [end for _, end, _ in ends] == ["connected"] * 3, ends
    tell(f"{texts_go_out(house)} texts arrived, none was lost")


def test_the_broker_hangs_and_dies(house_with_workers: House, broker: Broker, tell: Tell) -> None:
    house = house_with_workers
    house.start("web", "lab", "worker", "beat")
    lawyers_pick_up(house)
    callers = iter(house.people["workers"])

    def a_call(when: str) -> None:
        worker = next(callers)
        connect(house, worker)
        seconds = ring_request_is_quick(house, worker)
        assert house.lab.do(worker["number"], "hang-up")
        ends = all_calls_end(house)
        assert {end for _, end, _ in ends} == {"connected"}, ends
        before = time.monotonic()
        texts = texts_go_out(house)
        sent = time.monotonic() - before
        tell(f"{when}: key to ring {seconds:.3f} s, the last of {texts} texts after {sent:.1f} s {busy()}")

    a_call("with a broker")
    broker.send(signal.SIGSTOP)
    a_call("with a broker that takes and never answers")
    broker.kill()
    a_call("with a dead broker")
    broker.start()
    a_call("with the broker back")


def test_a_sweep_is_killed_while_it_keeps_a_promise(house: House, tell: Tell) -> None:
    """Before it looks, and while the vendor has the order to ring the lawyer and owes the answer."""
    house.start("web", "lab")
    worker = house.people["workers"][0]
    call(house, worker)
    wait_until(lambda: rung(house), "a lawyer is rung")
    pause(LONG_ENOUGH_TO_BE_CALLED_BACK_S)
    assert house.lab.do(worker["number"], "hang-up")
    ours = f"call_id > {house.calls_of_the_demo}"
    waiting = f"SELECT id FROM hotline_callback WHERE state = 'waiting' AND {ours}"
    ((callback,),) = wait_until(lambda: house.database.rows(waiting), "a call back is promised")

    house.kill("web")
    house.database.rows(f"UPDATE hotline_callback SET due_at = '{LONG_AGO}' WHERE id = {callback}")
    house.start("sweep")
    house.kill("sweep")
    assert house.database.rows(f"SELECT id FROM hotline_callback WHERE ended_at IS NULL AND id = {callback}")
    house.lab.misbehave("lost", "Calls.json")
    house.start("sweep")
    wait_until(lambda: rung(house), "a lawyer is rung for the promise")
    house.kill("sweep")
    house.start("web", "sweep")

    def both_talk() -> bool:
        if number := rung(house):
            house.lab.do(number, "pick-up")
        for phone in house.lab.phones().values():
            if phone["asking"]:
                house.lab.do(phone["number"], "press", keys="1")
        return talks(house, worker)

    wait_until(both_talk, "the worker is called back", within=2 * PATIENCE)
    assert house.lab.do(worker["number"], "hang-up")
    done = f"SELECT id FROM hotline_callback WHERE state = 'done' AND id = {callback}"
    wait_until(lambda: house.database.rows(done), "the promise is kept")
    orders = [text for _, who, kind, text in house.lab.log() if kind == "REST" and "POST" in text and "Calls" in text]
    tell(f"kept by {len(orders)} orders to ring a lawyer {busy()}")
    ((offers,),) = house.database.rows(f"SELECT count(*) FROM hotline_offer WHERE callback_id = {callback}")
    assert len(orders) == offers, "a call was ordered twice"


def rung(house: House) -> str:
    """The number that rings now, if any."""
    return next((number for number, phone in house.lab.phones().items() if phone["state"] == "ringing"), "")
