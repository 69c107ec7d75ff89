"""The transition table of a call: the design typed a second time, and every cell walked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from hotline.call import effects as do
from hotline.call.letters import LETTERS
from hotline.call.machine import Step, next_step
from hotline.call.state import CALLBACK, CONNECTED, END, STATES, WITHDRAWN, CallState, Signal
from hotline.call.table import BY_OFFER, TABLE
from integrations.twilio.verbs import Dial, Gather, Hangup, Redirect, Reject, Say
from tests.hotline.call.situations import NOW, RING_ORDER, SLOTS, TAKEN, call_in, heard, offer, signals, situations

COLUMNS = (
    "greet", "ident", "menu", "closed", "ring", "later", "talk", "check", "outcome", "choice", "help", "end",
    "main", "region", "stranger",
)  # fmt: skip

# Section 2.1 of the design, row by row, in the order of COLUMNS; three states came later and stand behind.
DESIGN = """
key | 1 ring.a, 2 menu, * greet.u, 0 greet.r | code enter.i, code_closed end.io
    | area ring.a, more menu.n, unknown choice.q, signpost end.s, * menu.u, 0 menu.r | 1 end.o, 1_unknown ident.l | now
    | 1 end.c, 2 ring.b | now | 1 outcome.f, 2 ring.b | 1 end.k, 2 end.k, 3 end.k | 1 end.c, 2 end.d, 3 end.w | now
    | bye | code enter.i | region enter.j, * region.u, 0 region.r | 1 end.n
other | menu | ident.t, 3: stranger | menu.t, 3: choice.q | closed.t, 2: end.w | now | later.t, 2: end.c | now
    | check.t, 2: end.m | outcome.t, 2: end.k | choice.t, 2: end.c | now | bye | main.t, 3: stranger
    | region.t, 3: enter.1 | end.x
none | menu | ident.t, 3: end.w | menu.t, 3: end.m | end.w | now | end.c | now | end.m | end.k | end.c | now | bye
    | enter | region.t, 3: enter.1 | end.x
gone | end.w | end.w | end.m | end.w | end.m | end.c | talk.e | end.m | end.k | end.c | end.c | none
    | end.w | end.m | end.x
dialled_bridged | now | now | now | now | outcome.f | now | outcome.f | now | now | now | end.h | bye | now | now | now
dialled_unbridged | now | now | now | now | ring.u | now | ring.u | now | now | now | end.c | bye | now | now | now
dialled_unknown | now | now | now | now | check | now | check | now | now | now | end.c | bye | now | now | now
dialled_refused | now | now | now | now | by_offer | now | ring.u | now | now | now | end.c | bye | now | now | now
dialled_keyless | now | now | now | now | ring.z | now | ring.z | now | now | now | end.h | bye | now | now | now
left_bridged | as_gone | as_gone | as_gone | as_gone | end.k | as_gone | end.k | as_gone | as_gone | as_gone | end.h
    | bye | as_gone | as_gone | as_gone
left_unbridged | as_gone | as_gone | as_gone | as_gone | end.m | as_gone | end.m | as_gone | as_gone | as_gone | end.c
    | bye | as_gone | as_gone | as_gone
left_unknown | as_gone | as_gone | as_gone | as_gone | end.v | as_gone | end.v | as_gone | as_gone | as_gone | end.c
    | bye | as_gone | as_gone | as_gone
left_refused | as_gone | as_gone | as_gone | as_gone | end.m | as_gone | end.m | as_gone | as_gone | as_gone | end.c
    | bye | as_gone | as_gone | as_gone
left_keyless | as_gone | as_gone | as_gone | as_gone | end.my | as_gone | end.my | as_gone | as_gone | as_gone | end.h
    | bye | as_gone | as_gone | as_gone
now | greet.r | ident.r | menu.r | closed.r | by_offer | later.r | by_evidence | check.r | outcome.r | choice.r | end.c
    | bye | main.r | region.r | stranger.r
helped | end.h | end.h | end.h | end.h | end.h | end.h | end.h | end.h | end.h | end.h | end.h | bye | end.h | end.h
    | end.h
same | same | same | same | same | same | same | same | same | same | same | same | same | same | same | same
older | now | now | now | now | now | now | now | now | now | now | now | bye | now | now | now
unknown | sorry | sorry | sorry | sorry | sorry | sorry | sorry | sorry | sorry | sorry | sorry | sorry | sorry | sorry
    | sorry
