"""Quiet hours: nobody is texted at night or in the weekend about what can wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from rosters.core import wall

FROM, UNTIL = 20 * 60, 7 * 60 + 30  # minutes after midnight on the wall
OFFICE_FROM, OFFICE_UNTIL = 9 * 60, 17 * 60
SATURDAY = 5


def in_day_time(now: datetime) -> datetime:
    """`now`, or in quiet hours (20:00-7:30 and weekends) the first moment after them."""
    return _first_between(now, UNTIL, FROM)


def in_office_hours(now: datetime) -> datetime:
    """`now`, or the first moment after it from Monday to Friday, 9:00-17:00: for news that is nobody's alarm."""
    return _first_between(now, OFFICE_FROM, OFFICE_UNTIL)


def _first_between(now: datetime, since: int, until: int) -> datetime:
    day = wall.day_of(now)
    morning, evening = wall.moment(day, since), wall.moment(day, until)
    if day.weekday() < SATURDAY and morning <= now < evening:
        return now
    if now >= morning:
        day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return wall.moment(day, since)
