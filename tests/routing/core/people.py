"""Who could be on duty, with defaults, for tests of the order of ringing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from routing.core.facts import Facts, Person, Tried

NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
CAP = timedelta(seconds=90)
DESKS = {
    "Walcheren alle gebieden": {"desk_id": 1, "stage": "own", "distance": 0, "area_count": 12, "region_count": 1},
    "Amsterdam huur": {"desk_id": 2, "stage": "own", "distance": 0, "area_count": 1, "region_count": 1},
    "Rotterdam huur": {"desk_id": 3, "stage": "neighbour", "neighbour_rank": 1, "area_count": 1, "region_count": 1},
    "Den Haag huur": {"desk_id": 4, "stage": "neighbour", "neighbour_rank": 2, "area_count": 1, "region_count": 1},
    "Landelijk huur": {"desk_id": 5, "stage": "country", "area_count": 1, "region_count": 1},
}


def number_of(name: str) -> int:
    return crc32(name.encode()) % 100_000


def on_desk(name: str, desk: str, position: int = 1, **changed: Any) -> Person:
    values: dict[str, Any] = {
        "person_id": number_of(name),
        "name": name,
        "office_id": None,
        "number": f"+316{number_of(name):08d}",
        "desk": desk,
        "neighbour_rank": 0,
        "distance": 0,
        "position": position,
        "duty_id": number_of(name + desk),
        "duty_ends_at": NOON + timedelta(hours=4),
    }
    return Person(**{**values, **DESKS[desk], **changed})


def facts(*people: Person, **changed: Any) -> Facts:
    return Facts(**{"lane": "vandaag", "people": people, "cap_at": NOON + CAP, **changed})


def tried(name: str, state: str, ended: float, stage: str = "own") -> Tried:
    """An offer of this round that ended `ended` seconds after noon."""
    return Tried(number_of(name), state, stage, NOON + timedelta(seconds=ended))


WALCHEREN = (
    on_desk("Adriaanse", "Walcheren alle gebieden"),
    on_desk("Bakker", "Rotterdam huur", 1),
    on_desk("Çelik", "Rotterdam huur", 2),
    on_desk("De Groot", "Landelijk huur", 1),
    on_desk("Evers", "Landelijk huur", 2),
)
AMSTERDAM = (
    on_desk("Bos", "Amsterdam huur", 1),
    on_desk("Chen", "Amsterdam huur", 2),
    on_desk("Bakker", "Rotterdam huur", 1),
    on_desk("De Groot", "Landelijk huur", 1),
    on_desk("Evers", "Landelijk huur", 2),
)
