"""When a person cannot and would rather not, from weekly habits, what he said of given moments, and busy times.

What was said of a moment goes before the habit of that weekday; an explicit 'can' goes before a busy calendar too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from rosters.core import wall
from rosters.core.dagdelen import Part
from rosters.core.intervals import Interval, between, merged, within, without

CAN, RATHER_NOT, CANNOT = "can", "rather_not", "cannot"


@dataclass(frozen=True, slots=True)
class Habit:
    """Every week on this weekday (0 is Monday), in this dagdeel ('' is the whole day)."""

    weekday: int
    dagdeel: str
    level: str
    valid_from: date
    valid_until: date | None = None  # first day without it


@dataclass(frozen=True, slots=True)
class Said:
    """Said of a stretch of time: can, rather not, cannot."""

    when: Interval
    level: str


class Stretches(NamedTuple):
    """In order, joined, and never overlapping each other."""

    cannot: tuple[Interval, ...]
    rather_not: tuple[Interval, ...]


def stretches(
    habits: Iterable[Habit], said: Sequence[Said], busy: Iterable[Interval], window: Interval, parts: Sequence[Part]
) -> Stretches:
    """What of `window` a person cannot or would rather not do. `said` in the order of saying: the last wins."""
    usual = list(habits)
    cannot = list(_weekly(usual, CANNOT, window, parts))
    rather_not = list(_weekly(usual, RATHER_NOT, window, parts))
    cannot += within(busy, window)
    for one in said:
        cannot = list(without(cannot, [one.when]))
        rather_not = list(without(rather_not, [one.when]))
        if one.level == CANNOT:
            cannot += within([one.when], window)
        elif one.level == RATHER_NOT:
            rather_not += within([one.when], window)
    never = merged(cannot)
    return Stretches(never, without(rather_not, never))


def _weekly(habits: Sequence[Habit], level: str, window: Interval, parts: Sequence[Part]) -> Iterable[Interval]:
    """The days of the window on which this habit holds. A later habit of the same weekday and dagdeel goes first."""
    times = {part.name: (part.starts, part.ends) for part in parts} | {"": (0, wall.DAY_MINUTES)}
    day, last = wall.day_of(window.start) - timedelta(days=1), wall.day_of(window.end)
    while day <= last:
        for habit in habits:
            holds = habit.valid_from <= day and (habit.valid_until is None or day < habit.valid_until)
            if habit.level == level and habit.weekday == day.weekday() and holds and habit.dagdeel in times:
                starts, ends = times[habit.dagdeel]
                start, end = wall.moment(day, starts), wall.moment(day, ends)
                yield from between(max(start, window.start), min(end, window.end))
        day += timedelta(days=1)
