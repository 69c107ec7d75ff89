"""The clock on the wall in the Netherlands, and UTC. In the EU both nights change at 01:00 UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rosters.core.intervals import Interval, between

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY_MINUTES = 24 * 60
A_DAY = timedelta(days=1)
MIDNIGHT = time()


def day_of(moment: datetime) -> date:
    """The day on the wall at that moment."""
    return moment.astimezone(AMSTERDAM).date()


def moment(day: date, minutes: int) -> datetime:
    """`minutes` after midnight of `day` on the wall, in UTC; may be more than a day.

    A time that the spring night skips is the moment of the jump; one that comes twice in autumn is the first of both.
    Stretches that touch on the wall therefore touch in UTC.
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    found = wall.replace(tzinfo=AMSTERDAM).astimezone(UTC)
    if found.astimezone(AMSTERDAM).replace(tzinfo=None) != wall:
        return found.replace(minute=0)
    return found


def stretches(day: date, opens: int, closes: int) -> tuple[Interval, ...]:
    """All moments of `day` at which the wall shows a time in [opens, closes); two stretches when a time comes twice."""
    start, end = moment(day, 0), moment(day, DAY_MINUTES)
    jump = datetime.combine(day, time(1), UTC)
    halves = (
        (Interval(start, jump), Interval(jump, end)) if end - start != timedelta(days=1) else (Interval(start, end),)
    )
    found: list[Interval] = []
    for half in halves:
        midnight = datetime.combine(day, time(), UTC) - _ahead(half.start)
        found += between(
            max(half.start, midnight + timedelta(minutes=opens)), min(half.end, midnight + timedelta(minutes=closes))
        )
    return tuple(found)


def _ahead(moment: datetime) -> timedelta:
    """How far the wall is ahead of UTC."""
    return moment.astimezone(AMSTERDAM).utcoffset() or timedelta()
