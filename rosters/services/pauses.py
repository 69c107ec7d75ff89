"""Not being rung for a while. A pause always has an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from integrations import clock
from rosters import queries, sql
from rosters.errors import PauseRefused
from rosters.models import Pause

MINUTES = (15, 30, 60)
LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Paused:
    """`last_cover` names the desks that now have nobody to ring; the caller tells a coordinator."""

    pause_id: int
    until: datetime
    last_cover: tuple[str, ...]


@transaction.atomic
def pause(
    *,
    person_id: int,
    source: str,
    minutes: int | None = None,
    until: datetime | None = None,
    reason: str = "",
) -> Paused:
    """Pause for 15, 30 or 60 minutes, or until a moment within a day; with neither, for the rest of the duty.

    A pause that runs is replaced. Raises PauseRefused: pause_minutes, pause_end, not_on_duty.
    """
    now = clock.now()
    sql.hold_people([person_id])
    end = _end(person_id, now, minutes, until)
    last_cover = queries.last_cover_of(person_id, now)
    _end_running(person_id, now)
    made = Pause.objects.create(person_id=person_id, starts_at=now, ends_at=end, source=source, reason=reason.strip())
    return Paused(made.pk, end, last_cover)


@transaction.atomic
def resume(*, person_id: int) -> bool:
    """End the pause that runs. Returns whether there was one."""
    sql.hold_people([person_id])
    return _end_running(person_id, clock.now()) > 0


def _end(person_id: int, now: datetime, minutes: int | None, until: datetime | None) -> datetime:
    if minutes is not None:
        if minutes not in MINUTES:
            raise PauseRefused("pause_minutes", _("Choose 15, 30 or 60 minutes, or the rest of your duty."))
        return now + timedelta(minutes=minutes)
    if until is not None:
        if until.tzinfo is None or not now < until <= now + LONGEST:
            raise PauseRefused("pause_end", _("A pause ends within a day. Choose an earlier end."))
        return until
    duty = queries.on_duty_now(person_id, now)
    if duty is None:
        raise PauseRefused("not_on_duty", _("You have no duty now. There is nothing to pause."))
    return duty.ends_at


def _end_running(person_id: int, now: datetime) -> int:
    return Pause.objects.filter(person_id=person_id, starts_at__lte=now, ends_at__gt=now).update(ends_at=now)
