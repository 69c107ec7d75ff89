"""Who is on duty, as pages show it: the card beside a question, and all areas of a region. No private numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from directory.queries import AreaAt, RegionAt
from hotline.call.steps.menu import PER_PAGE
from hotline.queries import WhoWouldRing, WouldRing, line_for, who_would_ring
from integrations import clock
from rosters import queries as rosters
from rosters.queries import DeskAt, LineAt, OnDuty

MORE = "9"


@dataclass(frozen=True, slots=True)
class OnDutyCard:
    """Who would be rung first about an area in a region. `keys` are pressed on `number` to get there."""

    area: str
    region: str
    signpost: str
    number: str
    keys: tuple[str, ...]
    is_open: bool
    opens_at: datetime | None
    first: WouldRing | None
    backup: WouldRing | None


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody on duty, with when that ends and who comes then ('' for nobody)."""

    name: str
    desk: str
    stage: str
    until: datetime
    paused_until: datetime | None


@dataclass(frozen=True, slots=True)
class AreaNow:
    """One area of the list. `holder` None: nobody is on duty anywhere for it."""

    area: str
    slug: str
    keys: tuple[str, ...]
    holder: Holder | None
    backup: Holder | None
    next_at: datetime | None
    next_name: str


def on_duty_card(area: AreaAt | None, region: RegionAt) -> OnDutyCard:
    """Without an area only the line's number and hours are known."""
    found: WhoWouldRing | None = who_would_ring(area.slug, region.code) if area and not area.signpost else None
    line = found.line if found and found.line else next(iter(_lines()), None)
    now = clock.now()
    ring = found.ring if found else ()
    return OnDutyCard(
        area=area.name if area else "",
        region=region.name,
        signpost=area.signpost if area else "",
        number=line.number if line else "",
        keys=menu_keys(line, area.id) if line and area else (),
        is_open=line is not None and rosters.is_open(line, now),
        opens_at=rosters.next_opening(line, now) if line else None,
        first=ring[0] if ring else None,
        backup=next((one for one in ring[1:] if one.stage == ring[0].stage), None) if ring else None,
    )


def menu_keys(line: LineAt, area_id: int) -> tuple[str, ...]:
    """The keys that lead to an area in the menu of this line: ('3',), or ('9', '2') on its second page."""
    ids = [area.id for area in line.areas]
    if area_id not in ids:
        return ()
    page, place = divmod(ids.index(area_id), PER_PAGE)
    return (*(MORE for _ in range(page)), str(place + 1))


def areas_now(areas: Iterable[AreaAt], region: RegionAt, at: datetime) -> list[AreaNow]:
    """Every area with who is on duty for it in this region. A few statements, however many areas and desks."""
    served = {area.id: _desks(area, region) for area in areas if not area.signpost}
    desk_ids = {desk.desk_id for _line, desks in served.values() for desk in desks}
    present = _by_desk(rosters.on_duty(desk_ids, at))
    pauses = rosters.pauses_of({one.person_id for holders in present.values() for one in holders}, at)
    ends = {holders[0].ends_at for holders in present.values()}
    later = {end: _by_desk(rosters.on_duty(desk_ids, end)) for end in sorted(ends)[:4]}
    found = []
    for area in areas:
        if area.signpost:
            continue
        line, desks = served[area.id]
        order = [(desk, one) for desk in desks for one in present.get(desk.desk_id, ())]
        order = list({one.person_id: (desk, one) for desk, one in reversed(order)}.values())[::-1]
        first = order[0] if order else None
        backup = next(((desk, one) for desk, one in order[1:] if first and desk.stage == first[0].stage), None)
        successor = later.get(first[1].ends_at, {}).get(first[0].desk_id, ()) if first else ()
        found.append(
            AreaNow(
                area=area.name,
                slug=area.slug,
                keys=menu_keys(line, area.id) if line else (),
                holder=_holder(first, pauses),
                backup=_holder(backup, pauses),
                next_at=first[1].ends_at if first else None,
                next_name=successor[0].name if successor else "",
            )
        )
    return found


def _lines() -> list[LineAt]:
    return [line for line in rosters.lines() if line.direction == "up"]


def _desks(area: AreaAt, region: RegionAt) -> tuple[LineAt | None, tuple[DeskAt, ...]]:
    line = line_for(area.id, region.id)
    return (line, rosters.desks_for(line.id, area.id, region.id)) if line else (None, ())


def _by_desk(present: Iterable[OnDuty]) -> dict[int, list[OnDuty]]:
    by_desk: dict[int, list[OnDuty]] = {}
    for one in present:
        by_desk.setdefault(one.desk_id, []).append(one)
    return by_desk


def _holder(found: tuple[DeskAt, OnDuty] | None, pauses: dict[int, datetime]) -> Holder | None:
    if found is None:
        return None
    desk, one = found
    return Holder(one.name, desk.name, desk.stage, one.ends_at, pauses.get(one.person_id))
