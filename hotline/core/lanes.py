"""How soon a question is accepted and answered, in open time of the line. The table of architecture section 2.

Open time is the opening hours of the line; a working day is Monday to Friday without holidays. Local moments are those
of the Netherlands. All moments are aware.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
NOW, TODAY, TWO_DAYS = "nu", "vandaag", "twee_dagen"


class OpeningHours(Protocol):
    """What the clocks ask of the hours of a line (rosters.core.hours)."""

    def is_open(self, at: datetime) -> bool: ...

    def next_opening(self, at: datetime) -> datetime | None:
        """The first open moment at or after `at`; None when the line does not open again."""
        ...

    def add_open_minutes(self, at: datetime, minutes: int) -> datetime | None:
        """The moment when the line has been open for `minutes` since `at`."""
        ...

    def open_minutes_between(self, start: datetime, end: datetime) -> int: ...

    def closing(self, day: date) -> datetime | None:
        """When the line closes for good on that local day; None when it is closed all day."""
        ...

    def working_day(self, day: date, number: int) -> date:
        """The `number`-th working day after `day`."""
        ...


@dataclass(frozen=True, slots=True)
class Lane:
    accept_minutes: int  # open minutes for each lawyer who is asked
    tries: int  # lawyers who let it pass before the coordinator gets it


LANES: Mapping[str, Lane] = {
    NOW: Lane(accept_minutes=10, tries=2),  # the coordinator at 20 minutes
    TODAY: Lane(accept_minutes=45, tries=2),
    TWO_DAYS: Lane(accept_minutes=4 * 60, tries=2),
}
PRESSING = 2  # working days: a deadline this near makes the question one for today
BEFORE_CLOSING = timedelta(hours=2)
NEXT_DAY_AT = time(11, 0)
END_OF_DAY = time(17, 0)  # of a working day on which the line itself is closed
LOOKS = 5  # times to look whether somebody can be asked, before the coordinator gets it
LEAST_MINUTES = 60  # open minutes left for an answer, however late the lawyer got the word
REMIND_AFTER, CLOSE_AFTER = 5, 10  # working days without a word of the asker


def default_lane(deadline: date | None, now: datetime, hours: OpeningHours) -> str:
    """Today when the asker's own term ends within two working days (or is over), else within two working days."""
    if deadline is None:
        return TWO_DAYS
    return TODAY if deadline <= hours.working_day(_day(now), PRESSING) else TWO_DAYS


def accept_by(lane: str, asked_at: datetime, hours: OpeningHours) -> datetime:
    """Until when the lawyer who is asked at `asked_at` may accept."""
    return _open_minutes_after(asked_at, LANES[lane].accept_minutes, hours)


def is_for_coordinator(lane: str, tries: int) -> bool:
    """Whether, after so many lawyers let it pass, the coordinator gets it."""
    return tries >= LANES[lane].tries


def answer_due(lane: str, asked_at: datetime, hours: OpeningHours) -> datetime:
    """By when a question asked at `asked_at` is answered; for lane `nu` by when a coordinator steps in."""
    day = _day(asked_at)
    if lane == NOW:
        return _open_minutes_after(asked_at, LANES[NOW].accept_minutes * LANES[NOW].tries, hours)
    if lane == TWO_DAYS:
        return end_of_working_day(day, 2, hours)
    closing = hours.closing(day)
    if closing is not None and asked_at <= closing - BEFORE_CLOSING:
        return closing
    return next_open_morning(asked_at, hours)


def next_open_morning(now: datetime, hours: OpeningHours) -> datetime:
    """11:00 on the next open day after today, or its opening where that is later."""
    tomorrow = _local(_day(now) + timedelta(days=1), time(0))
    opening = hours.next_opening(tomorrow) or tomorrow
    return max(opening, _local(_day(opening), NEXT_DAY_AT))


def end_of_working_day(day: date, number: int, hours: OpeningHours) -> datetime:
    """The closing of the line on the `number`-th working day after `day`; 17:00 when it is closed that day."""
    wanted = hours.working_day(day, number)
    return hours.closing(wanted) or _local(wanted, END_OF_DAY)


def resumed(due: datetime, stopped_at: datetime, now: datetime, hours: OpeningHours) -> datetime:
    """The new moment of a clock that stood still from `stopped_at` until now, never under an open hour from now."""
    left = hours.open_minutes_between(stopped_at, due) if stopped_at < due else 0
    return _open_minutes_after(now, max(left, LEAST_MINUTES), hours)


def still_due(due: datetime, now: datetime, hours: OpeningHours) -> datetime:
    """The moment promised, or an open hour from now where that is past or nearly so."""
    return max(due, _open_minutes_after(now, LEAST_MINUTES, hours))


def look_again(lane: str, now: datetime, until: datetime | None, hours: OpeningHours) -> datetime:
    """When to see again whether somebody can be asked: at the opening, at `until` if that is known and sooner.

    Else after a fifth of what a lawyer gets to accept.
    """
    if not hours.is_open(now):
        return hours.next_opening(now) or now + timedelta(days=1)
    soon = _open_minutes_after(now, LANES[lane].accept_minutes // LOOKS, hours)
    return min(soon, until) if until is not None and until > now else soon


def remind_at(now: datetime, hours: OpeningHours) -> datetime:
    """When an asker who has not said a word since `now` gets a mail."""
    return end_of_working_day(_day(now), REMIND_AFTER, hours)


def close_at(now: datetime, hours: OpeningHours) -> datetime:
    """When the question of an asker who was reminded at `now` closes by itself."""
    return end_of_working_day(_day(now), CLOSE_AFTER - REMIND_AFTER, hours)


def choose_by(now: datetime, hours: OpeningHours) -> datetime:
    """Until when an asker who was not helped may choose what next, before the coordinator does."""
    return end_of_working_day(_day(now), 1, hours)


def coordinate_by(lane: str, now: datetime, hours: OpeningHours) -> datetime:
    """By when a coordinator has arranged it: an open hour, or the next open morning for the calm lane."""
    if lane == TWO_DAYS:
        return next_open_morning(now, hours)
    return _open_minutes_after(now, LEAST_MINUTES, hours)


def at_opening_of(day: date, hours: OpeningHours) -> datetime:
    """The first open moment of `day` or after it: when a follow-up of that day is due for a word."""
    start = _local(day, time(0))
    return hours.next_opening(start) or start


def end_of(day: date, hours: OpeningHours) -> datetime:
    """The closing of the line on `day`; 17:00 when it is closed then."""
    return hours.closing(day) or _local(day, END_OF_DAY)


def _open_minutes_after(at: datetime, minutes: int, hours: OpeningHours) -> datetime:
    return hours.add_open_minutes(at, minutes) or at + timedelta(minutes=minutes)


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def _local(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=ZONE)
