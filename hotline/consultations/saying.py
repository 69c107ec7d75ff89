"""Saying what came of it, on a page, by a link or through the API; and asking again."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from hotline.consultations.access import Actor, As, require
from hotline.consultations.calling import promise_call
from hotline.consultations.offering import offer_next, release_accepted, start_round, stop_open_offers
from hotline.consultations.outcomes import AFTER, is_arranged, note_outcome
from hotline.consultations.record import lock, write
from hotline.core import outcomes
from hotline.core.lifecycle import Status
from hotline.core.outcomes import Side, Then
from hotline.errors import FormRefused, NotNow
from hotline.models import Consultation, Lane, Message, Outcome
from integrations import clock


@transaction.atomic
def log_outcome(
    *,
    person: Actor,
    reference: str,
    value: str,
    route: str = "page",
    certificate_avoided: bool | None = None,
    follow_up_on: date | None = None,
    note: str = "",
    then: str = "",
) -> Outcome:
    """What one side says came of it; saying it again replaces it. The side follows from who says it.

    `then` ('again' or 'coordinator') is what an asker who was not, or only partly, helped wants next; without it he
    is asked, and the coordinator steps in when he does not choose. `note` is case text: it goes in the thread.
    """
    consultation = lock(reference)
    side = Side.LAWYER if require(person, consultation, As.ASKER, As.LAWYER) == As.LAWYER else Side.WORKER
    if not outcomes.belongs_to(side, value):
        raise FormRefused("outcome", _("Choose what came of it."), field="value")
    if then not in set(Then):
        raise FormRefused("then", _("Choose what we do next: ask again, or the coordinator."), field="then")
    if consultation.status not in AFTER | {Status.CLOSED}:
        raise NotNow("not_answered", _("There is no outcome yet: this question is not answered."))
    if note.strip():
        Message.objects.create(
            consultation=consultation, author_id=person.pk, kind=Message.Kind.NOTE, body=note.strip()
        )
    outcome = note_outcome(
        consultation,
        side=side,
        value=value,
        route=route,
        person_id=person.pk,
        certificate_avoided=certificate_avoided,
        follow_up_on=follow_up_on,
        then=then,
    )
    if side == Side.WORKER and then == Then.AGAIN and value in outcomes.UNHELPED and not is_arranged(consultation):
        hunt_again(consultation, "again", person.pk)
    return outcome


def hunt_again(consultation: Consultation, kind: str, actor_id: int | None) -> None:
    """The next round of a locked consultation: by telephone where there is no written question, else online."""
    release_accepted(consultation, kind)
    stop_open_offers(consultation)
    start_round(consultation, clock.now())
    if consultation.channel == Consultation.Channel.PHONE or consultation.lane == Lane.NOW:
        promise_call(consultation, actor_id=actor_id, lawyer_id=None, kind=kind, status=Status.SUBMITTED)
    else:
        write(consultation, kind, actor_id=actor_id, round=consultation.round)
        offer_next(consultation)
