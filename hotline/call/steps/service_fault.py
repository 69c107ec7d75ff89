"""Our own fault, three times: the staffed fallback number, without a whisper."""

from __future__ import annotations

from datetime import datetime

from hotline.call.state import CallState, Signal
from hotline.call.steps.asking import after
from integrations.twilio.verbs import Dial, Document, Hangup, Number, Say


def key(state: CallState, heard: Signal) -> str:
    return ""


def render(state: CallState) -> Document:
    if not state.fallback_number:
        return (Say("fault_later"), Hangup())
    party = Number(state.fallback_number)
    return (Say("fault"), Dial("helped", party, 35, state.line_number, answer_on_bridge=False))


def due(state: CallState, now: datetime) -> datetime:
    return after(120, now)
