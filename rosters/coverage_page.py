"""What the page about coverage shows: sentences about desks, and the table of areas by dagdeel. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from directory import queries as directory
from integrations import clock
from rosters import coverage, snapshot
from rosters.core import coverage as core
from rosters.core import wall
from rosters.core.coverage import Cell, Row, Slot
from rosters.core.intervals import Interval
from rosters.coverage import DeskCover
from rosters.models import Gap, Hole
from rosters.snapshot import DeskRow, LineAt

DAYS_AHEAD = 14  # after today
WEEK = "week"  # the part of a column that shows a whole week


@dataclass(frozen=True, slots=True)
class Problem:
    """A desk that is short, or fragile, in one stretch. `gap_id` once it was seen by the watch; `owner` whose it is."""

    desk_id: int
    desk: str
    when: Interval
    state: str
    people: int
    norm: int
    runs: bool
    gap_id: int | None = None
    cause: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Bare:
    """A desk on which nobody stands in all of its open dagdelen: the loudest state."""

    desk_id: int
    desk: str
    dagdelen: int
    first: Interval


@dataclass(frozen=True, slots=True)
class Missing:
    """An area that no desk serves in these regions."""

    area: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """The next two weeks in sentences, the worst first."""

    bare: tuple[Bare, ...]
    short: tuple[Problem, ...]  # gaps and below the norm, in order of time
    fragile: tuple[Problem, ...]
    now: int  # desks without anybody at this moment
    gaps: int  # dagdelen with a gap, those of bare desks included
    below: int

    @property
    def is_calm(self) -> bool:
        return not (self.bare or self.short or self.fragile)


@dataclass(frozen=True, slots=True)
class Column:
    """A dagdeel of a day; or a week of a quarter, by its Monday (`part` is WEEK)."""

    day: date
    part: str
    starts_day: bool
    span: int  # how many columns its day has, for the heading


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell with all the words that a screen reader says. `desk_id` leads to where it is solved; None: nowhere."""

    cell: Cell
    column: Column
    when: Interval | None
    desk_id: int | None
    no_desk: bool


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    slug: str
    no_desk: bool
    cells: tuple[Shown, ...]

    @property
    def is_problem(self) -> bool:
        return any(one.cell.is_problem for one in self.cells)


