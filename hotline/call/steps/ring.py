"""One offer is out: ringing or whisper. Nothing is said the first time; the tone is the answer to the key."""

from __future__ import annotations

from datetime import datetime, timedelta

from hotline.call.state import CallState, RingOrder, Signal
from integrations.twilio.verbs import Dial, Document, Number, Redirect, Say

WHISPER_SECONDS = 13


class AsStep:
    """A call that rings asks nothing: keys do not count, and a lost place is found again by a redirect."""

    def key(self, state: CallState, heard: Signal) -> str:
        return ""

    def render(self, state: CallState) -> Document:
        return (Redirect("now"),)

    def due(self, state: CallState, now: datetime) -> datetime | None:
        return state.cap_at


AS_STEP = AsStep()


def render(state: CallState, order: RingOrder) -> Document:
    party = Number(order.number, url=f"{order.token}-1/whisper", status=f"{order.token}/status")
    return (*(Say(name) for name in state.prefix), Dial("dialled", party, order.seconds, state.line_number))


def due(state: CallState, order: RingOrder, now: datetime) -> datetime:
    over = now + timedelta(seconds=order.seconds + WHISPER_SECONDS + 10)
    return min(state.cap_at, over) if state.cap_at else over
