"""Why a place is empty: what keeps each qualified person from it, and which slots compete for too few people."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rosters.core.planner.grid import Grid
from rosters.core.planner.roster import Roster
from rosters.core.planner.values import (
    FREE,
    LOCKED,
    ON_SLOT,
    ONE_PER_DAY,
    REASONS,
    REST,
    TOTAL_CAP,
    UNAVAILABLE,
    WEEK_CAP,
    Bottleneck,
    Uncovered,
)

Desk = tuple[int, tuple[str, ...], tuple[str, ...]]


def competitions(roster: Roster) -> dict[int, Competition]:
    """By week, for each week with empty places."""
    by_week: dict[int, list[int]] = {}
    for slot, week in enumerate(roster.grid.week):
        if roster.missing(slot) > 0:
            by_week.setdefault(week, []).append(slot)
    desks: dict[Desk, list[int]] = {}
    for slot, week in enumerate(roster.grid.week):
        if week in by_week:
            desks.setdefault(desk_of(roster.grid, slot), []).append(slot)
    return {week: Competition(roster, slots, desks) for week, slots in by_week.items()}


def desk_of(grid: Grid, slot: int) -> Desk:
    """Slots of one week that ask for the same people."""
    return (grid.week[slot], grid.problem.slots[slot].areas, grid.problem.slots[slot].regions)


def uncovered(
    roster: Roster, weeks: Mapping[int, Competition], cannot: Mapping[int, int], all_proven: bool
) -> tuple[Uncovered, ...]:
    """All empty places, in the order of the slots. `cannot`: by week, how many places no roster can fill."""
    grid = roster.grid
    short: dict[int, int] = {}
    for slot, week in enumerate(grid.week):
        short[week] = short.get(week, 0) + max(0, roster.missing(slot))
    return tuple(
        Uncovered(
            slot=grid.problem.slots[slot].id,
            missing=roster.missing(slot),
            proven=all_proven or short[week] <= cannot.get(week, 0),
            qualified=len(grid.qualified[slot]),
            reasons=reasons(roster, slot),
            bottleneck=weeks[week].bottleneck(slot),
        )
        for slot, week in enumerate(grid.week)
        if roster.missing(slot) > 0
    )


def reasons(roster: Roster, slot: int) -> dict[str, int]:
    found = dict.fromkeys(REASONS, 0)
    for person in roster.grid.qualified[slot]:
        found[reason(roster, person, slot)] += 1
    return found


def reason(roster: Roster, person: int, slot: int) -> str:
    """The first reason that applies to a qualified person."""
    grid = roster.grid
    time, week = grid.time[slot], grid.week[slot]
    weeks = roster.held[person].values() if grid.crossing else (roster.held[person].get(week, ()),)
    clash = grid.clash[time]
    hindering = [other for held in weeks for other in held if other != slot and grid.time[other] in clash]
    if any(person in grid.fixed[other] for other in hindering):
        return LOCKED
    if person in roster.on[slot]:
        return ON_SLOT
    if grid.blocked[person][time]:
        return UNAVAILABLE
    if hindering:
        first, last = grid.days[time]
        days = [grid.days[grid.time[other]] for other in hindering]
        return ONE_PER_DAY if any(start <= last and first <= end for start, end in days) else REST
    if len(roster.held[person].get(week, ())) >= grid.per_week[person]:
        return WEEK_CAP
    return TOTAL_CAP if roster.load[person] >= grid.total[person] else FREE


class Competition:
    """Who could be where in one week when only caps and one duty a day count: a flow, begun with the roster.

    What it cannot fill no roster can. A place that it cannot fill comes with the slots and people around it that are
    short together: all that can be reached by passing duties on, none of whom has anything left to give.
    """

    def __init__(self, roster: Roster, slots: Iterable[int], desks: Mapping[Desk, list[int]]) -> None:
        """`slots`: all in this week that have empty places. `desks`: the slots of `desk_of` each."""
        self._desks = desks
        self.grid: Grid = roster.grid
        self._roster = roster
        self._given: dict[int, dict[int, int]] = {}  # by person: day to the slot he gives it to
        self._moved: dict[int, list[int]] = {}  # by slot: people, where that differs from the roster
        self._left: dict[int, int] = {}  # by person: duties he can give in this week
        self._groups: list[set[int]] = []  # slots from which nothing is left to reach
        self._spent: dict[tuple[int, int] | int, int] = {}  # by person and day, and by person: the group
        self._group_of: dict[int, int] = {}  # by slot
        self._known: dict[int, Bottleneck] = {}  # by group
        self._regions: dict[tuple[int, tuple[str, ...]], Bottleneck | None] = {}  # None: has enough by itself
        self.empty = 0
        for slot in slots:
            self._week = self.grid.week[slot]
            missing = roster.missing(slot)
            while missing and self._augment(slot):
                missing -= 1
            self.empty += missing

    def bottleneck(self, slot: int) -> Bottleneck:
        """Of a slot that the flow fills: itself and who could serve it, whose rest is then what is short."""
        group = self._group_of.get(slot)
        for alike in self._alike(slot):
            if self._is_short(alike):
                return self._around(self._shrunk(alike, slot))
        if group is None:
            return self._around({slot})
        week, _areas, regions = desk_of(self.grid, slot)
        if (week, regions) not in self._regions:
            near = [one for desk, slots in self._desks.items() if desk[::2] == (week, regions) for one in slots]
            self._regions[week, regions] = self._around(set(near)) if self._is_short(near) else None
        if (near_by := self._regions[week, regions]) is not None:
            return near_by
        if group not in self._known:
            self._known[group] = self._around(self._groups[group])
        return self._known[group]

    def _alike(self, slot: int) -> Iterator[list[int]]:
        """Sets that may be short by themselves, the small ones first: itself, then what asks for the same people."""
        yield [slot]
        alike = self._desks[desk_of(self.grid, slot)]
        yield [other for other in alike if self._day(other) == self._day(slot)]
        yield alike

    def _is_short(self, slots: Sequence[int]) -> bool:
        """Whether these ask for more than all who can take one could give to them, each within caps and rest."""
        grid = self.grid
        asked = sum(grid.need[slot] - len(grid.fixed[slot]) for slot in slots)
        times: dict[int, list[int]] = {}
        for slot in slots:
            for person in grid.can[slot]:
                times.setdefault(person, []).append(grid.time[slot])
        if len(times) >= asked and len(slots) == 1:
            return False
        for person, mine in times.items():
            asked -= min(self._most(person), self._together(mine))
            if asked <= 0:
                return False
        return True

    def _together(self, times: list[int]) -> int:
        """How many of these one person could have at most: the first to end, and again among what it leaves."""
        grid = self.grid
        left = sorted(set(times), key=lambda time: grid.times[time][1])
        if not grid.problem.rules.one_per_day:
            return len(left)  # rest between days of which each may have several is no matter of order
        count = 0
        while left:
            count += 1
            left = [time for time in left if time not in grid.clash[left[0]]]
        return count

    def _shrunk(self, slots: list[int], around: int) -> set[int]:
        """As few of these, with this one, as are still short."""
        left = list(slots)
        for slot in slots:
            fewer = [other for other in left if other != slot]
            if slot != around and self._is_short(fewer):
                left = fewer
        return set(left)

    def _around(self, slots: set[int]) -> Bottleneck:
        grid, chosen = self.grid, sorted(slots)
        people = {person for one in chosen for person in (*grid.can[one], *grid.fixed[one])}
        return Bottleneck(
            tuple(grid.problem.slots[one].id for one in chosen),
            tuple(grid.problem.people[person].id for person in sorted(people)),
        )

    def _augment(self, slot: int) -> bool:
        if slot in self._group_of:
            return False  # what could be reached from there had nothing to give, and nothing has come
        came: dict[int, tuple[int, int]] = {}  # slot: from which slot, and by whom it is left
        seen: set[tuple[int, int] | int] = set()
        touched: set[int] = set()
        queue = deque([slot])
        while queue:
            here = queue.popleft()
            day, present = self._day(here), self._moved.get(here) or self._roster.on[here]
            for person in self.grid.can[here]:
                key = (person, day)
                if key in seen or person in present:
                    continue
                seen.add(key)
                if key in self._spent:
                    touched.add(self._spent[key])
                    continue
                given = self._of(person)
                if day in given:
                    leaving = [given[day]]
                elif person in seen:
                    continue
                elif person in self._spent:
                    touched.add(self._spent[person])
                    continue
                elif len(given) < self._most(person):
                    self._shift(slot, here, person, came)
                    return True
                else:
                    seen.add(person)
                    leaving = list(given.values())
                for other in leaving:
                    if other in self._group_of:
                        touched.add(self._group_of[other])
                    elif other != slot and other not in came:
                        came[other] = (here, person)
                        queue.append(other)
        self._close({slot, *came}, seen, touched)
        return False

    def _close(self, slots: set[int], seen: set[tuple[int, int] | int], touched: set[int]) -> None:
        """Nothing can be had from here any more: later searches need not come here again."""
        group = len(self._groups)
        for key in seen:
            self._spent.setdefault(key, group)
        for slot in slots:
            self._group_of[slot] = group
        self._groups.append(slots.union(*(self._groups[other] for other in touched)))

    def _shift(self, first: int, last: int, person: int, came: dict[int, tuple[int, int]]) -> None:
        """Give `last` to the person, and hand on what that frees back to the first slot."""
        here = last
        while True:
            self._people(here).append(person)
            self._of(person)[self._day(here)] = here
            if here == first:
                return
            before, leaver = came[here]
            self._people(here).remove(leaver)
            if self._of(leaver).get(self._day(here)) == here:
                del self._of(leaver)[self._day(here)]
            here, person = before, leaver

    def _people(self, slot: int) -> list[int]:
        if slot not in self._moved:
            self._moved[slot] = list(self._roster.on[slot])
        return self._moved[slot]

    def _of(self, person: int) -> dict[int, int]:
        if person not in self._given:
            held = self._roster.held[person].get(self._week, ())
            self._given[person] = {self._day(slot): slot for slot in held if person not in self.grid.fixed[slot]}
        return self._given[person]

    def _most(self, person: int) -> int:
        if person not in self._left:
            grid = self.grid
            fixed = sum(person in grid.fixed[slot] for slot in self._roster.held[person].get(self._week, ()))
            self._left[person] = min(grid.per_week[person] - fixed, grid.total[person] - len(grid.locked_on[person]))
        return self._left[person]

    def _day(self, slot: int) -> int:
        time = self.grid.time[slot]
        return self.grid.days[time][0] if self.grid.problem.rules.one_per_day else time
