"""One callback being worked on: locked behind its consultation, and what every turn of it writes.

Locks: the consultation, then the callback. The rules of what comes next are hotline/call/promise.py.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.call import promise
from hotline.call.promise import CallbackFacts, Next
from hotline.consultations import record
from hotline.core import lanes, lifecycle
from hotline.models import Callback, Consultation, Offer
from hotline.phone import rows, texting, tickets
from hotline.phone.callbacks import appointment_link
from integrations import clock
from integrations.links import LinkFor
from integrations.outbox import OutboxMessage
from rosters import queries as rosters
from rosters.queries import LineAt

NEWS_WITHIN = timedelta(seconds=90)
OUTCOME_ASKED_AFTER = timedelta(minutes=2)
TOLD = {"ring": "call_back_soon", "wait": "call_back_later", "coordinator": "call_back_coordinator"}
"""What comes next -> the text that tells the worker."""


@dataclass(slots=True)
class Work:
    """A locked callback with its consultation, and the texts that go out with the commit."""

    callback: Callback
    consultation: Consultation
    now: datetime
    line: LineAt
    messages: list[OutboxMessage]


def lock(callback_id: int) -> Work | None:
    """The callback behind its consultation; a promise about no area yet gets its consultation here, or a coordinator.

    None when it is over or was just handed to the coordinator.
    """
    found = Callback.objects.filter(pk=callback_id, ended_at__isnull=True).first()
    if found is None:
        return None
    now = clock.now()
    consultation = record.lock_by_id(found.consultation_id) if found.consultation_id is not None else None
    callback = Callback.objects.select_for_update(no_key=True).get(pk=callback_id)
    if callback.ended_at is not None or callback.state == Callback.State.COORDINATOR:
        return None
    if consultation is None:
        consultation = _open_consultation(callback, now)
        if consultation is None:
            _to_coordinator_without_question(callback, now)
            return None
    return Work(callback, consultation, now, rosters.line(callback.line_id), [])


def _open_consultation(callback: Callback, now: datetime) -> Consultation | None:
    """A caller who came when the line was closed: his usual area is what it is about, until he says otherwise."""
    if callback.area_id is None or callback.region_id is None or callback.due_at is None:
        return None
    consultation = Consultation(
        channel=Consultation.Channel.PHONE,
        line_id=callback.line_id,
        area_id=callback.area_id,
        region_id=callback.region_id,
        lane="vandaag",
        organisation_id=callback.organisation_id,
        asker_id=callback.worker_id,
        round=0,
        created_at=now,
    )
    record.stand(consultation, lifecycle.standing_call_back(callback.due_at), "called_when_closed")
    callback.consultation = consultation
    callback.save(update_fields=["consultation"])
    return consultation


def _to_coordinator_without_question(callback: Callback, now: datetime) -> None:
    callback.state = Callback.State.COORDINATOR
    callback.save(update_fields=["state"])
    tickets.file_ticket(
        "callback", f"callback:{callback.pk}", now, region_id=callback.region_id, call_id=callback.call_id
    )


def event(work: Work, kind: str, **data: object) -> None:
    """One line on the timeline of the consultation."""
    rows.insert_event(
        f"{kind}:{work.callback.pk}:{secrets.token_hex(8)}",
        work.now,
        kind,
        consultation_id=work.consultation.pk,
        callback_id=work.callback.pk,
        data=dict(data),
    )


def offer_of(work: Work) -> Offer:
    """The lawyer's leg that runs, or the one that just ended."""
    assert work.callback.offer is not None
    return work.callback.offer


# --- What comes next --------------------------------------------------------------------------------------------------


def facts_of(callback: Callback) -> CallbackFacts:
    return CallbackFacts(
        lawyer_id=callback.lawyer_id,
        promised_tries=callback.promised_tries,
        postponed=callback.postponed,
        attempt=callback.attempt,
        worker_tries=callback.worker_tries,
    )


