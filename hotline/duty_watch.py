"""What coordinators must know of people on duty: who did not confirm, and who then does not answer either."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from directory import queries as directory
from hotline.models import Offer
from hotline.phone import texting, tickets
from integrations import clock, outbox
from rosters import queries as rosters
from rosters.core import cover
from rosters.services import steps
from rosters.services.steps import Unconfirmed

LOOK_WITHIN = timedelta(minutes=5)
BEFORE_START = timedelta(hours=1)  # by then a coordinator has looked


def steps_due() -> int:
    """The reminders of duties; whoever answered none of them becomes a task of the coordinator. Returns how many."""
    return steps.steps_due(_to_coordinator)


def _to_coordinator(duty: Unconfirmed) -> None:
    now = clock.now()
    tickets.file_ticket(
        "unconfirmed",
        f"unconfirmed:{duty.duty_id}",
        now,
        region_id=min(duty.region_ids, default=None),
        person_id=duty.person_id,
        data={"duty": duty.duty_id},
        due_at=max(now, duty.starts_at - BEFORE_START),
    )


@transaction.atomic
def missed(key: str) -> None:
    """The text about a missed call has gone out.

    If whoever missed it did not confirm the duty he is in, the coordinators are told, once a duty. The router rings the
    backup before him from then on (`routing.core.rank`); calling it a no-show is a coordinator's decision.
    """
    result = outbox.result_of(key)
    if result is None:
        return
    offer = Offer.objects.select_related("lawyer").get(pk=int(result.dedupe_key.rpartition(":")[2]))
    duty = rosters.on_duty_now(offer.lawyer_id, offer.offered_at)
    if duty is None or duty.id in _confirmed(duty.desk_id, offer):
        return
    now = clock.now()
    regions = sorted(next((desk.regions for desk in rosters.desks() if desk.id == duty.desk_id), ()))
    ticket = tickets.file_ticket(
        "no_show",
        f"no_show:{duty.id}",
        now,
        region_id=min(regions, default=None),
        person_id=offer.lawyer_id,
        data={"duty": duty.id},
        due_at=now + LOOK_WITHIN,
    )
    told = {one.id: one for region in regions for one in directory.coordinators_for(region, now)}
    page = f"{settings.PUBLIC_URL}{reverse('repair', args=[duty.id])}"
    outbox.enqueue(
        *(
            texting.message(
                "no_show", one.number, key=f"{ticket.key}:{one.id}", who=cover.short_name(offer.lawyer.name), page=page
            )
            for one in told.values()
            if one.number
        )
    )


def _confirmed(desk_id: int, offer: Offer) -> set[int]:
    return {one.duty_id for one in rosters.on_duty([desk_id], offer.offered_at) if one.is_confirmed}
