"""A call that proves something: a test call, a spoken code, or that it was really you who reported sick.

It carries no question and joins nobody: every document ends in Hangup. Only key 1 proves, so a voicemail proves nothing
and never hears a code. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from integrations.twilio.verbs import Document, Gather, Hangup, Say

TEST, CODE, SICK = "test", "code", "sick"
WAITING, ANSWERED, PROVED, DENIED, SILENT = "waiting", "answered", "proved", "denied", "silent"
MISSED, FAILED, LOST = "missed", "failed", "lost"
OPEN = frozenset({WAITING, ANSWERED})
ENDS_AS = {"busy": MISSED, "no-answer": MISSED, "canceled": MISSED, "failed": FAILED, "completed": SILENT}
MOST_TRIES = 1  # wrong keys that are forgiven
ASKS = {TEST: "proof_test", CODE: "proof_code", SICK: "proof_sick"}
THANKS = {TEST: "proof_test_done", CODE: "proof_code_done", SICK: "proof_sick_done"}


@dataclass(frozen=True, slots=True)
class ProofLeg:
    """`code`: the digits that a CODE call speaks."""

    kind: str
    state: str
    tries: int = 0
    code: str = ""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def heard(leg: ProofLeg, digits: str) -> ProofLeg:
    """A key, or none ('')."""
    if not leg.is_open:
        return leg
    if digits == "1":
        return replace(leg, state=PROVED)
    if digits == "2" and leg.kind == SICK:
        return replace(leg, state=DENIED)
    if not digits or leg.tries >= MOST_TRIES:
        return replace(leg, state=SILENT)
    return replace(leg, state=ANSWERED, tries=leg.tries + 1)


def ended(leg: ProofLeg, word: str) -> ProofLeg:
    """The vendor's last word on the leg. What was proved stays proved."""
    if not leg.is_open:
        return leg
    if leg.state == ANSWERED:
        return replace(leg, state=SILENT)
    return replace(leg, state=ENDS_AS.get(word, MISSED))


def speak(leg: ProofLeg) -> Document:
    """What this leg hears now: made from its state alone, so whoever asks twice hears the same."""
    if leg.is_open:
        again = (Say("unknown_key"),) if leg.tries else ()
        return (Gather("key", (*again, Say(ASKS[leg.kind])), 1, 6), Hangup())
    if leg.state == PROVED and (leg.code or leg.kind != CODE):  # a code is gone once the call is over
        values = {"code": leg.code} if leg.kind == CODE else {}
        return (Say(THANKS[leg.kind], values), Hangup())
    if leg.state == DENIED:
        return (Say("proof_sick_denied"), Hangup())
    return (Hangup(),)
