"""What is true of every walk through the call machine, whatever is heard in whatever order."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from hotline.call import effects as do
from hotline.call.lawyer import LEG_STATES, LegSignal
from hotline.call.lawyer import next_step as next_leg_step
from hotline.call.machine import Step, next_step
from hotline.call.state import CALLBACK, CONNECTED, END, STATES, WITHDRAWN, CallState, OfferSeen, Signal
from hotline.phone.rows import memory_of, state_from_start
from integrations.twilio.verbs import Dial, Gather, Hangup, Say
from tests.hotline.call.situations import LAWYER, NOW, RING_ORDER, SLOTS, SOMEBODY, call_in
from tests.hotline.call.test_lawyer_table import leg_in

WORDS = ("completed", "busy", "no-answer", "failed", "canceled", "answered", "", "dreaming")
OPEN_LEG, ENDED_LEG = ("ring", "whisper", "taken"), ("missed", "later", "wrong_area", "silent", "unbridged", "talked")


@some.composite
def offers(draw: Any) -> OfferSeen | None:
    """A lawyer's leg in any state, coherent in itself."""
    state = draw(some.sampled_from((None, *OPEN_LEG, *ENDED_LEG)))
    if state is None:
        return None
    accepted = state in {"taken", "talked", "unbridged"}
    picked_up = NOW - timedelta(seconds=draw(some.integers(0, 20)))
    return OfferSeen(
        id=301,
        state=state,
        lawyer_id=LAWYER,
        accepted_at=picked_up if accepted else None,
        answered_at=picked_up if accepted or state == "whisper" else None,
        bridged=draw(some.sampled_from((None, True, False))),
        ended_at=NOW if state in ENDED_LEG else None,
    )


KINDS = ("keys", "dialled", "now", "again", "helped", "gone", "status", "due", "cap", "accepted", "found", "nobody",
         "contested", "limited", "older", "same", "unknown", "hours", "duty")  # fmt: skip


@some.composite
def signals(draw: Any, offer: Any = offers()) -> Signal:  # noqa: B008 - a strategy is a value
    kind = draw(some.sampled_from(KINDS))
    return Signal(
        kind=kind,
        digits=draw(some.sampled_from(("", "0", "1", "2", "3", "5", "9", "*", "#"))) if kind == "keys" else "",
        caller=draw(some.sampled_from((None, SOMEBODY))) if kind == "keys" else None,
        gone=kind == "gone" or draw(some.booleans()),
        word=draw(some.sampled_from(WORDS)),
        bridged=draw(some.sampled_from((None, True, False))),
        leg=draw(some.sampled_from(("alive", "gone", "refused"))) if kind == "due" else "",
        nth=draw(some.integers(1, 6)),
        offer=draw(offer),
        ring=RING_ORDER,
        slots=SLOTS,
    )


WALKS = some.tuples(some.sampled_from(STATES), some.lists(signals(), min_size=1, max_size=25))


def walked(state: str, heard: list[Signal]) -> list[tuple[CallState, Signal, Step]]:
    """Every step of a walk, with what it started from. What routing would answer is one of the signals."""
    call, steps, now = call_in(state), [], NOW
    for signal in heard:
        step = next_step(call, signal, now)
        steps.append((call, signal, step))
        call, now = step.state, now + timedelta(seconds=3)
    return steps


def every_state_and_signal_has_an_answer(walk: tuple[str, list[Signal]]) -> None:
    for before, _signal, step in walked(*walk):
        assert step.state.state in STATES
        assert (step.state.state == END) is (step.state.end in {CONNECTED, CALLBACK, WITHDRAWN})
        assert step.document is None or len(step.document) > 0
        if step.state.state != before.state and not step.seeks and step.state.state != END:
            assert step.due_at is not None


def once_the_legs_are_gone_every_walk_ends(walk: tuple[str, list[Signal]]) -> None:
    call = walked(*walk)[-1][2].state
    for _ in range(4):
        call = next_step(call, Signal("due", leg="gone", slots=SLOTS), NOW).state
    assert call.state == END
    assert call.end in {CONNECTED, CALLBACK, WITHDRAWN}
    assert call.end_reason


def also_when_the_vendor_never_answers_again(walk: tuple[str, list[Signal]]) -> None:
    call = walked(*walk)[-1][2].state
    for _ in range(6):
        call = next_step(call, Signal("due", leg="refused", slots=SLOTS), NOW).state
    assert call.state == END


def connected_needs_an_accept_and_a_bridge_or_a_named_proof(walk: tuple[str, list[Signal]]) -> None:
    for before, signal, step in walked(*walk):
        leg = signal.offer
        talked = any(isinstance(effect, do.TalkEnded) for effect in step.effects)
        if talked:
            bridged = signal.bridged if signal.kind == "dialled" else leg.bridged if leg else None
            said_yes = before.state == "check" and signal.digits == "1"
            lasted = step.cell == "end.v"
            assert bridged or said_yes or lasted or before.state == "outcome", step
            if not said_yes:
                assert leg is not None
                assert leg.accepted_at is not None
        if step.state.end == CONNECTED and before.state != END:
            by_fallback = step.state.end_reason == "fallback" and (signal.bridged or signal.word == "completed")
            assert talked or by_fallback or before.state == "outcome", step


