"""Reads the vendor's form into one value. Missing, empty and unknown parameters are told apart nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from directory.numbers import dialled_from

KEYPAD = frozenset("0123456789*#ABCD")
GONE = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


@dataclass(frozen=True, slots=True)
class Form:
    """One request of the vendor. `digits` is '' for no key, an empty one or a missing parameter: one event, none."""

    call_sid: str
    from_number: str
    to_number: str
    status: str
    digits: str
    dial_status: str
    dial_sid: str
    dial_seconds: int | None
    bridged: bool | None
    is_status: bool
    sequence: str
    leg_seconds: int | None

    @property
    def gone(self) -> bool:
        """The leg of this request is over."""
        return self.status in GONE


def read(post: Mapping[str, str]) -> Form:
    bridged = post.get("DialBridged", "").strip().lower()
    status = post.get("CallStatus", "").strip().lower()
    return Form(
        call_sid=post.get("CallSid", "")[:80],
        from_number=dialled_from(post.get("From", "")),
        to_number=post.get("To", "").strip(),
        status=status,
        digits="".join(key for key in post.get("Digits", "")[:16] if key in KEYPAD),
        dial_status=post.get("DialCallStatus", "").strip().lower(),
        dial_sid=post.get("DialCallSid", "")[:80],
        dial_seconds=_whole(post.get("DialCallDuration", "")),
        bridged={"true": True, "false": False}.get(bridged),
        is_status=post.get("CallbackSource", "") == "call-progress-events",
        sequence=post.get("SequenceNumber", "")[:12],
        leg_seconds=_whole(post.get("CallDuration", "")),
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 9 else None
