"""Everything a routing decision may look at, as plain values. Stored as JSON with the decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

STAGES = ("own", "neighbour", "country")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on duty at the moment of the decision, at one desk. The same person may stand at several desks."""

    person_id: int
    name: str
    office_id: int | None
    number: str | None  # E.164 of the verified primary number; None: cannot be rung
    desk_id: int
    desk: str
    stage: str  # one of STAGES
    neighbour_rank: int  # 0 outside the neighbour stage
    distance: int  # steps from the asked region up to the desk's region, for own-stage desks
    area_count: int
    region_count: int
    position: int
    duty_id: int
    duty_ends_at: datetime


@dataclass(frozen=True, slots=True)
class Presence:
    """What is known of a person besides his duty; a person without a Presence is simply free."""

    person_id: int
    open_offer: str = ""  # ring, whisper or taken: a phone offer that is open now
    wrapping_up_until: datetime | None = None
    paused_until: datetime | None = None
    promise_from: datetime | None = None  # busy for others from one minute before a callback he promised
    rung_last_hour: int = 0
    last_rung_at: datetime | None = None
    not_answering: bool = False  # did not confirm this duty and missed a call in it, without answering one since


@dataclass(frozen=True, slots=True)
class Tried:
    """An offer of this round that has ended."""

    person_id: int
    state: str  # missed, busy, silent, later, ...
    stage: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    lane: str
    people: tuple[Person, ...]
    presence: tuple[Presence, ...] = ()
    tried: tuple[Tried, ...] = ()
    excluded_people: frozenset[int] = frozenset()
    excluded_offices: frozenset[int] = frozenset()
    just_rung: frozenset[int] = frozenset()  # somebody else's offer won the race for them a moment ago
    continuity: int | None = None  # person_id of the lawyer who already spoke on this consultation
    cap_at: datetime | None = None  # None: no caller waits (callback, online)
