"""Promises to call back: written, moved, withdrawn. `calling_back.py` keeps them at their moment."""

from __future__ import annotations

import secrets
from datetime import datetime, time
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from directory import queries as directory
from hotline.consultations import record
from hotline.core import lanes, lifecycle
from hotline.errors import NotFound, NotNow
from hotline.models import Callback, Consultation
from hotline.phone import rows, texting
from integrations import clock, outbox
from integrations.links import LinkFor
from integrations.outbox import OutboxMessage
from rosters import queries as rosters

if TYPE_CHECKING:
    from hotline.phone.draft import Draft

APPOINTMENT = "appointment"
MOVABLE = (Callback.State.WAITING, Callback.State.COORDINATOR)


def appointment_link(person_id: int, callback_id: int) -> LinkFor:
    """Lets the worker move or withdraw his callback."""
    return LinkFor(person_id, APPOINTMENT, f"callback:{callback_id}", "a")


def write_promise(
    *,
    call_id: int | None,
    consultation_id: int | None,
    line_id: int,
    region_id: int | None,
    area_id: int | None,
    worker_id: int | None,
    organisation_id: int | None,
    number: str,
    lawyer_id: int | None,
    due_at: datetime,
    why: str,
    postponed: int = 0,
    coordinator: bool = False,
) -> Callback:
    """The row of a promise; nothing is spoken before it stands. `coordinator`: nobody else can keep it.

    `postponed`: how often `lawyer_id` said 'in ten minutes' already.
    """
    return Callback.objects.create(
        call_id=call_id,
        consultation_id=consultation_id,
        line_id=line_id,
        region_id=region_id,
        area_id=area_id,
        worker_id=worker_id,
        organisation_id=organisation_id,
        number=number,
        lawyer_id=lawyer_id,
        state=Callback.State.COORDINATOR if coordinator else Callback.State.WAITING,
        why=why,
        due_at=due_at,
        postponed=postponed,
        created_at=clock.now(),
    )


def stranger_of_today(number: str, now: datetime) -> int | None:
    """The ticket that this unknown number has already made today: one a day is enough."""
    midnight = datetime.combine(now.astimezone(lanes.ZONE).date(), time(0), tzinfo=lanes.ZONE)
    today = Callback.objects.filter(number=number, why="stranger", created_at__gte=midnight)
    return today.values_list("pk", flat=True).first() if number else None


def promise(*, consultation: Consultation, lawyer_id: int | None, due_at: datetime, why: str) -> Callback:
    """A callback about a locked consultation that was asked online; the caller stands the consultation.

    Without a number of the asker it goes to the coordinator at once.
    """
    asker = directory.contacts([consultation.asker_id]) if consultation.asker_id else {}
    number = next((contact.number for contact in asker.values()), "")
    return write_promise(
        call_id=None,
        consultation_id=consultation.pk,
        line_id=consultation.line_id,
        region_id=consultation.region_id,
        area_id=consultation.area_id,
        worker_id=consultation.asker_id,
        organisation_id=consultation.organisation_id,
        number=number,
        lawyer_id=lawyer_id,
        due_at=due_at,
        why=why,
        coordinator=not number,
    )


def not_needed(draft: Draft, talked_with: int) -> None:
    """Another lawyer took the call: the promise is withdrawn and she who made it is told."""
    state = draft.state
    waiting = Callback.objects.filter(pk=state.promise_id or 0, state=Callback.State.WAITING)
    if not waiting.update(state=Callback.State.DONE, ended_at=draft.now, end_reason="connected"):
        return
    if state.promise_lawyer is not None and state.promise_lawyer != talked_with:
        draft.messages += not_needed_texts([state.promise_lawyer], state.consultation_id, state.area_id, draft.call.id)


def not_needed_texts(
    people: list[int], consultation_id: int | None, area_id: int | None, cause: int
) -> list[OutboxMessage]:
    return [
        texting.message(
            "not_needed",
            contact.number,
            key=f"not_needed:{consultation_id}:{contact.id}:{cause}",
            consultation_id=consultation_id,
            area_id=area_id,
        )
        for contact in directory.contacts(people).values()
        if contact.number
    ]