status | none | none | none | none | none | none | none | none | none | none | none | none | none | none | none
again | again, 3: help.P | again, 3: help.P | again, 3: help.P | again, 3: help.P | again, 3: help.P
    | again, 3: help.P | again, 3: help.P | again, 3: help.P | again, 3: help.P | again, 3: help.P | end.h | bye
    | again, 3: help.P | again, 3: help.P | again, 3: help.P
cap | - | - | - | - | REST | - | - | - | - | - | - | - | - | - | -
due_alive | REST, 2: end.w | REST, 2: end.w | REST, 2: end.m | REST, 2: end.w | REST | end.c | REST | end.m | end.k
    | end.c | end.c | - | REST, 2: end.w | REST, 2: end.m | REST, 2: end.x
due_gone | end.w | end.w | end.m | end.w | end.m | end.c | end.v | end.m | end.k | end.c | end.c | -
    | end.w | end.m | end.x
due_refused | +30, 3: end.wy | +30, 3: end.wy | +30, 3: end.my | +30, 3: end.wy | +5, 3: end.my | end.c | +30, 3: end.v
    | end.m | end.k | end.c | end.c | - | +30, 3: end.wy | +30, 3: end.my | +30, 3: end.wy
hours | stay | stay | stay | stay | stay | stay | stay | stay | stay | stay | stay | - | stay | stay | stay
duty | - | - | - | - | stay | - | stay | - | - | - | - | - | - | - | -
accepted | - | - | - | - | talk | - | - | - | - | - | - | - | - | - | -
found | placed | - | placed | - | placed | placed | - | placed | - | - | - | - | - | - | -
nobody | choice.p | - | choice.p | - | choice.p | end.c | - | choice.p | - | - | - | - | - | - | -
contested | seek, 5: choice.p | - | seek, 5: choice.p | - | seek, 5: choice.p | seek, 5: end.c | - | seek, 5: choice.p
    | - | - | - | - | - | - | -
limited | reject | reject | reject | reject | - | - | - | - | - | - | - | - | reject | reject | reject
"""


@cache
def designed() -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    for line in DESIGN.replace("\n    |", " |").strip().splitlines():
        name, *cells = (part.strip() for part in line.split("|"))
        assert len(cells) == len(COLUMNS), name
        rows[name] = dict(zip(COLUMNS, cells, strict=True))
    return rows


def test_the_table_is_the_one_of_the_design() -> None:
    assert set(COLUMNS) == set(STATES)
    for name, row in designed().items():
        assert TABLE[name] == row, name
    assert set(TABLE) == set(designed())


def test_how_the_lawyers_leg_ended_decides_what_comes_after_a_dial() -> None:
    assert BY_OFFER == {"later": "later", "wrong_area": "menu.g", "": "ring.b"}


# --- Every cell -----------------------------------------------------------------------------------------------------

ALL = list(situations())


def parts(cell: str) -> dict[str, str]:
    """A cell by key name, '' without one, and '3:' from the third time."""
    found: dict[str, str] = {}
    for part in cell.split(", "):
        head, _, rest = part.partition(" ")
        found[head if rest else ""] = rest or head
    return found


def resolved(cell: str, row: str, state: str, signal: Signal) -> str:
    """The words that look further, by the design's own rules."""
    if cell == "as_gone":
        return designed()["gone"][state]
    if cell == "by_offer":
        return {"later": "later", "wrong_area": "menu.g"}.get(signal.offer.state if signal.offer else "", "ring.b")
    if cell == "by_evidence":
        return "check"  # nothing was stored about the bridge; the other two have a test of their own
    return cell


def times(row: str, call: CallState, n: int) -> tuple[CallState, int]:
    """The call in which this is heard for the n-th time; and n as it goes into the signal."""
    if row == "again":
        return replace(call, faults=n - 1), 0
    if row.startswith("due_"):
        return replace(call, looks=n - 1), 0
    return replace(call, tries=n - 1), n if row == "contested" else 0


@pytest.mark.parametrize("row", designed())
def test_every_cell_of_the_row_does_what_it_says(row: str) -> None:
    for row_of, state, key, call, signal in ALL:
        if row_of == row:
            assert_cell(row, state, key, call, signal)


