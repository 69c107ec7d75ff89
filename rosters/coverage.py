"""How the rosters cover what is needed: per area and region, per desk, and the gaps in it.

The whole country for a quarter is one statement (`sql.cover_rows`); set-up comes from memory. Who counts is decided in
`core.coverage`. `rosters.queries.on_duty` is the oracle of its tests: minute by minute the same people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from integrations import clock
from rosters import snapshot, sql
from rosters.core import coverage as core
from rosters.core.coverage import Asked, Cell, Changes, Lack, Row, Slot
from rosters.core.intervals import Interval
from rosters.eligibility import READY_FOR
from rosters.errors import NotKnown
from rosters.models import Desk, Line
from rosters.snapshot import DeskRow, LineAt

__all__ = ["Asked", "Cell", "Coverage", "DeskCover", "Lack", "Row", "Slot"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """One row for each area and region that was asked for, areas first; one cell of a row for each slot."""

    line_id: int
    slots: tuple[Slot, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class DeskCover:
    """A desk by itself against its own norm: a cell for each slot, and the stretches in which it lacks people."""

    desk: DeskRow
    slots: tuple[Slot, ...]
    cells: tuple[Cell, ...]
    lacks: tuple[Lack, ...]


def coverage(
    area_ids: Iterable[int], region_ids: Iterable[int], window: Interval, *, line_id: int | None = None
) -> Coverage:
    """How these areas are covered in these regions through the desks of a line (default: the first line up).

    One statement, however much is asked. A slot that runs now counts from now on; one that is over as it was. Raises
    NotKnown for a line, KeyError for a region.
    """
    line = line_of(line_id)
    regions = list(region_ids)
    asked = [_asked(line, area, region) for area in area_ids for region in regions]
    desks = {desk for one in asked for desk in (*one.desks, *one.net)}
    over = core.slots(line.hours, line.parts, window, clock.now())
    norms = {desk.id: desk.norms for desk in snapshot.current().desks if desk.id in desks}
    return Coverage(line.id, over, core.rows(asked, _changes(desks, window), norms, over))


def desks_cover(desks: Iterable[DeskRow], window: Interval, *, now: datetime | None = None) -> tuple[DeskCover, ...]:
    """Each of these desks against its own norm, in one statement. `now`: of a slot that runs then, what is to come."""
    wanted = list(desks)
    by_desk = _changes([desk.id for desk in wanted], window)
    over: dict[int, tuple[Slot, ...]] = {}
    found = []
    for desk in wanted:
        if desk.line_id not in over:
            line = snapshot.current().lines[desk.line_id]
            over[desk.line_id] = core.slots(line.hours, line.parts, window, now)
        slots = over[desk.line_id]
        row = core.rows([Asked(0, 0, (desk.id,))], by_desk, {desk.id: desk.norms}, slots)[0]
        lacks = core.lacks(by_desk.get(desk.id, {}), desk.norms, slots)
        found.append(DeskCover(desk, slots, row.cells, tuple(lacks)))
    return tuple(found)


def lacks_of(desk_id: int, window: Interval) -> list[Lack]:
    """When one desk has fewer people than it needs. Raises NotKnown."""
    desk = desk_of(desk_id)
    line = snapshot.current().lines[desk.line_id]
    over = core.slots(line.hours, line.parts, window)
    return core.lacks(_changes([desk_id], window).get(desk_id, {}), desk.norms, over)


def watched_desks() -> tuple[DeskRow, ...]:
    """The desks that must be covered: those of active lines, and coordination desks only when a norm was set."""
    current = snapshot.current()
    return tuple(
        desk
        for desk in current.desks
        if current.lines[desk.line_id].is_active and (desk.kind == Desk.Kind.PIKET or desk.norms)
    )


def line_of(line_id: int | None = None) -> LineAt:
    """An active line; without an id the first one up. Raises NotKnown."""
    active = [line for line in snapshot.current().lines.values() if line.is_active]
    wanted = [
        line for line in active if (line.direction == Line.Direction.UP if line_id is None else line.id == line_id)
    ]
    if not wanted:
        raise NotKnown("line_unknown", "" if line_id is None else str(line_id))
    return wanted[0]


def desk_of(desk_id: int) -> DeskRow:
    """An active desk. Raises NotKnown."""
    for desk in snapshot.current().desks:
        if desk.id == desk_id:
            return desk
    raise NotKnown("desk_unknown", str(desk_id))


def moment(seconds: int) -> datetime:
    """What the core counts in, as a moment in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def _changes(desk_ids: Iterable[int], window: Interval) -> Mapping[int, Changes]:
    """The duties of these desks that touch the window, as the core counts them; in one statement."""
    now = clock.now()
    before = core.must_be_confirmed_before(now)
    return core.changes(
        sql.cover_rows(desk_ids, window, unconfirmed_before=before, now=now, tested_since=now - READY_FOR)
    )


def _asked(line: LineAt, area_id: int, region_id: int) -> Asked:
    serving = snapshot.desks_for(line.id, area_id, region_id)
    return Asked(
        area_id,
        region_id,
        tuple(desk.desk_id for desk in serving if desk.stage == "own"),
        tuple(desk.desk_id for desk in serving if desk.stage != "own" and desk.stage in line.stages),
    )
