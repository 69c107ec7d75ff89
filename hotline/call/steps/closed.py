"""Outside opening hours: shall we call when we open?"""

from __future__ import annotations

from datetime import datetime

from hotline.call.state import CallState, Signal
from hotline.call.steps.asking import after, ask
from integrations.twilio.verbs import Document


def key(state: CallState, heard: Signal) -> str:
    if heard.digits != "1":
        return ""
    return "1" if state.worker_id or state.organisation_id else "1_unknown"


def render(state: CallState) -> Document:
    opening = {"opening": state.opening}
    if state.has_notice:
        return ask(state, "closed", ("service", {}), ("notice", {}), ("closed_notice", opening))
    return ask(state, "closed", ("closed", opening))


def due(state: CallState, now: datetime) -> datetime:
    return after(45, now)
