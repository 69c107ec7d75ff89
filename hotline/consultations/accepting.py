"""The lawyer's side of an offer: accept, decline, give back."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hotline.consultations import telling
from hotline.consultations.access import Actor, As, require
from hotline.consultations.lines import hours_of
from hotline.consultations.mismatch import signal_mismatch
from hotline.consultations.offering import offer_next, release_accepted, start_round, stop_open_offers
from hotline.consultations.record import accepted_offer, lock, open_call, stand, write
from hotline.core import lanes, lifecycle
from hotline.core.lifecycle import Status
from hotline.errors import AlreadyAccepted, FormRefused, NotFound, NotNow
from hotline.models import Callback, Consultation, Exclusion, Offer
from integrations import clock

NO_TIME, CONFLICT, WRONG_AREA = "no_time", "conflict", "wrong_area"
DECLINED_AS = {
    NO_TIME: Offer.State.DECLINED,
    CONFLICT: Offer.State.CONFLICT,
    WRONG_AREA: Offer.State.WRONG_AREA,
}
# A lawyer who was too late may still accept while nobody else has: the sooner it has a lawyer, the better.
ACCEPTABLE = (Offer.State.ASKED, Offer.State.EXPIRED)


@transaction.atomic
def accept(*, person: Actor, reference: str) -> Consultation:
    """The lawyer takes the question; the answer is due from now on. Accepting twice is accepting once.

    Raises AlreadyAccepted (with who), NotNow when the question is over or he declined it, NotFound when he was never
    asked in this round.
    """
    consultation = lock(reference)
    offer = _my_offer(person, consultation)
    _refuse_when_over(consultation)
    holder = _holder(consultation)
    if holder is not None:
        if holder.lawyer_id == person.pk:
            return consultation
        raise AlreadyAccepted(holder.lawyer.name)
    if offer.state not in ACCEPTABLE:
        raise NotNow("declined", _("You have passed this question on. Call the coordinator if you want it after all."))
    now = clock.now()
    offer.state, offer.accepted_at, offer.due_at, offer.ended_at = Offer.State.TAKEN, now, None, None
    try:
        with transaction.atomic():
            offer.save()
    except IntegrityError as refused:  # the index on one accepted offer per round: the telephone was first
        holder = _holder(consultation)
        raise AlreadyAccepted(holder.lawyer.name if holder else _("Somebody else")) from refused
    others = stop_open_offers(consultation)
    until = lanes.still_due(consultation.answer_due_at or now, now, hours_of(consultation))
    consultation.lawyer_id = person.pk
    consultation.answer_due_at = until
    standing = lifecycle.standing_with_lawyer(person.pk, until)
    call = open_call(consultation)
    if call is not None and call.state == Callback.State.WAITING:  # he will be the one who is rung
        call.lawyer_id = person.pk
        call.save(update_fields=["lawyer"])
        standing = lifecycle.standing_call_back(call.due_at or until, Status.WITH_LAWYER)
    event = stand(
        consultation,
        standing,
        "accepted",
        actor_id=person.pk,
        offer=offer,
        round=consultation.round,
    )
    telling.tell("accepted", event, consultation, consultation.asker_id, until=until, who=person.name)
    telling.tell("offer_over", event, consultation, *others)
    return consultation


@transaction.atomic
def decline(*, person: Actor, reference: str, reason: str) -> Consultation:
    """The lawyer passes the question on: no_time, conflict (his office is excluded too) or wrong_area.

    The next lawyer is asked at once. Declining twice is declining once.
    """
    if reason not in DECLINED_AS:
        raise FormRefused("reason", _("Choose why you pass this question on."), field="reason")
    consultation = lock(reference)
    offer = _my_offer(person, consultation)
    if offer.state in DECLINED_AS.values():
        return consultation
    _refuse_when_over(consultation)
    holder = _holder(consultation)
    if holder is not None and holder.lawyer_id == person.pk:
        raise NotNow("accepted", _("You have accepted this question. Give it back instead."))
    was_open = offer.state == Offer.State.ASKED
    offer.state, offer.ended_at, offer.due_at = DECLINED_AS[reason], clock.now(), None
    offer.save()
    write(consultation, "declined", actor_id=person.pk, offer=offer, reason=reason, round=consultation.round)
    if reason in {CONFLICT, WRONG_AREA}:
        _exclude(person, consultation, reason)
    if reason == WRONG_AREA:
        signal_mismatch(consultation, offer)
    if was_open and holder is None:
        consultation.offers_tried += 1
        offer_next(consultation)
    return consultation


@transaction.atomic
def release(*, person: Actor, reference: str, reason: str = "") -> Consultation:
    """The lawyer gives back what he accepted; somebody else is asked at once. `reason` is a code, not case text.

    Reasons: 'conflict' excludes his office too; any other excludes only himself.
    """
    consultation = lock(reference)
    require(person, consultation, As.LAWYER)
    if consultation.status not in {Consultation.Status.WITH_LAWYER, Consultation.Status.MORE_INFO}:
        raise NotNow("not_open", _("There is nothing to give back: this question is not waiting for your answer."))
    offer = release_accepted(consultation, reason[:40] or "released")
    _exclude(person, consultation, CONFLICT if reason == CONFLICT else "released")
    start_round(consultation, clock.now())
    event = write(consultation, "released", actor_id=person.pk, offer=offer, reason=reason[:40])
    telling.tell("released", event, consultation, consultation.asker_id, who=person.name)
    offer_next(consultation)
    return consultation


def _my_offer(person: Actor, consultation: Consultation) -> Offer:
    offer = (
        Offer.objects.filter(
            consultation=consultation,
            round=consultation.round,
            lawyer_id=person.pk,
            channel=Offer.Channel.ONLINE,
        )
        .order_by("-pk")
        .first()
    )
    if offer is None or offer.released_at is not None:
        raise NotFound
    return offer


def _holder(consultation: Consultation) -> Offer | None:
    """Who accepted in this round and still has it."""
    offer = accepted_offer(consultation)
    return offer if offer is not None and offer.round == consultation.round else None


def _refuse_when_over(consultation: Consultation) -> None:
    if not consultation.is_open:
        raise NotNow("over", _("This question is over; you need not do anything."))


def _exclude(person: Actor, consultation: Consultation, reason: str) -> None:
    """Not to be asked about this again: he, and with a conflict everybody of his office."""
    office_id = person.organisation_id if reason == CONFLICT else None
    Exclusion.objects.create(consultation=consultation, person_id=person.pk, organisation_id=office_id, reason=reason)
