"""What a link shows of a call: its outside, for the one person it was made for. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.core import slots
from hotline.errors import NotFound
from hotline.models import FIRST_REFERENCE, Callback, Offer
from integrations import clock
from rosters import queries as rosters

FURTHEST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class RingingCard:
    """The phone of this lawyer rings, or rang: `is_ringing` says which."""

    reference: str
    area: str
    region: str
    lane: str
    organisation: str
    offered_at: datetime
    is_ringing: bool


@dataclass(frozen=True, slots=True)
class AppointmentCard:
    """A promised call. `moments` are those it can be moved to; empty when it runs or is over."""

    callback_id: int
    reference: str
    area: str
    region: str
    due_at: datetime | None
    is_open: bool
    moments: tuple[datetime, ...]


def ringing_card(offer_id: int, person_id: int) -> RingingCard:
    """A lawyer's leg by telephone. Raises NotFound."""
    offers = Offer.objects.filter(pk=offer_id, lawyer_id=person_id, channel=Offer.Channel.PHONE)
    offer = offers.select_related("consultation__area", "consultation__region", "consultation__organisation").first()
    if offer is None:
        raise NotFound
    consultation = offer.consultation
    return RingingCard(
        reference=consultation.reference,
        area=consultation.area.name,
        region=consultation.region.name,
        lane=consultation.lane,
        organisation=consultation.organisation.name if consultation.organisation else "",
        offered_at=offer.offered_at,
        is_ringing=offer.state in {Offer.State.RING, Offer.State.WHISPER},
    )


def appointment_card(callback_id: int, person_id: int) -> AppointmentCard:
    """A call promised to this worker. Raises NotFound."""
    callback = Callback.objects.filter(pk=callback_id, worker_id=person_id).select_related("area", "region").first()
    if callback is None:
        raise NotFound
    is_open = callback.state in {Callback.State.WAITING, Callback.State.COORDINATOR}
    return AppointmentCard(
        callback_id=callback.pk,
        reference=f"PK-{FIRST_REFERENCE + callback.consultation_id}" if callback.consultation_id else "",
        area=callback.area.name if callback.area else "",
        region=callback.region.name if callback.region else "",
        due_at=callback.due_at,
        is_open=is_open,
        moments=_moments(callback) if is_open else (),
    )


def can_be_called_at(callback_id: int, person_id: int, moment: datetime) -> bool:
    """Whether this worker's callback can move there: ahead, within a fortnight, in opening hours. Raises NotFound."""
    line_id = Callback.objects.filter(pk=callback_id, worker_id=person_id).values_list("line_id", flat=True).first()
    if line_id is None:
        raise NotFound
    ahead = moment - clock.now()
    return timedelta(0) <= ahead <= FURTHEST and rosters.is_open(rosters.line(line_id), moment)


def _moments(callback: Callback) -> tuple[datetime, ...]:
    """Soon, an hour and two hours after that, and the next day that opens; as the telephone would promise them."""
    hours = rosters.line(callback.line_id).hours
    soon = slots.soon(clock.now(), hours)
    later = [hours.add_open_minutes(soon, minutes) for minutes in (60, 120)]
    found = [soon, *(moment for moment in later if moment is not None), slots.next_day(soon, hours)]
    return tuple(sorted(dict.fromkeys(moment for moment in found if moment != callback.due_at)))
