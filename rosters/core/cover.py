"""When people are asked to take a duty over, reminded and told; and what is left of a duty. Pure; moments in UTC.

Nobody is asked at night or in the weekend about what can wait: a duty that starts within four hours cannot. For one
that starts before working hours would leave four hours, people are asked by day in the weekend too.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from rosters.core import quiet, steps, wall
from rosters.core.intervals import Interval, between, without

HOUR = timedelta(hours=1)
URGENT = 4 * HOUR
SOON = 24 * HOUR  # such a request does not wait for the next day's one message
BY_SMS = timedelta(days=7)  # sooner than this by text message, else by mail
CLOSES_BEFORE = 2 * HOUR  # then the holder knows that it stays his
UNDO, UNDO_UNTIL = timedelta(minutes=15), 2 * HOUR

REMIND, NOT_FOUND, CLOSE = "remind", "not_found", "close"
REMIND_AT = (timedelta(days=7), timedelta(days=3), timedelta(days=1), 12 * HOUR)
NOT_FOUND_AT = (24 * HOUR, URGENT)
REST_BETWEEN = 6 * HOUR  # between being asked and being reminded
EVENING = 18 * 60  # what falls in quiet hours is told the evening before


class Step(NamedTuple):
    at: datetime
    name: str


def minute(moment: datetime) -> datetime:
    """The whole minute that it lies in: duties are cut there."""
    return moment.replace(second=0, microsecond=0)


def is_urgent(starts_at: datetime, now: datetime) -> bool:
    """It runs, or it starts within four hours: quiet hours do not count."""
    return starts_at - now < URGENT


def ask_at(starts_at: datetime, now: datetime) -> datetime:
    """When somebody is asked who would be asked now."""
    if is_urgent(starts_at, now):
        return now
    by_day = quiet.in_day_time(now)
    if starts_at - by_day >= URGENT:
        return by_day
    awake = _awake(now)
    if starts_at - awake >= HOUR:
        return awake
    return max(now, starts_at - URGENT)


def closes_at(starts_at: datetime, ends_at: datetime, now: datetime, *, vacant: bool) -> datetime:
    """Until when somebody may take it: two hours before it starts; a vacant duty, or one asked late, to its end."""
    early = starts_at - CLOSES_BEFORE
    if vacant or starts_at <= now:
        return ends_at
    return early if early - now > CLOSES_BEFORE else starts_at


def undo_until(starts_at: datetime, now: datetime) -> datetime | None:
    """Until when a take-over is taken back without a word: 15 minutes, and never within two hours of the start."""
    until = min(now + UNDO, starts_at - UNDO_UNTIL)
    return until if until > now else None


def plan(starts_at: datetime, made_at: datetime, closes: datetime) -> tuple[Step, ...]:
    """What happens around an open request, in order; the closing comes last."""
    found = {Step(closes, CLOSE)}
    for before in REMIND_AT:
        at = quiet.in_day_time(starts_at - before)
        if made_at + REST_BETWEEN < at < min(closes, starts_at - HOUR):
            found.add(Step(at, REMIND))
    for before in NOT_FOUND_AT:
        at = _told_before(starts_at - before)
        if made_at + HOUR < at < closes:
            found.add(Step(at, NOT_FOUND))
    return tuple(sorted(found))


def first_after(planned: tuple[Step, ...], moment: datetime) -> datetime | None:
    return next((step.at for step in planned if step.at > moment), None)


def left_over(duty: Interval, taken: Interval) -> tuple[Interval, ...]:
    """What remains of a duty: before, after, both, or nothing."""
    return without([duty], [taken])


def halves(when: Interval) -> tuple[Interval, ...]:
    """The two parts in which somebody may take it, cut at a whole hour; none when it is shorter than two hours."""
    if when.end - when.start < 2 * HOUR:
        return ()
    middle = (when.start + (when.end - when.start) / 2).replace(minute=0, second=0, microsecond=0)
    return (*between(when.start, middle), *between(middle, when.end))


def short_name(name: str) -> str:
    """'Sanne de Vries' -> 'Sanne de V.', as colleagues are named to each other."""
    *first, last = name.split() or [""]
    return f"{' '.join(first)} {last[:1]}." if first else last


def _awake(now: datetime) -> datetime:
    """`now`, or the next half past seven: day time of any day of the week."""
    day = wall.day_of(now)
    if now < wall.moment(day, quiet.UNTIL):
        return wall.moment(day, quiet.UNTIL)
    return now if now < wall.moment(day, quiet.FROM) else wall.moment(day + wall.A_DAY, quiet.UNTIL)


def _told_before(moment: datetime) -> datetime:
    """The moment, or when it lies in quiet hours six o'clock on the last working day before."""
    if quiet.in_day_time(moment) == moment:
        return moment
    day = wall.day_of(moment)
    evening = wall.moment(day, EVENING)
    if day.weekday() < quiet.SATURDAY and evening < moment:
        return evening
    return wall.moment(steps.last_working_day_before(day), EVENING)