def assert_cell(row: str, state: str, key: str, call: CallState, signal: Signal) -> None:
    """One cell: what it says at once, and what it says from the n-th time."""
    cell = parts(resolved(designed()[row][state], row, state, signal))
    first = cell[key] if key in cell else cell[""]
    assert_does(first, next_step(call, signal, NOW), call, row)
    for name, part in cell.items():
        if not name.endswith(":"):
            continue
        n = int(name[:-1])
        before, nth = times(row, call, n - 1)
        assert_does(first, next_step(before, replace(signal, nth=nth and nth - 1), NOW), before, row)
        call_n, nth = times(row, call, n)
        assert_does(part, next_step(call_n, replace(signal, nth=nth), NOW), call_n, row)


QUIET = frozenset({"none", "-", "stay", "same"})
SPOKEN = {
    "now": (Redirect("now"),),
    "bye": (Hangup(),),
    "sorry": (Say("sorry"), Hangup()),
    "reject": (Reject("busy"),),
}


def assert_does(cell: str, step: Step, before: CallState, row: str) -> None:
    """The step is what the cell says: where to, what is spoken, what is written, and when the watchdog looks."""
    target, _, letters = cell.partition(".")
    if cell in SPOKEN:
        assert (step.document, step.state, step.effects) == (SPOKEN[cell], before, ())
    elif cell in QUIET:
        assert (step.document, step.state, step.effects) == (None, before, ())
        assert step.answer == ("same" if cell == "same" else "")
    elif cell == "REST":
        assert (step.document, step.effects) == (None, (do.RedirectToNow(),))
        assert step.state == replace(before, looks=before.looks + 1)
        assert step.due_at == NOW + timedelta(seconds=30)
    elif cell.startswith("+"):
        assert (step.document, step.effects) == (None, ())
        assert step.state == replace(before, looks=before.looks + 1)
        assert step.due_at == NOW + timedelta(seconds=int(cell[1:]))
    elif cell == "again":
        assert step.state.faults == before.faults + 1
        asked = next_step(before, heard("now", offer=TAKEN if before.state in {"talk", "check"} else None), NOW)
        assert step.state.state == asked.state.state
    elif cell == "placed":
        assert step.state.state == "ring"
        assert isinstance(step.document[-1], Dial) if step.document else False
        assert step.due_at is not None
        assert step.state.rings == before.rings + 1
    elif cell == "seek" or target == "ring":
        assert step.seeks
        assert step.document is None
        assert step.state.state == before.state if cell == "seek" else step.state.state in {"ring", before.state}
    elif target == "enter":
        assert step.state.state in {"region", "greet", "menu"}
        assert_asks(step)
    elif target == END:
        assert_ended(step, row)
    elif target == "talk" and letters:
        assert (step.state.state, step.document) == ("talk", (Hangup(),))
        assert step.due_at == NOW + timedelta(seconds=20)
    else:
        assert step.state.state == target
        assert_asks(step)
        if letters == "t":
            assert step.state.tries == before.tries + 1
        elif target != before.state:
            assert (step.state.tries, step.state.looks) == (0, 0)


def assert_asks(step: Step) -> None:
    """An open state has a question, and a moment at which somebody looks whether it was answered."""
    assert step.due_at is not None
    assert step.due_at > NOW
    assert step.state.end == ""
    assert step.document is not None
    last = step.document[-1]
    assert isinstance(last, Dial if step.state.state == "help" else Redirect if step.state.state == "talk" else Gather)


def assert_ended(step: Step, row: str) -> None:
    """One end with a reason, nothing to look after, and a goodbye unless nobody is there."""
    assert step.state.state == END
    assert step.state.end in {CONNECTED, CALLBACK, WITHDRAWN}
    assert step.state.end_reason
    assert step.due_at is None
    if row.startswith("due_"):
        assert step.document is None
    else:
        assert step.document is not None
        assert step.document[-1] == Hangup()


def test_every_effect_letter_is_used_and_known() -> None:
    used = {
        letter
        for row in TABLE.values()
        for cell in (*row.values(), *BY_OFFER.values())
        for part in cell.split(", ")
        for letter in part.rpartition(" ")[2].partition(".")[2]
    }
    assert used == set(LETTERS)


@pytest.mark.parametrize(
    ("bridged", "state"), [(True, "outcome"), (False, "ring"), (None, "check")], ids=["joined", "not joined", "untold"]
)
def test_what_is_stored_about_the_bridge_decides_when_the_question_is_asked_again(
    bridged: bool | None, state: str
) -> None:
    step = next_step(call_in("talk"), heard("now", offer=replace(TAKEN, bridged=bridged)), NOW)
    assert step.state.state == state


