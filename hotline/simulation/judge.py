"""What must never be false (docs/architecture.md, invariants), judged from the rows after a simulation."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, F, Q

from directory.models import Person
from hotline.consultations import record
from hotline.core import lifecycle
from hotline.models import Call, Callback, Consultation, Event, Offer
from hotline.phone import replay, rows
from integrations.models import OutboxMessage
from rosters.models import Duty, Pause

CAP_GRACE = timedelta(seconds=5)
CAP_GRACE_BAD_VENDOR = timedelta(seconds=30)
STANDS_AT_MOST = timedelta(seconds=20)
WRAP_UP = timedelta(seconds=120)
DIGITS = re.compile(r"(?<![\w-])\+?\d{9,}")


def broken(*, bad_vendor: bool) -> list[str]:
    """Every broken invariant, one line each; empty when all hold."""
    found: list[str] = []
    for check in (
        _every_call_has_one_end,
        lambda: _nobody_waits_past_the_cap(CAP_GRACE_BAD_VENDOR if bad_vendor else CAP_GRACE),
        _open_consultations_have_a_next_step,
        _one_accept_per_round,
        _nobody_rung_who_must_not_be,
        _duties_do_not_overlap,
        _effects_were_rows_first,
        _logs_lead_to_the_rows,
        _nothing_told,
        _nothing_overdue,
    ):
        found += check()
    return found


def lawyer_seconds() -> list[float]:
    """Seconds from the area chosen to key 1, of every call that was accepted; sorted."""
    accepted: dict[int, datetime] = {}
    for call_id, at in Offer.objects.filter(call__isnull=False, accepted_at__isnull=False).values_list(
        "call_id", "accepted_at"
    ):
        if call_id is not None and at is not None:
            accepted[call_id] = min(at, accepted.get(call_id, at))
    found = []
    for call_id, at in accepted.items():
        asked_at = rows.read_call(call_id).asked_at
        if asked_at is not None:
            found.append((at - asked_at).total_seconds())
    return sorted(found)


def _every_call_has_one_end() -> Iterator[str]:
    """1: connected, callback or withdrawn."""
    for call in Call.objects.filter(Q(end="") | Q(ended_at__isnull=True)):
        yield f"1: call {call.pk} has no end (state {call.state})"


def _nobody_waits_past_the_cap(grace: timedelta) -> Iterator[str]:
    """1: to a person, a spoken promise or the end, within the cap."""
    spoken: dict[int, datetime] = {}
    events = Event.objects.filter(call__isnull=False).order_by("id").values_list("call_id", "at", "data")
    for call_id, at, data in events:
        cell = str(data.get("cell", ""))
        if call_id is not None and cell.startswith(
            ("taken.accept", "choice", "later", "end", "help", "check", "outcome")
        ):
            spoken.setdefault(call_id, at)
    for call_id in Call.objects.values_list("pk", flat=True):
        state = rows.read_call(call_id)
        if state.asked_at is None:
            continue
        stood = STANDS_AT_MOST if state.clock_has_stood or state.clock_stopped_at else timedelta()
        waited = spoken.get(call_id, datetime.max.replace(tzinfo=state.asked_at.tzinfo)) - state.asked_at
        if waited > timedelta(seconds=state.cap_seconds) + stood + grace:
            yield f"1: call {call_id} waited {waited.total_seconds():.0f} s"


def _open_consultations_have_a_next_step() -> Iterator[str]:
    """1: who and by when; a callback that failed is the coordinator's."""
    ended = Q(status__in=[Consultation.Status.CLOSED, Consultation.Status.WITHDRAWN])
    without = Consultation.objects.exclude(ended).filter(Q(next_step="") | Q(next_due_at__isnull=True))
    for consultation in without:
        yield f"1: {consultation} is open and has no next step"
    for callback in Callback.objects.exclude(state__in=["done", "withdrawn"]).filter(due_at__isnull=True):
        yield f"1: {callback} is open and has no moment"


def _one_accept_per_round() -> Iterator[str]:
    """2."""
    held = Offer.objects.filter(state__in=["taken", "talked", "answered"], released_at__isnull=True)
    for row in held.values("consultation_id", "round").annotate(n=Count("pk")).filter(n__gt=1):
        yield f"2: consultation {row['consultation_id']} round {row['round']} was accepted {row['n']} times"


