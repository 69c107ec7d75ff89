"""Three codes that nobody has: where a member of the public finds help, and a way for a professional."""

from __future__ import annotations

from datetime import datetime

from hotline.call.state import CallState, Signal
from hotline.call.steps.asking import after, ask
from integrations.twilio.verbs import Document


def key(state: CallState, heard: Signal) -> str:
    return "1" if heard.digits == "1" else ""


def render(state: CallState) -> Document:
    return ask(state, "stranger", ("stranger", {}), wait=6)


def due(state: CallState, now: datetime) -> datetime:
    return after(45, now)
