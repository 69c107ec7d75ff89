"""The one place that writes the duty table: what comes in force, what goes out of force, and who is told by a revision.

Callers have locked the desks and people (`duties.hold`) and have decided; here it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from integrations import clock
from rosters import sql
from rosters.core import steps
from rosters.feeds import inviting
from rosters.models import Duty, Revision
from rosters.services.left import duties_left

ROWS_AT_ONCE = 1000


def put_in_force(duties: Sequence[Duty], *, confirmed: str = "") -> list[Duty]:
    """Write these unsaved duties. `confirmed`: how their holders said yes already (sms, link, page, coordinator)."""
    now = clock.now()
    for duty in duties:
        duty.created_at = duty.changed_at = now
        duty.next_step, duty.next_step_at = steps.first_step(duty.starts_at, now, bool(confirmed))
        if confirmed:
            duty.confirmed_at, duty.confirmed_how = now, confirmed
    made = Duty.objects.bulk_create(duties, batch_size=ROWS_AT_ONCE)
    raise_revisions((duty.person_id for duty in made), (duty.desk_id for duty in made), now)
    inviting.invite(made)
    return made


def take_out(duties: Iterable[Duty], *, why: str, by: int | None = None) -> list[Duty]:
    """Take locked duties out of force; the rows stay, requests for cover end. Those that were out already are left."""
    now = clock.now()
    leaving = [duty for duty in duties if duty.cancelled_at is None]
    for duty in leaving:
        duty.cancelled_at = duty.changed_at = now
        duty.cancelled_why, duty.cancelled_by_id = why, by
        duty.sequence += 1
        duty.next_step, duty.next_step_at = "", None
    Duty.objects.bulk_update(
        leaving,
        ["cancelled_at", "changed_at", "cancelled_why", "cancelled_by", "sequence", "next_step", "next_step_at"],
        batch_size=ROWS_AT_ONCE,
    )
    raise_revisions((duty.person_id for duty in leaving), (duty.desk_id for duty in leaving), now)
    duties_left([duty.pk for duty in leaving])
    inviting.cancel(leaving)
    return leaving


def change(duty: Duty, **fields: object) -> None:
    """Change what may change of a duty in force (its number, confirmation, next step) and tell the calendars."""
    now = clock.now()
    for name, value in fields.items():
        setattr(duty, name, value)
    told = not set(fields) <= {"next_step", "next_step_at", "confirmed_at", "confirmed_how"}
    if told:
        duty.sequence += 1
        duty.changed_at = now
        raise_revisions([duty.person_id], [duty.desk_id], now)
    duty.save(update_fields=[*fields, "sequence", "changed_at"])


def claim_step(duty: Duty, step: str, at: datetime | None) -> bool:
    """Go on from the step that `duty` was read with to `step` at `at`; False when somebody else did, or it fell away.

    A step is nothing that a calendar shows, so no revision is raised.
    """
    standing = Duty.objects.filter(pk=duty.pk, cancelled_at__isnull=True, next_step=duty.next_step)
    return bool(standing.filter(next_step_at=duty.next_step_at).update(next_step=step, next_step_at=at))


def adopt(duties: Iterable[Duty], *, origin: str, version_id: int | None, pattern_id: int | None) -> list[Duty]:
    """Say that these locked duties now come from another source. A calendar shows no source, so none is told."""
    adopted = list(duties)
    for duty in adopted:
        duty.origin, duty.version_id, duty.pattern_id = origin, version_id, pattern_id
    ids = [duty.pk for duty in adopted]
    Duty.objects.filter(pk__in=ids).update(origin=origin, version_id=version_id, pattern_id=pattern_id)
    return adopted


def raise_revisions(person_ids: Iterable[int], desk_ids: Iterable[int], now: datetime) -> None:
    """The feeds of these people and desks are to be written anew."""
    sql.raise_revisions(Revision.Kind.PERSON, person_ids, now)
    sql.raise_revisions(Revision.Kind.DESK, desk_ids, now)
