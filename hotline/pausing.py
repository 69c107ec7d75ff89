"""Pausing on a page: not rung for a while; when nobody is left to ring, a coordinator has to know at once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hotline.phone import tickets
from integrations import clock
from rosters import queries as rosters
from rosters import services as roster_services


@transaction.atomic
def pause(*, person_id: int, source: str, minutes: int | None, until: datetime | None = None) -> datetime:
    """Until when. `minutes` 15, 30 or 60, or None: until `until`, or without that for the rest of the duty.

    Raises rosters.errors.PauseRefused.
    """
    now = clock.now()
    duty = rosters.on_duty_now(person_id, now)
    paused = roster_services.pause(person_id=person_id, source=source, minutes=minutes, until=until)
    if paused.last_cover and duty is not None:
        regions = next((desk.regions for desk in rosters.desks() if desk.id == duty.desk_id), frozenset())
        tickets.last_cover(paused.pause_id, person_id, paused.last_cover, min(regions, default=None), now)
    return paused.until
