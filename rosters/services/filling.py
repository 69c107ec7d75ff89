"""Patterns become duties for a horizon, thousands at once; what does not fit is left out whole and told."""

from __future__ import annotations

import logging
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from integrations import clock
from integrations.due import file_due
from rosters.core import wall
from rosters.core.intervals import Interval
from rosters.core.weekly import MAX_DUTY, Weekly, expand
from rosters.models import Duty, Pattern
from rosters.services.duties import hold, polite_overlap
from rosters.services.in_force import put_in_force

HORIZON = timedelta(weeks=13)
FILL = "fill_patterns"  # kind and key of the due work: there is one
NIGHT = 3 * 60 + 30  # minutes after midnight

logger = logging.getLogger("piketlijn.rosters")


@dataclass(frozen=True, slots=True)
class Hole:
    """A duty that a pattern asks for and that cannot be: `reason` is person_on_duty or position_taken."""

    pattern_id: int
    desk_id: int
    person_id: int
    position: int
    starts_at: datetime
    ends_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Filled:
    made: int
    holes: tuple[Hole, ...]


@dataclass(slots=True)
class Taken:
    """Stretches that never overlap, per key."""

    stretches: dict[object, list[Interval]] = field(default_factory=lambda: defaultdict(list))

    def is_taken(self, key: object, wanted: Interval) -> bool:
        among = self.stretches[key]
        place = bisect_left(among, wanted)
        return any(other.overlaps(wanted) for other in among[max(0, place - 1) : place + 1])

    def take(self, key: object, wanted: Interval) -> None:
        insort(self.stretches[key], wanted)


@polite_overlap()
@transaction.atomic
def fill_duties(*, until: date, since: date | None = None, desk_ids: Iterable[int] | None = None) -> Filled:
    """Put the duties in force that patterns ask for on the days in [since, until); `since` is today by default.

    Duties that are there stay as they are. What came of a pattern before and was cancelled does not come back.
    """
    since = since or wall.day_of(clock.now())
    patterns = Pattern.objects.order_by("position", "pk")
    if desk_ids is not None:
        patterns = patterns.filter(desk_id__in=list(desk_ids))
    asked = list(patterns)
    hold({pattern.desk_id for pattern in asked}, {pattern.person_id for pattern in asked})
    people, positions = taken_between(since, until)
    made_before = _made_before(since, until)
    duties: list[Duty] = []
    holes: list[Hole] = []
    for wanted, pattern in sorted(_wanted(asked, since, until), key=lambda one: (one[0], one[1].position, one[1].pk)):
        if (pattern.pk, wanted.start) in made_before:
            continue
        place = (pattern.desk_id, pattern.position)
        reason = (
            "person_on_duty"
            if people.is_taken(pattern.person_id, wanted)
            else "position_taken"
            if positions.is_taken(place, wanted)
            else ""
        )
        if reason:
            holes.append(Hole(pattern.pk, pattern.desk_id, pattern.person_id, pattern.position, *wanted, reason))
            continue
        people.take(pattern.person_id, wanted)
        positions.take(place, wanted)
        duties.append(
            Duty(
                desk_id=pattern.desk_id,
                person_id=pattern.person_id,
                position=pattern.position,
                starts_at=wanted.start,
                ends_at=wanted.end,
                origin=Duty.Origin.PATTERN,
                pattern_id=pattern.pk,
            )
        )
    put_in_force(duties)
    return Filled(len(duties), tuple(holes))


def fill_soon() -> None:
    """File that patterns are put in force, once the caller's transaction stands."""
    file_due(FILL, FILL, clock.now())


def keep_filled(key: str = FILL) -> Filled:
    """Put in force what patterns ask for up to the horizon, and file the same for next night. Twice is once."""
    today = wall.day_of(clock.now())
    filled = fill_duties(until=today + HORIZON)
    file_due(FILL, key, wall.moment(today + timedelta(days=1), NIGHT))
    if filled.made or filled.holes:
        logger.info("patterns: %d duties put in force, %d did not fit", filled.made, len(filled.holes))
    return filled


def _wanted(patterns: list[Pattern], since: date, until: date) -> Iterable[tuple[Interval, Pattern]]:
    for pattern in patterns:
        weekly = Weekly(pattern.weekdays, pattern.starts, pattern.minutes, pattern.valid_from, pattern.valid_until)
        for stretch in expand(weekly, since, until):
            yield stretch, pattern


def taken_between(since: date, until: date) -> tuple[Taken, Taken]:
    """What people, and what positions, are taken by duties that may touch those days."""
    people, positions = Taken(), Taken()
    near = Duty.objects.filter(
        cancelled_at__isnull=True,
        starts_at__gt=wall.moment(since, 0) - MAX_DUTY,
        starts_at__lt=wall.moment(until, 0) + MAX_DUTY,
    )
    for person_id, desk_id, position, start, end in near.order_by("starts_at").values_list(
        "person_id", "desk_id", "position", "starts_at", "ends_at"
    ):
        stretch = Interval(start, end)
        people.stretches[person_id].append(stretch)
        positions.stretches[desk_id, position].append(stretch)
    return people, positions


def _made_before(since: date, until: date) -> set[tuple[int | None, datetime]]:
    """(pattern, start) of every duty that came of a pattern, cancelled ones too."""
    day = timedelta(days=1)
    near = Duty.objects.filter(
        pattern_id__isnull=False,
        starts_at__gte=wall.moment(since, 0) - day,
        starts_at__lt=wall.moment(until, 0) + day,
    )
    return set(near.values_list("pattern_id", "starts_at"))
