"""What the pages for planners show: which source fills a desk, drafts and published rosters, patterns, holes, weeks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from directory import queries as directory
from integrations import clock
from rosters import eligibility
from rosters.core import wall, weekly
from rosters.core.intervals import Interval
from rosters.errors import NotKnown
from rosters.models import Hole, Pattern, PlannedDuty, RosterVersion
from rosters.plan_words import pattern_words
from rosters.planners import desks_planned_by
from rosters.services.publishing import minutes_left
from rosters.snapshot import DeskRow
from rosters.sources import sources_for

State = RosterVersion.State
MOST_HOLES = 30
KEPT_IN_SIGHT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class VersionRow:
    version: RosterVersion
    last_day: date
    desks: str
    minutes_left: int  # to take it back


@dataclass(frozen=True, slots=True)
class PatternRow:
    pattern: Pattern
    words: str
    last_day: date | None


@dataclass(frozen=True, slots=True)
class DeskBoard:
    """A desk with what fills it now (None: patterns) and its patterns, by position and hour."""

    desk: DeskRow
    version: RosterVersion | None
    patterns: tuple[PatternRow, ...]


@dataclass(frozen=True, slots=True)
class Board:
    desks: tuple[DeskBoard, ...]
    drafts: tuple[VersionRow, ...]
    published: tuple[VersionRow, ...]
    holes: tuple[Hole, ...]
    more_holes: int


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a week: one time and position of a desk, and what stands there on each of its seven days."""

    times: str
    position: int
    cells: tuple[tuple[PlannedDuty, ...], ...]


@dataclass(frozen=True, slots=True)
class DeskWeek:
    desk: DeskRow
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Week:
    days: tuple[date, ...]
    before: date | None  # Monday of the week before, when the roster has it
    after: date | None
    desks: tuple[DeskWeek, ...]

    @property
    def number(self) -> int:
        return self.days[0].isocalendar().week


def board(person_id: int) -> Board:
    """All that a coordinator plans."""
    desks = desks_planned_by(person_id)
    ids = {desk.id for desk in desks}
    today = wall.day_of(clock.now())
    sources = sources_for(ids, today, today + wall.A_DAY)
    versions = [row for row in _versions(today) if {desk.pk for desk in row.version.desks.all()} <= ids]
    by_id = {row.version.pk: row.version for row in versions}
    patterns: dict[int, list[PatternRow]] = defaultdict(list)
    for pattern in patterns_of(ids, today):
        patterns[pattern.desk_id].append(pattern_row(pattern))
    holes = Hole.objects.filter(desk_id__in=ids, ends_at__gt=clock.now()).select_related("desk", "person")
    shown = tuple(holes.order_by("starts_at", "desk_id", "position")[: MOST_HOLES + 1])
    return Board(
        desks=tuple(
            DeskBoard(
                desk, by_id.get(sources.at(desk.id, clock.now()).version_id or 0), tuple(patterns.get(desk.id, ()))
            )
            for desk in desks
        ),
        drafts=tuple(row for row in versions if row.version.state == State.DRAFT),
        published=tuple(row for row in versions if row.version.state in (State.PUBLISHED, State.UNDONE)),
        holes=shown[:MOST_HOLES],
        more_holes=max(0, holes.count() - MOST_HOLES) if len(shown) > MOST_HOLES else 0,
    )


def patterns_of(desk_ids: Iterable[int], today: date) -> QuerySet[Pattern]:
    """The patterns of these desks that hold or will."""
    found = Pattern.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=today), desk_id__in=list(desk_ids))
    return found.select_related("desk", "person").order_by("desk_id", "position", "starts", "weekdays", "turn", "pk")


def pattern_row(pattern: Pattern) -> PatternRow:
    words = pattern_words(pattern.weekdays, pattern.starts, pattern.minutes, pattern.every_weeks)
    return PatternRow(pattern, words, _last_day(pattern.valid_until))


def pattern_for(person_id: int, pattern_id: int) -> Pattern:
    """A pattern of a desk that this person plans. Raises NotKnown."""
    ids = [desk.id for desk in desks_planned_by(person_id)]
    found = Pattern.objects.filter(pk=pattern_id, desk_id__in=ids).select_related("desk", "person").first()
    if found is None:
        raise NotKnown("pattern_unknown", str(pattern_id))
    return found


