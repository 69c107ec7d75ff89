"""What is to happen around one duty, and when: reminder, second reminder, alarm, start. Pure; moments in UTC.

The reminder comes at 16:00 on the last working day before the duty ('Friday for Monday'), the second at 18:00 and the
coordinator's alarm at 20:00 of that day; the start is told five minutes before. A duty that is made after one of these
moments goes on at the next.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from rosters.core import holidays, quiet, wall

REMIND, NUDGE, ALARM, START = "remind", "nudge", "alarm", "start"
AT = {REMIND: 16 * 60, NUDGE: 18 * 60, ALARM: 20 * 60}  # minutes after midnight on the wall
BEFORE_START = timedelta(minutes=5)
LATE = timedelta(hours=2)  # a duty made so shortly before it starts is told at once by what made it
TO_ANSWER = timedelta(minutes=90)  # at least, between two steps that ask for an answer


def moments(starts_at: datetime) -> tuple[tuple[str, datetime], ...]:
    """The steps of a duty in order, with their moments."""
    day = last_working_day_before(wall.day_of(starts_at))
    told = tuple((step, wall.moment(day, minutes)) for step, minutes in AT.items())
    return (*told, (START, starts_at - BEFORE_START))


def first_step(starts_at: datetime, now: datetime, confirmed: bool = False) -> tuple[str, datetime | None]:
    """The next step of a duty that is made now; ('', None) for one that has started.

    Made after its reminder was due, it is reminded at once (in quiet hours: after them, if that is soon enough), unless
    it starts within LATE or its holder has said yes: who takes a duty over for tomorrow needs no reminder of it today.
    """
    if starts_at <= now:
        return "", None
    remind = moments(starts_at)[0][1]
    if now <= remind:
        return REMIND, remind
    if starts_at - now > LATE and not confirmed:
        morning = quiet.in_day_time(now)
        return REMIND, morning if starts_at - morning > LATE else now
    return START, max(now, starts_at - BEFORE_START)


def next_step(step: str, starts_at: datetime, confirmed: bool, now: datetime) -> tuple[str, datetime | None]:
    """What comes after `step`, which is done now; ('', None) after the start. Who has confirmed is not asked again.

    Whoever was reminded late has TO_ANSWER before anything more: no second reminder, and a later alarm.
    """
    order = moments(starts_at)
    names = [name for name, _at in order]
    start = starts_at - BEFORE_START
    for name, at in order[names.index(step) + 1 :] if step in names else ():
        if name == START:
            return START, max(start, now)
        earliest = now + TO_ANSWER
        if confirmed or (name == NUDGE and at < earliest) or max(at, earliest) >= start:
            continue
        return name, max(at, earliest)
    return "", None


def last_working_day_before(day: date) -> date:
    """Monday to Friday, no holiday."""
    day -= timedelta(days=1)
    while day.weekday() > 4 or holidays.is_holiday(day):
        day -= timedelta(days=1)
    return day
