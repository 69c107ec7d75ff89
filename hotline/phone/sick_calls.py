"""A sick report by text: others are asked when key 1 in a call has shown that it was meant.

A text can be forged; a call to somebody's own number cannot. After ten minutes without it the coordinator is told, and
decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from directory import queries as directory
from hotline.call import proof
from hotline.models import ProofCall
from hotline.phone import texting, tickets
from integrations import clock, outbox
from rosters import waiting
from rosters.core import cover
from rosters.errors import RosterError
from rosters.services import covering, sick

UNCONFIRMED = "sick_unconfirmed"
CONFIRM_WITHIN = timedelta(minutes=10)
MOST_REQUESTS = 8  # what a call is about holds 80 letters


def about(absence_id: int, request_ids: Sequence[int]) -> str:
    """What the call confirms: '55:101,102'."""
    return f"{absence_id}:{','.join(str(one) for one in request_ids[:MOST_REQUESTS])}"


def confirmed(call: ProofCall) -> None:
    """Key 1: the three best are asked."""
    for request_id in _requests(call):
        try:
            covering.ask_candidates(request_id=request_id)
        except RosterError:  # taken, or taken back, meanwhile
            continue


def denied(call: ProofCall) -> None:
    """Key 2: it was not he, or a mistake."""
    sick.undo_sick(absence_id=_absence(call), by=call.person_id)


@transaction.atomic
def unconfirmed(key: str) -> None:
    """Ten minutes later: told to the coordinators, unless it is confirmed, or taken back."""
    call = ProofCall.objects.select_related("person").get(pk=int(key.rpartition(":")[2]))
    standing = waiting.sick_call_of(call.person_id, clock.now())
    if call.state in {proof.PROVED, proof.DENIED} or standing is None or standing.id != _absence(call):
        return
    now, regions = clock.now(), waiting.regions_of_requests(_requests(call))
    if not regions:
        return
    ticket = tickets.file_ticket(
        UNCONFIRMED, key, now, region_id=min(regions), person_id=call.person_id, due_at=now + CONFIRM_WITHIN
    )
    page = f"{settings.PUBLIC_URL}{reverse('tickets')}"
    told = {one.id: one for region in sorted(regions) for one in directory.coordinators_for(region, now)}
    outbox.enqueue(
        *(
            texting.message(
                UNCONFIRMED, one.number, key=f"{ticket.key}:{one.id}", who=cover.short_name(call.person.name), page=page
            )
            for one in told.values()
            if one.number
        )
    )


def _absence(call: ProofCall) -> int:
    return int(call.about.partition(":")[0])


def _requests(call: ProofCall) -> list[int]:
    return [int(one) for one in call.about.partition(":")[2].split(",")]
