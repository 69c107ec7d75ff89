"""Who is first on duty and who is backup, once it is known who is on a slot.

Each slot chooses one first of its people. A person's balance is twice the times he is first less his duties; passing
the turn along a path of slots from somebody high to somebody low evens both out. Without such a path nothing is better:
slots with people are an M-convex choice, for which no single pass helping means that none does. Where every slot has
two people this is the orientation of a graph, and nobody is further off than one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

WIDEST = 2


def firsts(on: Sequence[Sequence[int]], kept: Sequence[int | None], people: int) -> list[int | None]:
    """By slot who is first, None when nobody is on it. `kept`: who is first already, and stays where that is fair."""
    first: list[int | None] = [None] * len(on)
    balance = [0] * people
    for present in on:
        for person in present:
            balance[person] -= 1
    for slot, present in enumerate(on):
        if present and (len(present) == 1 or kept[slot] in present):
            first[slot] = present[0] if len(present) == 1 else kept[slot]
            balance[first[slot] or 0] += 2
    for slot, present in enumerate(on):
        if present and first[slot] is None:
            chosen = min(present, key=lambda one: (balance[one], one))
            first[slot] = chosen
            balance[chosen] += 2
    mine: list[list[int]] = [[] for _ in range(people)]
    for slot, present in enumerate(on):
        if len(present) > 1:
            for person in present:
                mine[person].append(slot)
    _even_out(on, first, balance, mine)
    return first


def _even_out(on: Sequence[Sequence[int]], first: list[int | None], balance: list[int], mine: list[list[int]]) -> None:
    for person in sorted(range(len(balance)), key=lambda one: -abs(balance[one])):
        while balance[person] > WIDEST and _pass(person, True, on, first, balance, mine):
            pass
        while balance[person] < -WIDEST and _pass(person, False, on, first, balance, mine):
            pass


def _pass(
    person: int,
    gives: bool,
    on: Sequence[Sequence[int]],
    first: list[int | None],
    balance: list[int],
    mine: list[list[int]],
) -> bool:
    """Give one turn away, or take one, along the shortest path to somebody who stays better off than this person."""
    sign = 1 if gives else -1
    came: dict[int, tuple[int, int]] = {}
    queue, seen = deque([person]), {person}
    while queue:
        here = queue.popleft()
        if here != person and abs(balance[here] + 2 * sign) < abs(balance[person]):
            balance[person] -= 2 * sign
            balance[here] += 2 * sign
            while here != person:
                slot, before = came[here]
                first[slot] = here if gives else before
                here = before
            return True
        for slot in mine[here]:
            if gives == (first[slot] == here):
                for other in on[slot] if gives else (first[slot],):
                    if other is not None and other not in seen:
                        seen.add(other)
                        came[other] = (slot, here)
                        queue.append(other)
    return False
