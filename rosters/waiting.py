"""What waits for an answer of somebody; whether he is reported sick; who is on the roster of a region."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rosters import snapshot
from rosters.models import Absence, CoverAsk, CoverRequest, Duty


@dataclass(frozen=True, slots=True)
class CoverAsked:
    """An open request; `number` is what is texted back."""

    id: int
    number: int


@dataclass(frozen=True, slots=True)
class SickAt:
    """A sick call that holds: `id` is its absence."""

    id: int
    until: datetime


def cover_asks(person_id: int, at: datetime) -> list[CoverAsked]:
    """The open requests that this person was asked about and has not answered, soonest first."""
    asks = CoverAsk.objects.filter(
        person_id=person_id, answer="", asked_at__lte=at, request__state=CoverRequest.State.OPEN
    ).filter(request__closes_at__gt=at)
    rows = asks.order_by("request__starts_at", "request_id").values_list("request_id", "request__number")
    return [CoverAsked(*row) for row in rows]


def cover_numbered(number: int, at: datetime) -> CoverAsked | None:
    """The request with this number, while it can be answered."""
    found = CoverRequest.objects.filter(number=number, state=CoverRequest.State.OPEN, closes_at__gt=at)
    row = found.values_list("id", "number").first()
    return CoverAsked(*row) if row else None


def sick_call_of(person_id: int, at: datetime) -> SickAt | None:
    """The sick call that holds for this person at that moment; the first when there are several."""
    found = Absence.objects.filter(
        person_id=person_id,
        reason=Absence.Reason.ILL,
        withdrawn_at__isnull=True,
        starts_at__lte=at,
        ends_at__gt=at,
    )
    row = found.order_by("made_at", "pk").values_list("id", "ends_at").first()
    return SickAt(*row) if row else None


def regions_of_requests(request_ids: Iterable[int]) -> frozenset[int]:
    """Ids of the regions whose desks these requests are about."""
    desks = set(CoverRequest.objects.filter(pk__in=set(request_ids)).values_list("duty__desk_id", flat=True))
    return frozenset(region for desk in snapshot.current().desks if desk.id in desks for region in desk.regions)


def people_rostered(region_ids: Iterable[int], since: datetime, until: datetime) -> set[int]:
    """Whoever has a duty in force that starts in [since, until) on a desk of these regions."""
    wanted = frozenset(region_ids)
    desks = [desk.id for desk in snapshot.current().desks if desk.regions & wanted]
    duties = Duty.objects.filter(
        desk_id__in=desks, cancelled_at__isnull=True, starts_at__gte=since, starts_at__lt=until
    )
    return set(duties.values_list("person_id", flat=True))
