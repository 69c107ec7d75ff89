"""A lawyer pressed 2: she calls in ten minutes, or the search goes on."""

from __future__ import annotations

from datetime import datetime

from hotline.call.state import URGENT, CallState, Signal
from hotline.call.steps.asking import after, ask
from integrations.twilio.verbs import Document


def key(state: CallState, heard: Signal) -> str:
    return heard.digits if heard.digits in {"1", "2"} else ""


def render(state: CallState) -> Document:
    words = "later_urgent" if state.lane == URGENT else "later"
    return ask(state, "later", (words, {"at": state.promise_at}))


def due(state: CallState, now: datetime) -> datetime:
    return after(45, now)
