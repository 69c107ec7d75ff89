"""Every state of a call with what the machine needs in it, and a signal for every row of the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hotline.call.state import CONNECTED, STATES, Caller, CallState, OfferSeen, RingOrder, Signal, Slots

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
SLOTS = Slots(NOW + timedelta(minutes=30), NOW + timedelta(hours=23, minutes=30))
CAP = NOW + timedelta(seconds=60)
LAWYER, WORKER, FALLBACK = 71, 5, "+31850000009"
AREAS, SIGNPOST, SECOND_PAGE = tuple(range(1, 11)), 8, 9
RING_ORDER = RingOrder(LAWYER, "+31600000101", 20, "own", "p" + "a" * 26)
SOMEBODY = Caller(worker_id=WORKER, usual_area=1, regions=(11,), remembered_region=11, number="+31600000001")

CHOSEN = {"area_id": 1, "asked_at": NOW - timedelta(seconds=30), "cap_at": CAP, "consultation_id": 401}
RINGING = {**CHOSEN, "rings": 1, "offer_id": 301, "stage": "own"}
PROMISED = {"promise_id": 501, "promise_at": SLOTS.soon}
IN_STATE: dict[str, dict[str, Any]] = {
    "greet": {},
    "main": {"worker_id": None, "organisation_id": 6, "is_main": True},
    "ident": {"worker_id": None},
    "region": {"region_id": None},
    "menu": {},
    "closed": {"opening": NOW + timedelta(days=1)},
    "stranger": {"worker_id": None},
    "ring": RINGING,
    "later": {**RINGING, **PROMISED, "promise_lawyer": LAWYER},
    "talk": RINGING,
    "check": RINGING,
    "outcome": RINGING,
    "choice": {**RINGING, **PROMISED, "other_slot": SLOTS.next_day},
    "help": {**RINGING, **PROMISED},
    "end": {**RINGING, "end": CONNECTED, "end_reason": "talked"},
}


def call_in(state: str, **changed: Any) -> CallState:
    """A call that is in `state`, half a minute after its area was chosen where one was."""
    known = {
        "worker_id": WORKER,
        "callback_number": "+31600000001",
        "region_id": 11,
        "usual_area": 1,
        "menu": AREAS,
        "signposts": frozenset({SIGNPOST}),
        "regions": (11, 12),
        "country": 99,
        "line_number": "+31850000000",
        "fallback_number": FALLBACK,
    }
    values = {**known, **IN_STATE[state], **changed}
    return CallState(state=state, started_at=NOW - timedelta(minutes=1), **values)


def offer(state: str = "ring", accepted: bool = False, **changed: Any) -> OfferSeen:
    """The lawyer's leg of the call, as the rows say."""
    picked_up = NOW - timedelta(seconds=10)
    leg = OfferSeen(301, state, LAWYER, picked_up if accepted else None, picked_up if accepted else None)
    return replace(leg, **changed)


TAKEN = offer("taken", accepted=True)


def heard(kind: str, **changed: Any) -> Signal:
    return Signal(kind, slots=SLOTS, **changed)


# key name -> digits, and what the call or the signal needs besides
KEYS: dict[str, dict[str, tuple[str, dict[str, Any], dict[str, Any]]]] = {
    "greet": {name: (name, {}, {}) for name in "120*"},
    "main": {"code": ("#", {}, {"caller": SOMEBODY})},
    "ident": {
        "code": ("#", {}, {"caller": SOMEBODY}),
        "code_closed": ("#", {"came_from_closed": True}, {"caller": SOMEBODY}),
    },
    "region": {"region": ("2", {}, {}), "*": ("*", {}, {}), "0": ("0", {}, {})},
    "menu": {
        "area": ("1", {}, {}),
        "more": ("9", {}, {}),
        "unknown": ("9", {"page": 2}, {}),
        "signpost": ("8", {}, {}),
        "*": ("*", {}, {}),
        "0": ("0", {}, {}),
    },
    "closed": {"1": ("1", {}, {}), "1_unknown": ("1", {"worker_id": None}, {})},
    "stranger": {"1": ("1", {}, {})},
    "later": {name: (name, {}, {}) for name in "12"},
    "check": {name: (name, {}, {"offer": TAKEN}) for name in "12"},
    "outcome": {name: (name, {}, {}) for name in "123"},
    "choice": {name: (name, {}, {}) for name in "123"},
}
WRONG_KEY = {"main": "#", "ident": "#", "menu": "#"}

_DIALLED: dict[str, tuple[OfferSeen, bool | None]] = {
    "bridged": (TAKEN, True),
    "unbridged": (TAKEN, False),
    "unknown": (TAKEN, None),
    "refused": (offer("missed"), False),
    "keyless": (offer("whisper"), True),
}


def situations() -> Iterator[tuple[str, str, str, CallState, Signal]]:
    """(row, state, name of the key, call, signal): each reachable cell of the table."""
    for state in STATES:
        for name, (digits, call, signal) in KEYS.get(state, {}).items():
            yield "key", state, name, call_in(state, **call), heard("keys", digits=digits, **signal)
        for row, signal in signals(state).items():
            yield row, state, "", call_in(state), signal


def signals(state: str) -> dict[str, Signal]:
    """Row of the table -> a signal that is read there, for every row but that of valid keys."""
    leg = {"talk": TAKEN, "check": TAKEN, "ring": offer("missed", ended_at=NOW)}.get(state)
    word = {"offer": leg}
    found = {
        "other": heard("keys", digits=WRONG_KEY.get(state, "7"), **word),
        "none": heard("keys", **word),
        "gone": heard("gone", gone=True, **word),
        "helped": heard("helped", **word),
        "found": heard("found", ring=RING_ORDER),
    }
    for kind in ("now", "again", "same", "older", "unknown", "status", "cap", "hours", "duty", "limited"):
        found[kind] = heard(kind, **word)
    for kind in ("accepted", "nobody", "contested"):
        found[kind] = heard(kind)
    for name, (rung, bridged) in _DIALLED.items():
        found[f"dialled_{name}"] = heard("dialled", offer=rung, bridged=bridged, word="completed")
        found[f"left_{name}"] = heard("dialled", offer=rung, bridged=bridged, word="canceled", gone=True)
    for leg_is in ("alive", "gone", "refused"):
        found[f"due_{leg_is}"] = heard("due", leg=leg_is, **word)
    return found
