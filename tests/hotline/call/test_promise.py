"""What becomes of a callback: section 5.3 of the design, row by row."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hotline.call import promise
from hotline.call.promise import CallbackFacts, Next
from tests.hotline.call.situations import NOW

ADRIAANSE, BAKKER = 71, 72


def minutes(count: float) -> datetime:
    return NOW + timedelta(minutes=count)


def test_who_promised_is_rung_once_more_after_three_minutes_and_then_the_list() -> None:
    first = promise.lawyer_not_there(CallbackFacts(lawyer_id=ADRIAANSE, attempt=1, worker_tries=1), NOW)
    assert first == Next("wait", minutes(3), ADRIAANSE, promised_tries=1, attempt=1, worker_tries=1)
    again = CallbackFacts(lawyer_id=ADRIAANSE, promised_tries=1, attempt=1, worker_tries=1)
    assert promise.lawyer_not_there(again, NOW) == Next("ring", attempt=1, worker_tries=1)


def test_whoever_of_the_list_is_not_there_is_followed_by_the_next_at_once() -> None:
    assert promise.lawyer_not_there(CallbackFacts(), NOW) == Next("ring")


@pytest.mark.parametrize(("attempt", "wait"), [(0, 10), (1, 30)])
def test_an_empty_list_is_tried_again_after_ten_and_thirty_minutes(attempt: int, wait: int) -> None:
    after = promise.list_is_empty(CallbackFacts(attempt=attempt), NOW)
    assert after == Next("wait", minutes(wait), tell_worker=True, attempt=attempt + 1)


def test_after_the_third_empty_list_the_coordinator_has_it() -> None:
    assert promise.list_is_empty(CallbackFacts(attempt=2), NOW) == Next("coordinator", tell_worker=True, attempt=2)


def test_a_decline_rings_the_list_at_once_and_tells_the_worker() -> None:
    after = promise.lawyer_declines(CallbackFacts(lawyer_id=ADRIAANSE, promised_tries=1, attempt=1))
    assert after == Next("ring", tell_worker=True, attempt=1)


def test_key_2_postpones_to_a_whole_minute_and_by_the_same_lawyer() -> None:
    after = promise.lawyer_postpones(CallbackFacts(), ADRIAANSE, NOW + timedelta(seconds=1))
    assert after == Next("wait", minutes(11), ADRIAANSE, tell_worker=True, postponed=1)


def test_the_third_key_2_of_one_lawyer_gives_it_back() -> None:
    facts, kinds = CallbackFacts(), []
    for _ in range(3):
        after = promise.lawyer_postpones(facts, ADRIAANSE, NOW)
        facts = CallbackFacts(lawyer_id=after.lawyer_id, postponed=after.postponed)
        kinds.append(after.kind)
    assert kinds == ["wait", "wait", "ring"]
    assert facts.lawyer_id is None


def test_another_lawyer_may_postpone_anew() -> None:
    after = promise.lawyer_postpones(CallbackFacts(lawyer_id=ADRIAANSE, postponed=2), BAKKER, NOW)
    assert (after.kind, after.lawyer_id, after.postponed) == ("wait", BAKKER, 1)


@pytest.mark.parametrize("gives_back", [False, True])
def test_an_absent_worker_is_called_again_twice_and_then_the_coordinator_has_it(gives_back: bool) -> None:
    tries, found = 0, []
    for _ in range(3):
        after = promise.worker_not_there(CallbackFacts(worker_tries=tries), ADRIAANSE, gives_back, NOW)
        tries = after.worker_tries
        found.append((after.kind, after.at, after.lawyer_id, after.tell_worker))
    who = None if gives_back else ADRIAANSE
    assert found[:2] == [("wait", minutes(10), who, True)] * 2
    assert found[2] == ("coordinator", None, None, True)


def test_a_closed_line_moves_the_callback_to_the_opening_and_tells_the_worker() -> None:
    opening = NOW + timedelta(hours=15)
    after = promise.line_is_closed(CallbackFacts(lawyer_id=ADRIAANSE, promised_tries=1, attempt=1), opening)
    assert after == Next("wait", opening, tell_worker=True, attempt=1)


@given(seconds=some.integers(0, 86_400), micro=some.integers(0, 999_999))
def test_a_spoken_moment_is_a_whole_minute_that_has_not_passed(seconds: int, micro: int) -> None:
    moment = NOW + timedelta(seconds=seconds, microseconds=micro)
    spoken = promise.whole_minute(moment)
    assert timedelta() <= spoken - moment < timedelta(minutes=1)
    assert (spoken.second, spoken.microsecond) == (0, 0)


EVENTS = ("absent", "declines", "postpones", "empty", "worker_absent", "given_back")


@given(some.lists(some.sampled_from(EVENTS), max_size=200))
def test_whatever_happens_a_callback_does_not_turn_in_a_circle_for_ever(events: list[str]) -> None:
    """Every round of the list ends: a wait costs a try of a kind that is counted, and no count ever falls."""
    facts = CallbackFacts(lawyer_id=ADRIAANSE)
    for event in events:
        after = {
            "absent": lambda f: promise.lawyer_not_there(f, NOW),
            "declines": promise.lawyer_declines,
            "postpones": lambda f: promise.lawyer_postpones(f, f.lawyer_id or BAKKER, NOW),
            "empty": lambda f: promise.list_is_empty(f, NOW),
            "worker_absent": lambda f: promise.worker_not_there(f, f.lawyer_id or BAKKER, False, NOW),
            "given_back": lambda f: promise.worker_not_there(f, f.lawyer_id or BAKKER, True, NOW),
        }[event](facts)
        assert after.kind in {"ring", "wait", "coordinator"}
        assert (after.kind == "wait") is (after.at is not None)
        assert (after.attempt, after.worker_tries) >= (facts.attempt, facts.worker_tries)
        if after.kind == "coordinator":
            return
        facts = CallbackFacts(after.lawyer_id, after.promised_tries, after.postponed, after.attempt, after.worker_tries)
        assert facts.attempt <= len(promise.LIST_AGAIN)
        assert facts.worker_tries < promise.WORKER_TRIES
