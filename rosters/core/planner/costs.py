"""What a roster costs once its coverage is settled: the one definition, and the numbers the engine works with.

Lower is better. Coverage comes first and is not in it: of two rosters, the one with fewer empty places is better.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable

from rosters.core.intervals import Interval
from rosters.core.planner.values import Cost, Pair, Person, Problem, Slot

FAIRNESS, RATHER_NOT, WISH, MINIMUM, CHANGE = 5.0, 20.0, 2.0, 200.0, 3000.0


def cost(problem: Problem, pairs: Iterable[Pair]) -> Cost:
    """The cost of having these people on these slots, locked ones included."""
    slots = {slot.id: slot for slot in problem.slots}
    given = set(pairs)
    duties: dict[str, list[Slot]] = defaultdict(list)
    for pair in given:
        duties[pair.person].append(slots[pair.slot])
    fairness = unpopular = 0.0
    rather_not = wishes_missed = min_missed = 0
    for person in problem.people:
        mine = duties[person.id]
        fairness += steps(person.past_load, len(mine), person.weight)
        unpopular += steps(person.past_unpopular, sum(slot.unpopular >= 1 for slot in mine), person.weight)
        rather_not += sum(any(touches(slot, stretch) for stretch in person.rather_not) for slot in mine)
        wishes_missed += missed(person, mine)
        min_missed += max(0, person.min_total - len(mine))
    return priced(fairness, unpopular, rather_not, wishes_missed, min_missed, len(set(problem.current) - given))


def priced(
    fairness: float, unpopular_fairness: float, rather_not: int, wishes_missed: int, min_missed: int, changes: int
) -> Cost:
    total = (
        FAIRNESS * (fairness + unpopular_fairness)
        + RATHER_NOT * rather_not
        + WISH * wishes_missed
        + MINIMUM * min_missed
        + CHANGE * changes
    )
    parts = (round(fairness, 6), round(unpopular_fairness, 6), rather_not, wishes_missed, min_missed, changes)
    return Cost(*parts, total=round(total, 6))


def steps(past: float, load: int, weight: float) -> float:
    """The sum of (2k-1)/weight for k from floor(past)+1 to floor(past)+load: each duty weighs more than the one before.

    For equal weights the lowest sum is the most even spread, whatever norm one prefers: Harvey, Ladner, Lovász and
    Tamir, Semi-matchings for bipartite graphs and load balancing, J. Algorithms 59 (2006).
    """
    base = math.floor(past)
    return ((base + load) ** 2 - base**2) / weight


def step(past: float, number: int, weight: float) -> float:
    """What the duty with this number (from 1) adds to `steps`."""
    return (2 * (math.floor(past) + number) - 1) / weight


def missed(person: Person, duties: Iterable[Slot]) -> int:
    """How many of the person's wishes none of these duties touches."""
    if not person.wish:
        return 0
    mine = tuple(duties)
    return sum(not any(touches(slot, stretch) for slot in mine) for stretch in person.wish)


def touches(slot: Slot, stretch: Interval) -> bool:
    return slot.start < stretch.end and stretch.start < slot.end
