"""How deep a desk, and an area in a region, is covered in each dagdeel, against what it needs. Pure.

Time is whole seconds since 1970 here, and people are counted in one number (`people << SHIFT | solid`), so that a
quarter of the whole country is a matter of adding integers. Nobody ever has two duties at once, so duties are people.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
Span = tuple[int, int, int, int, int]  # desk, [start, end), how many people, how many of them confirmed and ready
Changes = Mapping[int, int]  # at which moment the count of a desk changes, and by how much
Plan = list[tuple[tuple[int, int], ...]]  # per slot: which counts stand in it (0 is before the first), and since when


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


def changes(spans: Iterable[Span]) -> dict[int, dict[int, int]]:
    """By desk, when its count changes and by how much: all that the rest is made of."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for desk, start, end, people, solid in spans:
        count = (people << SHIFT) | solid
        mine = found[desk]
        mine[start] = mine.get(start, 0) + count
        mine[end] = mine.get(end, 0) - count
    return found


def rows(
    asked: Iterable[Asked],
    by_desk: Mapping[int, Changes],
    norms: Mapping[int, Norms],
    over: Sequence[Slot],
) -> tuple[Row, ...]:
    """One row for each area and region, one cell for each slot; `by_desk` as `changes` has them.

    A cell needs what the most demanding of its desks needs: people count for it whichever of them they sit on. A cell
    without any desk needs the default and has nobody.
    """
    wanted = list(asked)
    serves: dict[int, int] = defaultdict(int)
    for one in wanted:
        for desk in one.desks:
            serves[desk] += 1
    cells = _Cells(by_desk, norms, over, {desk for desk, number in serves.items() if number > 1})
    return tuple(Row(one, _with_net(cells.of(one.desks), one.net, by_desk)) for one in wanted)


def lacks(of_desk: Changes, norms: Norms, over: Iterable[Slot]) -> list[Lack]:
    """The stretches in which one desk has fewer people than it needs, in order; each lies within one slot."""
    people = _profile(of_desk)
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


def _profile(of_desk: Changes) -> Profile:
    times = sorted(of_desk)
    return Profile(times, list(accumulate(map(of_desk.__getitem__, times))))


def _together(desks: Iterable[int], by_desk: Mapping[int, Changes]) -> Profile:
    found = [by_desk[desk] for desk in desks if desk in by_desk]
    if len(found) == 1:
        return _profile(found[0])
    joined: dict[int, int] = {}
    for mine in found:
        for moment, change in mine.items():
            joined[moment] = joined.get(moment, 0) + change
    return _profile(joined)


def _ranks(counts: Iterable[int], norm: int) -> list[int]:
    """Of each count: its place among the states and the count itself, in one number that is lower for what is worse."""
    kept: dict[int, int] = {}
    found = []
    for count in counts:
        rank = kept.get(count)
        if rank is None:
            people, solid = count >> SHIFT, count & SOLID
            if people == 0:
                state = GAP
            elif people < norm:
                state = BELOW
            elif people == 1 or solid < norm:
                state = FRAGILE
            else:
                state = MET if people == norm else ABOVE
            rank = kept[count] = STATES.index(state) << 2 * SHIFT | count
        found.append(rank)
    return found


class _Cells:
    """The cells of each set of desks, computed once. Desks that change hands at the same hours share one plan."""

    def __init__(
        self, by_desk: Mapping[int, Changes], norms: Mapping[int, Norms], over: Sequence[Slot], shared: set[int]
    ) -> None:
        self._by_desk, self._norms, self._over, self._shared = by_desk, norms, over, shared
        self._kept: dict[tuple[int, ...], tuple[Cell, ...]] = {}
        self._plans: dict[tuple[int, ...], Plan] = {}

    def of(self, desks: tuple[int, ...]) -> tuple[Cell, ...]:
        if desks not in self._kept:
            self._kept[desks] = tuple(self._made(desks))
        return self._kept[desks]

    def _made(self, desks: tuple[int, ...]) -> Iterator[Cell]:
        everybody = _together(desks, self._by_desk)
        counts = [0, *everybody.counts]
        shared = self._shared.intersection(desks)
        own = _together(set(desks) - shared, self._by_desk)
        needs, ranks = self._needs(desks), {}
        for slot, standing in zip(self._over, self._plan(everybody.times), strict=True):
            if not standing:
                yield NOT_NEEDED
                continue
            norm = needs[slot.part]
            if norm not in ranks:
                ranks[norm] = _ranks(counts, norm)
            of_count = ranks[norm]
            place, at = standing[0]
            rank = of_count[place]
            for place, since in standing[1:]:
                if of_count[place] < rank:
                    rank, at = of_count[place], since
            people = rank >> SHIFT & SOLID
            if norm == 0 and people == 0:
                yield NOT_NEEDED
                continue
            state = STATES[rank >> 2 * SHIFT] if norm else ABOVE
            with_others = people if shared else 0
            if shared and own.times:
                with_others -= own.at(at) >> SHIFT
            yield Cell(state, people, rank & SOLID, norm, at, 0, with_others)

    def _needs(self, desks: tuple[int, ...]) -> dict[str, int]:
        return {
            part: max((depth(self._norms.get(desk, {}), part) for desk in desks), default=DEFAULT_DEPTH)
            for part in {slot.part for slot in self._over}
        }

    def _plan(self, times: list[int]) -> Plan:
        key = tuple(times)
        if key not in self._plans:
            self._plans[key] = [
                tuple(one for start, end in slot.stretches for one in _standing(times, start, end))
                for slot in self._over
            ]
        return self._plans[key]


def _standing(times: list[int], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Which counts stand in [start, end), and since when."""
    place = bisect_right(times, start)
    yield place, start
    for later in range(place, bisect_left(times, end, place)):
        yield later + 1, times[later]


def _with_net(cells: tuple[Cell, ...], net: Sequence[int], by_desk: Mapping[int, Changes]) -> tuple[Cell, ...]:
    if not any(desk in by_desk for desk in net) or not any(cell.state in PROBLEMS for cell in cells):
        return cells
    people = _together(net, by_desk)
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
