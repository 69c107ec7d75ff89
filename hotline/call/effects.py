"""What a step of the call asks to be written, as values. hotline/phone writes them in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ChooseArea:
    """Open the consultation, or correct its area when it is open already."""


@dataclass(frozen=True, slots=True)
class RememberRegion:
    region_id: int


@dataclass(frozen=True, slots=True)
class CloseOffer:
    """End the present offer in `state`; an accepted one that never joined is `unbridged`."""

    state: str
    tell_lawyer: bool = False


@dataclass(frozen=True, slots=True)
class Seek:
    """Ask routing for the next lawyer."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Write the callback before it is spoken. `coordinator`: nobody else can keep it (area unknown, our fault)."""

    at: datetime
    why: str
    coordinator: bool = False
    first: int | None = None  # the lawyer to ring first


@dataclass(frozen=True, slots=True)
class MovePromise:
    at: datetime


@dataclass(frozen=True, slots=True)
class WithdrawPromise:
    reason: str


@dataclass(frozen=True, slots=True)
class ConfirmPromise:
    """The caller agreed or left: text the worker when we call, with a link to move or withdraw."""


@dataclass(frozen=True, slots=True)
class TalkEnded:
    """The conversation was had: ask the lawyer's outcome, and the worker's if no key gives it."""


@dataclass(frozen=True, slots=True)
class WorkerOutcome:
    """helped, partly or not_helped by key; empty: ask by link."""

    value: str


@dataclass(frozen=True, slots=True)
class WithdrawConsultation:
    reason: str


@dataclass(frozen=True, slots=True)
class RedirectToNow:
    """The watchdog moves the caller to the present question; an unanswered offer lapses."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A ticket for the coordinator: no_bridge_key, vendor_refused, fallback, mismatch."""

    kind: str


Effect = (
    ChooseArea
    | RememberRegion
    | CloseOffer
    | Seek
    | Promise
    | MovePromise
    | WithdrawPromise
    | ConfirmPromise
    | TalkEnded
    | WorkerOutcome
    | WithdrawConsultation
    | RedirectToNow
    | Alarm
)
