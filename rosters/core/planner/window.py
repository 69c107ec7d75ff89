"""A part of a problem as a problem of its own: some slots are open, what stands around them is locked or carried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta

from rosters.core import wall
from rosters.core.planner import costs
from rosters.core.planner.grid import region_of
from rosters.core.planner.values import Pair, Person, Problem, Proposal, Slot


def around(problem: Problem, slot: str) -> list[Slot]:
    """The slots of this one's week and region."""
    (asked,) = (one for one in problem.slots if one.id == slot)
    week, region = _week(asked), region_of(asked)
    return [one for one in problem.slots if region_of(one) == region and _week(one) == week]


def window(problem: Problem, proposal: Proposal, slots: Iterable[Slot], also: Collection[str] = ()) -> Problem:
    """These slots with the people for them, and those of the regions `also`; `current` is what the proposal has there.

    Duties nearby are locked slots, so that rest and caps hold. Duties further away count as load, and off the total.
    """
    inside = {slot.id: slot for slot in slots}
    regions = {region for slot in inside.values() for region in slot.regions} | set(also)
    people = {person.id: person for person in problem.people if not regions.isdisjoint(person.regions)}
    by_id = {slot.id: slot for slot in problem.slots}
    reach = timedelta(days=8 + (problem.rules.free_days_between if problem.rules.across_weeks else 0))
    start = min(slot.start for slot in inside.values()) - reach
    end = max(slot.end for slot in inside.values()) + reach
    near: dict[str, Slot] = {}
    current: list[Pair] = []
    locked: list[Pair] = []
    away: dict[str, list[Slot]] = defaultdict(list)
    fixed = set(problem.locked)
    for place in proposal.assigned:
        if place.person not in people:
            continue
        pair, slot = Pair(place.slot, place.person), by_id[place.slot]
        if place.slot in inside:
            (locked if pair in fixed else current).append(pair)
        elif slot.end <= start or slot.start >= end:
            away[place.person].append(slot)
        else:
            near[slot.id] = slot
            locked.append(pair)
    present: dict[str, int] = defaultdict(int)
    for pair in locked:
        present[pair.slot] += 1
    beside = [replace(slot, need=present[slot.id]) for slot in near.values()]
    return Problem(
        slots=(*inside.values(), *beside),
        people=tuple(_without(person, away[person.id]) for person in people.values()),
        locked=tuple(locked),
        current=tuple(current),
        rules=problem.rules,
    )


def _without(person: Person, away: list[Slot]) -> Person:
    """With these duties only in the books."""
    if not away:
        return person
    return replace(
        person,
        past_load=person.past_load + len(away),
        past_unpopular=person.past_unpopular + sum(slot.unpopular >= 1 for slot in away),
        max_total=None if person.max_total is None else max(0, person.max_total - len(away)),
        min_total=max(0, person.min_total - len(away)),
        wish=tuple(stretch for stretch in person.wish if not any(costs.touches(slot, stretch) for slot in away)),
    )


def _week(slot: Slot) -> int:
    return (wall.day_of(slot.start).toordinal() - 1) // 7
