"""When a line is open: weekly hours on the wall, without holidays and closures. All moments are aware."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from rosters.core import holidays, wall
from rosters.core.intervals import Interval, merged, without

LOOK_AHEAD = 400  # days; a line that stays closed longer never opens again
LONG_OPEN = timedelta(days=14)
ALWAYS = tuple(((0, wall.DAY_MINUTES),) for _ in range(7))
NEVER: tuple[tuple[tuple[int, int], ...], ...] = ((),) * 7


@dataclass(frozen=True)
class Hours:
    """`week[0]` is Monday: parts of the day (opens, closes) in minutes after midnight on the wall; 1440 is the end.

    Parts that touch, also over midnight, are one stretch.
    """

    week: tuple[tuple[tuple[int, int], ...], ...] = NEVER
    closed_on_holidays: bool = True
    closures: tuple[Interval, ...] = ()
    _days: dict[date, tuple[Interval, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def on(self, day: date) -> tuple[Interval, ...]:
        """The open stretches of that day on the wall, in UTC."""
        if day not in self._days:
            closed = self.closed_on_holidays and holidays.is_holiday(day)
            parts = () if closed else self.week[day.weekday()]
            found = [stretch for opens, closes in parts for stretch in wall.stretches(day, opens, closes)]
            self._days[day] = without(found, self.closures)
        return self._days[day]

    def is_open(self, at: datetime) -> bool:
        return any(at in stretch for stretch in self.on(wall.day_of(at)))

    def next_opening(self, at: datetime) -> datetime | None:
        """The first open moment at or after `at` (`at` itself while open); None when the line does not open again."""
        for stretch in self._from(at):
            return max(at, stretch.start)
        return None

    def next_closing(self, at: datetime) -> datetime | None:
        """The end of the open stretch in which `at` lies, else of the next one.

        None when the line does not open again, or stays open for more than two weeks.
        """
        opening = self.next_opening(at)
        end = opening
        for stretch in self._from(at):
            if end is None or opening is None or end - opening > LONG_OPEN:
                return None
            if stretch.start > end:
                return end
            end = stretch.end
        return end

    def closing(self, day: date) -> datetime | None:
        """When the line closes for good on that day (midnight when it goes on); None when it is closed all day."""
        stretches = self.on(day)
        return stretches[-1].end if stretches else None

    def add_open_minutes(self, at: datetime, minutes: int) -> datetime | None:
        """The moment when the line has been open for `minutes` since `at`; with 0 the next open moment.

        None when the line does not open for so long.
        """
        left = timedelta(minutes=minutes)
        for stretch in self._from(at):
            start = max(at, stretch.start)
            if left <= stretch.end - start:
                return start + left
            left -= stretch.end - start
        return None

    def open_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How long the line is open in [start, end)."""
        total = timedelta()
        for stretch in self._from(start):
            if stretch.start >= end:
                break
            total += min(end, stretch.end) - max(start, stretch.start)
        return total

    def open_minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole open minutes in [start, end)."""
        return int(self.open_time_between(start, end).total_seconds() // 60)

    def working_day(self, day: date, number: int) -> date:
        """The `number`-th working day after `day`: Monday to Friday without holidays, whatever this line's hours."""
        return holidays.working_day(day, number)

    def open_day(self, day: date, number: int = 1) -> date | None:
        """The `number`-th day after `day` on which this line opens; None when there is none in sight."""
        for ahead in range(1, LOOK_AHEAD):
            candidate = day + timedelta(days=ahead)
            number -= bool(self.on(candidate))
            if number == 0:
                return candidate
        return None

    def _from(self, at: datetime) -> Iterator[Interval]:
        """The open stretches that end after `at`, day by day, in order."""
        first = wall.day_of(at)
        for ahead in range(LOOK_AHEAD):
            for stretch in self.on(first + timedelta(days=ahead)):
                if stretch.end > at:
                    yield stretch


def week_of(parts: Iterable[tuple[int, int, int]]) -> tuple[tuple[tuple[int, int], ...], ...]:
    """(weekday, opens, closes) rows as the `week` of Hours, parts in order."""
    week: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for weekday, opens, closes in sorted(parts):
        week[weekday].append((opens, closes))
    return tuple(tuple(day) for day in week)


def closed_stretches(closures: Iterable[tuple[datetime, datetime]]) -> tuple[Interval, ...]:
    """Closures as they are stored, in order and joined."""
    return merged(Interval(start, end) for start, end in closures)
