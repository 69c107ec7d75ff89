"""A part of the problem as an integer program: some slots are open, all else stays as the roster has it.

Roles are not in it: a slot asks for a number of people. Fairness is a sum of convex steps, as bounded columns that need
no whole numbers; rest and one duty a day are cliques. So its linear relaxation is nearly whole, and proofs are quick.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rosters.core.planner import costs
from rosters.core.planner.grid import Grid
from rosters.core.planner.programs import Floats, Program, Rows, floats
from rosters.core.planner.roster import Roster


@dataclass(slots=True)
class Block:
    """The program with what its columns mean: first a column per pair, then one per slot for its empty places."""

    slots: list[int]
    pairs: list[tuple[int, int]]  # slot, person
    program: Program
    load_rows: dict[int, int] = field(default_factory=dict)  # by person, where he has steps
    unpopular_rows: dict[int, int] = field(default_factory=dict)

    def chosen(self, values: Sequence[float] | Floats) -> list[tuple[int, int]]:
        return [pair for pair, value in zip(self.pairs, values, strict=False) if value > 0.5]


INFINITE = float("inf")
Prices = tuple[Sequence[float], Sequence[float]]  # by person: of a duty, and what an unpopular one adds


class Builder:
    """Knows which times exclude each other together, so that building a block is a matter of looking up."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        groups: dict[int, list[int]] = defaultdict(list)
        self.group_of: dict[int, int] = {}
        for time, week in sorted(dict(zip(grid.time, grid.week, strict=True)).items()):
            group = 0 if grid.crossing else week
            groups[group].append(time)
            self.group_of[time] = group
        self.cliques = {group: _cliques(times, grid.clash) for group, times in groups.items()}

    def coverage(
        self,
        roster: Roster,
        slots: Iterable[int],
        *,
        relaxed: bool = False,
        floors: Mapping[int, int] | None = None,
    ) -> Block:
        """Leave as few places empty as can be, with at least so many people on the slots of `floors`.

        Relaxed, everything is left out that binds these slots to others: the answer is then a bound for any roster.
        """
        block, rows, _ = self._hard(roster, slots, relaxed)
        for number, slot in enumerate(block.slots):
            rows.cost[len(block.pairs) + number] = 1.0
            if floors:
                rows.most[len(block.pairs) + number] = self.grid.need[slot] - floors.get(slot, 0)
        block.program = rows.program(len(block.pairs))
        block.program.start = _start(block, roster)
        return block

    def cost(
        self,
        roster: Roster,
        slots: Iterable[int],
        *,
        floors: Mapping[int, int] | None = None,
        frozen: Collection[int] = (),
    ) -> Block:
        """Lower the cost, with no more places empty than now; the duties of `frozen` people stay as they are."""
        block, rows, by_person = self._hard(roster, slots, relaxed=False, frozen=frozen)
        empty = range(len(block.pairs), len(block.pairs) + len(block.slots))
        rows.row(0, sum(roster.missing(slot) for slot in block.slots), empty)
        for number, slot in enumerate(block.slots):
            if floors:
                rows.most[empty[number]] = self.grid.need[slot] - floors.get(slot, 0)
        inside = set(block.slots)
        for person, columns in by_person.items():
            self._load(rows, roster, block, person, columns, inside)
            self._unpopular(rows, roster, block, person, columns, inside)
            self._wishes(rows, roster, block, person, columns, inside)
        block.program = rows.program(len(block.pairs))
        block.program.start = _start(block, roster)
        return block

    def priced(self, roster: Roster, slots: Iterable[int], prices: Prices, empty: int) -> Block:
        """The same at fixed prices per duty instead of steps, with exactly so many places empty: for a bound."""
        block, rows, by_person = self._hard(roster, slots, relaxed=True)
        rows.row(empty, empty, range(len(block.pairs), len(block.pairs) + len(block.slots)))
        for column, (slot, person) in enumerate(block.pairs):
            rows.cost[column] = prices[0][person] + self.grid.taste(person, slot)
            if self.grid.unpopular[slot]:
                rows.cost[column] += prices[1][person]
        for person, columns in by_person.items():
            self._wishes(rows, roster, block, person, columns, None)
        block.program = rows.program(len(block.pairs))
        return block

    def _hard(
        self, roster: Roster, slots: Iterable[int], relaxed: bool, frozen: Collection[int] = ()
    ) -> tuple[Block, Rows, dict[int, list[int]]]:
        """Columns of pairs and of empty places, and the rows of all hard rules."""
        grid, rows = self.grid, Rows()
        chosen = sorted(slots)
        inside = set(chosen)
        pairs: list[tuple[int, int]] = []
        by_person: dict[int, list[int]] = {}
        by_slot: list[tuple[int, range]] = []
        closed: dict[int, tuple[set[int], dict[int, int], int]] = {}
        for slot in chosen:
            first = len(pairs)
            time, week = grid.time[slot], grid.week[slot]
            for person in grid.can[slot]:
                if person in frozen:
                    continue
                if person not in closed:
                    closed[person] = self._context(roster, person, inside, relaxed)
                times, left, total = closed[person]
                if time in times or total <= 0 or left.get(week, grid.per_week[person]) <= 0:
                    continue
                by_person.setdefault(person, []).append(len(pairs))
                pairs.append((slot, person))
                rows.column(0.0, 1.0)
            by_slot.append((slot, range(first, len(pairs))))
        for slot, columns in by_slot:
            need = grid.need[slot] - len(grid.fixed[slot])
            if frozen:
                need -= sum(person in frozen for person in roster.movable(slot))
            empty = rows.column(0.0, need)
            rows.row(need, need, (*columns, empty))
        for person, mine in by_person.items():
            self._rules(rows, pairs, person, mine, closed[person])
        return Block(chosen, pairs, rows.program(len(pairs))), rows, by_person

    def _context(
        self, roster: Roster, person: int, inside: set[int], relaxed: bool
    ) -> tuple[set[int], dict[int, int], int]:
        """Times that duties elsewhere close to him, what is left of his week caps, and of his total."""
        grid = self.grid
        times: set[int] = set()
        left: dict[int, int] = {}
        total = grid.total[person]
        for week, held in roster.held[person].items():
            for slot in held:
                fixed = person in grid.fixed[slot]
                if fixed or not (relaxed or slot in inside):
                    total -= 1
                    left[week] = left.get(week, grid.per_week[person]) - 1
                    if not fixed:
                        times |= grid.clash[grid.time[slot]]
        return times, left, total

    def _rules(
        self,
        rows: Rows,
        pairs: Sequence[tuple[int, int]],
        person: int,
        columns: Sequence[int],
        context: tuple[set[int], dict[int, int], int],
    ) -> None:
        grid = self.grid
        by_week: dict[int, list[int]] = defaultdict(list)
        for column in columns:
            by_week[grid.week[pairs[column][0]]].append(column)
        single = set()
        for week, mine in by_week.items():
            left = context[1].get(week, grid.per_week[person])
            if len(mine) > left:
                rows.row(0, left, mine)
                if left == 1:
                    single.add(week)
        by_time: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for column in columns:
            slot = pairs[column][0]
            if grid.crossing or grid.week[slot] not in single:
                by_time[self.group_of[grid.time[slot]]][grid.time[slot]].append(column)
        for group, times in by_time.items():
            before: set[int] = set()
            for clique in self.cliques[group]:
                mine = [column for time in clique if time in times for column in times[time]]
                if len(mine) > 1 and not before.issuperset(mine):
                    rows.row(0, 1, mine)
                    before = set(mine)
        if len(columns) > context[2]:
            rows.row(0, context[2], columns)

    def _load(
        self, rows: Rows, roster: Roster, block: Block, person: int, columns: Sequence[int], inside: set[int]
    ) -> None:
        """Steps upward from what he has elsewhere, as many as he can still take here."""
        grid = self.grid
        movable = 0
        outside: dict[int, int] = defaultdict(int)
        for week, held in roster.held[person].items():
            for slot in held:
                if slot in inside and person not in grid.fixed[slot]:
                    movable += 1
                else:
                    outside[week] += 1
        by_week: dict[int, int] = defaultdict(int)
        for column in columns:
            by_week[grid.week[block.pairs[column][0]]] += 1
        most = sum(min(count, grid.per_week[person] - outside[week]) for week, count in by_week.items())
        base = roster.load[person] - movable
        most = min(most, grid.total[person] - base)
        if len(columns) == 1:
            rows.cost[columns[0]] += grid.step(person, base + 1)
        else:
            levels = [rows.column(grid.step(person, base + number), 1.0) for number in range(1, most + 1)]
            block.load_rows[person] = len(rows.lower)
            rows.row(0, 0, columns, levels)
        for column in columns:
            rows.cost[column] += grid.taste(person, block.pairs[column][0])

    def _unpopular(
        self, rows: Rows, roster: Roster, block: Block, person: int, columns: Sequence[int], inside: set[int]
    ) -> None:
        grid = self.grid
        mine = [column for column in columns if grid.unpopular[block.pairs[column][0]]]
        if not mine:
            return
        movable = sum(
            grid.unpopular[slot] and slot in inside and person not in grid.fixed[slot]
            for held in roster.held[person].values()
            for slot in held
        )
        base = roster.unpopular[person] - movable
        if len(mine) == 1:
            rows.cost[mine[0]] += grid.unpopular_step(person, base + 1)
            return
        levels = [rows.column(grid.unpopular_step(person, base + number), 1.0) for number in range(1, len(mine) + 1)]
        block.unpopular_rows[person] = len(rows.lower)
        rows.row(0, 0, mine, levels)

    def _wishes(
        self,
        rows: Rows,
        roster: Roster,
        block: Block,
        person: int,
        columns: Sequence[int],
        inside: set[int] | None,
    ) -> None:
        """A wish that nothing outside the block fulfils; for a bound (`inside` None), that no lock fulfils."""
        grid = self.grid
        if not grid.wishes[person]:
            return
        touching: dict[int, list[int]] = defaultdict(list)
        for column in columns:
            for number in grid.wishes[person].get(block.pairs[column][0], ()):
                touching[number].append(column)
        for slots in roster.held[person].values() if touching else ():
            for slot in slots:
                if person in grid.fixed[slot] or (inside is not None and slot not in inside):
                    for number in grid.wishes[person].get(slot, ()):
                        touching.pop(number, None)
        for mine in touching.values():
            if len(mine) == 1:
                rows.cost[mine[0]] -= costs.WISH
            else:
                rows.row(0, INFINITE, mine, [rows.column(-costs.WISH, 1.0)])


def _start(block: Block, roster: Roster) -> Floats:
    """The roster as it is: pairs and empty places; the solver works out the steps."""
    pairs = [person in roster.on[slot] for slot, person in block.pairs]
    return floats([*pairs, *(roster.missing(slot) for slot in block.slots)])


def _cliques(times: list[int], clash: list[set[int]]) -> list[list[int]]:
    """Sets of times of which nobody can have two, that together hold every clash among these."""
    found: list[list[int]] = []
    done: set[tuple[int, int]] = set()
    for number, time in enumerate(times):
        later = [other for other in times[number + 1 :] if other in clash[time]]
        while True:
            clique = [time]
            for other in sorted(later, key=lambda one: ((time, one) in done, one)):
                if all(other in clash[member] for member in clique):
                    clique.append(other)
            clique.sort()
            new = [(one, other) for place, one in enumerate(clique) for other in clique[place + 1 :]]
            if len(clique) > 1 and not done.issuperset(new):
                found.append(clique)
                done.update(new)
            later = [other for other in later if (time, other) not in done]
            if not later:
                break
        if (time, time) not in done:
            done.add((time, time))
            if not any(time in clique for clique in found):
                found.append([time])
    return found
