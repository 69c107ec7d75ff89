"""What goes back to the vendor."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.twilio.verbs import Document, Hangup, Say

SORRY: Document = (Say("sorry"), Hangup())


@dataclass(frozen=True, slots=True)
class Answer:
    """A document, or nothing (an empty 204)."""

    body: str | None


NOTHING = Answer(None)


class AlreadyHeard(Exception):
    """The same request was handled by a twin a moment ago, or a status overtook it: roll back, answer as stored."""
