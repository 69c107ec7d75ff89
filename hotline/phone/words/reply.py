"""Who texts, and what is answered: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from integrations.links import LinkFor


@dataclass(frozen=True, slots=True)
class Sender:
    person_id: int
    number: str  # E.164, verified
    now: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """`name`: a text of texts.SMS; '' when nothing is answered, or the deed itself sends one. The rest are its values.

    `did` says for the log what was done, when there is no text to name it.
    """

    name: str = ""
    at: datetime | None = None
    when: str = ""
    request: str = ""
    link: LinkFor | None = None
    did: str = ""
