"""'Not my area': a signal about a desk. Twice the same desk and area is a task for the coordinator."""

from __future__ import annotations

from django.db.models import Q

from hotline.consultations.lines import hours_of
from hotline.consultations.record import ACCEPTED
from hotline.core import lanes
from hotline.models import Consultation, Offer, Outcome, Ticket
from integrations import clock

SIGNALS = 2


def signal_mismatch(consultation: Consultation, offer: Offer) -> Ticket | None:
    """After an offer, or the outcome of a talk, said wrong_area: the coordinator's ticket at the second such signal.

    One ticket per desk and area, while the earlier one is not done. Used by telephone and online.
    """
    if offer.desk_id is None:
        return None
    of_desk = Offer.objects.filter(desk_id=offer.desk_id, consultation__area_id=consultation.area_id)
    same = of_desk.filter(
        Q(state=Offer.State.WRONG_AREA)
        | Q(
            state__in=ACCEPTED,
            consultation__outcomes__side=Outcome.Side.LAWYER,
            consultation__outcomes__value=Outcome.Value.WRONG_AREA,
        )
    )
    if same.distinct().count() < SIGNALS:
        return None
    now = clock.now()
    ticket, _new = Ticket.objects.get_or_create(
        key=f"mismatch:{offer.desk_id}:{consultation.area_id}",
        defaults={
            "kind": "mismatch",
            "region_id": consultation.region_id,
            "person_id": offer.lawyer_id,
            "data": {"desk": offer.desk_id, "area": consultation.area.slug},
            "due_at": lanes.next_open_morning(now, hours_of(consultation)),
        },
    )
    return ticket
