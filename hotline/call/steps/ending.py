"""The last words of a call."""

from __future__ import annotations

from datetime import datetime

from hotline.call.state import CALLBACK, CONNECTED, CallState, Signal
from integrations.twilio.verbs import Document, Hangup, Say


class AsStep:
    def key(self, state: CallState, heard: Signal) -> str:
        return ""

    def render(self, state: CallState) -> Document:
        return (Hangup(),)

    def due(self, state: CallState, now: datetime) -> datetime | None:
        return None


AS_STEP = AsStep()


def render(state: CallState, heard: Signal, came_from: str) -> Document | None:
    """Goodbye to a caller who is still there; the watchdog (nobody there) speaks nothing."""
    if heard.kind == "due":
        return None
    if heard.gone or heard.kind == "gone":
        return (Hangup(),)
    if state.end_reason == "fallback":
        return (Hangup(),) if state.end == CONNECTED else (Say("fault_later"), Hangup())
    if state.end == CALLBACK:
        told = state.gets_texts and state.end_reason != "stranger"
        return (Say("agreed" if told else "thanks"), Hangup())
    if state.end == CONNECTED or state.end_reason == "not_needed":
        return (Say("thanks"), Hangup())
    if state.end_reason == "signposted":
        return (Say("signpost", {"signpost": state.area_id}), Hangup())
    return (Hangup(),)
