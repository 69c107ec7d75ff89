"""The answer within a second: the cheapest who fits, scarce slots first; then empty places by chains of moves, then
single moves that lower the cost. Everything better comes from the solver; when that gives nothing, this stands."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence

from rosters.core.planner.roster import Roster

DEPTH = 3
WIDTH = 400  # moves looked at for one empty place
LOWER = 1e-6


def fill(roster: Roster, slots: Iterable[int] | None = None) -> None:
    """Give every place that somebody can take to the cheapest, where few can first."""
    grid = roster.grid
    asked = range(len(grid.need)) if slots is None else slots
    for slot in sorted(asked, key=lambda one: (len(grid.can[one]) - 2 * grid.need[one], one)):
        while roster.missing(slot) > 0:
            best = min(
                ((roster.price(person, slot), person) for person in grid.can[slot] if roster.fits(person, slot)),
                default=None,
            )
            if best is None:
                break
            roster.add(best[1], slot)


def improve(roster: Roster, seed: int, over: Callable[[], bool], passes: int = 2) -> None:
    """Fill empty places by chains and lower the cost by single moves."""
    order = list(range(len(roster.grid.need)))
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, not a secret
    for _ in range(passes):
        filled = chains(roster, order, over)
        lowered = moves(roster, order, over)
        if over() or not (filled or lowered):
            return


def chains(roster: Roster, slots: Sequence[int], over: Callable[[], bool]) -> int:
    """How many places were filled by moving others."""
    filled = 0
    for slot in slots:
        while roster.missing(slot) > 0 and not over() and _chain(roster, slot, DEPTH, {slot}, [WIDTH]):
            filled += 1
    return filled


def _chain(roster: Roster, slot: int, depth: int, seen: set[int], left: list[int]) -> bool:
    """Put somebody on it; who has to leave another slot for it is replaced there, or the move is not made."""
    grid = roster.grid
    free = [(roster.price(person, slot), person) for person in grid.can[slot] if roster.fits(person, slot)]
    if free:
        roster.add(min(free)[1], slot)
        return True
    if not depth:
        return False
    for person in grid.can[slot]:
        if person in roster.on[slot]:
            continue
        for other in tuple(roster.held[person].get(grid.week[slot], ())):
            if other in seen or person in grid.fixed[other] or not roster.fits(person, slot, leaving=other):
                continue
            left[0] -= 1
            if left[0] < 0:
                return False
            roster.drop(person, other)
            roster.add(person, slot)
            if _chain(roster, other, depth - 1, seen | {other}, left):
                return True
            roster.drop(person, slot)
            roster.add(person, other)
    return False


def moves(roster: Roster, slots: Sequence[int], over: Callable[[], bool]) -> int:
    """How often somebody was replaced by somebody who costs less."""
    grid, made = roster.grid, 0
    for number, slot in enumerate(slots):
        if number % 256 == 0 and over():
            break
        if len(grid.can[slot]) < 2:
            continue
        for person in roster.movable(slot):
            saved = roster.saved(person, slot) - LOWER
            best = None
            for other in grid.can[slot]:
                price = roster.price(other, slot)
                if price < saved and other not in roster.on[slot] and roster.fits(other, slot):
                    best, saved = other, price
            if best is not None:
                roster.drop(person, slot)
                roster.add(best, slot)
                made += 1
    return made
