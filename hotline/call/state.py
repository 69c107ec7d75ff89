"""What the call machine knows of one caller's leg, and what it can be told. Plain frozen values, all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

GREET, MAIN, IDENT, REGION, MENU, CLOSED, STRANGER = "greet", "main", "ident", "region", "menu", "closed", "stranger"
RING, LATER, TALK, CHECK, OUTCOME, CHOICE, HELP, END = (
    "ring", "later", "talk", "check", "outcome", "choice", "help", "end",
)  # fmt: skip
STATES = (
    GREET, MAIN, IDENT, REGION, MENU, CLOSED, STRANGER, RING, LATER, TALK, CHECK, OUTCOME, CHOICE, HELP, END,
)  # fmt: skip

URGENT = "nu"
CONNECTED, CALLBACK, WITHDRAWN = "connected", "callback", "withdrawn"
COUNTRY_KEY = "9"
MOBILE = "+316"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as the directory knows. Ids; regions in order of use, the remembered one first."""

    worker_id: int | None = None
    organisation_id: int | None = None
    usual_area: int | None = None
    regions: tuple[int, ...] = ()
    remembered_region: int | None = None
    number: str = ""  # where the worker can be called back, E.164; empty: nowhere


@dataclass(frozen=True, slots=True)
class CallState:
    """One call. `menu` holds area ids in key order; moments are UTC; the last block lives only in one answer."""

    state: str
    started_at: datetime
    worker_id: int | None = None
    organisation_id: int | None = None
    callback_number: str = ""
    region_id: int | None = None
    area_id: int | None = None
    usual_area: int | None = None
    lane: str = "vandaag"
    cap_seconds: int = 90
    cap_at: datetime | None = None
    consultation_id: int | None = None
    menu: tuple[int, ...] = ()
    signposts: frozenset[int] = frozenset()
    regions: tuple[int, ...] = ()
    country: int | None = None
    page: int = 1
    tries: int = 0
    looks: int = 0  # how often the watchdog has looked in this state
    faults: int = 0  # how often a document of this call failed
    came_from_closed: bool = False
    is_main: bool = False
    has_notice: bool = False
    opening: datetime | None = None  # when a closed line opens again
    asked_at: datetime | None = None  # when an area was first chosen
    clock_stopped_at: datetime | None = None
    clock_has_stood: bool = False
    stage: str = ""
    rings: int = 0
    offer_id: int | None = None
    promise_id: int | None = None
    promise_at: datetime | None = None
    promise_lawyer: int | None = None
    other_slot: datetime | None = None
    caller_left_at: datetime | None = None
    end: str = ""
    end_reason: str = ""
    line_number: str = ""
    fallback_number: str = ""
    prefix: tuple[str, ...] = ()

    @property
    def gets_texts(self) -> bool:
        """Whether the caller can be texted: a promise by text is only spoken to somebody with a mobile phone."""
        return self.callback_number.startswith(MOBILE)


MEMORY = (
    "callback_number", "usual_area", "menu", "signposts", "regions", "country", "page", "tries", "faults",
    "came_from_closed", "is_main", "has_notice", "opening", "asked_at", "clock_stopped_at", "clock_has_stood", "stage",
    "rings", "offer_id", "promise_id", "promise_at", "promise_lawyer", "other_slot", "caller_left_at", "cap_seconds",
)  # fmt: skip
"""Fields kept in Call.memory; the others have columns of their own."""


@dataclass(frozen=True, slots=True)
class OfferSeen:
    """The call's present offer as the rows say: state, whether key 1 was pressed, and evidence of the bridge."""

    id: int
    state: str
    lawyer_id: int
    accepted_at: datetime | None = None
    answered_at: datetime | None = None
    bridged: bool | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RingOrder:
    """What routing decided: whom to ring, on which number, for how many seconds. `token` names the new leg."""

    person_id: int
    number: str
    seconds: int
    stage: str
    token: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Slots:
    """Two moments at which a callback can be promised: soon, and the first opening of the next open day."""

    soon: datetime
    next_day: datetime


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing heard on the caller's leg, or by the watchdog, or from routing.

    kind: keys, dialled, now, again, helped, gone, status, due, cap, accepted, found, nobody, contested, limited, older,
    same, unknown, hours, duty. digits: keys pressed, empty for none. caller: whom a typed code names. gone: the request
    carried a terminal CallStatus. word, bridged, seconds: DialCallStatus, DialBridged, DialCallDuration. leg: what the
    vendor said of the leg when the watchdog asked (alive, gone, refused). nth: how often `contested` happened.
    """

    kind: str
    digits: str = ""
    caller: Caller | None = None
    gone: bool = False
    word: str = ""
    bridged: bool | None = None
    seconds: int | None = None
    leg: str = ""
    nth: int = 0
    offer: OfferSeen | None = None
    ring: RingOrder | None = None
    slots: Slots | None = None
