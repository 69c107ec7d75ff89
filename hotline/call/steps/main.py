"""The main number of an organisation: a code is welcome, silence goes on as the organisation."""

from __future__ import annotations

from datetime import datetime

from hotline.call.state import CallState, Signal
from hotline.call.steps.asking import after, ask
from integrations.twilio.verbs import Document


def key(state: CallState, heard: Signal) -> str:
    return "code" if heard.caller else ""


def render(state: CallState) -> Document:
    return ask(state, "code", ("main", {"organisation": state.organisation_id}), wait=3, digits=8)


def due(state: CallState, now: datetime) -> datetime:
    return after(60, now)
