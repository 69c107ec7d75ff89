"""What happens when a next step is not done in time, and on the day of a follow-up. Called by the sweep."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from hotline.consultations import telling
from hotline.consultations.lines import hours_of
from hotline.consultations.offering import offer_next, stop_open_offers, to_coordinator
from hotline.consultations.outcomes import close_or_follow_up
from hotline.consultations.record import last_change, stand, standing_now, write
from hotline.core import lanes, lifecycle, outcomes
from hotline.core.lifecycle import Cure, Status, Step
from hotline.models import Call, Callback, Consultation, FollowUp, Offer, Outcome
from integrations import clock
from rosters import queries as rosters

LIMIT = 50
REMINDED = "reminded"
# The telephone keeps its own watch over these; only when it has lost track does the coordinator get them.
ON_THE_PHONE = Q(next_step__in=[Step.CONNECT, Step.CALL_BACK]) | Q(status=Status.IN_CONVERSATION)
LOST_AFTER = timedelta(hours=1)

logger = logging.getLogger("piketlijn.overdue")


def consultations_overdue() -> int:
    """See to every consultation whose next step is overdue, each in its own transaction. Returns how many."""
    now = clock.now()
    due = Consultation.objects.filter(
        ~ON_THE_PHONE & Q(next_due_at__lte=now) | ON_THE_PHONE & Q(next_due_at__lte=now - LOST_AFTER)
    )
    return _each(due.order_by("next_due_at").values_list("pk", flat=True)[:LIMIT], see_to)


def follow_ups_due() -> int:
    """Tell the owners of follow-ups of today, once each, from the opening of the line. Returns how many."""
    now = clock.now()
    untold = FollowUp.objects.filter(
        done_at__isnull=True, reminded_at__isnull=True, due_on__lte=now.astimezone(lanes.ZONE).date()
    ).exclude(consultation__status=Status.WITHDRAWN)
    rows = untold.order_by("due_on", "pk").values_list("pk", "due_on", "consultation__line_id")
    ripe = [pk for pk, due_on, line_id in rows if lanes.at_opening_of(due_on, rosters.line(line_id).hours) <= now]
    return _each(ripe[:LIMIT], remind_follow_up)


@transaction.atomic
def see_to(consultation_id: int) -> bool:
    """Do what the table of lifecycle.OVERDUE says about one overdue consultation; False when it is not overdue now."""
    now = clock.now()
    consultation = Consultation.objects.select_for_update().filter(pk=consultation_id, next_due_at__lte=now).first()
    if consultation is None or _is_in_hand(consultation):
        return False
    last = last_change(consultation)
    wanted = lifecycle.cure(
        consultation.next_step,
        reminded=last is not None and last.kind == REMINDED,
        unhelped=_is_unhelped(consultation),
    )
    CURES[wanted](consultation)
    return True


@transaction.atomic
def remind_follow_up(follow_up_id: int) -> bool:
    """One mail on the day; False when it is done or was told meanwhile."""
    follow_up = (
        FollowUp.objects.select_for_update()
        .filter(pk=follow_up_id, done_at__isnull=True, reminded_at__isnull=True)
        .first()
    )
    if follow_up is None:
        return False
    consultation = Consultation.objects.get(pk=follow_up.consultation_id)
    follow_up.reminded_at = clock.now()
    follow_up.save(update_fields=["reminded_at"])
    event = write(consultation, "follow_up_told", follow_up=follow_up.pk)
    telling.tell("follow_up", event, consultation, follow_up.owner_id, until=follow_up.due_on)
    return True


def _next_lawyer(consultation: Consultation) -> None:
    """Whoever was asked let it pass; he may still accept while nobody else has."""
    lapsed = stop_open_offers(consultation, Offer.State.EXPIRED)
    if lapsed:
        consultation.offers_tried += len(lapsed)
        write(consultation, "expired", lawyers=lapsed, round=consultation.round)
    offer_next(consultation)


def _coordinator(consultation: Consultation) -> None:
    step, lawyer_id, due = consultation.next_step, consultation.lawyer_id, consultation.next_due_at
    if step == Step.ANSWER:  # it stays with its lawyer, who may still answer
        event = to_coordinator(consultation, "answer_overdue", status=Status.WITH_LAWYER)
        telling.tell("answer_overdue", event, consultation, lawyer_id, until=due)
    elif step == Step.FOLLOW_UP:
        to_coordinator(consultation, "follow_up_overdue", status=Status(consultation.status))
    elif step == Step.CONFIRM:
        to_coordinator(consultation, "not_helped", status=Status.SUBMITTED)
    else:
        talking = consultation.status == Status.IN_CONVERSATION
        to_coordinator(consultation, "stuck", status=Status.SUBMITTED if talking else Status(consultation.status))


def _remind(consultation: Consultation) -> None:
    """Once, with the moment at which it closes by itself."""
    hours = hours_of(consultation)
    until = lanes.close_at(clock.now(), hours)
    now = standing_now(consultation)
    event = stand(
        consultation,
        lifecycle.Standing(now.status, now.next_step, now.owner_id, now.owner_role, until),
        REMINDED,
        step=str(now.next_step),
    )
    owner_id = now.owner_id
    if now.next_step == Step.INFORM:
        telling.tell("more_info_again", event, consultation, owner_id, until=until)
    elif now.next_step == Step.FOLLOW_UP:
        telling.tell("follow_up", event, consultation, owner_id, until=until)
    elif owner_id is not None:
        text = "confirm" if now.next_step == Step.CONFIRM else "outcome_open"
        link = telling.outcome_link(owner_id, consultation)
        telling.tell(text, event, consultation, owner_id, link=link, until=until)


def _close(consultation: Consultation) -> None:
    """The asker was silent for ten working days, with a mail in between."""
    if consultation.next_step == Step.INFORM:
        stand(consultation, lifecycle.standing_closed(), "closed_silent")
    else:
        close_or_follow_up(consultation, "closed_silent", None)


def _remind_coordinator(consultation: Consultation) -> None:
    until = lanes.coordinate_by(consultation.lane, clock.now(), hours_of(consultation))
    standing = lifecycle.standing_with_coordinator(until, Status(consultation.status))
    event = stand(consultation, standing, REMINDED, step=str(Step.COORDINATE))
    telling.tell_coordinators("for_coordinator", event, consultation, until=until, why="still")


CURES: dict[Cure, Callable[[Consultation], None]] = {
    Cure.NEXT_LAWYER: _next_lawyer,
    Cure.COORDINATOR: _coordinator,
    Cure.REMIND: _remind,
    Cure.CLOSE: _close,
    Cure.REMIND_COORDINATOR: _remind_coordinator,
}


def _is_in_hand(consultation: Consultation) -> bool:
    """Whether the telephone has a call or a callback running for it."""
    if consultation.next_step not in {Step.CONNECT, Step.CALL_BACK} and consultation.status != Status.IN_CONVERSATION:
        return False
    return (
        Call.objects.filter(consultation=consultation, ended_at__isnull=True).exists()
        or Callback.objects.filter(consultation=consultation, state__in=Callback.OPEN).exists()
    )


def _is_unhelped(consultation: Consultation) -> bool:
    """Whether the last word of the asker about this round was that it did not, or only partly, help."""
    said = Outcome.objects.filter(consultation=consultation, round=consultation.round, side=Outcome.Side.WORKER)
    last = said.order_by("-pk").values_list("value", flat=True).first()
    return last in outcomes.UNHELPED


def _each(ids: Iterable[int], work: Callable[[int], bool]) -> int:
    """Do the work for each; one that fails is logged and does not keep the others waiting."""
    done = 0
    for pk in list(ids):
        try:
            done += work(pk)
        except Exception:  # the edge of this watch: every question has its own transaction
            logger.exception("%s failed for %d", work.__name__, pk)
    return done
