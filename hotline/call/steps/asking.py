"""What the questions share: one key asked for, with what was wrong said first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hotline.call.state import CallState
from integrations.twilio.verbs import Document, Gather, Say

Sentence = tuple[str, dict[str, Any]]


def ask(state: CallState, step: str, *sentences: Sentence, wait: int = 5, digits: int = 1) -> Document:
    """A Gather of `digits` keys that first says why the question comes again."""
    first = tuple(Say(name) for name in state.prefix)
    return (Gather(step, first + tuple(Say(name, values) for name, values in sentences), digits, wait),)


def after(seconds: int, now: datetime) -> datetime:
    return now + timedelta(seconds=seconds)