def version_for(person_id: int, version_id: int) -> VersionRow:
    """A roster of which this person plans all desks. Raises NotKnown."""
    ids = {desk.id for desk in desks_planned_by(person_id)}
    version = (
        RosterVersion.objects.filter(pk=version_id).prefetch_related("desks").select_related("published_by").first()
    )
    if version is None or not {desk.pk for desk in version.desks.all()} <= ids:
        raise NotKnown("version_unknown", str(version_id))
    return _version_row(version)


def week_of(version: RosterVersion, desks: Iterable[DeskRow], asked: date | None) -> Week:
    """The calendar week of `asked` (default the first) as the roster has it."""
    first, last = weekly.monday(version.starts_on), weekly.monday(version.ends_on - wall.A_DAY)
    monday = min(max(weekly.monday(asked or version.starts_on), first), last)
    days = tuple(monday + timedelta(days=place) for place in range(7))
    window = Interval(wall.moment(monday, 0), wall.moment(monday, 7 * wall.DAY_MINUTES))
    rows: dict[int, dict[tuple[str, int], list[PlannedDuty]]] = defaultdict(lambda: defaultdict(list))
    planned = version.planned.filter(starts_at__gte=window.start, starts_at__lt=window.end).select_related("person")
    for duty in planned.order_by("starts_at", "position"):
        rows[duty.desk_id][hours_words(duty), duty.position].append(duty)
    among = {desk.pk for desk in version.desks.all()}
    return Week(
        days=days,
        before=monday - weekly.WEEK if monday > first else None,
        after=monday + weekly.WEEK if monday < last else None,
        desks=tuple(
            DeskWeek(
                desk,
                tuple(
                    Line(times, position, tuple(
                        tuple(duty for duty in duties if wall.day_of(duty.starts_at) == day) for day in days
                    ))
                    for (times, position), duties in sorted(
                        rows[desk.id].items(), key=lambda item: (_minute(item[1][0]), item[0][1])
                    )
                ),
            )
            for desk in desks
            if desk.id in among
        ),
    )  # fmt: skip


def hours_words(duty: PlannedDuty) -> str:
    """'9:00-13:00', on the wall."""
    start, end = duty.starts_at.astimezone(wall.AMSTERDAM), duty.ends_at.astimezone(wall.AMSTERDAM)
    until = "24:00" if end.time() == wall.MIDNIGHT else f"{end.hour}:{end.minute:02d}"
    return f"{start.hour}:{start.minute:02d}-{until}"


def people_for(desks: Iterable[DeskRow]) -> list[tuple[int, str]]:
    """Who could ever serve one of these desks, by name: of its role, and of a region that lies in or around its own."""
    now, found = clock.now(), {}
    staffs: dict[str, dict[int, directory.Staff]] = {}
    for desk in desks:
        role = eligibility.role_for(desk)
        if role not in staffs:
            staffs[role] = directory.staff(role, now)
        near = eligibility.wanted_at(desk.id, Interval(now, now + wall.A_DAY)).regions
        for one in staffs[role].values():
            if one.regions is None or one.regions & near:
                found[one.id] = one.name
    return sorted(found.items(), key=lambda pair: (pair[1], pair[0]))


def _versions(today: date) -> list[VersionRow]:
    in_sight = RosterVersion.objects.exclude(state=State.DISCARDED).filter(ends_on__gt=today - KEPT_IN_SIGHT)
    in_sight = in_sight.prefetch_related("desks").select_related("published_by")
    return [_version_row(version) for version in in_sight.order_by("-published_at", "-pk")]


def _version_row(version: RosterVersion) -> VersionRow:
    names = ", ".join(sorted(desk.name for desk in version.desks.all()))
    return VersionRow(version, version.ends_on - wall.A_DAY, names, minutes_left(version))


def _last_day(until: date | None) -> date | None:
    return None if until is None else until - wall.A_DAY


def _minute(duty: PlannedDuty) -> int:
    local = duty.starts_at.astimezone(wall.AMSTERDAM)
    return local.hour * 60 + local.minute
