"""A number that we do not know, or not for certain: the caller's own code tells who it is."""

from __future__ import annotations

from datetime import datetime

from hotline.call.state import CallState, Signal
from hotline.call.steps.asking import after, ask
from integrations.twilio.verbs import Document


def key(state: CallState, heard: Signal) -> str:
    if heard.caller is None:
        return ""
    return "code_closed" if state.came_from_closed else "code"


def render(state: CallState) -> Document:
    again = bool(state.prefix)
    quiet = CallState(state.state, state.started_at)  # 'that code is not right' says it already
    if again:
        return ask(quiet, "code", ("ident_again", {}), wait=6, digits=8)
    if state.has_notice:
        return ask(quiet, "code", ("service", {}), ("notice", {}), ("ident", {}), wait=6, digits=8)
    return ask(quiet, "code", ("ident", {}), wait=6, digits=8)


def due(state: CallState, now: datetime) -> datetime:
    return after(60, now)
