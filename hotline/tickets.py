"""What coordinators have to look at, and ticking it off."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from directory import queries as directory
from hotline.errors import NotFound
from hotline.models import FIRST_REFERENCE, Callback, Event, Ticket
from integrations import clock

LONGEST_LIST = 200


@dataclass(frozen=True, slots=True)
class TicketAt:
    """`kind` says what is the matter; `reference` and `person` '' where it is about none."""

    id: int
    kind: str
    reference: str
    region: str
    person: str
    data: dict[str, Any]
    due_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ToCall:
    """Somebody whom the line cannot reach by itself: a coordinator calls him. `who` '' for a stranger."""

    id: int
    who: str
    number: str
    area: str
    region: str
    why: str
    due_at: datetime | None


def open_tickets(person_id: int) -> tuple[TicketAt, ...]:
    """The open tickets of this coordinator's regions, and those of no region; the most pressing first."""
    regions = directory.regions_in_scope(person_id, "coordinator")
    everywhere = Q(region_id__isnull=True) | Q(region_id=directory.set_up().country_id)
    found = Ticket.objects.filter(Q(region_id__in=regions) | everywhere, done_at__isnull=True)
    rows = found.select_related("region", "person").order_by("due_at", "pk")[:LONGEST_LIST]
    return tuple(
        TicketAt(
            id=one.pk,
            kind=one.kind,
            reference=f"PK-{FIRST_REFERENCE + one.consultation_id}" if one.consultation_id else "",
            region=one.region.name if one.region else "",
            person=one.person.name if one.person else "",
            data=one.data,
            due_at=one.due_at,
            created_at=one.created_at,
        )
        for one in rows
    )


def to_call(person_id: int) -> tuple[ToCall, ...]:
    """Callbacks about no question yet that only a coordinator can keep, the most pressing first."""
    regions = directory.regions_in_scope(person_id, "coordinator")
    found = (
        Callback.objects.filter(Q(region_id__in=regions) | Q(region_id__isnull=True), state=Callback.State.COORDINATOR)
        .filter(consultation__isnull=True, ended_at__isnull=True)
        .select_related("worker", "organisation", "area", "region")
        .order_by("due_at", "pk")
    )
    return tuple(
        ToCall(
            id=one.pk,
            who=(one.worker.name if one.worker else "") or (one.organisation.name if one.organisation else ""),
            number=one.number,
            area=one.area.name if one.area else "",
            region=one.region.name if one.region else "",
            why=one.why,
            due_at=one.due_at,
        )
        for one in found[:LONGEST_LIST]
    )


@transaction.atomic
def mark_called(*, person_id: int, callback_id: int) -> None:
    """The coordinator has called him. Twice is once. Raises NotFound for what is not his to call."""
    regions = directory.regions_in_scope(person_id, "coordinator")
    callback = Callback.objects.select_for_update(of=("self",)).filter(pk=callback_id).first()
    if (
        callback is None
        or not regions
        or callback.consultation_id is not None
        or (callback.region_id is not None and callback.region_id not in regions)
    ):
        raise NotFound
    if callback.state != Callback.State.COORDINATOR:
        return
    callback.state, callback.ended_at, callback.end_reason = Callback.State.DONE, clock.now(), "by_coordinator"
    callback.save(update_fields=["state", "ended_at", "end_reason"])
    _log("called_by_coordinator", person_id, callback_id=callback.pk)


@transaction.atomic
def mark_done(*, person_id: int, ticket_id: int) -> None:
    """Dealt with, and by whom. Twice is once. Raises NotFound for what is not in his regions."""
    ticket = Ticket.objects.select_for_update(of=("self",)).filter(pk=ticket_id).first()
    regions = directory.regions_in_scope(person_id, "coordinator")
    if ticket is None or not regions or not _is_for(ticket, regions):
        raise NotFound
    if ticket.done_at is not None:
        return
    ticket.done_at, ticket.owner_id = clock.now(), person_id
    ticket.save(update_fields=["done_at", "owner"])
    _log(
        "ticket_done",
        person_id,
        consultation_id=ticket.consultation_id,
        call_id=ticket.call_id,
        data={"ticket": ticket.pk, "kind": ticket.kind},
    )


def _log(kind: str, person_id: int, **fields: Any) -> None:
    Event.objects.create(key=f"{kind}:{secrets.token_hex(12)}", at=clock.now(), kind=kind, actor_id=person_id, **fields)


def _is_for(ticket: Ticket, regions: frozenset[int]) -> bool:
    """A matter of the whole country, or of nowhere, is for every coordinator."""
    return ticket.region_id is None or ticket.region_id in regions or ticket.region_id == directory.set_up().country_id
