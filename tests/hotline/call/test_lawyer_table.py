"""The lawyer's leg: section 2.3 of the design typed a second time, and every cell walked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.call import lawyer
from hotline.call.lawyer import LEG_STATES, LEG_TABLE, LegSignal, LegState, next_step
from integrations.twilio.verbs import Gather, Hangup, Pause, Redirect, Say
from tests.hotline.call.situations import NOW

ENDED = ("talked", "later", "slot", "conflict", "wrong_area", "silent", "missed", "busy", "bad_number", "stopped",
         "unbridged", "lapsed")  # fmt: skip

# event | ring | whisper | taken | ended
DESIGN = """
whisper          | whisper: whisper                 | whisper: whisper                 | lost      | lost
whisper_lost     | stopped: lost                    | stopped: lost                    | lost      | lost
key_1            | taken.accept: connected          | taken.accept: connected          | connected | lost
key_1_lost       | stopped: lost                    | stopped: lost                    | connected | lost
key_2            | later.later: key_later           | later.later: key_later           | lost      | lost
key_3            | slot.slot: key_slot              | slot.slot: key_slot              | lost      | lost
key_4            | conflict.conflict: key_conflict  | conflict.conflict: key_conflict  | lost      | lost
key_5            | wrong_area.wrong_area: key_wrong_area | wrong_area.wrong_area: key_wrong_area | lost | lost
key_0            | whisper.try: explain             | whisper.try: explain             | lost      | lost
other            | whisper.try: unknown_key         | whisper.try: unknown_key         | lost      | lost
none             | silent: bye                      | silent: bye                      | lost      | lost
now              | whisper: whisper                 | whisper: whisper                 | connected | lost
status_early     | -                                | -                                | -         | -
status_answered  | .answered                        | -                                | -         | -
status_busy      | busy                             | silent                           | .leg_over | -
status_no-answer | missed                           | silent                           | .leg_over | -
status_failed    | bad_number.suspect               | silent                           | .leg_over | -
status_canceled  | stopped                          | stopped                          | .leg_over | -
status_completed | silent                           | silent                           | .leg_over | -
same             | same                             | same                             | same      | same
older            | redirect                         | redirect                         | lost      | lost
fault            | again                            | again                            | again     | bye
due              | lapsed                           | lapsed                           | -         | -
hours            | -                                | -                                | -         | -
moved            | stopped                          | stopped                          | -         | -
"""
SIGNALS = {
    "whisper": LegSignal("whisper"),
    "whisper_lost": LegSignal("whisper"),
    "key_1_lost": LegSignal("keys", "1"),
    **{f"key_{key}": LegSignal("keys", key) for key in "012345"},
    "other": LegSignal("keys", "9"),
    "none": LegSignal("keys"),
    "now": LegSignal("now"),
    "status_early": LegSignal("status", word="ringing"),
    "status_answered": LegSignal("status", word="in-progress"),
    **{f"status_{word}": LegSignal("status", word=word) for word in
       ("busy", "no-answer", "failed", "canceled", "completed")},
    **{kind: LegSignal(kind) for kind in ("same", "older", "fault", "due", "hours", "moved")},
}  # fmt: skip


def designed() -> dict[str, tuple[str, ...]]:
    lines = [[part.strip() for part in line.split("|")] for line in DESIGN.strip().splitlines()]
    return {name: tuple(cells) for name, *cells in lines}


def leg_in(state: str, **changed: object) -> LegState:
    values = {"later_at": NOW + timedelta(minutes=10), "duty_ends_at": NOW + timedelta(hours=3), **changed}
    return LegState(state, area_id=1, region_id=11, cap_at=NOW + timedelta(seconds=60), **values)  # type: ignore[arg-type]


def cells() -> Iterator[tuple[str, str, str]]:
    for event, row in designed().items():
        for place, kind in enumerate(LEG_STATES):
            for state in ENDED if kind == "ended" else (kind,):
                yield event, state, row[place]


def test_the_table_is_the_one_of_the_design() -> None:
    assert designed() == LEG_TABLE
    assert set(SIGNALS) == set(LEG_TABLE)


@pytest.mark.parametrize("event", LEG_TABLE)
def test_every_cell_of_the_row_does_what_it_says(event: str) -> None:
    for event_of, state, cell in cells():
        if event_of == event:
            assert_cell(event, state, cell)


def assert_cell(event: str, state: str, cell: str) -> None:
    leg = leg_in(state, caller="gone" if event.endswith("_lost") else "here")
    step = next_step(leg, SIGNALS[event], NOW)
    head, _, document = cell.partition(": ")
    if cell in {"-", "same"}:
        assert (step.state, step.document, step.answer) == (leg, None, cell.strip("-"))
        return
    if cell in {"lost", "connected", "redirect", "bye", "again"}:
        head, document = "", cell
    target, _, effect = head.partition(".")
    assert step.state.state == (target or state)
    assert step.state.tries == (effect == "try")
    assert (effect in step.effects) is (bool(effect) and effect != "try")
    if not document:
        assert step.document is None
    elif document == "connected":
        assert step.document == (Say("connected"),)
    elif document == "redirect":
        assert step.document == (Redirect("now"),)
    else:
        assert step.document is not None
        assert step.document[-1] == Hangup()


def test_only_the_answer_to_key_1_does_not_end_in_hangup() -> None:
    for event, state, _cell in cells():
        for caller in ("here", "taken", "gone"):
            step = next_step(leg_in(state, caller=caller), SIGNALS[event], NOW)
            if step.document and step.document[-1] not in (Hangup(), Redirect("now")):
                assert step.document == (Say("connected"),)
                assert event in {"key_1", "key_1_lost", "now"}


def test_the_whisper_waits_four_seconds_for_one_key() -> None:
    step = next_step(leg_in("ring", urgent=True), LegSignal("whisper"), NOW)
    values = {"area": 1, "region": 11}
    assert step.document == (
        Gather("key", (Say("whisper_urgent", values), Pause(1), Say("whisper_else")), 1, 4),
        Hangup(),
    )


@pytest.mark.parametrize("key", ["0", "9"])
def test_a_second_wrong_key_or_explanation_passes_on(key: str) -> None:
    step = next_step(leg_in("whisper", tries=1), LegSignal("keys", key), NOW)
    assert (step.state.state, step.document) == ("silent", (Hangup(),))


@pytest.mark.parametrize(("left", "state"), [(8, "whisper"), (7, "silent")])
@pytest.mark.parametrize("key", ["0", "9"])
def test_explains_only_while_there_is_time(key: str, left: int, state: str) -> None:
    leg = replace(leg_in("whisper"), cap_at=NOW + timedelta(seconds=left))
    assert next_step(leg, LegSignal("keys", key), NOW).state.state == state


def test_a_second_promise_for_one_question_counts_as_silence() -> None:
    step = next_step(leg_in("whisper", promise_stands=True), LegSignal("keys", "2"), NOW)
    assert (step.state.state, step.document, step.effects) == ("silent", (Hangup(),), ())


@pytest.mark.parametrize(("caller", "words", "told"), [("taken", "lost_taken", False), ("gone", "lost_gone", True)])
@pytest.mark.parametrize("event", ["whisper", "key_1", "key_3"])
@pytest.mark.parametrize("state", ["ring", "stopped", "lapsed"])
def test_whoever_hears_that_a_text_comes_is_sent_one(
    state: str, event: str, caller: str, words: str, told: bool
) -> None:
    step = next_step(leg_in(state, caller=caller), SIGNALS[event], NOW)
    if step.document == (Say(words), Hangup()):
        assert ("tell_gone" in step.effects) is told
    else:
        assert (state, event) == ("ring", "key_3")


def test_an_unknown_word_of_the_vendor_changes_nothing() -> None:
    leg = leg_in("ring")
    assert next_step(leg, LegSignal("status", word="dreaming"), NOW).state == leg


def test_the_whole_whisper_is_over_before_the_watchdog_looks() -> None:
    assert timedelta(seconds=25) == lawyer.WHISPER_DUE
