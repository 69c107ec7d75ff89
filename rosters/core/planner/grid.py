"""A problem in numbers: who may be where, which times clash, which locks stand. Everything the engine asks often."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from rosters.core import wall
from rosters.core.intervals import Interval
from rosters.core.planner import costs
from rosters.core.planner.values import Pair, Problem, ProblemError, Slot

MOST_PAIRS = 3_000_000
UNLIMITED = 10**9
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Time = tuple[int, int]  # start and end, in seconds


@dataclass(slots=True)
class Grid:
    """Slots are 0..len-1 in the problem's order, people too. Lists are by slot or by person unless they say else.

    A time is a start and an end that occurs; `clash` has, for each time, the times at which nobody can have a second
    duty beside it. `can` is who may take a slot as far as anything that stands already goes, in order of person.
    """

    problem: Problem
    times: list[Time]
    days: list[tuple[int, int]]  # by time: the first and the last day it touches
    clash: list[set[int]]
    time: list[int]
    week: list[int]
    need: list[int]
    unpopular: list[bool]
    qualified: list[list[int]]
    can: list[list[int]]
    fixed: list[list[int]]
    refused: tuple[Pair, ...]
    current: set[tuple[int, int]]
    dislikes: list[set[int]]
    wishes: list[dict[int, tuple[int, ...]]]  # by person: slot to the numbers of the wishes it touches
    blocked: list[bytearray]  # by person: by time, 1 when unavailable
    crossing: bool
    per_week: list[int]
    total: list[int]
    locked_on: list[list[int]] = field(default_factory=list)  # by person: slots where a lock has him
    open_to: list[list[int]] = field(default_factory=list)  # by person: slots he can take
    steps: list[list[float]] = field(default_factory=list)
    unpopular_steps: list[list[float]] = field(default_factory=list)

    def step(self, person: int, number: int) -> float:
        """What the duty with this number (from 1) adds to the cost, a missed minimum included."""
        known = self.steps[person]
        while len(known) <= number:
            one, count = self.problem.people[person], len(known)
            below = costs.MINIMUM if count <= one.min_total else 0.0
            known.append(costs.FAIRNESS * costs.step(one.past_load, count, one.weight) - below)
        return known[number]

    def unpopular_step(self, person: int, number: int) -> float:
        known = self.unpopular_steps[person]
        while len(known) <= number:
            one = self.problem.people[person]
            known.append(costs.FAIRNESS * costs.step(one.past_unpopular, len(known), one.weight))
        return known[number]

    def taste(self, person: int, slot: int) -> float:
        """What this pair costs apart from load and wishes."""
        disliked = costs.RATHER_NOT if person in self.dislikes[slot] else 0.0
        return disliked - costs.CHANGE if (slot, person) in self.current else disliked

    @property
    def pairs(self) -> int:
        return sum(len(people) for people in self.can)

    def pair(self, slot: int, person: int) -> Pair:
        return Pair(self.problem.slots[slot].id, self.problem.people[person].id)


def grid(problem: Problem) -> Grid:
    """ProblemError when there are more than MOST_PAIRS places to think about."""
    slots, people = problem.slots, problem.people
    qualified = _qualified(problem)
    pairs = sum(len(found) for found in qualified)
    if pairs > MOST_PAIRS:
        raise ProblemError(
            "slots",
            f"{pairs:,} pairs of a slot and a qualified person are too many (at most {MOST_PAIRS:,}): "
            "plan a shorter period, or fewer regions at a time",
        )
    spans = [(_seconds(slot.start), _seconds(slot.end)) for slot in slots]
    times = sorted(set(spans))
    number = {span: index for index, span in enumerate(times)}
    days = [_days(*span) for span in times]
    weeks = [_week(first) for first, _last in days]
    clash, crossing = _clashes(problem, times, days, weeks)
    time = [number[span] for span in spans]
    blocked = [_touched(times, person.unavailable) for person in people]
    found = Grid(
        problem=problem,
        times=times,
        days=days,
        clash=clash,
        time=time,
        week=[weeks[at] for at in time],
        need=[slot.need for slot in slots],
        unpopular=[slot.unpopular >= 1 for slot in slots],
        qualified=qualified,
        can=[],
        fixed=[[] for _ in slots],
        refused=(),
        current=set(),
        dislikes=[],
        wishes=[{} for _ in people],
        blocked=blocked,
        crossing=crossing,
        per_week=[UNLIMITED if one.max_per_week is None else one.max_per_week for one in people],
        total=[UNLIMITED if one.max_total is None else one.max_total for one in people],
        steps=[[0.0] for _ in people],
        unpopular_steps=[[0.0] for _ in people],
    )
    _lock(found)
    _open(found)
    found.locked_on, found.open_to = _turned(found.fixed, len(people)), _turned(found.can, len(people))
    _taste(found)
    return found


def _qualified(problem: Problem) -> list[list[int]]:
    by_area: dict[str, set[int]] = defaultdict(set)
    by_region: dict[str, set[int]] = defaultdict(set)
    generalists = {index for index, person in enumerate(problem.people) if person.generalist}
    for index, person in enumerate(problem.people):
        for area in person.areas:
            by_area[area].add(index)
        for region in person.regions:
            by_region[region].add(index)
    known: dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]] = {}
    found = []
    for slot in problem.slots:
        key = (slot.areas, slot.regions)
        if key not in known:
            near = set().union(*(by_region[region] for region in slot.regions))
            able = near.copy()
            for area in slot.areas:
                able &= by_area[area]
            known[key] = sorted(able | (near & generalists))
        found.append(known[key])
    return found


def _clashes(
    problem: Problem, times: list[Time], days: list[tuple[int, int]], weeks: list[int]
) -> tuple[list[set[int]], bool]:
    """Which times exclude each other, and whether some do so over the border of a week."""
    rules = problem.rules
    clash: list[set[int]] = [{index} for index in range(len(times))]
    crossing = False
    reach = rules.free_days_between if rules.across_weeks else min(rules.free_days_between, 6)
    for here, (_start, end) in enumerate(times):
        last = days[here][1]
        for there in range(here + 1, len(times)):
            free = days[there][0] - last - 1
            if free >= reach and times[there][0] >= end:
                break  # the later ones start later still
            same_week = weeks[here] == weeks[there]
            hinders = (
                times[there][0] < end
                or (free < 0 and rules.one_per_day)
                or (0 <= free < rules.free_days_between and (same_week or rules.across_weeks))
            )
            if hinders:
                clash[here].add(there)
                clash[there].add(here)
                crossing = crossing or not same_week
    return clash, crossing


def _lock(found: Grid) -> None:
    """Let locks stand, in their order. A lock may break the rules that protect the person, for it is somebody's own
    deed; those that protect the client it cannot: to be qualified, in one place at a time, and no more than needed."""
    slots = {slot.id: index for index, slot in enumerate(found.problem.slots)}
    people = {person.id: index for index, person in enumerate(found.problem.people)}
    at: dict[int, list[int]] = defaultdict(list)
    refused = []
    for pair in dict.fromkeys(found.problem.locked):
        slot, person = slots[pair.slot], people[pair.person]
        start, end = found.times[found.time[slot]]
        elsewhere = any(
            found.times[found.time[other]][0] < end and start < found.times[found.time[other]][1]
            for other in at[person]
        )
        if elsewhere or person not in found.qualified[slot] or len(found.fixed[slot]) >= found.need[slot]:
            refused.append(pair)
        else:
            found.fixed[slot].append(person)
            at[person].append(slot)
    found.refused = tuple(refused)
    found.current = {(slots[pair.slot], people[pair.person]) for pair in found.problem.current}


def _open(found: Grid) -> None:
    """Who can still take what, once locks stand."""
    closed = [bytearray(mask) for mask in found.blocked]
    count: dict[tuple[int, int], int] = defaultdict(int)
    total: dict[int, int] = defaultdict(int)
    for slot, fixed in enumerate(found.fixed):
        for person in fixed:
            for time in found.clash[found.time[slot]]:
                closed[person][time] = 1
            count[person, found.week[slot]] += 1
            total[person] += 1
    full = {key for key, held in count.items() if held >= found.per_week[key[0]]}
    done = {person for person, limit in enumerate(found.total) if total[person] >= limit}
    done |= {person for person, limit in enumerate(found.per_week) if limit == 0}
    for slot, able in enumerate(found.qualified):
        time, week = found.time[slot], found.week[slot]
        found.can.append(
            [one for one in able if not closed[one][time] and one not in done and (one, week) not in full]
            if len(found.fixed[slot]) < found.need[slot]
            else []
        )


def _taste(found: Grid) -> None:
    unwilling = [_touched(found.times, person.rather_not) for person in found.problem.people]
    wished = {
        index: [_touched(found.times, (stretch,)) for stretch in person.wish]
        for index, person in enumerate(found.problem.people)
        if person.wish
    }
    for slot, time in enumerate(found.time):
        there = (*found.can[slot], *found.fixed[slot])
        found.dislikes.append({person for person in there if unwilling[person][time]})
    for person, masks in wished.items():
        for slot in (*found.open_to[person], *found.locked_on[person]):
            time = found.time[slot]
            numbers = tuple(number for number, mask in enumerate(masks) if mask[time])
            if numbers:
                found.wishes[person][slot] = numbers


def _turned(by_slot: list[list[int]], people: int) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(people)]
    for slot, present in enumerate(by_slot):
        for person in present:
            found[person].append(slot)
    return found


def _touched(times: list[Time], stretches: Iterable[Interval]) -> bytearray:
    """For each time, 1 when one of the stretches touches it."""
    mask = bytearray(len(times))
    longest = max((end - start for start, end in times), default=0)
    for stretch in stretches:
        start, end = _seconds(stretch.start), _seconds(stretch.end)
        for index in range(bisect_left(times, (start - longest, 0)), bisect_left(times, (end, 0))):
            if times[index][1] > start:
                mask[index] = 1
    return mask


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _days(start: int, end: int) -> tuple[int, int]:
    """The first and the last day on the wall that the time touches, as ordinals."""
    first = wall.day_of(EPOCH + timedelta(seconds=start)).toordinal()
    return first, wall.day_of(EPOCH + timedelta(seconds=end - 1)).toordinal()


def _week(day: int) -> int:
    return (day - 1) // 7  # the first of January of the year 1 was a Monday


def region_of(slot: Slot) -> str:
    """The region it is planned with."""
    return min(slot.regions, default="")