@dataclass(frozen=True, slots=True)
class AreaRows:
    """An area: the worst of its regions, and those regions."""

    total: Line
    regions: tuple[Line, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    areas: tuple[AreaRows, ...]
    gaps: int
    missing: tuple[Missing, ...]


def outlook(line: LineAt, region_ids: frozenset[int], at: datetime | None = None) -> Outlook:
    """The desks of a line in these regions, over the next two weeks."""
    now = at or clock.now()
    until = wall.moment(wall.day_of(now) + timedelta(days=DAYS_AHEAD + 1), 0)
    covers = coverage.desks_cover(_desks(line, region_ids), Interval(now, until), now=now)
    seen = _seen(covers, now)
    bare: list[Bare] = []
    short: list[Problem] = []
    fragile: list[Problem] = []
    for cover in covers:
        opened = [
            (slot, cell) for slot, cell in zip(cover.slots, cover.cells, strict=True) if cell.state != core.CLOSED
        ]
        if opened and all(cell.state == core.GAP and not _anybody(cover, slot) for slot, cell in opened):
            bare.append(Bare(cover.desk.id, cover.desk.name, len(opened), _whole(opened[0][0])))
            continue
        for lack in cover.lacks:
            when = Interval(coverage.moment(lack.start), coverage.moment(lack.end))
            gap = _gap_of(seen.get(cover.desk.id, ()), when)
            short.append(
                Problem(
                    cover.desk.id,
                    cover.desk.name,
                    when,
                    core.BELOW if lack.people else core.GAP,
                    lack.people,
                    lack.norm,
                    when.start <= now,
                    gap.pk if gap else None,
                    gap.get_cause_display() if gap else "",
                    gap.owner.name if gap and gap.owner else "",
                )
            )
        fragile += [
            Problem(cover.desk.id, cover.desk.name, _whole(slot), cell.state, cell.people, cell.norm, False)
            for slot, cell in opened
            if cell.state == core.FRAGILE
        ]
    short.sort(key=lambda one: (one.when, one.desk))
    fragile.sort(key=lambda one: (one.when, one.desk))
    running = sum(one.state == core.GAP and one.runs for one in short) + sum(one.first.start <= now for one in bare)
    gaps = sum(one.state == core.GAP for one in short) + sum(one.dagdelen for one in bare)
    below = sum(one.state == core.BELOW for one in short)
    return Outlook(tuple(bare), tuple(short), tuple(fragile), running, gaps, below)


def table(
    line: LineAt,
    region_ids: Sequence[int],
    window: Interval,
    *,
    opened: Iterable[str] = (),
    by_week: bool = False,
    problems_only: bool = False,
) -> Table:
    """Areas by dagdeel in the window (or by week: the worst of each), every area with the worst of these regions."""
    tree = directory.set_up()
    areas = [area for area in tree.areas if not area.signpost]
    found = coverage.coverage([area.id for area in areas], region_ids, window, line_id=line.id)
    groups = _groups(found.slots, by_week)
    columns = _columns(found.slots, groups, by_week)
    wanted = set(opened)
    rows: list[AreaRows] = []
    missing: list[Missing] = []
    for place, area in enumerate(areas):
        mine = found.rows[place * len(region_ids) : (place + 1) * len(region_ids)]
        regions = [
            _line(
                tree.region_by_id[row.asked.region_id].name,
                tree.region_by_id[row.asked.region_id].code,
                row,
                found.slots,
                groups,
                columns,
            )
            for row in mine
        ]
        cells = tuple(_worst(shown) for shown in zip(*(one.cells for one in regions), strict=True))
        total = Line(area.name, area.slug, all(one.no_desk for one in regions), cells)
        without = tuple(one.name for one in regions if one.no_desk)
        if without:
            missing.append(Missing(area.name, without))
        if problems_only:
            regions = [one for one in regions if one.is_problem]
            if not regions:
                continue
        rows.append(AreaRows(total, tuple(regions), area.slug in wanted))
    gaps = sum(one.cell.state == core.GAP for area in rows for one in area.total.cells)
    return Table(columns, tuple(rows), gaps, tuple(missing))


def holes(line: LineAt, region_ids: frozenset[int], window: Interval) -> list[Hole]:
    """What a pattern or roster asked for in the window and could not be made, with the reason."""
    desks = [desk.id for desk in _desks(line, region_ids)]
    found = Hole.objects.filter(desk_id__in=desks, starts_at__lt=window.end, ends_at__gt=window.start)
    return list(found.select_related("desk", "person").order_by("starts_at", "desk__name", "position"))


def _desks(line: LineAt, region_ids: frozenset[int]) -> list[DeskRow]:
    return [desk for desk in coverage.watched_desks() if desk.line_id == line.id and desk.regions & region_ids]


def _seen(covers: Iterable[DeskCover], now: datetime) -> dict[int, list[Gap]]:
    found: dict[int, list[Gap]] = {}
    rows = Gap.objects.filter(
        desk_id__in=[cover.desk.id for cover in covers], closed_at__isnull=True, ends_at__gt=now
    ).select_related("owner")
    for gap in rows:
        found.setdefault(gap.desk_id, []).append(gap)
    return found


def _gap_of(gaps: Iterable[Gap], when: Interval) -> Gap | None:
    return next((gap for gap in gaps if Interval(gap.starts_at, gap.ends_at).overlaps(when)), None)


def _anybody(cover: DeskCover, slot: Slot) -> bool:
    """Whether somebody stands there for a part of the slot, at least."""
    lacking = [lack for lack in cover.lacks if lack.people == 0]
    return any(not any(lack.start <= start and end <= lack.end for lack in lacking) for start, end in slot.stretches)


def _whole(slot: Slot) -> Interval:
    return Interval(coverage.moment(slot.stretches[0][0]), coverage.moment(slot.stretches[-1][1]))


def _groups(slots: Sequence[Slot], by_week: bool) -> list[list[int]]:
    """The places of the slots that each column shows."""
    if not by_week:
        return [[place] for place in range(len(slots))]
    weeks: dict[date, list[int]] = {}
    for place, slot in enumerate(slots):
        weeks.setdefault(slot.day - timedelta(days=slot.day.weekday()), []).append(place)
    return list(weeks.values())


def _columns(slots: Sequence[Slot], groups: Sequence[Sequence[int]], by_week: bool) -> tuple[Column, ...]:
    if by_week:
        return tuple(Column(monday, WEEK, True, 1) for monday in (_monday(slots[group[0]].day) for group in groups))
    days = [slots[group[0]].day for group in groups]
    return tuple(
        Column(slot.day, slot.part, place == 0 or days[place - 1] != slot.day, days.count(slot.day))
        for place, slot in enumerate(slots)
    )


def _line(
    name: str,
    slug: str,
    row: Row,
    slots: Sequence[Slot],
    groups: Sequence[Sequence[int]],
    columns: Sequence[Column],
) -> Line:
    desk = next(iter(row.asked.desks), None)
    cells = []
    for group, column in zip(groups, columns, strict=True):
        place = min(group, key=lambda one: core.badness(row.cells[one]))
        cell, slot = row.cells[place], slots[place]
        when = _whole(slot) if slot.stretches else None
        cells.append(Shown(cell, column, when, desk if cell.is_problem else None, not row.has_desk))
    return Line(name, slug, not row.has_desk, tuple(cells))


def _worst(shown: Iterable[Shown]) -> Shown:
    return min(shown, key=lambda one: core.badness(one.cell))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_of(monday: date, weeks: int) -> Interval:
    return Interval(wall.moment(monday, 0), wall.moment(monday + timedelta(weeks=weeks), 0))


def lines() -> tuple[LineAt, ...]:
    """The active lines that have a desk."""
    current = snapshot.current()
    used = {desk.line_id for desk in current.desks}
    return tuple(line for line in current.lines.values() if line.is_active and line.id in used)