@pytest.mark.parametrize(("state", "after"), [("later", "later"), ("wrong_area", "menu"), ("missed", "ring")])
def test_the_present_question_of_a_ring_is_found_by_how_the_offer_ended(state: str, after: str) -> None:
    promised = {"promise_at": SLOTS.soon, "promise_lawyer": 71} if state == "later" else {}
    step = next_step(call_in("ring", **promised), heard("now", offer=offer(state, ended_at=NOW)), NOW)
    assert step.state.state == after


@pytest.mark.parametrize(("page", "area"), [(1, 2), (2, 10)])
def test_a_key_means_the_area_of_its_page(page: int, area: int) -> None:
    rung = next_step(call_in("menu", page=page), heard("keys", digits="2"), NOW)
    assert rung.state.area_id == area
    signposts = frozenset({area})
    ended = next_step(call_in("menu", page=page, signposts=signposts), heard("keys", digits="2"), NOW)
    assert ended.document == (Say("signpost", {"signpost": area}), Hangup())


# --- What an end leaves behind --------------------------------------------------------------------------------------

CLOSES = (do.CloseOffer, do.TalkEnded)


@pytest.mark.parametrize("state", [state for state in STATES if state != END])
def test_no_call_ends_with_an_open_offer(state: str) -> None:
    for open_leg in (offer("ring"), offer("whisper"), TAKEN, replace(TAKEN, bridged=True)):
        for row, signal in signals(state).items():
            for nth in range(5):
                call = replace(call_in(state), tries=nth, looks=nth, faults=nth)
                step = next_step(call, replace(signal, offer=open_leg, nth=nth), NOW)
                if step.state.state in {END, "help"} and state not in {END, "outcome", "later", "help"}:
                    assert any(isinstance(effect, CLOSES) for effect in step.effects), (row, open_leg.state)


def test_a_callback_at_the_end_is_a_row_that_was_written() -> None:
    for row, state, _key, call, signal in ALL:
        for nth in range(4):
            step = next_step(replace(call, tries=nth, looks=nth, faults=nth), replace(signal, nth=nth), NOW)
            if step.state.end == CALLBACK and state != END:
                written = any(isinstance(effect, do.Promise) for effect in step.effects)
                assert written or call.promise_at is not None, (row, state)


def test_a_ticket_is_written_before_it_is_spoken() -> None:
    for state in ("greet", "menu", "ring", "check"):
        step = next_step(call_in(state), heard("nobody"), NOW)
        assert step.state.state == "choice"
        assert [type(effect) for effect in step.effects if isinstance(effect, do.Promise)] == [do.Promise]


# --- How long is waited ---------------------------------------------------------------------------------------------

DUE = {
    "greet": 45, "ident": 60, "menu": 60, "closed": 45, "later": 45, "check": 45, "outcome": 45, "choice": 60,
    "main": 60, "region": 60, "stranger": 45,
}  # fmt: skip
WAITS = {"greet": 3, "ident": 6, "menu": 5, "closed": 5, "later": 5, "check": 6, "outcome": 6, "choice": 6,
         "main": 3, "region": 5, "stranger": 6}  # fmt: skip


@pytest.mark.parametrize("state", DUE)
def test_a_question_waits_and_is_looked_after_as_the_design_says(state: str) -> None:
    step = next_step(call_in(state), heard("now"), NOW)
    assert step.due_at == NOW + timedelta(seconds=DUE[state])
    assert step.document is not None
    gather = step.document[-1]
    assert isinstance(gather, Gather)
    assert gather.timeout == WAITS[state]
    assert gather.digits == (8 if state in {"ident", "main"} else 1)


def test_a_ring_is_looked_after_when_it_must_be_over_and_at_the_cap_at_the_latest() -> None:
    found = heard("found", ring=RING_ORDER)
    assert next_step(call_in("menu", cap_at=NOW + timedelta(seconds=90)), found, NOW).due_at == NOW + timedelta(
        seconds=20 + 13 + 10
    )
    assert next_step(call_in("menu", cap_at=NOW + timedelta(seconds=31)), found, NOW).due_at == NOW + timedelta(
        seconds=31
    )


def test_a_talk_is_looked_after_when_it_must_be_over_and_the_fallback_after_two_minutes() -> None:
    assert next_step(call_in("ring"), heard("accepted"), NOW).due_at == NOW + timedelta(seconds=3660)
    assert next_step(call_in("menu", faults=2), heard("again"), NOW).due_at == NOW + timedelta(seconds=120)
