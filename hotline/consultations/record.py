"""Locking a consultation, moving it on, and the audit row that every read and write leaves behind."""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from typing import Any

from hotline.core import lifecycle
from hotline.core.lifecycle import Standing, Status, Step
from hotline.errors import NotFound
from hotline.models import FIRST_REFERENCE, Callback, Consultation, Event, Offer
from integrations import clock

REFERENCE = re.compile(r"(?:PK-?)?(\d{1,12})", re.IGNORECASE)
ACCEPTED = (Offer.State.TAKEN, Offer.State.TALKED, Offer.State.ANSWERED)


def id_of(reference: str) -> int:
    """The id behind 'PK-2481' (as people type it: 'pk2481', '2481'). Raises NotFound when it cannot be one."""
    found = REFERENCE.fullmatch(reference.strip())
    if found is None or int(found[1]) <= FIRST_REFERENCE:
        raise NotFound
    return int(found[1]) - FIRST_REFERENCE


def lock(reference: str) -> Consultation:
    """The consultation, locked until the end of the transaction. Raises NotFound."""
    return lock_by_id(id_of(reference))


def lock_by_id(consultation_id: int) -> Consultation:
    try:
        return Consultation.objects.select_for_update(no_key=True).get(pk=consultation_id)
    except Consultation.DoesNotExist:
        raise NotFound from None


def write(
    consultation: Consultation,
    kind: str,
    *,
    actor_id: int | None = None,
    offer: Offer | None = None,
    **data: Any,
) -> Event:
    """One event that changes nothing about where the consultation stands. `data` never holds case text."""
    return Event.objects.create(
        key=f"{kind}:{consultation.pk}:{uuid.uuid4().hex}",
        kind=kind,
        consultation=consultation,
        offer=offer,
        actor_id=actor_id,
        data=data,
    )


def stand(
    consultation: Consultation,
    standing: Standing,
    kind: str,
    *,
    actor_id: int | None = None,
    offer: Offer | None = None,
    **data: Any,
) -> Event:
    """Move a locked consultation to `standing`, save it with what else was changed on it, and write the event.

    Raises lifecycle.ImpossibleMove when the table does not allow it.
    """
    before = "" if consultation.pk is None else consultation.status
    if before:
        lifecycle.check(before, standing)
    put(consultation, standing)
    consultation.save()
    return write(consultation, kind, actor_id=actor_id, offer=offer, **told(before, standing), **data)


def put(consultation: Consultation, standing: Standing) -> None:
    """Write a standing on the (unsaved) row. An ended consultation knows when it ended."""
    consultation.status = standing.status.value
    consultation.next_step = standing.next_step.value
    consultation.next_owner_id = standing.owner_id
    consultation.next_owner_role = standing.owner_role.value
    consultation.next_due_at = standing.due_at
    consultation.ended_at = clock.now() if standing.status in lifecycle.ENDED else None


def told(before: str, standing: Standing) -> dict[str, Any]:
    """A change as it lies in an event, so that the log can be replayed: `from` and `to`."""
    return {
        "from": before,
        "to": {
            "status": standing.status.value,
            "next_step": standing.next_step.value,
            "owner": standing.owner_id,
            "role": standing.owner_role.value,
            "due": standing.due_at.isoformat() if standing.due_at else None,
        },
    }


def heard(data: dict[str, Any]) -> tuple[str, Standing]:
    """The change that an event holds: `told` the other way round."""
    to = data["to"]
    return data["from"], Standing(
        Status(to["status"]),
        Step(to["next_step"]),
        owner_id=to["owner"],
        owner_role=lifecycle.Role(to["role"]),
        due_at=datetime.fromisoformat(to["due"]) if to["due"] else None,
    )


def standing_now(consultation: Consultation) -> Standing:
    """Where the row says it stands."""
    return Standing(
        Status(consultation.status),
        Step(consultation.next_step),
        owner_id=consultation.next_owner_id,
        owner_role=lifecycle.Role(consultation.next_owner_role),
        due_at=consultation.next_due_at,
    )


def replayed(consultation_id: int) -> Standing | None:
    """Where the events say it stands, each change checked against the one before it; None without any."""
    rows = Event.objects.filter(consultation_id=consultation_id).order_by("id").values_list("data", flat=True)
    return lifecycle.replay(heard(data) for data in rows if "to" in data)


def last_change(consultation: Consultation) -> Event | None:
    """The event that brought the consultation where it stands."""
    for event in consultation.events.order_by("-id"):
        if "to" in event.data:
            return event
    return None


def accepted_offer(consultation: Consultation) -> Offer | None:
    """The newest offer that somebody accepted and still holds."""
    return (
        Offer.objects.filter(consultation=consultation, state__in=ACCEPTED, released_at__isnull=True)
        .order_by("-round", "-pk")
        .first()
    )


def open_call(consultation: Consultation) -> Callback | None:
    """The callback about it that is promised, running or with the coordinator; locked. There is one at most."""
    open_ones = Callback.objects.select_for_update(no_key=True).filter(
        consultation=consultation, state__in=Callback.OPEN
    )
    return open_ones.first()
