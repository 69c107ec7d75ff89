"""From a problem to a proposal: an answer at once, then coverage proven week by week, then the cost lowered by region.

If no rule crosses the border of a week, the sum of what each week cannot cover is what no roster can. Only fairness
couples weeks: the cost is lowered for one region over all its weeks, with the rest as it stands, one after the other;
a problem that is small enough is solved whole. The same problem, seed and time enough give the same roster: work is
shared out in a fixed way and merged in a fixed order, whatever the number of processes.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rosters.core.planner import bounds, costs, gaps, greedy, roles
from rosters.core.planner.blocks import Builder
from rosters.core.planner.grid import grid, region_of
from rosters.core.planner.highs import Effort, Solved
from rosters.core.planner.programs import Program
from rosters.core.planner.roster import Roster
from rosters.core.planner.values import Assigned, Problem, Proposal
from rosters.core.planner.workers import Workers

READING, FIRST, COVERING, SHARING, BOUNDING, REPAIRING = "read", "first", "cover", "share", "bound", "repair"
WHOLE = 40_000  # pairs that are solved at once
BLOCK = 60_000  # pairs of a region's block; a larger region is taken a few weeks at a time
LARGEST_BLOCK = 250_000  # pairs; beyond that the solver's memory is not worth what it adds to the first answer
TOGETHER = 2  # blocks that are solved beside each other, also when there is one process
PASSES = 2
BOUND_SHARE = 0.35  # of the time that is left once coverage is done
NEARLY_BEST = 3e-6  # part of the cost that a block may stay above its own optimum
ENOUGH = 5e-3  # an improvement by a smaller part of the cost is not worth another pass
IN_THE_MAKING = 0.1  # a current roster with more places empty is planned, not repaired
Key = TypeVar("Key", int, str)
EXPLAINING = 1e-5  # seconds per pair, kept for the reasons of what stays empty
EVERY = 1.0  # seconds between two words of progress


@dataclass(frozen=True, slots=True)
class Progress:
    """`step` is one of the words above; `uncovered` and `cost` are those of the best answer so far."""

    step: str
    seconds: float
    uncovered: int
    cost: float


def plan(
    problem: Problem,
    *,
    seconds: float = 60.0,
    seed: int = 1,
    workers: int = 2,
    stop: Callable[[], bool] = lambda: False,
    tell: Callable[[Progress], None] = lambda progress: None,
) -> Proposal:
    """The best roster within the seconds, or until `stop` says so. ProblemError when the problem is too large.

    A problem with a `current` roster is repaired: what cannot stay is filled again with as few changes as can be.
    """
    run = _Run(problem, seconds, seed, stop, tell)
    with Workers(workers, run.left) as crew:
        run.crew = crew
        run.go()
    return run.proposal()


class _Run:
    crew: Workers

    def __init__(
        self,
        problem: Problem,
        seconds: float,
        seed: int,
        stop: Callable[[], bool],
        tell: Callable[[Progress], None],
    ) -> None:
        self.began = time.monotonic()
        self.until = self.began + seconds
        self.seed, self._stop, self._tell = seed, stop, tell
        self.step, self._told, self._best = READING, self.began, (0, 0.0)
        self.problem, self.grid = problem, grid(problem)
        self.until -= min(0.2 * seconds, EXPLAINING * self.grid.pairs)
        self.roster = Roster(self.grid)
        self.builder = Builder(self.grid)
        self.weeks = _grouped(self.grid.week)
        self.cannot: dict[int, int] = {}  # by week: places that no roster fills
        self.whole_cannot = 0
        self.floors: dict[int, int] = {}
        self.cost_bound = -math.inf

    def left(self) -> float:
        """Seconds that are left, 0 when stopped. Tells how far we are, at most once a second."""
        now = time.monotonic()
        if now - self._told >= EVERY:
            self._told = now
            self._tell(Progress(self.step, now - self.began, *self._best))
        return 0.0 if self._stop() else max(0.0, self.until - now)

    def over(self) -> bool:
        return self.left() <= 0

    def go(self) -> None:
        vacated = self._keep_current()
        if vacated and self.roster.short <= IN_THE_MAKING * sum(self.grid.need):
            self._enter(REPAIRING)
            self._repair(vacated)
            greedy.fill(self.roster, self._empty())
            self.first = time.monotonic() - self.began
            return
        self._enter(FIRST)
        greedy.fill(self.roster)
        self.first = time.monotonic() - self.began
        if not self.grid.current:
            greedy.improve(self.roster, self.seed, self.over)
        for step, do in ((COVERING, self._cover), (SHARING, self._share)):
            if not self.over():
                self._enter(step)
                do()
        greedy.fill(self.roster, self._empty())

    def _enter(self, step: str) -> None:
        self.step, self._best = step, (self.roster.short, self.roster.cost())

    # --- Repair -------------------------------------------------------------------------------------------------------

    def _keep_current(self) -> list[int]:
        """Let stay what can; the slots that lose somebody."""
        slots = {slot.id: index for index, slot in enumerate(self.problem.slots)}
        people = {person.id: index for index, person in enumerate(self.problem.people)}
        vacated = set()
        for pair in dict.fromkeys(self.problem.current):
            slot, person = slots[pair.slot], people[pair.person]
            if person in self.roster.on[slot]:
                continue
            if person in self.grid.can[slot] and self.roster.missing(slot) > 0 and self.roster.fits(person, slot):
                self.roster.add(person, slot)
            elif self.roster.missing(slot) > 0:
                vacated.add(slot)
        if self.problem.current:
            self.floors = {slot: len(present) for slot, present in enumerate(self.roster.on) if present}
        return sorted(vacated)

    def _repair(self, vacated: Sequence[int]) -> None:
        """Only the weeks and regions of what fell open; the rest is left alone."""
        touched = {(self.grid.week[slot], region_of(self.problem.slots[slot])) for slot in vacated}
        for week in sorted({week for week, _region in touched}):
            window = [slot for slot in self.weeks[week] if (week, region_of(self.problem.slots[slot])) in touched]
            self._solve_coverage(window)
            self._solve_cost([window])

    # --- Coverage -----------------------------------------------------------------------------------------------------

    def _cover(self) -> None:
        """Each week by itself; a rule that binds weeks together is left out first, so that the sum is a bound."""
        weeks, blocks = [], []
        for week, slots in self.weeks.items():
            if self._short(slots) and self._is_manageable(slots) and not self.over():
                weeks.append(week)
                blocks.append(self.builder.coverage(self.roster, slots, relaxed=True, floors=self.floors))
        answers = self._ask([block.program for block in blocks], 0.999)
        for week, block, solved in zip(weeks, blocks, answers, strict=True):
            self.cannot[week] = _whole_above(solved.bound)
            if solved.values is None or solved.objective > self._short(block.slots) - 0.5:
                continue
            if not self.roster.replace(block.slots, block.chosen(solved.values)):
                self._solve_coverage(block.slots)
            self._enter(COVERING)
        if self.roster.short > sum(self.cannot.values()) and self.grid.pairs <= WHOLE and not self.over():
            solved = self._solve_coverage(range(len(self.grid.need)))
            self.whole_cannot = _whole_above(solved.bound)

    def _is_manageable(self, slots: Iterable[int]) -> bool:
        return sum(len(self.grid.can[slot]) for slot in slots) <= LARGEST_BLOCK

    def _solve_coverage(self, slots: Iterable[int]) -> Solved:
        """These slots as they stand among the others."""
        block = self.builder.coverage(self.roster, slots, floors=self.floors)
        (solved,) = self._ask([block.program], 0.999)
        if solved.values is not None and solved.objective < self._short(block.slots) - 0.5:
            self.roster.replace(block.slots, block.chosen(solved.values))
        return solved

    # --- Cost ---------------------------------------------------------------------------------------------------------

    def _share(self) -> None:
        if not self.floors:
            for _ in range(PASSES):
                greedy.moves(self.roster, range(len(self.grid.need)), self.over)
        if self.grid.pairs <= WHOLE:
            self._share_whole()
            return
        paid = bounds.Paid(self.roster)
        reserve = BOUND_SHARE * self.left()
        self.until -= reserve
        blocks = self._regions()
        for number in range(PASSES):
            before = self.roster.cost()
            order = blocks if number % 2 == 0 else blocks[1:] + blocks[:1]
            for place in range(0, len(order), TOGETHER):
                beside = [slots for slots in order[place : place + TOGETHER] if self._is_manageable(slots)]
                if beside and not self.over():
                    self._solve_cost(beside, paid)
            if self.over() or before - self.roster.cost() < ENOUGH * before:
                break
        self.until += reserve
        self._enter(BOUNDING)
        self._bound(paid)

    def _share_whole(self) -> None:
        block = self.builder.cost(self.roster, range(len(self.grid.need)), floors=self.floors)
        before = self.roster.cost()
        (solved,) = self._ask([block.program], 0.5)
        if solved.values is None:
            return
        if not self.roster.replace(block.slots, block.chosen(solved.values)):
            raise AssertionError("the program knows a rule less than the roster")
        self.cost_bound = self.roster.cost() - (solved.objective - solved.bound)
        if self.roster.cost() > before + 1e-3:
            raise AssertionError("the program prices otherwise than the roster")
        self._enter(SHARING)

    def _regions(self) -> list[list[int]]:
        """Slots by region; a region that is too large in stretches of weeks."""
        found: list[list[int]] = []
        regions = _grouped([region_of(slot) for slot in self.problem.slots])
        for slots in regions.values():
            stretch: list[int] = []
            count = 0
            for week in _grouped([self.grid.week[slot] for slot in slots]).values():
                here = [slots[place] for place in week]
                size = sum(len(self.grid.can[slot]) for slot in here)
                if stretch and count + size > BLOCK:
                    found.append(stretch)
                    stretch, count = [], 0
                stretch, count = stretch + here, count + size
            found.append(stretch)
        return found

    def _solve_cost(self, groups: Sequence[Sequence[int]], paid: bounds.Paid | None = None) -> None:
        """Blocks beside each other: whoever could be in two of them moves in the first only."""
        blocks, frozen = [], []
        known: set[int] = set()
        for slots in groups:
            mine = {person for slot in slots for person in self.grid.can[slot]}
            frozen.append(mine & known)
            blocks.append(self.builder.cost(self.roster, slots, floors=self.floors, frozen=frozen[-1]))
            known |= mine
        answers = self._ask([block.program for block in blocks], max(0.5, NEARLY_BEST * self._best[1]))
        for block, still, solved in zip(blocks, frozen, answers, strict=True):
            if paid is not None:
                paid.learn(block, solved)
            if solved.values is not None:
                self.roster.replace(block.slots, block.chosen(solved.values), still)
        self._enter(self.step)

    def _bound(self, paid: bounds.Paid) -> None:
        """Only where each week is known to be at its least; else the number of duties alone bounds the cost."""
        manageable = all(map(self._is_manageable, self.weeks.values()))
        if self.over() or not manageable or not self._proven() or self.floors:
            return
        prices = paid.clamp(self.roster)
        weeks = list(self.weeks)
        programs = [
            self.builder.priced(self.roster, self.weeks[week], prices, self._short(self.weeks[week])).program
            for week in weeks
        ]
        answers = self._ask(programs, 0.5, whole=False)
        lowest = {week: solved.bound for week, solved in zip(weeks, answers, strict=True)}
        self.cost_bound = bounds.at_prices(self.roster, prices, lowest)

    # --- The answer ---------------------------------------------------------------------------------------------------

    def proposal(self) -> Proposal:
        competitions = gaps.competitions(self.roster)
        for week, competition in competitions.items():
            self.cannot[week] = max(self.cannot.get(week, 0), competition.empty)
        cost = costs.cost(self.problem, self.roster.pairs())
        least = min(cost.total, max(self.cost_bound, bounds.by_numbers(self.roster)))
        total = self.roster.short
        return Proposal(
            assigned=self._assigned(),
            uncovered=gaps.uncovered(self.roster, competitions, self.cannot, self._proven()),
            uncovered_total=total,
            uncovered_bound=min(total, self._bound_of_uncovered()),
            proven_minimal=self._proven(),
            cost=cost,
            cost_bound=math.floor(least * 1e6) / 1e6,
            seconds=round(time.monotonic() - self.began, 3),
            first_answer_seconds=round(self.first, 3),
            seed=self.seed,
        )

    def _assigned(self) -> tuple[Assigned, ...]:
        named: dict[str, list[str]] = {}
        for pair in self.problem.current:
            named.setdefault(pair.slot, []).append(pair.person)
        kept: list[int | None] = []
        for slot, present in enumerate(self.roster.on):
            names = named.get(self.problem.slots[slot].id, ())
            staying = {self.problem.people[person].id: person for person in present}
            kept.append(next((staying[name] for name in names if name in staying), None))
        first = roles.firsts(self.roster.on, kept, len(self.problem.people))
        found = []
        for slot, present in enumerate(self.roster.on):
            others = sorted(person for person in present if person != first[slot])
            order = [chief, *others] if (chief := first[slot]) is not None else others
            for position, person in enumerate(order, 1):
                found.append(Assigned(*self.grid.pair(slot, person), position))
        return tuple(found)

    def _ask(self, programs: list[Program], gap: float, whole: bool = True) -> list[Solved]:
        return self.crew.solve(programs, Effort(seconds=self.left(), gap=gap, seed=self.seed, whole=whole))

    def _short(self, slots: Iterable[int]) -> int:
        return sum(self.roster.missing(slot) for slot in slots)

    def _empty(self) -> list[int]:
        return [slot for slot in range(len(self.grid.need)) if self.roster.missing(slot) > 0]

    def _bound_of_uncovered(self) -> int:
        return max(self.whole_cannot, sum(self.cannot.values()))

    def _proven(self) -> bool:
        return self._bound_of_uncovered() >= self.roster.short


def _grouped(keys: Iterable[Key]) -> dict[Key, list[int]]:
    """Places by key, keys in order."""
    found: dict[Key, list[int]] = {}
    for place, key in enumerate(keys):
        found.setdefault(key, []).append(place)
    return {key: found[key] for key in sorted(found)}


def _whole_above(bound: float) -> int:
    """What a bound says of a whole number; nothing when there is none."""
    return max(0, math.ceil(bound - 1e-6)) if math.isfinite(bound) else 0
