"""What is to happen around one duty, and when: reminder, second reminder, alarm, start. Pure; moments in UTC.

The reminder comes at 16:00 on the last working day before the duty ('Friday for Monday'), the second at 18:00 and the
coordinator's alarm at 20:00 of that day; the start is told five minutes before. A duty that is made after one of these
moments goes on at the next.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from rosters.core import holidays, wall

REMIND, NUDGE, ALARM, START, SHOW = "remind", "nudge", "alarm", "start", "show"
AT = {REMIND: 16 * 60, NUDGE: 18 * 60, ALARM: 20 * 60}  # minutes after midnight on the wall
BEFORE_START = timedelta(minutes=5)
LATE = timedelta(hours=2)  # a duty made so shortly before it starts is told at once by what made it


def moments(starts_at: datetime) -> tuple[tuple[str, datetime], ...]:
    """The steps of a duty in order, with their moments."""
    day = last_working_day_before(wall.day_of(starts_at))
    told = tuple((step, wall.moment(day, minutes)) for step, minutes in AT.items())
    return (*told, (START, starts_at - BEFORE_START))


def first_step(starts_at: datetime, now: datetime) -> tuple[str, datetime | None]:
    """The next step of a duty that is made now; ('', None) for one that has started.

    Made after its reminder was due, it is reminded at once, unless it starts within LATE.
    """
    if starts_at <= now:
        return "", None
    remind = moments(starts_at)[0][1]
    if now <= remind:
        return REMIND, remind
    if starts_at - now > LATE:
        return REMIND, now
    return START, max(now, starts_at - BEFORE_START)


def next_step(step: str, starts_at: datetime, confirmed: bool, now: datetime) -> tuple[str, datetime | None]:
    """What comes after `step`. Who has confirmed is not asked again."""
    order = [(name, at) for name, at in moments(starts_at) if at < starts_at]
    names = [name for name, _at in order]
    after = order[names.index(step) + 1 :] if step in names else []
    for name, at in after:
        if confirmed and name in (NUDGE, ALARM):
            continue
        return name, max(at, now)
    return "", None


def last_working_day_before(day: date) -> date:
    """Monday to Friday, no holiday."""
    day -= timedelta(days=1)
    while day.weekday() > 4 or holidays.is_holiday(day):
        day -= timedelta(days=1)
    return day
