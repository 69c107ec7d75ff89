"""How low the cost could be at this coverage, without solving everything at once.

Weeks meet only in people's loads. At a fixed price per duty they come apart, and each week is a program of its own;
what the steps then differ from the price is settled per person. Any prices give a bound (Lagrange); those that the
blocks of the regions paid give a close one.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from functools import partial

from rosters.core.planner import costs
from rosters.core.planner.blocks import Block, Prices
from rosters.core.planner.grid import Grid
from rosters.core.planner.highs import Solved
from rosters.core.planner.roster import Roster


class Paid:
    """The prices of duties: what the next one of each person would cost, until a block tells better."""

    def __init__(self, roster: Roster) -> None:
        grid, people = roster.grid, range(len(roster.load))
        self.duty = [grid.step(person, roster.load[person] + 1) for person in people]
        self.unpopular = [grid.unpopular_step(person, roster.unpopular[person] + 1) for person in people]

    def learn(self, block: Block, solved: Solved) -> None:
        if solved.duals is not None:
            for person, row in block.load_rows.items():
                self.duty[person] = -float(solved.duals[row])
            for person, row in block.unpopular_rows.items():
                self.unpopular[person] = -float(solved.duals[row])

    def clamp(self, roster: Roster) -> Prices:
        """Between what the last duty cost and what the next would: at the roster's own loads nothing is lost."""
        grid = roster.grid
        return (
            [
                _between(price, grid.step(person, roster.load[person]), grid.step(person, roster.load[person] + 1))
                for person, price in enumerate(self.duty)
            ],
            [
                _between(
                    price,
                    grid.unpopular_step(person, roster.unpopular[person]),
                    grid.unpopular_step(person, roster.unpopular[person] + 1),
                )
                for person, price in enumerate(self.unpopular)
            ],
        )


def at_prices(roster: Roster, prices: Prices, weeks: Mapping[int, float]) -> float:
    """The bound when each week's program at these prices costs at least `weeks`."""
    grid = roster.grid
    found = _standing(grid) + sum(weeks.values())
    for person in range(len(roster.load)):
        fixed, unpopular = _locked(grid, person)
        most, most_unpopular = _room(grid, person)
        found += _lowest(partial(grid.step, person), fixed, most, prices[0][person])
        found += _lowest(partial(grid.unpopular_step, person), unpopular, most_unpopular, prices[1][person])
        found += costs.MINIMUM * grid.problem.people[person].min_total
    return found


def by_numbers(roster: Roster) -> float:
    """The bound when as many duties as are given could go to anybody who can take any: no solver, no time."""
    grid = roster.grid
    found, given = _standing(grid), sum(roster.load)
    queue = []
    for person in range(len(roster.load)):
        fixed, unpopular = _locked(grid, person)
        given -= fixed
        found += sum(grid.step(person, number) for number in range(1, fixed + 1))
        found += sum(grid.unpopular_step(person, number) for number in range(1, unpopular + 1))
        found += costs.MINIMUM * grid.problem.people[person].min_total
        found -= costs.WISH * _open_wishes(grid, person)
        queue.append((grid.step(person, fixed + 1), person, fixed + 1, fixed + _room(grid, person)[0]))
    heapq.heapify(queue)
    kept = sum(person not in grid.fixed[slot] and person in grid.can[slot] for slot, person in grid.current)
    found -= costs.CHANGE * kept
    while given and queue:
        price, person, number, most = heapq.heappop(queue)
        if number <= most:
            found += price
            given -= 1
            heapq.heappush(queue, (grid.step(person, number + 1), person, number + 1, most))
    return found


def _standing(grid: Grid) -> float:
    """What locks cost, and what no roster can win: wishes nobody can grant, people of `current` who may not stay."""
    found = costs.RATHER_NOT * sum(
        sum(person in grid.dislikes[slot] for person in fixed) for slot, fixed in enumerate(grid.fixed)
    )
    found += costs.CHANGE * sum(person not in grid.fixed[slot] for slot, person in grid.current)
    for person, one in enumerate(grid.problem.people):
        granted: set[int] = set()
        for slot, numbers in grid.wishes[person].items():
            if person in grid.fixed[slot]:
                granted.update(numbers)
        found += costs.WISH * (len(one.wish) - len(granted))
    return found


def _open_wishes(grid: Grid, person: int) -> int:
    """Wishes that no lock grants and that some slot could."""
    fixed: set[int] = set()
    possible: set[int] = set()
    for slot, numbers in grid.wishes[person].items():
        (fixed if person in grid.fixed[slot] else possible).update(numbers)
    return len(possible - fixed)


def _locked(grid: Grid, person: int) -> tuple[int, int]:
    mine = grid.locked_on[person]
    return len(mine), sum(grid.unpopular[slot] for slot in mine)


def _room(grid: Grid, person: int) -> tuple[int, int]:
    """How many duties, and unpopular ones, he could take beside his locks at most."""
    mine = grid.open_to[person]
    by_week: dict[int, int] = {}
    for slot in mine:
        by_week[grid.week[slot]] = by_week.get(grid.week[slot], 0) + 1
    most = sum(min(count, grid.per_week[person]) for count in by_week.values())
    return min(most, grid.total[person]), sum(grid.unpopular[slot] for slot in mine)


def _lowest(step: Callable[[int], float], fixed: int, most: int, price: float) -> float:
    """The least of steps less price over all loads from `fixed` to `fixed + most`; locks pay no price."""
    found = sum(step(number) for number in range(1, fixed + 1))
    for number in range(fixed + 1, fixed + most + 1):
        if step(number) >= price:
            break
        found += step(number) - price
    return found


def _between(price: float, low: float, high: float) -> float:
    return min(max(price, low), high)
