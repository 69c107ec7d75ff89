"""How deep a desk, and an area in a region, is covered in each dagdeel, against what it needs. Pure.

Time is whole seconds since 1970 here, and people are counted in one number (`people << SHIFT | solid`), so that a
quarter of the whole country is a matter of adding integers. Nobody ever has two duties at once, so duties are people.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from rosters.core import steps, wall
from rosters.core.dagdelen import Part
from rosters.core.hours import Hours
from rosters.core.intervals import Interval, within, without

GAP, BELOW, FRAGILE, MET, ABOVE, CLOSED = "gat", "onder_norm", "kwetsbaar", "op_norm", "boven", "gesloten"
STATES = (GAP, BELOW, FRAGILE, MET, ABOVE, CLOSED)  # the worst first
PROBLEMS = frozenset({GAP, BELOW, FRAGILE})
REST_OF_DAY = ""  # the open time of a day outside all dagdelen of its line
DEFAULT_DEPTH = 2  # on duty and backup
SHIFT = 16
SOLID = (1 << SHIFT) - 1

Norms = Mapping[str, int]  # dagdeel to depth; '' holds for the dagdelen without one of their own
Span = tuple[int, int, int, int]  # [start, end), how many people, how many of them confirmed and ready


@dataclass(frozen=True, slots=True)
class Slot:
    """A dagdeel of a day, with the stretches [start, end) of it in which the line is open."""

    day: date
    part: str
    stretches: tuple[tuple[int, int], ...]


class Cell(NamedTuple):
    """How it stands at the worst open minute of a slot."""

    state: str
    people: int
    solid: int  # of them: confirmed as far as they must be by now, and ready
    norm: int
    at: int  # the first moment at which it stands so; 0 when closed
    net: int = 0  # people of neighbours and landelijk at that moment, counted when the state is a problem
    shared: int = 0  # of `people`: those whose desk serves other cells that were asked about too

    @property
    def is_problem(self) -> bool:
        return self.state in PROBLEMS


NOT_NEEDED = Cell(CLOSED, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """An area in a region, with the desks that count for it and those of its safety net."""

    area_id: int
    region_id: int
    desks: tuple[int, ...]
    net: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    asked: Asked
    cells: tuple[Cell, ...]  # one for each slot

    @property
    def has_desk(self) -> bool:
        return bool(self.asked.desks)


class Lack(NamedTuple):
    """[start, end) within one slot in which a desk has fewer people than it needs."""

    start: int
    end: int
    part: str
    people: int  # at the worst moment
    norm: int


class Profile(NamedTuple):
    """From `times[i]` until the next one there are `counts[i]` people; nobody before the first."""

    times: list[int]
    counts: list[int]

    def at(self, moment: int) -> int:
        place = bisect_right(self.times, moment) - 1
        return self.counts[place] if place >= 0 else 0


def slots(hours: Hours, parts: Sequence[Part], window: Interval, now: datetime | None = None) -> tuple[Slot, ...]:
    """The dagdelen that touch the window, in order; of a slot that runs at `now`, only what is still to come.

    A slot without stretches is one in which the line is closed. What the line is open outside its dagdelen is one more
    slot of the day, left out when there is nothing of it.
    """
    found: list[Slot] = []
    day, last = wall.day_of(window.start), wall.day_of(window.end - timedelta.resolution)
    while day <= last:
        opened = within(hours.on(day), window)
        of_day = [(part.name, wall.stretches(day, part.starts, part.ends)) for part in parts]
        for name, whole in of_day:
            if any(stretch.overlaps(window) for stretch in whole):
                pieces = [piece for stretch in whole for piece in within(opened, stretch)]
                found.append(Slot(day, name, _seconds(pieces, now)))
        rest = without(opened, [stretch for _name, whole in of_day for stretch in whole])
        if rest:
            found.append(Slot(day, REST_OF_DAY, _seconds(rest, now)))
        day += wall.A_DAY
    return tuple(found)


def depth(norms: Norms, part: str) -> int:
    """How many people a desk needs in a dagdeel."""
    return norms.get(part, norms.get("", DEFAULT_DEPTH))


def rows(
    asked: Iterable[Asked],
    spans: Mapping[int, Sequence[Span]],
    norms: Mapping[int, Norms],
    over: Sequence[Slot],
) -> tuple[Row, ...]:
    """One row for each area and region, one cell for each slot; `spans` and `norms` by desk.

    A cell needs what the most demanding of its desks needs: people count for it whichever of them they sit on. A cell
    without any desk needs the default and has nobody.
    """
    wanted = list(asked)
    steps_of = {desk: _steps(found) for desk, found in spans.items()}
    serves: dict[int, int] = defaultdict(int)
    for one in wanted:
        for desk in one.desks:
            serves[desk] += 1
    kept: dict[tuple[int, ...], tuple[Cell, ...]] = {}
    made: list[Row] = []
    for one in wanted:
        if one.desks not in kept:
            kept[one.desks] = _cells(one.desks, steps_of, norms, over, {desk for desk in one.desks if serves[desk] > 1})
        made.append(Row(one, _with_net(kept[one.desks], one.net, steps_of)))
    return tuple(made)


def lacks(spans: Sequence[Span], norms: Norms, over: Iterable[Slot]) -> list[Lack]:
    """The stretches in which one desk has fewer people than it needs, in order; each lies within one slot."""
    people = profile(spans)
    found: list[Lack] = []
    for slot in over:
        needs = depth(norms, slot.part)
        for start, end in slot.stretches:
            for since, until, count in _pieces(people, start, end):
                if (present := count >> SHIFT) >= needs:
                    continue
                before = found[-1] if found else None
                if before is not None and before.end == since and since > start:
                    found[-1] = before._replace(end=until, people=min(before.people, present))
                else:
                    found.append(Lack(since, until, slot.part, present, needs))
    return sorted(found)


def profile(spans: Iterable[Span]) -> Profile:
    return _profile(_steps(spans))


def worst(cells: Iterable[Cell]) -> Cell:
    """The cell that a roll-up shows: the worst of its children, never an average."""
    return min(cells, key=badness)


def badness(cell: Cell) -> tuple[int, int, int]:
    """Lower for what is worse."""
    return STATES.index(cell.state), cell.people - cell.norm, cell.solid


def must_be_confirmed_before(now: datetime) -> datetime:
    """Duties that start before this moment have had their 20:00 alarm: who has not confirmed one is not counted on."""
    day = wall.day_of(now) + wall.A_DAY
    while wall.moment(steps.last_working_day_before(day), steps.AT[steps.ALARM]) <= now:
        day += wall.A_DAY
    return wall.moment(day, 0)


def _seconds(stretches: Iterable[Interval], now: datetime | None) -> tuple[tuple[int, int], ...]:
    found = sorted(stretches)
    if now is not None and found and found[-1].end > now:
        found = [Interval(max(now, start), end) for start, end in found if end > now]
    return tuple((int(start.timestamp()), int(end.timestamp())) for start, end in found)


def _steps(spans: Iterable[Span]) -> dict[int, int]:
    """By how much the count changes at which moment."""
    found: dict[int, int] = {}
    for start, end, people, solid in spans:
        count = (people << SHIFT) | solid
        found[start] = found.get(start, 0) + count
        found[end] = found.get(end, 0) - count
    return found


def _profile(steps_at: Mapping[int, int]) -> Profile:
    times = sorted(steps_at)
    return Profile(times, list(accumulate(map(steps_at.__getitem__, times))))


def _together(desks: Iterable[int], steps_of: Mapping[int, Mapping[int, int]]) -> Profile:
    found = [steps_of[desk] for desk in desks if desk in steps_of]
    if len(found) == 1:
        return _profile(found[0])
    joined: dict[int, int] = {}
    for changes in found:
        for moment, change in changes.items():
            joined[moment] = joined.get(moment, 0) + change
    return _profile(joined)


class _Ranks(dict[int, int]):
    """Of a count: its place among the states and the count itself, in one number that is lower for what is worse."""

    def __init__(self, norm: int) -> None:
        self.norm = norm

    def __missing__(self, count: int) -> int:
        people, solid = count >> SHIFT, count & SOLID
        if people == 0:
            state = GAP
        elif people < self.norm:
            state = BELOW
        elif people == 1 or solid < self.norm:
            state = FRAGILE
        else:
            state = MET if people == self.norm else ABOVE
        self[count] = rank = STATES.index(state) << 2 * SHIFT | count
        return rank


def _cells(
    desks: tuple[int, ...],
    steps_of: Mapping[int, Mapping[int, int]],
    norms: Mapping[int, Norms],
    over: Sequence[Slot],
    shared: set[int],
) -> tuple[Cell, ...]:
    everybody = _together(desks, steps_of)
    own = Profile([], []) if len(shared) == len(desks) else _together(set(desks) - shared, steps_of)
    times, counts = everybody
    needs: dict[str, int] = {}
    ranks: dict[int, _Ranks] = {}
    found: list[Cell] = []
    for slot in over:
        part = slot.part
        if part not in needs:
            needs[part] = max((depth(norms.get(desk, {}), part) for desk in desks), default=DEFAULT_DEPTH)
        norm = needs[part]
        if not slot.stretches:
            found.append(NOT_NEEDED)
            continue
        if norm not in ranks:
            ranks[norm] = _Ranks(norm)
        rank_of = ranks[norm]
        lowest, at = 1 << 3 * SHIFT, 0
        for start, end in slot.stretches:
            place = bisect_right(times, start)
            rank = rank_of[counts[place - 1] if place else 0]
            if rank < lowest:
                lowest, at = rank, start
            for later in range(place, bisect_left(times, end, place)):
                rank = rank_of[counts[later]]
                if rank < lowest:
                    lowest, at = rank, times[later]
        people, solid = lowest >> SHIFT & SOLID, lowest & SOLID
        if norm == 0:
            found.append(NOT_NEEDED if people == 0 else Cell(ABOVE, people, solid, 0, at))
            continue
        among = people - (own.at(at) >> SHIFT) if shared else 0
        found.append(Cell(STATES[lowest >> 2 * SHIFT], people, solid, norm, at, 0, among))
    return tuple(found)


def _with_net(
    cells: tuple[Cell, ...], net: Sequence[int], steps_of: Mapping[int, Mapping[int, int]]
) -> tuple[Cell, ...]:
    if not any(desk in steps_of for desk in net) or not any(cell.state in PROBLEMS for cell in cells):
        return cells
    people = _together(net, steps_of)
    return tuple(cell._replace(net=people.at(cell.at) >> SHIFT) if cell.state in PROBLEMS else cell for cell in cells)


def _pieces(people: Profile, start: int, end: int) -> Iterable[tuple[int, int, int]]:
    """[start, end) cut where the count changes, with the count."""
    first = bisect_right(people.times, start)
    since, count = start, people.counts[first - 1] if first else 0
    for place in range(first, bisect_left(people.times, end, first)):
        if people.counts[place] != count:
            yield since, people.times[place], count
            since, count = people.times[place], people.counts[place]
    yield since, end, count
