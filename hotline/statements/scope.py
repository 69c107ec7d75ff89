"""Whose statements a coordinator sees: of everybody with a duty role in his regions."""

from __future__ import annotations

from collections.abc import Iterable

from directory import queries as directory
from directory.access import COORDINATOR


def people_of(coordinator_id: int, person_ids: Iterable[int] | None = None) -> dict[int, str]:
    """Id and name of everybody active who does duties in the regions of a coordinator, himself left out."""
    mine = directory.regions_in_scope(coordinator_id, COORDINATOR)
    if not mine:
        return {}
    asked = None if person_ids is None else list(person_ids)
    found = {
        one.id: one.name
        for role in directory.DUTY_ROLES
        for one in directory.staff(role, person_ids=asked).values()
        if one.regions is None or one.regions & mine
    }
    found.pop(coordinator_id, None)
    return found


def may_agree_for(coordinator_id: int, person_id: int) -> bool:
    return person_id in people_of(coordinator_id, [person_id])
