"""Patterns and published rosters become duties for a horizon, thousands at once; what cannot be is told as a hole."""

from __future__ import annotations

import logging
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from integrations import clock
from integrations.due import file_due
from rosters import snapshot
from rosters.core import wall
from rosters.core.diff import Stint
from rosters.core.intervals import Interval
from rosters.core.weekly import MAX_DUTY, Weekly, expand
from rosters.models import Duty, Hole, Pattern, PlannedDuty, RosterVersion
from rosters.obstacles import Obstacles, obstacles
from rosters.services.duties import hold, polite_overlap
from rosters.services.in_force import ROWS_AT_ONCE, put_in_force
from rosters.sources import PATTERNS, Source, sources_for

HORIZON = timedelta(weeks=13)
FILL = "fill_patterns"  # kind and key of the due work: there is one
NIGHT = 3 * 60 + 30  # minutes after midnight
Ended = Duty.Ended
BY_A_ROSTER = frozenset({Ended.REPLACED, Ended.UNDONE, Ended.PATTERN, Ended.LEFT})
"""Why a duty went that may come back by itself. Whatever people took out stays out."""

logger = logging.getLogger("piketlijn.rosters")


@dataclass(frozen=True, slots=True)
class Filled:
    made: int
    holes: tuple[Hole, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A duty that a source asks for."""

    stint: Stint
    source: Source
    pattern_id: int | None = None

    def as_duty(self) -> Duty:
        when, desk_id, position, person_id = self.stint
        return Duty(
            desk_id=desk_id, person_id=person_id, position=position, starts_at=when.start, ends_at=when.end,
            origin=self.source.origin, version_id=self.source.version_id, pattern_id=self.pattern_id,
        )  # fmt: skip

    def as_hole(self, reason: str) -> Hole:
        when, desk_id, position, person_id = self.stint
        return Hole(
            desk_id=desk_id, person_id=person_id, position=position, starts_at=when.start, ends_at=when.end,
            version_id=self.source.version_id, pattern_id=self.pattern_id, reason=reason,
        )  # fmt: skip


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
    """Put the duties in force that start on the days in [since, until), as the source of each desk has them.

    Without `since` from today on, without what has ended. Duties that are there stay as they are; what people took out
    does not come back. What cannot be becomes a Hole; the holes of those desks and days are written anew.
    """
    first = since or wall.day_of(clock.now())
    desks = {desk.id for desk in snapshot.current().desks}
    if desk_ids is not None:
        desks &= set(desk_ids)
    wanted = wanted_of(desks, first, until)
    if since is None:
        wanted = [one for one in wanted if one.stint.when.end > clock.now()]
    hold(desks, {one.stint.person_id for one in wanted})
    duties, holes = fitting(wanted, None if desk_ids is None else desks, first, until)
    put_in_force(duties)
    days = {"starts_at__gte": wall.moment(first, 0), "starts_at__lt": wall.moment(until, 0)}
    Hole.objects.filter(desk_id__in=desks, **days).delete()
    Hole.objects.bulk_create(holes, batch_size=ROWS_AT_ONCE)
    return Filled(len(duties), tuple(holes))


def fill_soon() -> None:
    """File that patterns are put in force, once the caller's transaction stands."""
    file_due(FILL, FILL, clock.now())


def keep_filled(key: str = FILL) -> Filled:
    """Put in force what is asked for up to the horizon, and file the same for next night. Twice is once."""
    today = wall.day_of(clock.now())
    filled = fill_duties(until=today + HORIZON)
    file_due(FILL, key, wall.moment(today + timedelta(days=1), NIGHT))
    if filled.made or filled.holes:
        logger.info("patterns: %d duties put in force, %d did not fit", filled.made, len(filled.holes))
    return filled


def hold_plans(desk_ids: Collection[int], person_ids: Collection[int] = ()) -> None:
    """Lock these desks, and in one go everybody who is or may come on duty there by a plan, and `person_ids`.

    What is filled later in the same transaction then locks nobody new: two planners never wait for each other.
    """
    hold(desk_ids, [])
    now = clock.now()
    people = set(person_ids)
    patterns = Pattern.objects.filter(desk_id__in=desk_ids)
    people.update(patterns.exclude(valid_until__lte=wall.day_of(now)).values_list("person_id", flat=True))
    planned = PlannedDuty.objects.filter(desk_id__in=desk_ids, version__state=RosterVersion.State.PUBLISHED)
    people.update(planned.filter(starts_at__gt=now - MAX_DUTY).values_list("person_id", flat=True))
    standing = Duty.objects.filter(desk_id__in=desk_ids, cancelled_at__isnull=True, starts_at__gt=now - MAX_DUTY)
    people.update(standing.values_list("person_id", flat=True))
    hold([], people)


def weekly_of(pattern: Pattern) -> Weekly:
    return Weekly(
        pattern.weekdays, pattern.starts, pattern.minutes, pattern.valid_from, pattern.valid_until,
        pattern.every_weeks, pattern.turn, pattern.on_holidays == Pattern.OnHolidays.SKIP,
    )  # fmt: skip


def wanted_of(desk_ids: Collection[int], since: date, until: date) -> list[Wanted]:
    """What the source of each desk asks for on the days in [since, until), in order of time and position."""
    sources = sources_for(desk_ids, since, until)
    patterns = Pattern.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=since), desk_id__in=desk_ids, valid_from__lt=until
    )
    found = of_patterns(patterns, since, until)
    found = [one for one in found if sources.at(one.stint.desk_id, one.stint.when.start) == PATTERNS]
    for version_id, stint in planned_stints(sources.version_ids, desk_ids, since, until):
        source = sources.at(stint.desk_id, stint.when.start)
        if source.version_id == version_id:
            found.append(Wanted(stint, source))
    return sorted(found, key=_turn)


