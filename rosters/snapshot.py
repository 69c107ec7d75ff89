"""Lines and desks as plain values, kept in this process as long as the directory's set-up (at most ten seconds).

Every call and every page needs them. A change in this process is seen at once, in other processes within ten seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from directory import queries as directory
from directory.queries import AreaAt, SetUp
from rosters.core import dagdelen
from rosters.core.hours import Hours, closed_stretches, week_of
from rosters.models import Closure, Desk, Line, Norm, OpeningHours, Part


@dataclass(frozen=True, slots=True)
class LineAt:
    """A line with all that the telephone must know of it."""

    id: int
    number: str
    name: str
    direction: str
    is_active: bool
    hours: Hours
    notice: str
    notice_until: datetime | None
    cap_seconds: int
    ring_seconds: int
    stages: tuple[str, ...]
    fallback_number: str
    areas: tuple[AreaAt, ...]  # in menu order: what its desks serve, and the signposts
    parts: tuple[dagdelen.Part, ...]  # its dagdelen, in order

    def notice_at(self, at: datetime) -> str:
        """What is spoken after the greeting's first word at that moment; '' for nothing."""
        return self.notice if self.notice_until is None or at < self.notice_until else ""


@dataclass(frozen=True, slots=True)
class DeskAt:
    """A desk that serves an area in a region, with what its place in the order depends on."""

    desk_id: int
    name: str
    stage: str  # own, neighbour or country
    neighbour_rank: int  # 1 is the nearest; 0 outside the neighbour stage
    distance: int  # steps up to the desk's region, in the own stage
    area_count: int
    region_count: int


@dataclass(frozen=True, slots=True)
class DeskRow:
    id: int
    line_id: int
    name: str
    kind: str
    areas: frozenset[int]
    regions: frozenset[int]
    norms: Mapping[str, int] = field(default_factory=dict)  # dagdeel to depth; '' for those without their own


@dataclass(frozen=True)
class Rosters:
    directory: SetUp
    lines: dict[int, LineAt]
    by_number: dict[str, LineAt]
    desks: tuple[DeskRow, ...]
    serving: dict[tuple[int, int | None, int], tuple[DeskAt, ...]] = field(default_factory=dict)


_kept: Rosters | None = None


def current() -> Rosters:
    """As it was at most ten seconds ago; reads eight statements when it has to."""
    global _kept
    kept, family = _kept, directory.set_up()
    if kept is None or kept.directory is not family:
        kept = _kept = _read(family)
    return kept


def forget() -> None:
    """Read again at the next use: for this transaction at once, for other threads when it is committed."""
    forget_here()
    transaction.on_commit(forget_here)


def forget_here() -> None:
    """Read again at the next use, whatever the transaction does."""
    global _kept
    _kept = None


def desks_for(line_id: int, area_id: int | None, region_id: int) -> tuple[DeskAt, ...]:
    """Computed once for each question while the snapshot lasts. Raises KeyError for an unknown region."""
    rosters = current()
    key = (line_id, area_id, region_id)
    if key not in rosters.serving:
        rosters.serving[key] = _serving(rosters, *key)
    return rosters.serving[key]


def _serving(rosters: Rosters, line_id: int, area_id: int | None, region_id: int) -> tuple[DeskAt, ...]:
    family = rosters.directory
    own = family.own_stage(region_id)
    neighbours = family.neighbours(region_id)
    wanted = {area.id for area in family.areas if not area.signpost} if area_id is None else {area_id}
    found: list[DeskAt] = []
    for desk in rosters.desks:
        if desk.line_id != line_id or desk.kind != Desk.Kind.PIKET or not wanted <= desk.areas:
            continue
        distance = _first(own, desk.regions)
        rank = next(
            (
                rank
                for rank, neighbour in enumerate(neighbours, start=1)
                if _first(family.own_stage(neighbour), desk.regions) is not None
            ),
            0,
        )
        if distance is not None:
            place = ("own", 0, distance)
        elif rank:
            place = ("neighbour", rank, 0)
        elif family.country_id in desk.regions:
            place = ("country", 0, 0)
        else:
            continue
        found.append(DeskAt(desk.id, desk.name, *place, len(desk.areas), len(desk.regions)))
    order = {"own": 0, "neighbour": 1, "country": 2}
    found.sort(
        key=lambda desk: (
            order[desk.stage],
            desk.neighbour_rank,
            desk.distance,
            desk.area_count,
            desk.region_count,
            desk.desk_id,
        )
    )
    return tuple(found)


def _first(places: tuple[int, ...], among: frozenset[int]) -> int | None:
    return next((index for index, place in enumerate(places) if place in among), None)


def _read(family: SetUp) -> Rosters:
    hours: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for line_id, *part in OpeningHours.objects.values_list("line_id", "weekday", "opens", "closes"):
        hours[line_id].append((part[0], part[1], part[2]))
    closures: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for closed in Closure.objects.values_list("line_id", "starts_at", "ends_at"):
        closures[closed[0]].append((closed[1], closed[2]))
    parts: dict[int, list[dagdelen.Part]] = defaultdict(list)
    for line_id, name, starts, ends in Part.objects.values_list("line_id", "name", "starts", "ends"):
        parts[line_id].append(dagdelen.Part(name, starts, ends))
    areas: dict[int, set[int]] = defaultdict(set)
    for desk_id, area_id in Desk.areas.through.objects.values_list("desk_id", "legalarea_id"):
        areas[desk_id].add(area_id)
    regions: dict[int, set[int]] = defaultdict(set)
    for desk_id, region_id in Desk.regions.through.objects.values_list("desk_id", "region_id"):
        regions[desk_id].add(region_id)
    norms: dict[int, dict[str, int]] = defaultdict(dict)
    for desk_id, dagdeel, depth in Norm.objects.values_list("desk_id", "dagdeel", "depth"):
        norms[desk_id][dagdeel] = depth
    desks = tuple(
        DeskRow(
            desk_id, line_id, name, kind, frozenset(areas[desk_id]), frozenset(regions[desk_id]), dict(norms[desk_id])
        )
        for desk_id, line_id, name, kind in Desk.objects.filter(is_active=True)
        .order_by("pk")
        .values_list("pk", "line_id", "name", "kind")
    )
    served: dict[int, set[int]] = defaultdict(set)
    for desk in desks:
        served[desk.line_id] |= desk.areas
    lines = {
        line.pk: LineAt(
            id=line.pk,
            number=line.number,
            name=line.name,
            direction=line.direction,
            is_active=line.is_active,
            hours=Hours(week_of(hours[line.pk]), line.closed_on_holidays, closed_stretches(closures[line.pk])),
            notice=line.notice,
            notice_until=line.notice_until,
            cap_seconds=line.cap_seconds,
            ring_seconds=line.ring_seconds,
            stages=tuple(line.stages.split(",")),
            fallback_number=line.fallback_number,
            areas=tuple(area for area in family.areas if area.signpost or area.id in served[line.pk]),
            parts=tuple(sorted(parts[line.pk], key=lambda part: part.starts)) or dagdelen.DEFAULT,
        )
        for line in Line.objects.order_by("pk")
    }
    return Rosters(family, lines, {line.number: line for line in lines.values() if line.is_active}, desks)
