"""Accepted, but nobody told whether the two were joined: the caller knows."""

from __future__ import annotations

from datetime import datetime

from hotline.call.state import CallState, Signal
from hotline.call.steps.asking import after, ask
from integrations.twilio.verbs import Document


def key(state: CallState, heard: Signal) -> str:
    return heard.digits if heard.digits in {"1", "2"} else ""


def render(state: CallState) -> Document:
    return ask(state, "check", ("check", {}), wait=6)


def due(state: CallState, now: datetime) -> datetime:
    return after(45, now)