def of_patterns(patterns: Iterable[Pattern], since: date, until: date) -> list[Wanted]:
    """What these patterns ask for, whichever source holds."""
    return [
        Wanted(Stint(stretch, pattern.desk_id, pattern.position, pattern.person_id), PATTERNS, pattern.pk)
        for pattern in patterns
        for stretch in expand(weekly_of(pattern), since, until)
    ]


def planned_stints(
    version_ids: Collection[int], desk_ids: Collection[int], since: date, until: date
) -> Iterable[tuple[int, Stint]]:
    """The planned duties of these versions that start on those days, each with the id of its version."""
    if version_ids:
        near = PlannedDuty.objects.filter(
            version_id__in=version_ids,
            desk_id__in=desk_ids,
            starts_at__gte=wall.moment(since, 0),
            starts_at__lt=wall.moment(until, 0),
        )
        for planned in near:
            yield planned.version_id, stint_of(planned)


def stint_of(duty: Duty | PlannedDuty | Hole) -> Stint:
    return Stint(Interval(duty.starts_at, duty.ends_at), duty.desk_id, duty.position, duty.person_id)


def fitting(
    wanted: Iterable[Wanted], desk_ids: Collection[int] | None, since: date, until: date, without: Collection[int] = ()
) -> tuple[list[Duty], list[Hole]]:
    """Of what is wanted: unsaved duties that can be, and holes for what cannot.

    What is there already is neither, nor is what people took out. `desk_ids`: nothing is wanted on other desks, so that
    only they and these people need be read. `without`: ids of duties in force that are about to go.
    """
    stays_out = _taken_out_by_people(since, until, desk_ids)
    left = [one for one in wanted if (one.stint[1:], one.stint.when.start) not in stays_out]
    return placed(left, desk_ids, since, until, without)


def placed(
    wanted: Iterable[Wanted], desk_ids: Collection[int] | None, since: date, until: date, without: Collection[int] = ()
) -> tuple[list[Duty], list[Hole]]:
    """As `fitting`, also what people took out before."""
    asked = sorted(wanted, key=_turn)
    there, people, positions = _present(since, until, desk_ids, {one.stint.person_id for one in asked}, set(without))
    left = [one for one in asked if one.stint not in there]
    return _placed(left, people, positions, obstacles(one.stint for one in left))


def _placed(
    wanted: Sequence[Wanted], people: Taken, positions: Taken, against: Obstacles
) -> tuple[list[Duty], list[Hole]]:
    duties: list[Duty] = []
    holes: list[Hole] = []
    for one in wanted:
        when, desk_id, position, person_id = one.stint
        reason = against.of(one.stint)
        if not reason and people.is_taken(person_id, when):
            reason = Hole.Reason.PERSON_ON_DUTY
        if not reason and positions.is_taken((desk_id, position), when):
            reason = Hole.Reason.POSITION_TAKEN
        if reason:
            holes.append(one.as_hole(reason))
            continue
        people.take(person_id, when)
        positions.take((desk_id, position), when)
        duties.append(one.as_duty())
    return duties, holes


def taken_between(since: date, until: date) -> tuple[Taken, Taken]:
    """What people, and what positions, are taken by duties that may touch those days."""
    return _present(since, until, None, set(), set())[1:]


def _present(
    since: date, until: date, desk_ids: Collection[int] | None, person_ids: Collection[int], without: set[int]
) -> tuple[set[Stint], Taken, Taken]:
    """The duties in force that may touch those days, and whom and which positions they take."""
    there: set[Stint] = set()
    people, positions = Taken(), Taken()
    near = Duty.objects.filter(
        cancelled_at__isnull=True,
        starts_at__gt=wall.moment(since, 0) - MAX_DUTY,
        starts_at__lt=wall.moment(until, 0) + MAX_DUTY,
    )
    if desk_ids is not None:
        near = near.filter(Q(desk_id__in=desk_ids) | Q(person_id__in=person_ids))
    for duty_id, person_id, desk_id, position, start, end in near.order_by("starts_at").values_list(
        "pk", "person_id", "desk_id", "position", "starts_at", "ends_at"
    ):
        if duty_id not in without:
            stretch = Interval(start, end)
            there.add(Stint(stretch, desk_id, position, person_id))
            people.stretches[person_id].append(stretch)
            positions.stretches[desk_id, position].append(stretch)
    return there, people, positions


def _taken_out_by_people(
    since: date, until: date, desk_ids: Collection[int] | None
) -> set[tuple[tuple[int, ...], datetime]]:
    """((desk, position, person), start) of every duty that people took out of force."""
    day = timedelta(days=1)
    near = Duty.objects.filter(
        cancelled_at__isnull=False,
        starts_at__gte=wall.moment(since, 0) - day,
        starts_at__lt=wall.moment(until, 0) + day,
    ).exclude(cancelled_why__in=BY_A_ROSTER)
    if desk_ids is not None:
        near = near.filter(desk_id__in=desk_ids)
    return {
        ((desk_id, position, person_id), start)
        for desk_id, position, person_id, start in near.values_list("desk_id", "position", "person_id", "starts_at")
    }


def _turn(one: Wanted) -> tuple[Interval, int, int, Stint]:
    """The first comes first; of two at one moment the lower position, then the older pattern."""
    return one.stint.when, one.stint.position, one.pattern_id or 0, one.stint
