"""The lawyer's leg of a call as one pure, total function: offer state x signal -> state, document, effects.

Only key 1 accepts. Every document but that of key 1 ends in Hangup: a voicemail can never be joined to a caller.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from integrations.twilio.verbs import Document, Gather, Hangup, Pause, Redirect, Say

RING, WHISPER, TAKEN, ENDED = "ring", "whisper", "taken", "ended"
LEG_STATES = (RING, WHISPER, TAKEN, ENDED)
EXPLAIN_NEEDS = timedelta(seconds=8)
WHISPER_DUE = timedelta(seconds=25)


@dataclass(frozen=True, slots=True)
class LegState:
    """One lawyer's leg. `caller`: here (rings on this offer), taken (helped by another) or gone."""

    state: str
    area_id: int | None
    region_id: int | None
    urgent: bool = False
    caller: str = "here"
    tries: int = 0
    cap_at: datetime | None = None
    promise_stands: bool = False
    later_at: datetime | None = None
    duty_ends_at: datetime | None = None
    caller_left: bool = False

    @property
    def row(self) -> str:
        return self.state if self.state in LEG_STATES else ENDED


@dataclass(frozen=True, slots=True)
class LegSignal:
    """kind: whisper, keys, status, now, older, same, fault, due, hours, moved. word: the vendor's word for the leg."""

    kind: str
    digits: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class LegStep:
    """`effects` are words that hotline/phone/lawyers.py writes: accept, later, slot, conflict, wrong_area, ..."""

    state: LegState
    document: Document | None
    effects: tuple[str, ...] = ()
    answer: str = ""
    cell: str = ""


# event: (ring, whisper, taken, ended). A cell is "state.effect: document"; "-" leaves all as it is.
LEG_TABLE: dict[str, tuple[str, str, str, str]] = {
    "whisper": ("whisper: whisper", "whisper: whisper", "lost", "lost"),
    "whisper_lost": ("stopped: lost", "stopped: lost", "lost", "lost"),
    "key_1": ("taken.accept: connected", "taken.accept: connected", "connected", "lost"),
    "key_1_lost": ("stopped: lost", "stopped: lost", "connected", "lost"),
    "key_2": ("later.later: key_later", "later.later: key_later", "lost", "lost"),
    "key_3": ("slot.slot: key_slot", "slot.slot: key_slot", "lost", "lost"),
    "key_4": ("conflict.conflict: key_conflict", "conflict.conflict: key_conflict", "lost", "lost"),
    "key_5": ("wrong_area.wrong_area: key_wrong_area", "wrong_area.wrong_area: key_wrong_area", "lost", "lost"),
    "key_0": ("whisper.try: explain", "whisper.try: explain", "lost", "lost"),
    "other": ("whisper.try: unknown_key", "whisper.try: unknown_key", "lost", "lost"),
    "none": ("silent: bye", "silent: bye", "lost", "lost"),
    "now": ("whisper: whisper", "whisper: whisper", "connected", "lost"),
    "status_early": ("-", "-", "-", "-"),
    "status_answered": (".answered", "-", "-", "-"),
    "status_busy": ("busy", "silent", ".leg_over", "-"),
    "status_no-answer": ("missed", "silent", ".leg_over", "-"),
    "status_failed": ("bad_number.suspect", "silent", ".leg_over", "-"),
    "status_canceled": ("stopped", "stopped", ".leg_over", "-"),
    "status_completed": ("silent", "silent", ".leg_over", "-"),
    "same": ("same", "same", "same", "same"),
    "older": ("redirect", "redirect", "lost", "lost"),
    "fault": ("again", "again", "again", "bye"),
    "due": ("lapsed", "lapsed", "-", "-"),
    "hours": ("-", "-", "-", "-"),
    "moved": ("stopped", "stopped", "-", "-"),
}


def next_step(leg: LegState, heard: LegSignal, now: datetime) -> LegStep:
    """One step of the lawyer's leg, total over states and signals."""
    event = _event(leg, heard, now)
    cell = LEG_TABLE[event][LEG_STATES.index(leg.row)]
    if cell == "-":
        return LegStep(leg, None, cell=cell)
    if cell == "same":
        return LegStep(leg, None, answer="same", cell=cell)
    head, _, document = cell.partition(": ")
    if cell in DOCUMENTS:
        head, document = "", cell
    target, _, effect = head.partition(".")
    after = replace(leg, state=target or leg.state, tries=leg.tries + (effect == "try"))
    effects = (effect,) if effect and effect != "try" else ()
    if document == "lost" and leg.caller != "taken":
        effects = (*effects, "tell_gone")  # 'you will get a text message', so there is one
    return LegStep(after, speak(document, leg) if document else None, effects, cell=cell)


def _event(leg: LegState, heard: LegSignal, now: datetime) -> str:
    if heard.kind == "status":
        if heard.word in {"queued", "initiated", "ringing"}:
            return "status_early"
        word = "answered" if heard.word in {"answered", "in-progress"} else heard.word
        return f"status_{word}" if f"status_{word}" in LEG_TABLE else "status_early"
    if heard.kind == "whisper":
        return "whisper" if leg.caller == "here" else "whisper_lost"
    if heard.kind != "keys":
        return heard.kind
    if not heard.digits:
        return "none"
    if heard.digits == "1":
        return "key_1" if leg.caller == "here" else "key_1_lost"
    if heard.digits == "2" and leg.promise_stands:
        return "none"  # one promise per consultation
    if heard.digits in {"2", "3", "4", "5"}:
        return f"key_{heard.digits}"
    if leg.tries >= 1 or (leg.cap_at is not None and leg.cap_at - now < EXPLAIN_NEEDS):
        return "none"
    return "key_0" if heard.digits == "0" else "other"


DOCUMENTS = frozenset({"lost", "connected", "redirect", "bye", "again"})


def speak(name: str, leg: LegState) -> Document:
    """The document of a cell."""
    if name == "whisper":
        first = Say("whisper_urgent" if leg.urgent else "whisper", {"area": leg.area_id, "region": leg.region_id})
        return _ask(first, Pause(1), Say("whisper_else"))
    if name == "explain":
        return _ask(Say("whisper_explain"))
    if name == "unknown_key":
        return _ask(Say("whisper_unknown"))
    if name == "connected":
        return (Say("connected"),)
    if name == "lost":
        return (Say("lost_taken" if leg.caller == "taken" else "lost_gone"), Hangup())
    if name == "key_later":
        return (Say("key_later", {"at": leg.later_at}), Hangup())
    if name == "key_slot":
        return (Say("key_slot", {"at": leg.duty_ends_at}), Hangup())
    if name == "redirect":
        return (Redirect("now"),)
    if name in {"key_conflict", "key_wrong_area"}:
        return (Say(name), Hangup())
    return (Hangup(),)


def _ask(*says: Say | Pause) -> Document:
    return (Gather("key", says, 1, 4), Hangup())
