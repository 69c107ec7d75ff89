"""One file per question of a call: which keys count, what is said, how long the watchdog waits.

To add a question: a file here, its line in STEPS, its column in hotline/call/table.py, its words in prompts.py.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from hotline.call.state import CallState, Signal
from hotline.call.steps import (
    check,
    choice,
    closed,
    ending,
    greet,
    ident,
    later,
    main,
    menu,
    outcome,
    region,
    ring,
    service_fault,
    stranger,
    talk,
)
from integrations.twilio.verbs import Document


class Step(Protocol):
    """What every question can do."""

    def key(self, state: CallState, heard: Signal) -> str:
        """The name of a valid key as the table has it; empty for any other key or none."""

    def render(self, state: CallState) -> Document:
        """The document that puts the question."""

    def due(self, state: CallState, now: datetime) -> datetime | None:
        """When the watchdog looks whether the answer ever came."""


STEPS: dict[str, Step] = {
    "greet": greet,
    "main": main,
    "ident": ident,
    "region": region,
    "menu": menu,
    "closed": closed,
    "stranger": stranger,
    "ring": ring.AS_STEP,
    "later": later,
    "talk": talk,
    "check": check,
    "outcome": outcome,
    "choice": choice,
    "help": service_fault,
    "end": ending.AS_STEP,
}
