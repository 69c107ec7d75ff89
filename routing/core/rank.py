"""The order in which people are rung: which place counts for each, who comes first, which stage is next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from routing.core.facts import Person, Presence

OWN = "own"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
NOBODY_KNOWN = Presence(person_id=0)


def places(people: Iterable[Person], stages: Sequence[str], presence: Mapping[int, Presence]) -> tuple[Person, ...]:
    """Everybody on duty in one of `stages`, once, at his best place, best place first.

    Desks by stage, neighbour rank, nearest region, fewest areas, fewest regions, id; within a desk by position,
    then by who was rung longest ago. Who does not answer comes after the others of his desk.
    """
    order = {stage: index for index, stage in enumerate(stages)}

    def key(person: Person) -> tuple[object, ...]:
        known = presence.get(person.person_id, NOBODY_KNOWN)
        return (
            order[person.stage],
            person.neighbour_rank,
            person.distance,
            person.area_count,
            person.region_count,
            person.desk_id,
            known.not_answering,
            person.position,
            known.last_rung_at or NEVER,
            person.person_id,
            person.duty_id,
        )

    best: dict[int, Person] = {}
    for person in sorted((person for person in people if person.stage in order), key=key):
        best.setdefault(person.person_id, person)
    return tuple(best.values())


def first(
    free: Sequence[Person], stages: Sequence[str], attempted: frozenset[str], continuity: int | None
) -> Person | None:
    """Who of `free` (in the order of `places`) is rung next; None when nobody is free.

    The lawyer who already spoke on the matter; else the own stage to its end, then one attempt for each other stage,
    then whoever is left, in order.
    """
    for person in free:
        if person.person_id == continuity:
            return person
    for stage in stages:
        if stage == OWN or stage not in attempted:
            for person in free:
                if person.stage == stage:
                    return person
    return free[0] if free else None
