"""The live board: who waits, whom we ring, who talks, what is called back, and everybody on duty with his state.

Reads only; a fixed number of statements, however many calls there are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Q

from directory import queries as directory
from hotline.models import FIRST_REFERENCE, Call, Callback, Consultation, Offer
from integrations import clock
from rosters import queries as rosters
from routing.core.policy import Policy

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
IN_TALK = ("talk", "check", "outcome")
RINGING = (Offer.State.RING, Offer.State.WHISPER)
FREE, RINGS, TALKS, WRAPS_UP, PAUSED = "free", "rings", "talks", "wraps_up", "paused"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody on the line without a lawyer yet. `rings` is whom we ring now, '' while he still chooses."""

    is_late: bool  # longer than the line's cap
    reference: str
    area: str
    region: str
    organisation: str
    lane: str
    since: datetime
    cap_at: datetime | None
    rings: str
    position: int
    stage: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question asked online that nobody has accepted yet."""

    reference: str
    area: str
    region: str
    lane: str
    since: datetime
    due_at: datetime | None
    asked: str
    with_coordinator: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class Talk:
    reference: str
    area: str
    region: str
    organisation: str
    lawyer: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Promise:
    """A callback: `state` as in the table of callbacks."""

    reference: str
    area: str
    region: str
    organisation: str
    due_at: datetime | None
    state: str
    lawyer: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody on duty. `until` says how long he is paused or wrapping up, else when the duty ends."""

    name: str
    desk: str
    position: int
    state: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Board:
    waiting: tuple[Waiting, ...]
    asked: tuple[Asked, ...]
    talks: tuple[Talk, ...]
    promises: tuple[Promise, ...]
    present: tuple[Present, ...]
    calls_today: int
    not_connected_today: int
    last_call_at: datetime | None

    @property
    def is_calm(self) -> bool:
        return not (self.waiting or self.asked or self.talks or self.promises)

    @property
    def waiting_since(self) -> datetime | None:
        """When the one who waits longest began to wait."""
        return min((one.since for one in self.waiting), default=None)

    @property
    def revision(self) -> str:
        """The same for the same board: what a page asks with to hear that nothing changed."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:24]


def live_board(person_id: int, at: datetime | None = None) -> Board:
    """What a coordinator sees of his regions now, and of callers who have not said a region yet."""
    at = at or clock.now()
    scope = directory.regions_in_scope(person_id, "coordinator", at)
    here = Q(region_id__in=scope) | Q(region_id__isnull=True)
    calls = list(
        Call.objects.filter(here, ended_at__isnull=True)
        .select_related("area", "region", "organisation", "worker__organisation")
        .order_by("started_at")
    )
    offers = _open_phone_offers(scope)
    ringing = {offer.call_id: offer for offer in offers if offer.call_id and offer.state in RINGING}
    today = datetime.combine(at.astimezone(AMSTERDAM).date(), time(0), tzinfo=AMSTERDAM)
    of_today = list(
        Call.objects.filter(here, started_at__gte=today)
        .values_list("end", "area_id", "started_at")
        .order_by("started_at")
    )
    return Board(
        waiting=tuple(_waiting(call, ringing.get(call.pk), at) for call in calls if call.state not in IN_TALK),
        asked=_asked(scope, at),
        talks=tuple(_talk(offer) for offer in offers if offer.state == Offer.State.TAKEN),
        promises=_promises(here, at),
        present=_present(scope, at),
        calls_today=len(of_today),
        not_connected_today=sum(end == Call.End.CALLBACK and area is not None for end, area, _at in of_today),
        last_call_at=of_today[-1][2] if of_today else None,
    )


def _reference(consultation_id: int | None) -> str:
    return f"PK-{FIRST_REFERENCE + consultation_id}" if consultation_id else ""


def _waiting(call: Call, ringing: Offer | None, at: datetime) -> Waiting:
    organisation = call.organisation or (call.worker.organisation if call.worker else None)
    return Waiting(
        is_late=call.cap_at is not None and call.cap_at < at,
        reference=_reference(call.consultation_id),
        area=call.area.name if call.area else "",
        region=call.region.name if call.region else "",
        organisation=organisation.name if organisation else "",
        lane=call.lane,
        since=call.started_at,
        cap_at=call.cap_at,
        rings=ringing.lawyer.name if ringing else "",
        position=ringing.position if ringing else 0,
        stage=ringing.stage if ringing else "",
        attempt=int(call.memory.get("rings", 0)),
    )


def _open_phone_offers(scope: Iterable[int]) -> list[Offer]:
    return list(
        Offer.objects.filter(channel=Offer.Channel.PHONE, state__in=Offer.PHONE_OPEN, consultation__region_id__in=scope)
        .select_related("lawyer", "consultation__area", "consultation__region", "consultation__organisation")
        .order_by("offered_at")
    )


def _asked(scope: Iterable[int], at: datetime) -> tuple[Asked, ...]:
    step = Consultation.NextStep
    found = (
        Consultation.objects.filter(region_id__in=scope, next_due_at__isnull=False)
        .filter(Q(channel=Consultation.Channel.ONLINE, next_step=step.ACCEPT) | Q(next_step=step.COORDINATE))
        .select_related("area", "region")
        .order_by("next_due_at")
    )
    consultations = list(found)
    asked = dict(
        Offer.objects.filter(
            consultation__in=[one.pk for one in consultations],
            channel=Offer.Channel.ONLINE,
            state=Offer.State.ASKED,
        ).values_list("consultation_id", "lawyer__name")
    )
    return tuple(
        Asked(
            reference=one.reference,
            area=one.area.name,
            region=one.region.name,
            lane=one.lane,
            since=one.created_at,
            due_at=one.next_due_at,
            asked=asked.get(one.pk, ""),
            with_coordinator=one.next_step == step.COORDINATE,
            is_late=one.next_due_at is not None and one.next_due_at < at,
        )
        for one in consultations
    )


def _talk(offer: Offer) -> Talk:
    consultation = offer.consultation
    return Talk(
        reference=consultation.reference,
        area=consultation.area.name,
        region=consultation.region.name,
        organisation=consultation.organisation.name if consultation.organisation else "",
        lawyer=offer.lawyer.name,
        since=offer.accepted_at or offer.offered_at,
    )


def _promises(here: Q, at: datetime) -> tuple[Promise, ...]:
    found = (
        Callback.objects.filter(here, ended_at__isnull=True)
        .select_related("area", "region", "organisation", "lawyer", "offer__lawyer")
        .order_by("due_at")
    )
    return tuple(
        Promise(
            reference=_reference(one.consultation_id),
            area=one.area.name if one.area else "",
            region=one.region.name if one.region else "",
            organisation=one.organisation.name if one.organisation else "",
            due_at=one.due_at,
            state=one.state,
            lawyer=(one.offer.lawyer.name if one.offer else "") or (one.lawyer.name if one.lawyer else ""),
            is_late=one.due_at is not None and one.due_at < at,
        )
        for one in found
    )


def _present(scope: frozenset[int], at: datetime) -> tuple[Present, ...]:
    """Everybody on duty on a desk of these regions: busy ones first, then by desk and position."""
    desks = {desk.id: desk.name for desk in rosters.desks() if desk.regions & scope}
    on_duty = rosters.on_duty(desks, at)
    people = {one.person_id for one in on_duty}
    busy: dict[int, tuple[str, datetime | None]] = {}
    for person_id, until in rosters.pauses_of(people, at).items():
        busy[person_id] = (PAUSED, until)
    wrap_up = Policy().wrap_up
    for lawyer_id, ended_at in Offer.objects.filter(
        lawyer_id__in=people,
        channel=Offer.Channel.PHONE,
        state=Offer.State.TALKED,
        ended_at__gt=at - wrap_up,
        wrapped_up_at__isnull=True,
    ).values_list("lawyer_id", "ended_at"):
        if ended_at is not None:  # the filter says so, for the types
            busy[lawyer_id] = (WRAPS_UP, ended_at + wrap_up)
    for lawyer_id, state in Offer.objects.filter(
        lawyer_id__in=people, channel=Offer.Channel.PHONE, state__in=Offer.PHONE_OPEN
    ).values_list("lawyer_id", "state"):
        busy[lawyer_id] = (TALKS if state == Offer.State.TAKEN else RINGS, None)
    found = []
    for one in on_duty:
        state, changes_at = busy.get(one.person_id, (FREE, None))
        found.append(Present(one.name, desks[one.desk_id], one.position, state, changes_at or one.ends_at))
    order = {TALKS: 0, RINGS: 1, WRAPS_UP: 2, PAUSED: 3, FREE: 4}
    return tuple(sorted(found, key=lambda one: (order[one.state], one.desk, one.position, one.name)))
