"""Why a desk lacks people: nobody could, everybody who could is absent, or nobody was rostered. A fixed number of
statements, however many gaps there are; the rules are those of `core.eligible`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from directory import queries as directory
from directory.queries import Staff
from integrations import clock
from rosters.core import eligible, wall
from rosters.core.intervals import Interval
from rosters.eligibility import availability_of, parts_of, role_for, wanted_at
from rosters.models import Gap
from rosters.snapshot import DeskRow

Cause = Gap.Cause


def causes_of(gaps: Sequence[tuple[DeskRow, Interval]]) -> list[str]:
    """One cause for each desk and stretch."""
    if not gaps:
        return []
    desks = {desk.id: desk for desk, _when in gaps}
    staff: dict[str, dict[int, Staff]] = {}
    able: dict[int, list[Staff]] = {}
    for desk in desks.values():
        role = role_for(desk)
        if role not in staff:
            staff[role] = directory.staff(role, clock.now())
        wanted = wanted_at(desk.id, gaps[0][1])
        able[desk.id] = [
            one
            for one in staff[role].values()
            if (one.generalist or wanted.areas <= one.areas.keys())
            and (one.regions is None or one.regions & wanted.regions)
        ]
    whole = Interval(min(when.start for _desk, when in gaps), max(when.end for _desk, when in gaps))
    away = _away(desks.values(), able, whole)
    return [_cause(desk, when, able[desk.id], away[desk.line_id]) for desk, when in gaps]


def _cause(desk: DeskRow, when: Interval, able: Sequence[Staff], away: dict[int, tuple[Interval, ...]]) -> str:
    day = wall.day_of(when.start)
    wanted = desk.areas if role_for(desk) == "lawyer" else frozenset()
    could = [one for one in able if not eligible.registration_lacks(wanted, one.generalist, one.areas, day)]
    if not could:
        return Cause.NOBODY_QUALIFIED
    if all(any(stretch.overlaps(when) for stretch in away[one.id]) for one in could):
        return Cause.ALL_ABSENT
    return Cause.NOBODY_ROSTERED


def _away(
    desks: Iterable[DeskRow], able: dict[int, list[Staff]], window: Interval
) -> dict[int, dict[int, tuple[Interval, ...]]]:
    """Per line, for its dagdelen, when each of these people cannot."""
    people: dict[int, set[int]] = defaultdict(set)
    for desk in desks:
        people[desk.line_id] |= {one.id for one in able[desk.id]}
    return {
        line_id: {
            person_id: stretches.cannot
            for person_id, stretches in availability_of(ids, window, parts_of(line_id)).items()
        }
        for line_id, ids in people.items()
    }
