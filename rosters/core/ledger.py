"""What somebody really did: duties as far as they were in force, which are unpopular, and who did how much. Pure.

A duty belongs to the day on the wall on which it starts. Only what has begun counts, and only up to now. When a duty
went out of force after its start, the part before that counts, unless a later row took that time over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from rosters.core import holidays, wall
from rosters.core.intervals import Interval, within, without

NOT_DONE = frozenset({"no_show", "undone"})  # reasons of cancelling after which nothing of it was done
COUNTS_FROM = 60  # minutes in unpopular time, or on a holiday, that make a duty count as such
NIGHT_ENDS, NOON, EVENING = 7 * 60, 13 * 60, 18 * 60
FRIDAY = 4
ENOUGH = timedelta(weeks=4)  # less says nothing about how fair it is
LOW, HIGH = 0.1, 0.9  # the band lies between these parts of the people


@dataclass(frozen=True, slots=True)
class Row:
    """A duty as it is stored; of two that claim the same time the one with the higher id was written later."""

    id: int
    desk_id: int
    person_id: int
    position: int
    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None = None
    cancelled_why: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """A duty as far as it was done, at least a minute of it."""

    duty_id: int
    desk_id: int
    person_id: int
    position: int
    day: date  # on which the duty starts
    stretches: tuple[Interval, ...]
    is_cut_short: bool  # went out of force after its start
    is_running: bool

    @property
    def starts_at(self) -> datetime:
        return self.stretches[0].start

    @property
    def ends_at(self) -> datetime:
        return self.stretches[-1].end

    @property
    def minutes(self) -> int:
        return _minutes(self.stretches)

    @property
    def is_unpopular(self) -> bool:
        return self._touches(unpopular_on)

    @property
    def is_on_holiday(self) -> bool:
        return self._touches(_holiday_on)

    def _touches(self, stretches_on: Callable[[date], tuple[Interval, ...]]) -> bool:
        """Whether an hour of it, or the whole of a shorter one, lies in such time."""
        found, day, last = 0, wall.day_of(self.starts_at), wall.day_of(self.ends_at)
        enough = min(COUNTS_FROM, self.minutes)
        while day <= last and found < enough:
            for stretch in stretches_on(day):
                found += _minutes(within(self.stretches, stretch))
            day += wall.A_DAY
        return found >= enough


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one person in one period, or added up over more."""

    duties: int = 0
    minutes: int = 0
    unpopular: int = 0
    holidays: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.duties + other.duties,
            self.minutes + other.minutes,
            self.unpopular + other.unpopular,
            self.holidays + other.holidays,
        )


@dataclass(frozen=True, slots=True)
class Period:
    """The local days in [starts_on, ends_on)."""

    starts_on: date
    ends_on: date

    @property
    def window(self) -> Interval:
        return Interval(wall.moment(self.starts_on, 0), wall.moment(self.ends_on, 0))


@dataclass(frozen=True, slots=True)
class Measure:
    """Own figure beside that of everybody on the same desks, at one's own agreed share."""

    own: int
    average: float
    low: float  # nine of ten have at least this
    high: float  # nine of ten have at most this
    people: int  # with the person himself

    @property
    def difference(self) -> int:
        """Whole ones above (positive) or below the average."""
        return round(self.own - self.average)


def done(rows: Iterable[Row], now: datetime) -> list[Done]:
    """What was done of these rows, in order of time. `rows` must hold those that took time over from others in it.

    Where two claim the same person or position, what is in force counts, and of what is not, the later row.
    """
    taken: dict[tuple[str, int, int], list[Interval]] = defaultdict(list)
    found = []
    for row in sorted(rows, key=lambda row: (row.cancelled_at is None, row.id), reverse=True):
        end = min(row.ends_at, now, row.cancelled_at or row.ends_at)
        if end <= row.starts_at or (row.cancelled_at and row.cancelled_why in NOT_DONE):
            continue
        keys = ("person", row.person_id, 0), ("place", row.desk_id, row.position)
        stretches: tuple[Interval, ...] = (Interval(row.starts_at, end),)
        if row.cancelled_at:
            stretches = without(stretches, [*taken[keys[0]], *taken[keys[1]]])
        for key in keys:
            taken[key] += stretches
        if _minutes(stretches):
            is_running = row.cancelled_at is None and row.ends_at > now
            found.append(
                Done(
                    row.id,
                    row.desk_id,
                    row.person_id,
                    row.position,
                    wall.day_of(row.starts_at),
                    stretches,
                    row.cancelled_at is not None,
                    is_running,
                )
            )
    return sorted(found, key=lambda one: (one.starts_at, one.duty_id))


