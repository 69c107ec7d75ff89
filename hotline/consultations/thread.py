"""The talk in writing: the lawyer asks for more, the asker replies, the lawyer answers."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hotline.consultations import telling
from hotline.consultations.access import Actor, As, require
from hotline.consultations.lines import hours_of
from hotline.consultations.outcomes import note_outcome
from hotline.consultations.record import accepted_offer, lock, open_call, stand, write
from hotline.core import lanes, lifecycle, outcomes
from hotline.core.lifecycle import Status, Step
from hotline.errors import FormRefused, NotNow
from hotline.models import Consultation, Message, Offer
from integrations import clock

MOST_LETTERS = 10_000
IN_HAND = frozenset({Status.WITH_LAWYER, Status.MORE_INFO})


@transaction.atomic
def ask_more(*, person: Actor, reference: str, text: str) -> Message:
    """The lawyer needs to know more; the clock of the answer stands still until the asker replies."""
    text = _text(text)
    consultation = lock(reference)
    require(person, consultation, As.LAWYER)
    if consultation.status not in IN_HAND | {Status.ANSWERED} or consultation.asker_id is None:
        raise NotNow("not_open", _("You cannot ask for more now: this question is not waiting for your answer."))
    now = clock.now()
    message = _say(consultation, person, Message.Kind.ASK_MORE, text)
    if consultation.status == Status.ANSWERED:
        consultation.answer_due_at = lanes.answer_due(consultation.lane, now, hours_of(consultation))
    event = stand(
        consultation,
        lifecycle.standing_more_info(consultation.asker_id, lanes.remind_at(now, hours_of(consultation))),
        "more_asked",
        actor_id=person.pk,
        message=message.pk,
    )
    telling.tell("more_info", event, consultation, consultation.asker_id, who=person.name)
    return message


@transaction.atomic
def reply(*, person: Actor, reference: str, text: str) -> Message:
    """The asker writes. It starts the clock again, and brings an answered question back to its lawyer."""
    text = _text(text)
    consultation = lock(reference)
    require(person, consultation, As.ASKER)
    if not consultation.is_open:
        raise NotNow("over", _("This question is over; ask a new one."))
    now = clock.now()
    stopped_at = _stopped_at(consultation)
    message = _say(consultation, person, Message.Kind.REPLY, text)
    holder = accepted_offer(consultation)
    if holder is None or consultation.status == Status.SUBMITTED:
        write(consultation, "replied", actor_id=person.pk, message=message.pk)
        return message
    hours = hours_of(consultation)
    due = consultation.answer_due_at or now
    if consultation.status == Status.MORE_INFO:
        due = lanes.resumed(due, stopped_at or now, now, hours)
    elif consultation.status != Status.WITH_LAWYER:
        due = lanes.answer_due(consultation.lane, now, hours)
    if consultation.next_step in {Step.CALL_BACK, Step.COORDINATE} or consultation.status == Status.IN_CONVERSATION:
        event = write(consultation, "replied", actor_id=person.pk, message=message.pk)
    else:
        consultation.answer_due_at = due
        standing = lifecycle.standing_with_lawyer(holder.lawyer_id, due)
        event = stand(consultation, standing, "replied", actor_id=person.pk, message=message.pk)
    telling.tell("reply", event, consultation, holder.lawyer_id, until=due)
    return message


@transaction.atomic
def answer(
    *,
    person: Actor,
    reference: str,
    text: str,
    value: str = outcomes.Value.ANSWERED,
    certificate_avoided: bool | None = None,
    follow_up_on: date | None = None,
) -> Message:
    """The lawyer answers; his outcome is written down with it (`value`), the asker is asked whether it helped."""
    text = _text(text)
    consultation = lock(reference)
    require(person, consultation, As.LAWYER)
    if consultation.status not in IN_HAND | {Status.ANSWERED}:
        raise NotNow("not_open", _("You cannot answer now: this question is not waiting for your answer."))
    now = clock.now()
    message = _say(consultation, person, Message.Kind.ANSWER, text)
    offer = accepted_offer(consultation)
    if offer is not None and offer.state == Offer.State.TAKEN:
        offer.state, offer.answered_at, offer.ended_at, offer.due_at = Offer.State.ANSWERED, now, now, None
        offer.save()
    standing = lifecycle.standing_after_talk(
        person.pk,
        lanes.remind_at(now, hours_of(consultation)),
        consultation.asker_id,
        consultation.organisation_id is not None,
    )
    call = open_call(consultation)
    if call is not None:  # the call that was agreed goes on
        standing = lifecycle.standing_call_back(call.due_at or now, Status.ANSWERED)
    event = stand(
        consultation,
        standing,
        "answered",
        actor_id=person.pk,
        offer=offer,
        message=message.pk,
    )
    if consultation.asker_id is not None:
        telling.tell(
            "answered",
            event,
            consultation,
            consultation.asker_id,
            who=person.name,
            link=telling.outcome_link(consultation.asker_id, consultation),
        )
    note_outcome(
        consultation,
        side=outcomes.Side.LAWYER,
        value=value,
        route="page",
        person_id=person.pk,
        certificate_avoided=certificate_avoided,
        follow_up_on=follow_up_on,
    )
    return message


def _say(consultation: Consultation, person: Actor, kind: str, text: str) -> Message:
    return Message.objects.create(consultation=consultation, author_id=person.pk, kind=kind, body=text)


def _stopped_at(consultation: Consultation) -> datetime | None:
    """When the lawyer asked for what the asker still owes; asking twice does not start the clock in between."""
    if consultation.status != Status.MORE_INFO:
        return None
    asked = None
    for message in consultation.messages.order_by("-pk"):
        if message.kind in {Message.Kind.REPLY, Message.Kind.ANSWER}:
            break
        if message.kind == Message.Kind.ASK_MORE:
            asked = message.created_at
    return asked


def _text(text: str) -> str:
    text = text.strip()
    if not text:
        raise FormRefused("text", _("Write something first."), field="text")
    if len(text) > MOST_LETTERS:
        raise FormRefused("text_long", _("Keep it to %(most)s characters.") % {"most": MOST_LETTERS}, field="text")
    return text
