"""The two are talking: nothing is asked of anybody."""

from __future__ import annotations

from datetime import datetime

from hotline.call.state import CallState, Signal
from hotline.call.steps.asking import after
from integrations.twilio.verbs import Document, Redirect

LONGEST_TALK = 3600


def key(state: CallState, heard: Signal) -> str:
    return ""


def render(state: CallState) -> Document:
    return (Redirect("now"),)


def due(state: CallState, now: datetime) -> datetime:
    return after(LONGEST_TALK + 60, now)
