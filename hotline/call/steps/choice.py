"""Nobody is free within the cap. The ticket is written; keys can only confirm, move or withdraw it."""

from __future__ import annotations

from datetime import datetime

from hotline.call.state import CallState, Signal
from hotline.call.steps.asking import after, ask
from integrations.twilio.verbs import Document


def key(state: CallState, heard: Signal) -> str:
    keys = {"1", "2", "3"} if state.other_slot else {"1"}
    return heard.digits if heard.digits in keys else ""


def render(state: CallState) -> Document:
    if state.other_slot is None:
        return ask(state, "choice", ("later_only", {"at": state.promise_at}), wait=6)
    return ask(state, "choice", ("choice", {"at": state.promise_at, "other": state.other_slot}), wait=6)


def due(state: CallState, now: datetime) -> datetime:
    return after(60, now)
