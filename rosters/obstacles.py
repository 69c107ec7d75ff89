"""Why people cannot have a duty, whoever asks: for thousands of duties at once, by the rules of `core.eligible`.

Only what no tick can set aside for somebody else: gone, not registered, absent. Rest and maximum are not looked at:
patterns and rosters may break them knowingly, and say so before (`services.patterns.preview_change`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from directory import queries as directory
from directory.queries import Staff
from rosters import eligibility, snapshot
from rosters.core import eligible, wall
from rosters.core.diff import Stint
from rosters.core.intervals import Interval
from rosters.models import Hole
from rosters.snapshot import DeskRow

A_MOMENT = timedelta.resolution
Reason = Hole.Reason


@dataclass
class Obstacles:
    """Loaded for some desks, people and a window; `of` then reads nothing, except for who comes or goes meanwhile."""

    desks: Mapping[int, DeskRow]
    cannot: Mapping[tuple[int, int], tuple[Interval, ...]]  # by line and person
    first: Mapping[str, Mapping[int, Staff]]  # by role: who takes part at the start of the window
    last: Mapping[str, Mapping[int, Staff]]  # and at its end
    _between: dict[tuple[str, int, date], Staff | None] = field(default_factory=dict)

    def of(self, stint: Stint) -> str:
        """A code of Hole.Reason, or ''."""
        desk = self.desks[stint.desk_id]
        one = self._staff(eligibility.role_for(desk), stint.person_id, stint.when.start)
        if one is None:
            return Reason.NOT_ACTIVE
        role = eligibility.role_for(desk)
        areas = desk.areas if role == "lawyer" else frozenset()
        if eligible.registration_lacks(areas, one.generalist, one.areas, wall.day_of(stint.when.start)):
            return Reason.NOT_QUALIFIED
        if any(stretch.overlaps(stint.when) for stretch in self.cannot.get((desk.line_id, stint.person_id), ())):
            return Reason.ABSENT
        return ""

    def _staff(self, role: str, person_id: int, at: datetime) -> Staff | None:
        first, last = self.first[role].get(person_id), self.last[role].get(person_id)
        if (first is None) == (last is None):
            return last
        key = (role, person_id, wall.day_of(at))
        if key not in self._between:
            self._between[key] = directory.staff(role, at, person_ids=[person_id]).get(person_id)
        return self._between[key]


def obstacles(stints: Iterable[Stint]) -> Obstacles:
    """For these duties, in a few statements for each role and each way of dividing the day."""
    asked = list(stints)
    desks = {desk.id: desk for desk in snapshot.current().desks}
    if not asked:
        return Obstacles(desks, {}, {}, {})
    window = Interval(min(stint.when.start for stint in asked), max(stint.when.end for stint in asked))
    roles: dict[str, set[int]] = defaultdict(set)
    lines: dict[int, set[int]] = defaultdict(set)
    for stint in asked:
        roles[eligibility.role_for(desks[stint.desk_id])].add(stint.person_id)
        lines[desks[stint.desk_id].line_id].add(stint.person_id)
    cannot = {
        (line_id, person_id): stretches.cannot
        for line_id, people in lines.items()
        for person_id, stretches in eligibility.availability_of(people, window, eligibility.parts_of(line_id)).items()
    }
    return Obstacles(
        desks,
        cannot,
        {role: directory.staff(role, window.start, person_ids=people) for role, people in roles.items()},
        {role: directory.staff(role, window.end - A_MOMENT, person_ids=people) for role, people in roles.items()},
    )