@transaction.atomic
def move(*, callback_id: int, person_id: int, due_at: datetime) -> Callback:
    """The worker wants to be called at another moment. Raises NotFound, and NotNow when the call runs or is over."""
    callback, consultation = _locked_for(callback_id, person_id)
    callback.due_at, callback.lawyer, callback.state = due_at, None, Callback.State.WAITING
    callback.save(update_fields=["due_at", "lawyer", "state"])
    if consultation is None:
        _tell(callback, "moved", person_id)
    else:
        standing = lifecycle.standing_call_back(due_at, lifecycle.Status(consultation.status))
        record.stand(consultation, standing, "callback_moved", actor_id=person_id, callback=callback.pk)
    return callback


@transaction.atomic
def withdraw(*, callback_id: int, person_id: int) -> Callback:
    """The worker no longer needs the call. A question that only waited for it is withdrawn with it."""
    callback, consultation = _locked_for(callback_id, person_id)
    end(callback, Callback.State.WITHDRAWN, "by_worker")
    if consultation is None:
        _tell(callback, "withdrawn", person_id)
    else:
        standing = _without_the_call(consultation, callback.line_id)
        record.stand(consultation, standing, "callback_withdrawn", actor_id=person_id, callback=callback.pk)
    if callback.lawyer_id is not None:
        outbox.enqueue(*not_needed_texts([callback.lawyer_id], callback.consultation_id, callback.area_id, callback.pk))
    return callback


def end(callback: Callback, state: Callback.State, reason: str) -> None:
    callback.state, callback.ended_at, callback.end_reason = state, clock.now(), reason
    callback.save(update_fields=["state", "ended_at", "end_reason"])


def _without_the_call(consultation: Consultation, line_id: int) -> lifecycle.Standing:
    """Where a question stands when the call about it is off: one that was only a call is withdrawn."""
    status, now = lifecycle.Status(consultation.status), clock.now()
    hours = rosters.line(line_id).hours
    if consultation.channel == Consultation.Channel.PHONE and status == lifecycle.Status.SUBMITTED:
        return lifecycle.standing_withdrawn()
    if status == lifecycle.Status.WITH_LAWYER and consultation.lawyer_id is not None:
        due = lanes.still_due(consultation.answer_due_at or now, now, hours)
        return lifecycle.standing_with_lawyer(consultation.lawyer_id, due)
    if status == lifecycle.Status.MORE_INFO and consultation.asker_id is not None:
        return lifecycle.standing_more_info(consultation.asker_id, lanes.remind_at(now, hours))
    if status in {lifecycle.Status.ANSWERED, lifecycle.Status.HANDED_OVER} and consultation.asker_id is not None:
        until = lanes.remind_at(now, hours)
        return lifecycle.Standing(status, lifecycle.Step.CONFIRM, owner_id=consultation.asker_id, due_at=until)
    return lifecycle.standing_with_coordinator(lanes.coordinate_by(consultation.lane, now, hours), status)


def _locked_for(callback_id: int, person_id: int) -> tuple[Callback, Consultation | None]:
    """The worker's callback, locked behind its consultation; only while it waits. Raises NotFound or NotNow."""
    found = Callback.objects.filter(pk=callback_id, worker_id=person_id).values_list("consultation_id")
    if not found:
        raise NotFound
    consultation = record.lock_by_id(found[0][0]) if found[0][0] is not None else None
    callback = Callback.objects.select_for_update(no_key=True).get(pk=callback_id)
    if callback.state not in MOVABLE:
        raise NotNow("call_running", _("This call is being made now, or is over. Nothing was changed."))
    return callback, consultation


def _tell(callback: Callback, what: str, person_id: int) -> None:
    key = f"callback_{what}:{callback.pk}:{secrets.token_hex(8)}"
    rows.insert_event(key, clock.now(), f"callback_{what}", callback_id=callback.pk, actor_id=person_id)
