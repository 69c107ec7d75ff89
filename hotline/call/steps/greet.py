"""A known caller with one usual area: one key and the phone rings."""

from __future__ import annotations

from datetime import datetime

from hotline.call.state import URGENT, CallState, Signal
from hotline.call.steps.asking import after, ask
from integrations.twilio.verbs import Document


def key(state: CallState, heard: Signal) -> str:
    if heard.digits == "*" and state.lane == URGENT:
        return "0"
    return heard.digits if heard.digits in {"0", "1", "2", "*"} else ""


def render(state: CallState) -> Document:
    area = {"area": state.usual_area}
    if state.has_notice:
        return ask(state, "greet", ("service", {}), ("notice", {}), ("greet_notice", area), wait=3)
    return ask(state, "greet", ("greet", area), wait=3)


def due(state: CallState, now: datetime) -> datetime:
    return after(45, now)
