"""What a coordinator does with a question that is his to arrange, and opening its text with a reason."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from directory import queries as directory
from hotline.consultations import telling
from hotline.consultations.access import Actor, As, require
from hotline.consultations.lines import hours_of
from hotline.consultations.offering import ask_lawyer, release_accepted, start_round, stop_open_offers
from hotline.consultations.record import accepted_offer, lock, open_call, stand, write
from hotline.consultations.saying import hunt_again
from hotline.core import lanes, lifecycle
from hotline.core.lifecycle import Status, Step
from hotline.errors import FormRefused, NotNow
from hotline.models import Callback, Consultation, Exclusion, Offer
from hotline.phone import callbacks
from integrations import clock

SHORTEST_REASON, LONGEST_REASON = 5, 200


@transaction.atomic
def assign(*, person: Actor, reference: str, lawyer_id: int | None = None) -> Consultation:
    """The coordinator asks this lawyer, on duty or not; without one the search by duty starts again.

    Whoever had it loses it and is told. Raises NotNow while it is talked about or a call is promised.
    """
    consultation = _arrange(person, reference)
    if lawyer_id is None:
        hunt_again(consultation, "searched_again", person.pk)
        return consultation
    lawyers = {contact.id for contact in directory.people_with_role("lawyer")}
    if lawyer_id not in lawyers or _is_excluded(consultation, lawyer_id):
        raise FormRefused("lawyer", _("Choose a lawyer who may have this question."), field="lawyer")
    lost = release_accepted(consultation, "reassigned")
    asked = stop_open_offers(consultation)
    start_round(consultation, clock.now())
    event = ask_lawyer(consultation, Offer(lawyer_id=lawyer_id, stage="coordinator"), "assigned", actor_id=person.pk)
    others = {*asked, lost.lawyer_id if lost else None} - {lawyer_id}
    telling.tell("taken_from_you", event, consultation, *others)
    return consultation


@transaction.atomic
def settle(*, person: Actor, reference: str) -> Consultation:
    """The coordinator has arranged it himself: the asker says whether it helped."""
    consultation = _arrange(person, reference)
    if consultation.next_step != Step.COORDINATE:
        raise NotNow("not_yours_to_settle", _("This question is not waiting for a coordinator."))
    if consultation.asker_id is None and consultation.organisation_id is None:
        stand(consultation, lifecycle.standing_closed(), "settled", actor_id=person.pk)
        return consultation
    event = stand(
        consultation,
        lifecycle.standing_after_talk(
            person.pk,
            lanes.remind_at(clock.now(), hours_of(consultation)),
            consultation.asker_id,
            consultation.organisation_id is not None,
        ),
        "settled",
        actor_id=person.pk,
    )
    if consultation.asker_id is not None and consultation.next_due_at is not None:
        telling.tell(
            "confirm",
            event,
            consultation,
            consultation.asker_id,
            link=telling.outcome_link(consultation.asker_id, consultation),
            until=lanes.close_at(consultation.next_due_at, hours_of(consultation)),
        )
    return consultation


@transaction.atomic
def open_text(*, person: Actor, reference: str, reason: str) -> Consultation:
    """A coordinator reads the text once, for a reason that both sides get to see. `reason` is no case text."""
    reason = reason.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise FormRefused("reason", _("Say in one sentence why you need to read the text."), field="reason")
    consultation = lock(reference)
    require(person, consultation, As.COORDINATOR)
    event = write(consultation, "text_opened", actor_id=person.pk, reason=reason)
    asked = Offer.objects.filter(consultation=consultation, state=Offer.State.ASKED).values_list("lawyer_id", flat=True)
    holder = accepted_offer(consultation)
    readers = {consultation.asker_id, holder.lawyer_id if holder is not None else None, *asked}
    telling.tell("text_opened", event, consultation, *readers, who=person.name, why=reason)
    return consultation


def _arrange(person: Actor, reference: str) -> Consultation:
    consultation = lock(reference)
    require(person, consultation, As.COORDINATOR)
    promised = open_call(consultation)
    is_calling = promised is not None and promised.state != Callback.State.COORDINATOR
    if not consultation.is_open or consultation.status == Status.IN_CONVERSATION or is_calling:
        raise NotNow("not_open", _("There is nothing to arrange now: it is over, being talked about, or being called."))
    if promised is not None:
        callbacks.end(promised, Callback.State.DONE, "coordinator")
    return consultation


def _is_excluded(consultation: Consultation, lawyer_id: int) -> bool:
    office_id = directory.contact(lawyer_id).organisation_id
    rows = Exclusion.objects.filter(consultation=consultation)
    return any(row.person_id == lawyer_id or (office_id and row.organisation_id == office_id) for row in rows)
