"""A whole list of duties at once, as a plan or an import brings them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from rosters.core import wall
from rosters.core.intervals import Interval
from rosters.models import Duty
from rosters.services.duties import hold, polite_overlap, refuse_times
from rosters.services.filling import taken_between
from rosters.services.in_force import put_in_force


@dataclass(frozen=True, slots=True)
class NewDuty:
    desk_id: int
    person_id: int
    position: int
    starts_at: datetime  # aware
    ends_at: datetime


@polite_overlap()
@transaction.atomic
def add_duties(*, duties: Iterable[NewDuty], confirmed: str = "") -> int:
    """Put these in force in a handful of statements; who or what is taken then already is left out. Returns how many.

    `confirmed`: how their holders said yes already, if they did (see `put_in_force`).

    Raises DutyRefused for times that cannot be, and then adds none.
    """
    asked = sorted(duties, key=lambda duty: (duty.starts_at, duty.desk_id, duty.position))
    if not asked:
        return 0
    for duty in asked:
        refuse_times(duty.starts_at, duty.ends_at)
    hold({duty.desk_id for duty in asked}, {duty.person_id for duty in asked})
    last = max(duty.ends_at for duty in asked)
    people, positions = taken_between(wall.day_of(asked[0].starts_at), wall.day_of(last) + timedelta(days=1))
    made: list[Duty] = []
    for duty in asked:
        wanted, place = Interval(duty.starts_at, duty.ends_at), (duty.desk_id, duty.position)
        if people.is_taken(duty.person_id, wanted) or positions.is_taken(place, wanted):
            continue
        people.take(duty.person_id, wanted)
        positions.take(place, wanted)
        made.append(
            Duty(
                desk_id=duty.desk_id,
                person_id=duty.person_id,
                position=duty.position,
                starts_at=duty.starts_at,
                ends_at=duty.ends_at,
            )
        )
    put_in_force(made, confirmed=confirmed)
    return len(made)
