"""A roster in the making: who is on what, and whether somebody fits. Every change goes through `add` and `drop`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from rosters.core.planner import costs
from rosters.core.planner.grid import Grid
from rosters.core.planner.values import Pair


class Roster:
    """Starts with the locks. `on` is by slot, `held` by person and then by week."""

    __slots__ = ("grid", "held", "load", "on", "short", "unpopular", "wished")

    def __init__(self, grid: Grid) -> None:
        people = len(grid.problem.people)
        self.grid = grid
        self.on: list[list[int]] = [[] for _ in grid.need]
        self.held: list[dict[int, list[int]]] = [{} for _ in range(people)]
        self.load = [0] * people
        self.unpopular = [0] * people
        self.wished: dict[tuple[int, int], int] = defaultdict(int)  # person and number of the wish: duties in it
        self.short = sum(grid.need)
        for slot, fixed in enumerate(grid.fixed):
            for person in fixed:
                self.add(person, slot)

    def missing(self, slot: int) -> int:
        return self.grid.need[slot] - len(self.on[slot])

    def fits(self, person: int, slot: int, leaving: int = -1) -> bool:
        """Whether someone of `can` may take it beside what he has, when he leaves the slot `leaving`."""
        grid = self.grid
        if person in self.on[slot]:
            return False
        week = grid.week[slot]
        mine = self.held[person].get(week, ())
        leaves = leaving >= 0 and leaving in self.held[person].get(grid.week[leaving], ())
        if len(mine) - (leaves and grid.week[leaving] == week) >= grid.per_week[person]:
            return False
        if self.load[person] - leaves >= grid.total[person]:
            return False
        clash, time = grid.clash[grid.time[slot]], grid.time
        if not grid.crossing:
            return all(other == leaving or time[other] not in clash for other in mine)
        return all(
            other == leaving or time[other] not in clash for slots in self.held[person].values() for other in slots
        )

    def add(self, person: int, slot: int) -> None:
        self.on[slot].append(person)
        self.held[person].setdefault(self.grid.week[slot], []).append(slot)
        self.load[person] += 1
        self.unpopular[person] += self.grid.unpopular[slot]
        self.short -= 1
        for number in self.grid.wishes[person].get(slot, ()):
            self.wished[person, number] += 1

    def drop(self, person: int, slot: int) -> None:
        self.on[slot].remove(person)
        self.held[person][self.grid.week[slot]].remove(slot)
        self.load[person] -= 1
        self.unpopular[person] -= self.grid.unpopular[slot]
        self.short += 1
        for number in self.grid.wishes[person].get(slot, ()):
            self.wished[person, number] -= 1

    def price(self, person: int, slot: int) -> float:
        """What it adds to the cost when he takes it now."""
        grid = self.grid
        found = grid.step(person, self.load[person] + 1) + grid.taste(person, slot)
        if grid.unpopular[slot]:
            found += grid.unpopular_step(person, self.unpopular[person] + 1)
        if grid.wishes[person]:
            wishes = grid.wishes[person].get(slot, ())
            found -= costs.WISH * sum(self.wished[person, number] == 0 for number in wishes)
        return found

    def saved(self, person: int, slot: int) -> float:
        """What it takes off the cost when he leaves it."""
        grid = self.grid
        found = grid.step(person, self.load[person]) + grid.taste(person, slot)
        if grid.unpopular[slot]:
            found += grid.unpopular_step(person, self.unpopular[person])
        if grid.wishes[person]:
            wishes = grid.wishes[person].get(slot, ())
            found -= costs.WISH * sum(self.wished[person, number] == 1 for number in wishes)
        return found

    def movable(self, slot: int) -> list[int]:
        fixed = self.grid.fixed[slot]
        return [person for person in self.on[slot] if person not in fixed]

    def pairs(self) -> list[Pair]:
        return [self.grid.pair(slot, person) for slot, people in enumerate(self.on) for person in people]

    def cost(self) -> float:
        """`costs.cost`, from the counts."""
        grid = self.grid
        found = 0.0
        for person, one in enumerate(grid.problem.people):
            found += costs.FAIRNESS * costs.steps(one.past_load, self.load[person], one.weight)
            found += costs.FAIRNESS * costs.steps(one.past_unpopular, self.unpopular[person], one.weight)
            found += costs.MINIMUM * max(0, one.min_total - self.load[person])
            found += costs.WISH * sum(self.wished[person, number] == 0 for number in range(len(one.wish)))
        found += costs.RATHER_NOT * sum(
            sum(person in grid.dislikes[slot] for person in people) for slot, people in enumerate(self.on)
        )
        return found + costs.CHANGE * sum(person not in self.on[slot] for slot, person in grid.current)

    def replace(self, slots: Iterable[int], pairs: Iterable[tuple[int, int]], frozen: Collection[int] = ()) -> bool:
        """Put these pairs (slot, person) in place of all that may move on these slots; False and as it was when one
        does not fit."""
        before = [(slot, person) for slot in slots for person in self.movable(slot) if person not in frozen]
        for slot, person in before:
            self.drop(person, slot)
        done: list[tuple[int, int]] = []
        for slot, person in pairs:
            if not self.fits(person, slot):
                break
            self.add(person, slot)
            done.append((slot, person))
        else:
            return True
        for slot, person in done:
            self.drop(person, slot)
        for slot, person in before:
            self.add(person, slot)
        return False
