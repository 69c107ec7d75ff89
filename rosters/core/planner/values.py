"""What the planner is asked and what it answers. Times are UTC and half-open; days and weeks are those of Amsterdam.

The same values as JSON are the planner's door to the outside: `read.py`, `problem.schema.json`, `proposal.schema.json`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from rosters.core.intervals import Interval

LOCKED, ON_SLOT, UNAVAILABLE, ONE_PER_DAY = "locked", "on_slot", "unavailable", "one_per_day"
REST, WEEK_CAP, TOTAL_CAP, FREE = "rest", "week_cap", "total_cap", "free"
REASONS = (LOCKED, ON_SLOT, UNAVAILABLE, ONE_PER_DAY, REST, WEEK_CAP, TOTAL_CAP, FREE)
"""In the order in which they count: somebody is counted once, by the first that applies."""


class ProblemError(ValueError):
    """A problem or proposal that cannot be read, or is too large. `path` is the place, such as people[17].weight."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__(f"{path}: {text}" if path else text)
        self.path, self.text = path, text


class Pair(NamedTuple):
    """Somebody on a slot."""

    slot: str
    person: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of a desk. `need` people are on it: first on duty, then backup. `unpopular` >= 1 is shared apart."""

    id: str
    desk: str
    areas: tuple[str, ...]
    regions: tuple[str, ...]
    start: datetime
    end: datetime
    need: int = 2
    unpopular: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes duties. `weight` is the agreed share of a full load; past loads are what the ledger carries.

    A cap of None is no cap. `min_total` is a wish of the house, not a rule.
    """

    id: str
    areas: tuple[str, ...]
    regions: tuple[str, ...]
    generalist: bool = False
    weight: float = 1.0
    past_load: float = 0.0
    past_unpopular: float = 0.0
    max_per_week: int | None = None
    max_total: int | None = None
    min_total: int = 0
    unavailable: tuple[Interval, ...] = ()
    rather_not: tuple[Interval, ...] = ()
    wish: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """`free_days_between` counts whole days between two duties of one week, or of any weeks with `across_weeks`."""

    one_per_day: bool = False
    free_days_between: int = 0
    across_weeks: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """All the planner knows. `locked` stays; `current`, when there is any, is a roster to change as little as possible.

    Of the people whom `current` has on a slot, the one named first is first on duty.
    """

    slots: tuple[Slot, ...]
    people: tuple[Person, ...]
    locked: tuple[Pair, ...] = ()
    current: tuple[Pair, ...] = ()
    rules: Rules = field(default_factory=Rules)


class Assigned(NamedTuple):
    """Somebody on a slot, in position 1 (first on duty), 2 (backup) and so on."""

    slot: str
    person: str
    position: int


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """These slots can only be served by these people, and together they ask for more than those may give."""

    slots: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A slot with `missing` empty places. `reasons` counts each of the `qualified` once and has every key of REASONS.

    `proven`: no roster leaves fewer places empty in this slot's week.
    """

    slot: str
    missing: int
    proven: bool
    qualified: int
    reasons: dict[str, int]
    bottleneck: Bottleneck


@dataclass(frozen=True, slots=True)
class Cost:
    """What a roster costs once coverage is settled; `costs.py` says what each part is."""

    fairness: float
    unpopular_fairness: float
    rather_not: int
    wishes_missed: int
    min_missed: int
    changes: int
    total: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """A roster and what is known about it. Bounds are never above the value; equal means that it is proven."""

    assigned: tuple[Assigned, ...]
    uncovered: tuple[Uncovered, ...]
    uncovered_total: int
    uncovered_bound: int
    proven_minimal: bool
    cost: Cost
    cost_bound: float
    seconds: float
    first_answer_seconds: float
    seed: int
