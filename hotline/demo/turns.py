"""Who of a pool has which day: everybody is first as often as everybody else, on every day of the week alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MORNING, EVENING = 8, 20
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Turn:
    person: int  # place in the pool
    position: int
    starts_at: datetime
    ends_at: datetime


def changing_hour(now: datetime) -> int:
    """The hour at which days of duty change: the one that leaves whoever is on duty now at least twelve hours."""
    return MORNING if MORNING <= now.astimezone(AMSTERDAM).hour < EVENING else EVENING


def turns(pool: int, since: date, until: date, hour: int) -> Iterator[Turn]:
    """First and second for every day in [since, until), from `hour` on the wall until that hour the next day.

    `pool` is at least three people and not a multiple of seven, or the same ones would have every weekend.
    """
    if pool < 3 or pool % 7 == 0:
        raise ValueError(f"a pool of {pool} cannot take fair turns")
    day = since
    while day < until:
        start, end = _at(day, hour), _at(day + DAY, hour)
        first = day.toordinal() % pool
        yield Turn(first, 1, start, end)
        yield Turn((first + pool // 2) % pool, 2, start, end)
        day += DAY


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), AMSTERDAM)
