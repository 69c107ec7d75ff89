"""Web processes die in the middle of twenty calls: what was answered is in the rows, and every call has its end."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter

import pytest

from hotline.call.letters import BRIDGE_PROOF
from tests.processes.conftest import Tell
from tests.processes.house import House, load, pause
from tests.processes.lab import Json
from tests.processes.people import Crowd, all_calls_end, connect, lawyers_pick_up, talks, texts_go_out

pytestmark = pytest.mark.processes
CALLS = 20
BETWEEN_KILLS_S = 3.0
MIDST_S = 0.4  # for which the database keeps requests waiting before their process is killed


def test_no_accepted_input_is_lost(house: House, tell: Tell) -> None:
    house.start("web", "lab")
    lawyers_pick_up(house)
    crowd = Crowd(house, house.people["workers"][:CALLS], every_s=0.8)
    killed: dict[int, float] = {}  # when, in seconds

    def kill_one_now_and_then() -> None:
        """Both answer requests, and the elder one is in the midst of some."""
        processes = house.web_processes()
        if len(processes) < 2 or time.monotonic() < max(killed.values(), default=crowd.began) + BETWEEN_KILLS_S:
            return
        with house.database.held_up():
            pause(MIDST_S)
            os.kill(processes[0], signal.SIGKILL)
        killed[processes[0]] = time.monotonic()

    crowd.calls(kill_one_now_and_then)
    ends = all_calls_end(house)
    told = Counter(f"{end} ({reason})" for _, end, reason in ends)
    tell(f"{len(killed)} kills, {len(ends)} of {CALLS} calls reached us: {dict(told)}, load {load():.1f} per core")
    assert killed
    assert ends
    what_was_answered_is_in_the_rows(house, crowd)
    every_log_leads_to_its_row(house, [call_id for call_id, _, _ in ends])
    tell(f"{texts_go_out(house)} texts arrived")


def what_was_answered_is_in_the_rows(house: House, crowd: Crowd) -> None:
    phones = house.lab.phones()
    times_bridged = {number: kinds(phones[number]).count("talk") for number in crowd.names}
    assert max(times_bridged.values()) == 1, f"nobody or somebody twice: {times_bridged}"
    accepted = dict(
        house.database.rows(
            "SELECT call_sid, number FROM hotline_offer"
            f" WHERE accepted_at IS NOT NULL AND call_id > {house.calls_of_the_demo}"
        )
    )
    assert crowd.connected
    assert crowd.connected <= accepted.keys(), "they talked, and no row says that it was accepted"
    heard = {number: texts(phones[number]).count("Verbonden.") for number in crowd.lawyers & phones.keys()}
    rows = Counter(accepted.values())
    assert not {number: count for number, count in heard.items() if count > rows[number]}
    twice = "SELECT call_id FROM hotline_offer WHERE state = 'talked' GROUP BY call_id HAVING count(*) > 1"
    assert not [call_id for (call_id,) in house.database.rows(twice) if call_id]


def every_log_leads_to_its_row(house: House, calls: list[int]) -> None:
    """The events, told again, give where each call stands now: nothing was half written."""
    replay = f"from hotline.phone import replay; print([(id, replay.difference(id)) for id in {calls}])"
    assert house.shell(replay) == str([(call_id, "") for call_id in calls])
    assert "Traceback" not in house.log("web")


def kinds(phone: Json) -> list[str]:
    return [line["kind"] for line in phone["lines"]]


def texts(phone: Json) -> list[str]:
    return [line["text"] for line in phone["lines"]]


def test_talks_go_on_while_no_web_process_lives(house: House, tell: Tell) -> None:
    """Two hang up while nobody hears it, two when the web server is back: all four have had their talk."""
    house.start("web", "lab")
    lawyers_pick_up(house)
    workers = house.people["workers"][:4]
    connect(house, *workers)
    house.kill("web")
    pause(BRIDGE_PROOF.total_seconds())  # no word of the bridge will come: only its length proves the talk
    assert all(talks(house, worker) for worker in workers)
    for worker in workers[:2]:
        assert house.lab.do(worker["number"], "hang-up")
    house.start("web")
    for worker in workers[2:]:
        assert house.lab.do(worker["number"], "hang-up")
    ends = all_calls_end(house)
    tell(f"ended as {[f'{end} ({reason})' for _, end, reason in ends]}")
    assert [end for _, end, _ in ends] == ["connected"] * 4
    every_log_leads_to_its_row(house, [call_id for call_id, _, _ in ends])
    assert texts_go_out(house) >= 4