def apply(work: Work, then: Next, why: str) -> None:
    """Write what the rule said: ring the list at once, wait until a moment, or hand it to the coordinator."""
    callback, now = work.callback, work.now
    callback.promised_tries, callback.postponed = then.promised_tries, then.postponed
    callback.attempt, callback.worker_tries = then.attempt, then.worker_tries
    callback.lawyer_id = then.lawyer_id
    callback.offer = None
    status = lifecycle.Status(work.consultation.status)
    if status == lifecycle.Status.IN_CONVERSATION:
        status = lifecycle.Status.SUBMITTED
    if then.kind == "coordinator":
        callback.state = Callback.State.COORDINATOR
        due = lanes.coordinate_by(work.consultation.lane, now, work.line.hours)
        standing = lifecycle.standing_with_coordinator(due, status)
        ticket = f"callback:{callback.pk}"
        tickets.file_ticket(
            "callback", ticket, now, region_id=work.consultation.region_id, consultation_id=work.consultation.pk
        )
    else:
        callback.state = Callback.State.WAITING
        due = then.at or now
        if then.kind == "wait":
            callback.placed_at = None  # the whole list is tried anew then
        standing = lifecycle.standing_call_back(due, status)
    callback.due_at = due
    callback.save()
    record.stand(work.consultation, standing, "callback_next", callback=callback.pk, why=why, what=then.kind)
    if then.tell_worker:
        _tell_worker(work, TOLD[then.kind], due)


def _tell_worker(work: Work, name: str, at: datetime) -> None:
    callback = work.callback
    if not callback.number:
        return
    if callback.worker_id is None and name == "call_back_later":
        name = "call_back_plain"
    work.messages.append(
        texting.message(
            name,
            callback.number,
            key=f"{name}:{callback.pk}:{int(work.now.timestamp())}",
            consultation_id=work.consultation.pk,
            area_id=work.consultation.area_id,
            at=at,
            link=appointment_link(callback.worker_id, callback.pk) if callback.worker_id is not None else None,
        )
    )


def lawyer_gone(work: Work, ended: str) -> None:
    """Busy, no answer, no key, a bad number, or she left while the worker rang."""
    callback = work.callback
    offer = callback.offer
    if offer is not None:
        end_offer(offer, ended, work.now)
        if ended == "bad_number":
            tickets.bad_number(offer.lawyer_id, offer.number, work.consultation.region_id, work.now)
    apply(work, promise.lawyer_not_there(facts_of(callback), work.now), ended)


def end_offer(offer: Offer, state: str, now: datetime, released: str = "") -> None:
    """End a lawyer's leg of a callback; an accepted one is released with a reason."""
    rows.close_offer(offer.pk, state, now)
    if released:
        Offer.objects.filter(pk=offer.pk).update(released_at=now, release_reason=released)


def talk_over(work: Work, *, bridged: bool | None) -> None:
    """The conversation was had: the callback is done, both sides are asked what came of it."""
    offer, callback, consultation = offer_of(work), work.callback, work.consultation
    rows.close_offer(offer.pk, "talked", work.now, True if bridged is None else bridged)
    callback.state, callback.ended_at, callback.end_reason = Callback.State.DONE, work.now, "talked"
    callback.save(update_fields=["state", "ended_at", "end_reason"])
    until = lanes.remind_at(work.now, work.line.hours)
    standing = lifecycle.standing_after_talk(
        offer.lawyer_id, until, consultation.asker_id, consultation.organisation_id is not None
    )
    record.stand(consultation, standing, "callback_done", offer=offer, callback=callback.pk)
    _ask_outcome(work, "lawyer_outcome", offer.number, offer.lawyer_id, work.now + OUTCOME_ASKED_AFTER)
    if callback.worker_id is not None and callback.number:
        _ask_outcome(work, "worker_outcome", callback.number, callback.worker_id, work.now)


def _ask_outcome(work: Work, name: str, number: str, person_id: int, not_before: datetime) -> None:
    consultation = work.consultation
    work.messages.append(
        texting.message(
            name,
            number,
            key=f"{name}:callback:{work.callback.pk}",
            consultation_id=consultation.pk,
            area_id=consultation.area_id,
            link=LinkFor(person_id, "outcome", f"consultation:{consultation.pk}", "u"),
            not_before=not_before,
        )
    )