def figures(duties: Iterable[Done]) -> dict[int, Figures]:
    """Per person; those without any are left out."""
    found: dict[int, Figures] = defaultdict(Figures)
    for one in duties:
        found[one.person_id] += Figures(1, one.minutes, int(one.is_unpopular), int(one.is_on_holiday))
    return dict(found)


# --- Time that nobody likes -----------------------------------------------------------------------------------------
@lru_cache(maxsize=4096)
def unpopular_on(day: date) -> tuple[Interval, ...]:
    """The unpopular time of one day: Friday from 13:00, the evening and night (18:00-7:00), weekends, holidays, a
    working day between a holiday and another free day, and 24 and 31 December."""
    if is_free(day) or is_squeezed(day) or (day.month, day.day) in {(12, 24), (12, 31)}:
        return wall.stretches(day, 0, wall.DAY_MINUTES)
    late = NOON if day.weekday() == FRIDAY else EVENING
    return (*wall.stretches(day, 0, NIGHT_ENDS), *wall.stretches(day, late, wall.DAY_MINUTES))


def is_free(day: date) -> bool:
    """Weekend or holiday."""
    return not holidays.is_working_day(day)


def is_squeezed(day: date) -> bool:
    """A working day with a free day on both sides, of which one is a holiday."""
    before, after = day - wall.A_DAY, day + wall.A_DAY
    near_holiday = holidays.is_holiday(before) or holidays.is_holiday(after)
    return not is_free(day) and is_free(before) and is_free(after) and near_holiday


@lru_cache(maxsize=4096)
def _holiday_on(day: date) -> tuple[Interval, ...]:
    return wall.stretches(day, 0, wall.DAY_MINUTES) if holidays.is_holiday(day) else ()


# --- Periods --------------------------------------------------------------------------------------------------------
def quarter(day: date, back: int = 0) -> Period:
    """The calendar quarter of that day, or one that lies `back` quarters earlier."""
    number = day.year * 4 + (day.month - 1) // 3 - back
    return Period(_first_of_quarter(number), _first_of_quarter(number + 1))


def month(day: date) -> Period:
    """The calendar month of that day."""
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=32)).replace(day=1))


def _first_of_quarter(number: int) -> date:
    return date(number // 4, number % 4 * 3 + 1, 1)


# --- Comparing ------------------------------------------------------------------------------------------------------
def measure(person_id: int, values: Mapping[int, int], weights: Mapping[int, float]) -> Measure:
    """One person's figure beside everybody's in `values`, each by his agreed share (1 when it is not in `weights`).

    The average and the band are told at the person's own share, so that half a load is held to half of them.
    """
    mine = weights.get(person_id, 1.0)
    by_share = sorted(value / weights.get(one, 1.0) * mine for one, value in values.items())
    own = values.get(person_id, 0)
    if not by_share:
        return Measure(own, float(own), float(own), float(own), 0)
    average = sum(by_share) / len(by_share)
    return Measure(own, average, percentile(by_share, LOW), percentile(by_share, HIGH), len(by_share))


def percentile(ordered: Sequence[float], part: float) -> float:
    """The value below which this part of them lies, on the line between neighbours; `ordered` is not empty."""
    place = part * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _minutes(stretches: Iterable[Interval]) -> int:
    return sum(int((stretch.end - stretch.start).total_seconds()) for stretch in stretches) // 60
