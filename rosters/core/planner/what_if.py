"""What a change would bring, before it is made: one week of one region solved again, within a second."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rosters.core.planner import costs, engine
from rosters.core.planner.values import Pair, Person, Problem, Proposal, Slot
from rosters.core.planner.window import around, window

SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class OneMore:
    """This person takes one duty more than he allows, in the week of the slot."""

    slot: str
    person: str


@dataclass(frozen=True, slots=True)
class OpenRegion:
    """People of this region may also serve the slot's own, in the week of the slot."""

    slot: str
    region: str


@dataclass(frozen=True, slots=True)
class AskRatherNot:
    """Those who said rather not are asked, and do not mind, in the week and region of the slot."""

    slot: str


Change = OneMore | OpenRegion | AskRatherNot


@dataclass(frozen=True, slots=True)
class Outcome:
    """Against the proposal: places filled more, the pairs that come and go, and the cost (lower is better)."""

    gained: int
    added: tuple[Pair, ...]
    dropped: tuple[Pair, ...]
    cost: float
    proven: bool


def what_if(problem: Problem, proposal: Proposal, change: Change, seconds: float = SECONDS) -> Outcome:
    """Nobody's covered slot is dropped for it. Raises ValueError when the slot is not in the problem."""
    slots = around(problem, change.slot)
    also = (change.region,) if isinstance(change, OpenRegion) else ()
    before = window(problem, proposal, slots, also)
    after = _changed(before, change, {slot.id for slot in slots})
    # Half of the time is for what surrounds the solving: reading the window and explaining what stays empty.
    solved = engine.plan(after, seconds=seconds / 2, workers=0)
    here = {slot.id for slot in slots}
    had = {pair for pair in (*before.current, *before.locked) if pair.slot in here}
    has = {Pair(place.slot, place.person) for place in solved.assigned if place.slot in here}
    price = replace(after, current=())
    stand = [pair for pair in before.locked if pair.slot not in here]
    return Outcome(
        gained=len(has) - len(had),
        added=tuple(sorted(has - had)),
        dropped=tuple(sorted(had - has)),
        cost=round(costs.cost(price, [*has, *stand]).total - costs.cost(price, [*had, *stand]).total, 6),
        proven=solved.proven_minimal,
    )


def _changed(problem: Problem, change: Change, here: set[str]) -> Problem:
    if isinstance(change, OneMore):
        return replace(problem, people=tuple(_one_more(one, change.person) for one in problem.people))
    if isinstance(change, OpenRegion):
        return replace(problem, slots=tuple(_opened(slot, change.region, here) for slot in problem.slots))
    return replace(problem, people=tuple(replace(one, rather_not=()) for one in problem.people))


def _one_more(one: Person, person: str) -> Person:
    if one.id != person:
        return one
    caps = {name: cap + 1 for name in ("max_per_week", "max_total") if (cap := getattr(one, name)) is not None}
    return replace(one, **caps)


def _opened(slot: Slot, region: str, here: set[str]) -> Slot:
    return replace(slot, regions=(*slot.regions, region)) if slot.id in here else slot
