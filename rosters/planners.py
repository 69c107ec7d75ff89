"""Which desks a coordinator plans: those whose regions all lie in his."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from directory import queries as directory
from rosters import snapshot
from rosters.errors import NotYours
from rosters.snapshot import DeskRow

COORDINATOR = "coordinator"


def desks_planned_by(person_id: int) -> tuple[DeskRow, ...]:
    """The active desks that this person plans, by name."""
    scope = directory.regions_in_scope(person_id, COORDINATOR)
    found = (desk for desk in snapshot.current().desks if desk.regions and desk.regions <= scope)
    return tuple(sorted(found, key=lambda desk: (desk.name, desk.id)))


def refuse_stranger(person_id: int, desk_ids: Iterable[int]) -> None:
    """Raises NotYours for who does not plan all of these desks."""
    if not set(desk_ids) <= {desk.id for desk in desks_planned_by(person_id)}:
        raise NotYours("not_yours", _("These desks are not all in your regions. Ask the coordinator of that region."))
