"""TwiML verbs as frozen values that tests compare. Standard library only: the pure call machine speaks in these.

`Say.text` is an English message id with `{named}` values; the edge translates it and puts the values in.
`action` and `url` are one step word, such as "area", or "token/word" for another leg; the edge makes the address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Say:
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Pause:
    length: int = 1


@dataclass(frozen=True)
class Gather:
    """Keys only. `timeout` in seconds from the end of the speech or from the first key."""

    action: str
    says: tuple[Say | Pause, ...]
    digits: int = 1
    timeout: int = 5


@dataclass(frozen=True)
class Number:
    """The party to ring. Without `url` there is no whisper (the staffed fallback number)."""

    e164: str
    url: str = ""
    status: str = ""


@dataclass(frozen=True)
class Dial:
    """`seconds` is how long the phone should really ring; the edge subtracts what the vendor adds."""

    action: str
    number: Number
    seconds: int
    caller_id: str
    time_limit: int = 3600
    answer_on_bridge: bool = True


@dataclass(frozen=True)
class Redirect:
    action: str


@dataclass(frozen=True)
class Hangup:
    pass


@dataclass(frozen=True)
class Reject:
    reason: str = "busy"


Verb = Say | Pause | Gather | Dial | Redirect | Hangup | Reject
Document = tuple[Verb, ...]
