"""The lawyer hung up first: was the worker helped?"""

from __future__ import annotations

from datetime import datetime

from hotline.call.state import CallState, Signal
from hotline.call.steps.asking import after, ask
from integrations.twilio.verbs import Document

VALUES = {"1": "helped", "2": "partly", "3": "not_helped"}


def key(state: CallState, heard: Signal) -> str:
    return heard.digits if heard.digits in VALUES else ""


def value(heard: Signal) -> str:
    """The outcome of the pressed key; empty: it is asked by link."""
    return VALUES.get(heard.digits, "") if heard.kind == "keys" and not heard.gone else ""


def render(state: CallState) -> Document:
    return ask(state, "outcome", ("outcome", {}), wait=6)


def due(state: CallState, now: datetime) -> datetime:
    return after(45, now)
