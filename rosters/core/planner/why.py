"""Why somebody has the duties he has: his fair share, what keeps him from more, and what else would have cost."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rosters.core.planner import gaps
from rosters.core.planner.grid import Grid, grid
from rosters.core.planner.roster import Roster
from rosters.core.planner.values import REASONS, Problem, Proposal

ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class Instead:
    """`person` on `slot` in place of who is there; `difference` is what that adds to the cost, below 0 when better."""

    slot: str
    person: str
    replaced: str
    difference: float


@dataclass(frozen=True, slots=True)
class Why:
    """`target`: his agreed share of what everybody who serves the same slots has had and has now, less what he has had.

    `limits` counts the slots he is qualified for by what keeps him from each, `on_slot` being his own; `duties` has for
    each of his slots the cheapest others; `more` the cheapest slots of others that he could have.
    """

    load: int
    past: int
    target: float
    limits: dict[str, int]
    duties: dict[str, tuple[Instead, ...]]
    more: tuple[Instead, ...]


def why(problem: Problem, proposal: Proposal, person: str) -> Why:
    """Raises ValueError when there is no such person."""
    found = grid(problem)
    roster = laid(found, proposal)
    (here,) = (index for index, one in enumerate(problem.people) if one.id == person)
    mine = [slot for slot, able in enumerate(found.qualified) if here in able]
    limits = dict.fromkeys(REASONS, 0)
    for slot in mine:
        limits[gaps.reason(roster, here, slot)] += 1
    held = sorted(slot for slots in roster.held[here].values() for slot in slots)
    duties = {problem.slots[slot].id: _others(roster, here, slot) for slot in held}
    more = [
        option
        for slot in mine
        if here in found.can[slot] and here not in roster.on[slot]
        for other in roster.movable(slot)
        if (option := _instead(roster, slot, here, other)) is not None
    ]
    more.sort(key=lambda option: (option.difference, option.slot))
    one = problem.people[here]
    level = _level(roster, {person for slot in mine for person in found.qualified[slot]} | {here})
    past = math.floor(one.past_load)
    target = round(max(0.0, level * one.weight - past), 2)
    return Why(roster.load[here], past, target, limits, duties, tuple(more[:ALTERNATIVES]))


def laid(found: Grid, proposal: Proposal) -> Roster:
    """The proposal as a roster. Locks are there already."""
    roster = Roster(found)
    slots = {slot.id: index for index, slot in enumerate(found.problem.slots)}
    people = {one.id: index for index, one in enumerate(found.problem.people)}
    for place in proposal.assigned:
        slot, person = slots[place.slot], people[place.person]
        if person not in roster.on[slot]:
            roster.add(person, slot)
    return roster


def _others(roster: Roster, person: int, slot: int) -> tuple[Instead, ...]:
    if person in roster.grid.fixed[slot]:
        return ()
    options = [
        option
        for other in roster.grid.can[slot]
        if other != person and (option := _instead(roster, slot, other, person)) is not None
    ]
    return tuple(sorted(options, key=lambda option: (option.difference, option.person))[:ALTERNATIVES])


def _instead(roster: Roster, slot: int, person: int, replaced: int) -> Instead | None:
    """Alone, with nothing else moved; None when he cannot."""
    if not roster.fits(person, slot):
        return None
    difference = roster.price(person, slot) - roster.saved(replaced, slot)
    problem = roster.grid.problem
    return Instead(problem.slots[slot].id, problem.people[person].id, problem.people[replaced].id, round(difference, 6))


def _level(roster: Roster, people: set[int]) -> float:
    """Duties per agreed share, past ones included."""
    problem = roster.grid.problem
    carried = sum(math.floor(problem.people[person].past_load) + roster.load[person] for person in people)
    return carried / sum(problem.people[person].weight for person in people)