def _nobody_rung_who_must_not_be() -> Iterator[str]:
    """2, 3: on duty, not paused, not in another call, not wrapping up, at the moment of the offer."""
    duties: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for person_id, start, end in Duty.objects.filter(cancelled_at__isnull=True).values_list(
        "person_id", "starts_at", "ends_at"
    ):
        duties[person_id].append((start, end))
    pauses: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for person_id, start, end in Pause.objects.values_list("person_id", "starts_at", "ends_at"):
        pauses[person_id].append((start, end))
    by_person: dict[int, list[Offer]] = defaultdict(list)
    for offer in Offer.objects.filter(channel=Offer.Channel.PHONE).order_by("offered_at", "pk"):
        by_person[offer.lawyer_id].append(offer)
    for person_id, offers in by_person.items():
        last_end: datetime | None = None
        last_talk: datetime | None = None
        for offer in offers:
            at, own_deed = offer.offered_at, offer.stage == "promise"
            if last_end is not None and at < last_end:
                yield f"3: person {person_id} was rung twice at once (offer {offer.pk})"
            if not own_deed and not any(start <= at < end for start, end in duties[person_id]):
                yield f"3: person {person_id} was rung off duty (offer {offer.pk})"
            if any(start < at < end for start, end in pauses[person_id]):
                yield f"3: person {person_id} was rung in a pause (offer {offer.pk})"
            if last_talk is not None and not own_deed and at < last_talk + WRAP_UP and not _was_last(offer):
                yield f"3: person {person_id} was rung while wrapping up (offer {offer.pk})"
            end = offer.ended_at or datetime.max.replace(tzinfo=at.tzinfo)
            last_end = end if last_end is None else max(last_end, end)
            if offer.state == Offer.State.TALKED:
                last_talk = offer.ended_at


def _was_last(offer: Offer) -> bool:
    """Whether the decision passed over everybody else: then wrapping up does not count."""
    if offer.decision is None:
        return False
    people = {person["person_id"] for person in offer.decision.facts["facts"]["people"]}
    skipped = {skip["person_id"] for skip in offer.decision.outcome["skipped"]}
    return people - skipped <= {offer.lawyer_id}


def _duties_do_not_overlap() -> Iterator[str]:
    """4."""
    for kind in ("person_id", "desk_id"):
        latest: dict[object, datetime] = {}
        for duty in Duty.objects.filter(cancelled_at__isnull=True).order_by("starts_at"):
            key = duty.person_id if kind == "person_id" else (duty.desk_id, duty.position)
            if key in latest and duty.starts_at < latest[key]:
                yield f"4: duties overlap for {kind} {key} at {duty.starts_at}"
            latest[key] = max(duty.ends_at, latest.get(key, duty.ends_at))


def _effects_were_rows_first() -> Iterator[str]:
    """6: nothing was delivered twice as two rows, and nothing is stuck."""
    for message in OutboxMessage.objects.filter(state="waiting", not_before__lt=F("created_at")):
        yield f"6: {message} waits from before it was made"
    for row in OutboxMessage.objects.values("dedupe_key").annotate(n=Count("pk")).filter(n__gt=1):
        yield f"6: {row['dedupe_key']} has {row['n']} rows"


def _logs_lead_to_the_rows() -> Iterator[str]:
    """8."""
    for call_id in Call.objects.values_list("pk", flat=True):
        difference = replay.difference(call_id)
        if difference:
            yield f"8: call {call_id}: {difference}"
    for consultation in Consultation.objects.all():
        try:
            told = record.replayed(consultation.pk)
        except lifecycle.ImpossibleMove as move:
            yield f"8: {consultation}: {move}"
            continue
        if told != record.standing_now(consultation):
            yield f"8: {consultation}: {told} told, {record.standing_now(consultation)} in the row"


def _nothing_told() -> Iterator[str]:
    """9: no name and no telephone number in a text, a subject or an address."""
    names = [name for name in Person.objects.values_list("name", flat=True) if len(name) > 6]
    for message in OutboxMessage.objects.all():
        address = str(message.payload.get("url", ""))
        for part in (message.body if message.kind == "sms" else "", message.subject, address):
            if DIGITS.search(part) or any(name in part for name in names):
                yield f"9: {message} tells a name or a number"


def _nothing_overdue() -> Iterator[str]:
    """12: what is open has a moment, and after the watchdog has run nothing is past it."""
    stuck = Counter(
        Callback.objects.filter(state__in=["placing", "lawyer", "worker", "talk"]).values_list("state", flat=True)
    )
    for state, count in stuck.items():
        yield f"12: {count} callbacks are still in {state}"
    for offer in Offer.objects.filter(channel="phone", ended_at__isnull=True):
        yield f"12: {offer} never ended"
