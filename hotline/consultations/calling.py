"""From writing to talking: the line calls both sides about a question, by the callback machine of the telephone."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from hotline.consultations import telling
from hotline.consultations.access import Actor, As, require
from hotline.consultations.lines import line_of
from hotline.consultations.offering import stop_open_offers, to_coordinator
from hotline.consultations.record import accepted_offer, lock, open_call, stand, write
from hotline.core import lifecycle
from hotline.core.lifecycle import Status
from hotline.errors import NotNow
from hotline.models import Callback, Consultation
from hotline.phone import callbacks
from integrations import clock


@transaction.atomic
def call_the_asker(*, person: Actor, reference: str) -> Callback:
    """'Bel de vrager': the line rings the lawyer who has it, then the asker. A call that is promised already stays."""
    consultation = lock(reference)
    require(person, consultation, As.LAWYER)
    return _call(consultation, person, person.pk, "call_asker")


@transaction.atomic
def call_me_about_this(*, person: Actor, reference: str) -> Callback:
    """'Bel mij hierover': the line rings the lawyer who has it (else who is on duty), then the asker."""
    consultation = lock(reference)
    require(person, consultation, As.ASKER)
    offer = accepted_offer(consultation)
    return _call(consultation, person, offer.lawyer_id if offer else None, "call_me")


def _call(consultation: Consultation, person: Actor, lawyer_id: int | None, kind: str) -> Callback:
    promised = open_call(consultation)
    if promised is not None:
        return promised
    if not consultation.is_open or consultation.status == Status.IN_CONVERSATION:
        raise NotNow("not_open", _("There is nothing to call about now: this question is over or being talked about."))
    if consultation.asker_id is None:
        raise NotNow("unclaimed", _("Nobody of the organisation has claimed this question yet; call its main number."))
    return promise_call(consultation, actor_id=person.pk, lawyer_id=lawyer_id, kind=kind)


def promise_call(
    consultation: Consultation,
    *,
    actor_id: int | None,
    lawyer_id: int | None,
    kind: str,
    status: Status | None = None,
) -> Callback:
    """The line calls both as soon as it is open. The row is locked; it keeps its status, or gets `status`.

    Whoever was asked online need not answer that any more: the line rings him when it is his turn. An asker without a
    number cannot be called: then the coordinator has it.
    """
    now = clock.now()
    due = line_of(consultation).hours.next_opening(now) or now
    asked = stop_open_offers(consultation)
    callback = callbacks.promise(consultation=consultation, lawyer_id=lawyer_id, due_at=due, why="online")
    if callback.state == Callback.State.COORDINATOR:
        event = write(consultation, kind, actor_id=actor_id, round=consultation.round)
        telling.tell("offer_over", event, consultation, *asked)
        to_coordinator(consultation, "no_number", status=status or Status(consultation.status), actor_id=actor_id)
        return callback
    event = stand(
        consultation,
        lifecycle.standing_call_back(due, status or Status(consultation.status)),
        kind,
        actor_id=actor_id,
        round=consultation.round,
    )
    telling.tell("offer_over", event, consultation, *asked)
    return callback
