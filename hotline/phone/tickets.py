"""Coordinators' tickets that the telephone makes: the same matter makes one ticket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from directory import queries as directory
from directory.services import phones
from hotline.models import Ticket
from hotline.phone import texting
from integrations import outbox

LOOK_WITHIN = timedelta(hours=1)
LAST_COVER_WITHIN = timedelta(minutes=5)


def file_ticket(
    kind: str,
    key: str,
    now: datetime,
    *,
    region_id: int | None = None,
    consultation_id: int | None = None,
    call_id: int | None = None,
    person_id: int | None = None,
    data: dict[str, Any] | None = None,
    due_at: datetime | None = None,
) -> Ticket:
    """One ticket per `key`; a second time leaves the first as it is."""
    ticket, _new = Ticket.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "region_id": region_id or directory.set_up().country_id,
            "consultation_id": consultation_id,
            "call_id": call_id,
            "person_id": person_id,
            "data": data or {},
            "due_at": due_at or now + LOOK_WITHIN,
            "created_at": now,
        },
    )
    return ticket


def raise_alarm(
    kind: str, call_id: int | None, consultation_id: int | None, region_id: int | None, now: datetime
) -> Ticket:
    """Something that must not happen, or that only a person can put right."""
    key = f"{kind}:call:{call_id}"
    return file_ticket(kind, key, now, region_id=region_id, consultation_id=consultation_id, call_id=call_id)


def bad_number(person_id: int, number: str, region_id: int | None, now: datetime) -> None:
    """The vendor could not reach a lawyer's number: marked once, told once a day."""
    phones.mark_suspect(e164=number)
    day = now.date().isoformat()
    file_ticket("bad_number", f"bad_number:{person_id}:{day}", now, region_id=region_id, person_id=person_id)


def last_cover(pause_id: int, person_id: int, desks: Sequence[str], region_id: int | None, now: datetime) -> None:
    """A pause left desks with nobody to ring: the coordinators have to know now, by ticket and by text."""
    ticket = file_ticket(
        "last_cover",
        f"last_cover:{pause_id}",
        now,
        region_id=region_id,
        person_id=person_id,
        data={"desks": list(desks)},
        due_at=now + LAST_COVER_WITHIN,
    )
    page = f"{settings.PUBLIC_URL}{reverse('tickets')}"
    texts = [
        texting.message(
            "last_cover",
            one.number,
            key=f"{ticket.key}:{one.id}",
            region_id=region_id,
            desk=", ".join(desks),
            page=page,
        )
        for one in (directory.coordinators_for(ticket.region_id, now) if ticket.region_id else ())
        if one.number
    ]
    outbox.enqueue(*texts)
