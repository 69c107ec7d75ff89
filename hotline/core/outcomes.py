"""What came of a talk or an answer, as each side says it, and which key says what."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Side(StrEnum):
    WORKER = "worker"
    LAWYER = "lawyer"


class Value(StrEnum):
    HELPED = "helped"
    PARTLY = "partly"
    NOT_HELPED = "not_helped"
    ANSWERED = "answered"
    FOLLOW_UP = "follow_up"
    HAND_OVER = "hand_over"
    WRONG_AREA = "wrong_area"
    LATER = "later"


class Then(StrEnum):
    """What the asker wants when it did not, or only partly, help."""

    UNDECIDED = ""
    AGAIN = "again"
    COORDINATOR = "coordinator"


KEYS: Mapping[Side, Mapping[str, Value]] = {
    Side.WORKER: {"1": Value.HELPED, "2": Value.PARTLY, "3": Value.NOT_HELPED},
    Side.LAWYER: {
        "1": Value.ANSWERED,
        "2": Value.FOLLOW_UP,
        "3": Value.HAND_OVER,
        "4": Value.WRONG_AREA,
        "9": Value.LATER,
    },
}
UNHELPED = frozenset({Value.PARTLY, Value.NOT_HELPED})


def by_key(side: str, key: str) -> Value | None:
    """What this key says on this side; None for a key without a meaning."""
    return KEYS[Side(side)].get(key)


def belongs_to(side: str, value: str) -> bool:
    """Whether this side can say this."""
    return value in KEYS[Side(side)].values()
