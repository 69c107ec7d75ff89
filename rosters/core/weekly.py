"""A weekly pattern as duties: so many minutes on the wall, from a time on the wall, on these weekdays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rosters.core import wall
from rosters.core.intervals import Interval

MAX_DUTY = timedelta(days=8)  # nobody is on duty longer: who is on duty can be found without reading older rows


@dataclass(frozen=True, slots=True)
class Weekly:
    """`weekdays` are digits, 0 is Monday. `starts` in minutes after midnight; `minutes` may run past midnight."""

    weekdays: str
    starts: int
    minutes: int
    valid_from: date
    valid_until: date | None = None  # first day without it


def expand(pattern: Weekly, since: date, until: date) -> Iterator[Interval]:
    """The stretches that start on a day in [since, until), in order. A night that loses an hour gives a shorter one."""
    day = max(since, pattern.valid_from)
    last = until if pattern.valid_until is None else min(until, pattern.valid_until)
    while day < last:
        if str(day.weekday()) in pattern.weekdays:
            start = wall.moment(day, pattern.starts)
            end = wall.moment(day, pattern.starts + pattern.minutes)
            if start < end:
                yield Interval(start, end)
        day += timedelta(days=1)
