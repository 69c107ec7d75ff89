"""What came of it, said by both sides, and what still has to happen afterwards.

Knows nothing of callbacks, so that the telephone can use it; `saying.py` has the asker's 'ask again'.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from hotline.consultations import telling
from hotline.consultations.access import Actor, As, require
from hotline.consultations.lines import hours_of
from hotline.consultations.mismatch import signal_mismatch
from hotline.consultations.offering import to_coordinator
from hotline.consultations.record import accepted_offer, lock, lock_by_id, stand, write
from hotline.core import lanes, lifecycle
from hotline.core.lifecycle import Status, Step
from hotline.core.outcomes import Side, Then, Value
from hotline.errors import FormRefused, NotFound, NotNow, NotYours
from hotline.models import Consultation, Event, FollowUp, Outcome
from integrations import clock

AFTER = frozenset({Status.ANSWERED, Status.HANDED_OVER})
A_WEEK = timedelta(days=7)
LONGEST = timedelta(days=366)


def note_outcome(
    consultation: Consultation,
    *,
    side: str,
    value: str,
    route: str,
    person_id: int | None,
    certificate_avoided: bool | None = None,
    follow_up_on: date | None = None,
    then: str = Then.UNDECIDED,
) -> Outcome:
    """What one side says, on a locked row. The telephone has stood the consultation after the talk before this.

    `person_id` is None when a main number pressed the key. With `then` 'again' the caller starts the next round.
    """
    offer = accepted_offer(consultation)
    outcome = Outcome.objects.create(
        consultation=consultation,
        round=offer.round if offer is not None and side == Side.LAWYER else consultation.round,
        side=side,
        person_id=person_id,
        value=value,
        route=route,
        certificate_avoided=certificate_avoided,
        at=clock.now(),
    )
    write(consultation, "outcome", actor_id=person_id, side=str(side), value=str(value), route=route)
    if follow_up_on is not None and person_id is not None:
        _plan(consultation, person_id, follow_up_on, "")
    if side == Side.LAWYER:
        _after_lawyer(consultation, person_id, value, planned=follow_up_on is not None)
    else:
        _after_worker(consultation, person_id, value, then)
    return outcome


@transaction.atomic
def plan_follow_up(*, person: Actor, reference: str, due_on: date, what: str = "") -> FollowUp:
    """What this person still does about it, and when; he is reminded on the day. `what` is case text."""
    consultation = lock(reference)
    require(person, consultation, As.ASKER, As.LAWYER)
    if not consultation.is_open:
        raise NotNow("over", _("This question is over; ask a new one."))
    follow_up = _plan(consultation, person.pk, due_on, what.strip()[:300])
    if consultation.next_step == Step.FOLLOW_UP:
        close_or_follow_up(consultation, "follow_up_first", person.pk)
    return follow_up


@transaction.atomic
def close_follow_up(*, person: Actor, follow_up_id: int) -> FollowUp:
    """Done. When it was the last thing to happen, the question closes."""
    consultation_id = FollowUp.objects.filter(pk=follow_up_id).values_list("consultation_id", flat=True).first()
    if consultation_id is None:
        raise NotFound
    consultation = lock_by_id(consultation_id)
    follow_up = FollowUp.objects.get(pk=follow_up_id)
    if follow_up.owner_id != person.pk:
        require(person, consultation, As.ASKER, As.LAWYER)
        raise NotYours
    if follow_up.done_at is None:
        follow_up.done_at = clock.now()
        follow_up.save(update_fields=["done_at"])
        write(consultation, "followed_up", actor_id=person.pk, follow_up=follow_up.pk)
        if consultation.next_step == Step.FOLLOW_UP:
            close_or_follow_up(consultation, "closed", person.pk)
    return follow_up


def close_or_follow_up(consultation: Consultation, kind: str, actor_id: int | None) -> Event:
    """Close a locked consultation; while a follow-up is open, that is the next step instead."""
    first = consultation.follow_ups.filter(done_at__isnull=True).order_by("due_on", "pk").first()
    if first is None:
        return stand(consultation, lifecycle.standing_closed(), kind, actor_id=actor_id)
    due = max(lanes.end_of(first.due_on, hours_of(consultation)), clock.now())
    standing = lifecycle.standing_follow_up(first.owner_id, due, Status(consultation.status))
    return stand(consultation, standing, "confirmed", actor_id=actor_id)


def is_arranged(consultation: Consultation) -> bool:
    """Whether somebody is at work on what comes next already: a call, or a handover by the coordinator."""
    handing_over = consultation.status == Status.HANDED_OVER and consultation.next_step == Step.COORDINATE
    return handing_over or consultation.next_step == Step.CALL_BACK


def _after_lawyer(consultation: Consultation, person_id: int | None, value: str, *, planned: bool) -> None:
    if value == Value.WRONG_AREA:
        offer = accepted_offer(consultation)
        if offer is not None:
            signal_mismatch(consultation, offer)
    if consultation.status not in AFTER:
        return
    if value == Value.FOLLOW_UP and not planned and person_id is not None:
        _plan(consultation, person_id, (clock.now() + A_WEEK).astimezone(lanes.ZONE).date(), "")
    if value == Value.HAND_OVER:
        to_coordinator(consultation, "hand_over", status=Status.HANDED_OVER, actor_id=person_id)
    elif value != Value.LATER and consultation.next_step == Step.OUTCOME:
        close_or_follow_up(consultation, "closed", person_id)


def _after_worker(consultation: Consultation, person_id: int | None, value: str, then: str) -> None:
    if is_arranged(consultation):
        return
    if value == Value.HELPED:
        if consultation.status in AFTER:
            close_or_follow_up(consultation, "closed", person_id)
        return
    if then == Then.AGAIN:
        return
    if then == Then.COORDINATOR:
        to_coordinator(consultation, "asked_for", actor_id=person_id)
    elif consultation.status == Status.CLOSED or consultation.asker_id is None:
        to_coordinator(consultation, "not_helped", actor_id=person_id)
    else:
        until = lanes.choose_by(clock.now(), hours_of(consultation))
        standing = lifecycle.Standing(
            Status(consultation.status), Step.CONFIRM, owner_id=consultation.asker_id, due_at=until
        )
        event = stand(consultation, standing, "not_helped", actor_id=person_id)
        telling.tell("choose", event, consultation, consultation.asker_id, until=until)


def _plan(consultation: Consultation, owner_id: int, due_on: date, what: str) -> FollowUp:
    today = clock.now().astimezone(lanes.ZONE).date()
    if not today <= due_on <= today + LONGEST:
        raise FormRefused("follow_up_on", _("Choose a day from today, within a year."), field="follow_up_on")
    follow_up = FollowUp.objects.create(
        consultation=consultation, owner_id=owner_id, what=what, due_on=due_on, created_at=clock.now()
    )
    write(consultation, "follow_up", actor_id=owner_id, follow_up=follow_up.pk, due_on=due_on.isoformat())
    return follow_up
