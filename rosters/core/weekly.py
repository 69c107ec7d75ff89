"""A pattern as duties: so many minutes on the wall, from a time on the wall, on these weekdays of every n-th week.

Weeks are counted from the Monday of the pattern's first day. A duty belongs to the day on which it starts: a night that
runs into a holiday is kept, a night that starts on one is skipped when the pattern skips holidays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import lcm

from rosters.core import holidays, wall
from rosters.core.intervals import Interval

MAX_DUTY = timedelta(days=8)  # nobody is on duty longer: who is on duty can be found without reading older rows
WEEK = timedelta(days=7)
WEEK_MINUTES = 7 * wall.DAY_MINUTES
LONGEST_CYCLE = 26  # weeks


@dataclass(frozen=True, slots=True)
class Weekly:
    """`weekdays` are digits, 0 is Monday. `starts` in minutes after midnight; `minutes` may run past midnight."""

    weekdays: str
    starts: int
    minutes: int
    valid_from: date
    valid_until: date | None = None  # first day without it
    every_weeks: int = 1
    turn: int = 0  # which week of the cycle; 0 is the week of valid_from
    skips_holidays: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether a duty of it may start on that day; holidays are not looked at."""
        if day < self.valid_from or (self.valid_until is not None and day >= self.valid_until):
            return False
        weeks = (monday(day) - monday(self.valid_from)).days // 7
        return str(day.weekday()) in self.weekdays and weeks % self.every_weeks == self.turn


def expand(pattern: Weekly, since: date, until: date) -> Iterator[Interval]:
    """The stretches that start on a day in [since, until), in order. A night that loses an hour gives a shorter one."""
    day = max(since, pattern.valid_from)
    last = until if pattern.valid_until is None else min(until, pattern.valid_until)
    while day < last:
        if pattern.holds_on(day) and not (pattern.skips_holidays and holidays.is_holiday(day)):
            start = wall.moment(day, pattern.starts)
            end = wall.moment(day, pattern.starts + pattern.minutes)
            if start < end:
                yield Interval(start, end)
        day += wall.A_DAY


def turn_from(pattern: Weekly, day: date) -> int:
    """The turn of a pattern that goes on from `day` in the same weeks of the cycle."""
    weeks = (monday(day) - monday(pattern.valid_from)).days // 7
    return (pattern.turn - weeks) % pattern.every_weeks


def first_clash(one: Weekly, other: Weekly) -> date | None:
    """The first day on which a duty of `one` overlaps one of `other` on the wall; None when they never do.

    Holidays are not looked at: two patterns of which one skips them share all other days.
    """
    first = max(one.valid_from, other.valid_from) - MAX_DUTY
    last = first + lcm(one.every_weeks, other.every_weeks) * WEEK + 2 * MAX_DUTY + WEEK
    theirs = [_on_the_wall(other, day) for day in _days(other, first, last)]
    for day in _days(one, first, last):
        start, end = _on_the_wall(one, day)
        if any(start < their_end and their_start < end for their_start, their_end in theirs):
            return day
    return None


def hours_outside(pattern: Weekly, week: Iterable[Iterable[tuple[int, int]]]) -> tuple[int, ...]:
    """The weekdays on which a duty lies (partly) outside the hours of `week`: per weekday from Monday, (opens, closes).

    Minutes after midnight on the wall; hours that touch, also over midnight and Sunday, are one stretch.
    """
    parts = [(day * wall.DAY_MINUTES + opens, day * wall.DAY_MINUTES + closes)
             for day, hours in enumerate(week) for opens, closes in hours]  # fmt: skip
    open_for: list[tuple[int, int]] = []
    for opens, closes in sorted((start + turn * WEEK_MINUTES, end + turn * WEEK_MINUTES)
                                for start, end in parts for turn in range(3)):  # fmt: skip
        if open_for and opens <= open_for[-1][1]:
            open_for[-1] = (open_for[-1][0], max(closes, open_for[-1][1]))
        else:
            open_for.append((opens, closes))
    outside = []
    for digit in pattern.weekdays:
        start = int(digit) * wall.DAY_MINUTES + pattern.starts
        if not any(opens <= start and start + pattern.minutes <= closes for opens, closes in open_for):
            outside.append(int(digit))
    return tuple(outside)


def overlaps_itself(pattern: Weekly) -> bool:
    """Whether a duty of it would still last when the next one starts."""
    days = sorted(int(digit) for digit in pattern.weekdays)
    following = [*days[1:], days[0] + 7 * pattern.every_weeks]
    return any(pattern.minutes > (after - day) * wall.DAY_MINUTES for day, after in zip(days, following, strict=True))


def monday(day: date) -> date:
    """The Monday of that week."""
    return day - timedelta(days=day.weekday())


def _days(pattern: Weekly, first: date, last: date) -> Iterator[date]:
    day = max(first, pattern.valid_from)
    while day < last:
        if pattern.holds_on(day):
            yield day
        day += wall.A_DAY


def _on_the_wall(pattern: Weekly, day: date) -> tuple[int, int]:
    start = day.toordinal() * wall.DAY_MINUTES + pattern.starts
    return start, start + pattern.minutes
