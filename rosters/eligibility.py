"""Who may take a stretch of a desk: loads what `core.eligible` decides from, in a handful of statements.

The one door for swaps, sick calls, drafts and the planner: none of them judges people by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from directory import queries as directory
from integrations import clock
from rosters import snapshot
from rosters.core import availability, eligible, wall
from rosters.core.availability import Habit, Said, Stretches
from rosters.core.dagdelen import DEFAULT, Part
from rosters.core.eligible import Candidate, Held, Verdict, Wanted
from rosters.core.intervals import Interval
from rosters.core.weekly import MAX_DUTY
from rosters.errors import NotKnown
from rosters.models import Absence, BusyTime, Desk, Duty, Line, Terms, WeeklyAvailability

LOAD_OF = timedelta(weeks=13)  # the load of a person is what he did in this time before
ROLES = ("lawyer", "worker", "coordinator")
READY_FOR = timedelta(days=90)  # a test call proves a number for so long


def verdicts(desk_id: int, when: Interval, *, exclude: Iterable[int] = ()) -> tuple[Verdict, ...]:
    """Everybody who could ever serve this desk, those who may take it first, each with the rules he would break."""
    wanted = wanted_at(desk_id, when)
    without = set(exclude)
    found = candidates(desk_id, when)
    return eligible.ranked(wanted, [one for one in found.values() if one.id not in without])


def verdict(desk_id: int, when: Interval, person_id: int, *, ignore_duties: Iterable[int] = ()) -> Verdict | None:
    """What one person would break by taking it; None for somebody who does no duties on such a desk.

    `ignore_duties`: ids of duties that he gives up in exchange.
    """
    found = candidates(desk_id, when, person_ids=[person_id], ignore_duties=ignore_duties)
    ranked = eligible.ranked(wanted_at(desk_id, when), found.values())
    return ranked[0] if ranked else None


def wanted_at(desk_id: int, when: Interval) -> Wanted:
    """The stretch with what its desk asks. Raises NotKnown."""
    desk = _desk(desk_id)
    tree = directory.set_up()
    related: set[int] = set()
    for region_id in desk.regions:
        related |= tree.within(region_id) | set(tree.ancestors(region_id))
    asks_registration = role_for(desk) == "lawyer"
    return Wanted(when, desk_id, desk.areas if asks_registration else frozenset(), frozenset(related))


def role_for(desk: snapshot.DeskRow) -> str:
    """Who serves a desk: lawyers, on the way back first-line workers, on a coordination desk coordinators."""
    if desk.kind == Desk.Kind.COORDINATION:
        return "coordinator"
    line = snapshot.current().lines[desk.line_id]
    return "worker" if line.direction == Line.Direction.BACK else "lawyer"


def candidates(
    desk_id: int,
    when: Interval,
    *,
    person_ids: Iterable[int] | None = None,
    ignore_duties: Iterable[int] = (),
) -> dict[int, Candidate]:
    """People of the role that the desk asks, with all that may count around `when`, by id."""
    desk = _desk(desk_id)
    people = directory.staff(role_for(desk), when.start, person_ids=person_ids)
    month = wall.day_of(when.start).replace(day=1)
    around = Interval(
        min(wall.moment(month, 0), when.start - timedelta(days=8)), max(when.end, when.start) + timedelta(days=32)
    )
    held = _held(people, around, set(ignore_duties))
    stretches = availability_of(people, Interval(when.start, when.end), parts_of(desk.line_id))
    terms = {row.person_id: row for row in Terms.objects.filter(person_id__in=people)}
    loads = _loads(people, when.start)
    now = clock.now()
    found = {}
    for person_id, one in people.items():
        agreed = terms.get(person_id) or Terms(person_id=person_id)
        found[person_id] = Candidate(
            id=person_id,
            name=one.name,
            generalist=one.generalist,
            areas=one.areas,
            regions=one.regions,
            cannot=stretches[person_id].cannot,
            rather_not=stretches[person_id].rather_not,
            held=tuple(held[person_id]),
            max_per_week=agreed.max_per_week,
            max_per_month=agreed.max_per_month,
            rest=timedelta(hours=agreed.rest_hours),
            load=loads.get(person_id, 0) / float(agreed.weight),
            ready=is_ready(one, now),
        )
    return found


def is_ready(one: directory.Staff, now: datetime) -> bool:
    """Whether he can be rung: a verified number that a test call proved of late."""
    return one.has_number and one.tested_at is not None and one.tested_at > now - READY_FOR


def not_ready(person_ids: Iterable[int]) -> set[int]:
    """Those of these people who cannot be rung yet, or no longer take part."""
    asked, now = set(person_ids), clock.now()
    known = [one for role in ROLES for one in directory.staff(role, now, person_ids=asked).values()]
    return asked - {one.id for one in known if is_ready(one, now)}


def availability_of(
    person_ids: Iterable[int], window: Interval, parts: tuple[Part, ...] = DEFAULT, *, calendars: bool = True
) -> dict[int, Stretches]:
    """When, in the window, each of these people cannot and would rather not; in three statements.

    `calendars`: whether being busy in a calendar of his own counts.
    """
    ids = set(person_ids)
    habits: dict[int, list[Habit]] = defaultdict(list)
    for person_id, weekday, dagdeel, level, since, until in (
        WeeklyAvailability.objects.filter(person_id__in=ids)
        .order_by("pk")
        .values_list("person_id", "weekday", "dagdeel", "level", "valid_from", "valid_until")
    ):
        habits[person_id].append(Habit(weekday, dagdeel, level, since, until))
    said: dict[int, list[Said]] = defaultdict(list)
    for person_id, start, end, level in (
        Absence.objects.filter(
            person_id__in=ids, withdrawn_at__isnull=True, starts_at__lt=window.end, ends_at__gt=window.start
        )
        .order_by("made_at", "pk")
        .values_list("person_id", "starts_at", "ends_at", "level")
    ):
        said[person_id].append(Said(Interval(start, end), level))
    busy: dict[int, list[Interval]] = defaultdict(list)
    times = BusyTime.objects.filter(
        source__person_id__in=ids if calendars else (), starts_at__lt=window.end, ends_at__gt=window.start
    )
    for person_id, start, end in times.values_list("source__person_id", "starts_at", "ends_at"):
        busy[person_id].append(Interval(start, end))
    return {one: availability.stretches(habits[one], said[one], busy[one], window, parts) for one in ids}


def parts_of(line_id: int) -> tuple[Part, ...]:
    """The dagdelen of a line, in order."""
    return snapshot.current().lines[line_id].parts


def _desk(desk_id: int) -> snapshot.DeskRow:
    for desk in snapshot.current().desks:
        if desk.id == desk_id:
            return desk
    raise NotKnown("desk_unknown", str(desk_id))


def _held(person_ids: Iterable[int], around: Interval, ignored: set[int]) -> Mapping[int, list[Held]]:
    found: dict[int, list[Held]] = defaultdict(list)
    near = Duty.objects.filter(
        person_id__in=set(person_ids),
        cancelled_at__isnull=True,
        starts_at__gt=around.start - MAX_DUTY,
        starts_at__lt=around.end,
    ).order_by("starts_at")
    for duty_id, person_id, start, end, desk_id in near.values_list(
        "id", "person_id", "starts_at", "ends_at", "desk_id"
    ):
        if duty_id not in ignored:
            found[person_id].append(Held(Interval(start, end), desk_id))
    return found


def _loads(person_ids: Iterable[int], until: datetime) -> dict[int, int]:
    """How many duties each of these people had in the quarter before."""
    found: dict[int, int] = defaultdict(int)
    past = Duty.objects.filter(
        person_id__in=set(person_ids),
        cancelled_at__isnull=True,
        starts_at__gte=until - LOAD_OF,
        starts_at__lt=until,
    )
    for person_id in past.values_list("person_id", flat=True):
        found[person_id] += 1
    return found


def day_interval(day: date) -> Interval:
    """That day on the wall, in UTC."""
    return Interval(wall.moment(day, 0), wall.moment(day, wall.DAY_MINUTES))
