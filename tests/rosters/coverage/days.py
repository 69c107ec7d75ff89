"""Short words for rosters of a day, shared by the tests of coverage, gaps and their pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from directory.models import PhoneNumber
from integrations import clock
from rosters import services
from rosters.core import wall
from rosters.core.intervals import Interval
from rosters.models import Duty
from tests.builders import a_lawyer

WEDNESDAY = date(2026, 11, 18)
THURSDAY = date(2026, 11, 19)
NEXT_WEEK = date(2026, 11, 25)


def on(day: date, desk: Any, *people: Any, starts: int = 540, ends: int = 1020) -> list[Duty]:
    """These people hold positions 1, 2, ... on that day, minutes on the wall."""
    return [
        services.add_duty(
            desk_id=desk.pk,
            person_id=person.pk,
            position=position,
            starts_at=wall.moment(day, starts),
            ends_at=wall.moment(day, ends),
        )
        for position, person in enumerate(people, start=1)
    ]


def tested(*people: Any) -> None:
    """Their numbers were tried in a test call just now."""
    PhoneNumber.objects.filter(person__in=people).update(tested_at=clock.now())


def a_ready_lawyer(name: str = "", **fields: Any) -> Any:
    person = a_lawyer(name, **fields)
    tested(person)
    return person


def the_day(day: date, days: int = 1) -> Interval:
    return Interval(wall.moment(day, 0), wall.moment(day + timedelta(days=days), 0))