def only_key_1_leads_to_a_talk(walk: tuple[str, list[Signal]]) -> None:
    for before, signal, step in walked(*walk):
        if step.state.state == "talk" and before.state != "talk":
            assert signal.kind == "accepted"


@settings(max_examples=30)
@given(some.sampled_from(STATES), some.lists(signals(), max_size=20), some.lists(signals(), min_size=1, max_size=20))
def test_an_end_is_never_left(state: str, first: list[Signal], later: list[Signal]) -> None:
    call = walked(state, first)[-1][2].state if first else call_in(state)
    ended = next_step(call, Signal("helped", slots=SLOTS), NOW).state if call.state != END else call
    assert ended.state == END
    for signal in later:
        step = next_step(ended, signal, NOW)
        assert step.state == ended
        assert step.effects == ()
        assert step.due_at is None


def a_promise_is_a_row_before_it_is_spoken(walk: tuple[str, list[Signal]]) -> None:
    for before, _signal, step in walked(*walk):
        promised = any(isinstance(effect, do.Promise) for effect in step.effects)
        if step.state.state == "choice":
            assert step.state.promise_at is not None
        if step.state.end == CALLBACK and before.state != END:
            assert promised or before.promise_at is not None
        if promised:
            assert before.promise_at is None


def whoever_is_screened_is_never_dialled_by_a_document_without_a_whisper(walk: tuple[str, list[Signal]]) -> None:
    for _before, _signal, step in walked(*walk):
        for verb in step.document or ():
            if isinstance(verb, Dial):
                assert bool(verb.number.url) is (step.state.state == "ring")


def a_state_survives_being_written_down(walk: tuple[str, list[Signal]]) -> None:
    """What the machine remembers comes out of the row as it went in."""
    for _before, _signal, step in walked(*walk):
        state = step.state
        columns = ("state", "worker_id", "organisation_id", "region_id", "area_id", "lane", "cap_at", "consultation_id",
                   "looks", "end", "end_reason", "line_number", "fallback_number")  # fmt: skip
        kept = json.loads(memory_of(state))
        back = state_from_start({**kept, "state": state.state, "started_at": state.started_at.isoformat()})
        again = replace(back, **{name: getattr(state, name) for name in columns}, prefix=state.prefix)
        assert again == state


CHECKS = (
    every_state_and_signal_has_an_answer,
    once_the_legs_are_gone_every_walk_ends,
    also_when_the_vendor_never_answers_again,
    connected_needs_an_accept_and_a_bridge_or_a_named_proof,
    only_key_1_leads_to_a_talk,
    a_promise_is_a_row_before_it_is_spoken,
    whoever_is_screened_is_never_dialled_by_a_document_without_a_whisper,
    a_state_survives_being_written_down,
)


@settings(max_examples=80)
@given(WALKS)
def test_every_walk_keeps_to_the_properties(walk: tuple[str, list[Signal]]) -> None:
    for check in CHECKS:
        check(walk)


@pytest.mark.slow
@settings(max_examples=3_000, deadline=None)
@given(WALKS)
def test_every_walk_keeps_to_the_properties_for_long(walk: tuple[str, list[Signal]]) -> None:
    for check in CHECKS:
        check(walk)


LEG_SIGNALS = some.builds(
    LegSignal,
    kind=some.sampled_from(("whisper", "keys", "status", "now", "older", "same", "fault", "due", "hours", "moved")),
    digits=some.sampled_from(("", "0", "1", "2", "3", "4", "5", "7", "*", "#")),
    word=some.sampled_from((*WORDS, "queued", "initiated", "ringing", "in-progress")),
)


@given(
    some.sampled_from((*LEG_STATES[:3], "silent")),
    some.lists(some.tuples(LEG_SIGNALS, some.sampled_from(("here", "taken", "gone"))), min_size=1, max_size=15),
)
def test_a_leg_is_total_accepts_once_and_ends_for_good(state: str, heard: list[tuple[LegSignal, str]]) -> None:
    leg, accepts = leg_in(state), 0
    for signal, caller in heard:
        step = next_leg_step(replace(leg, caller=caller), signal, NOW)
        accepts += "accept" in step.effects
        if "accept" in step.effects:
            assert (caller, signal.digits, leg.state in {"ring", "whisper"}) == ("here", "1", True)
        if leg.row == "ended":
            assert step.state.state == leg.state
            assert set(step.effects) <= {"tell_gone"}
        if step.document is not None and not isinstance(step.document[-1], Hangup):
            assert isinstance(step.document[0], Say) is (step.document == (Say("connected"),))
            assert not isinstance(step.document[-1], Gather)
        leg = replace(step.state, caller="here")
    assert accepts <= 1
