"""Colleagues of the asker: read along, take over, claim what the main number asked."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from directory import queries as directory
from hotline.consultations import telling
from hotline.consultations.access import Actor, As, require
from hotline.consultations.lines import hours_of
from hotline.consultations.record import lock, stand, standing_now, write
from hotline.core import lanes
from hotline.core.lifecycle import Role, Standing, Step
from hotline.errors import FormRefused, NotNow
from hotline.models import Callback, Consultation, Event, FollowUp, Share
from integrations import clock, links


@transaction.atomic
def share(*, person: Actor, reference: str, colleague_id: int) -> Consultation:
    """The asker lets one colleague of his organisation read along."""
    consultation = lock(reference)
    require(person, consultation, As.ASKER)
    if colleague_id not in {one.id for one in directory.people_of(consultation.organisation_id)} - {person.pk}:
        raise FormRefused("colleague", _("Choose a colleague of your own organisation."), field="colleague")
    _row, is_new = Share.objects.get_or_create(
        consultation=consultation, person_id=colleague_id, defaults={"at": clock.now()}
    )
    if is_new:
        event = write(consultation, "shared", actor_id=person.pk, person=colleague_id)
        telling.tell("shared", event, consultation, colleague_id, who=person.name)
    return consultation


@transaction.atomic
def unshare(*, person: Actor, reference: str, colleague_id: int) -> Consultation:
    """The colleague reads no more."""
    consultation = lock(reference)
    require(person, consultation, As.ASKER)
    deleted, _rows = Share.objects.filter(consultation=consultation, person_id=colleague_id).delete()
    if deleted:
        write(consultation, "unshared", actor_id=person.pk, person=colleague_id)
    return consultation


@transaction.atomic
def take_over(*, person: Actor, reference: str) -> Consultation:
    """A colleague becomes the asker: the question, its follow-ups, its call and its links are his; both are told.

    The former asker reads along from then on; the new one can end that.
    """
    consultation = lock(reference)
    if consultation.asker_id == person.pk:
        return consultation
    require(person, consultation, As.COLLEAGUE, As.SHARED)
    former_id = consultation.asker_id
    if former_id is None:
        return _claim(consultation, person)
    former = consultation.asker
    consultation.asker_id = person.pk
    FollowUp.objects.filter(consultation=consultation, owner_id=former_id, done_at__isnull=True).update(
        owner_id=person.pk
    )
    _move_call_and_links(consultation, former_id, person)
    Share.objects.filter(consultation=consultation, person_id=person.pk).delete()
    Share.objects.get_or_create(consultation=consultation, person_id=former_id, defaults={"at": clock.now()})
    event = _move_on(consultation, _owned_by(consultation, former_id, person.pk), "taken_over", person.pk)
    telling.tell("you_took_over", event, consultation, person.pk, who=former.name if former else "")
    telling.tell("was_taken_over", event, consultation, former_id, who=person.name)
    _ask_outcome(consultation, event, person.pk)
    return consultation


@transaction.atomic
def claim_for_organisation(*, person: Actor, reference: str) -> Consultation:
    """A question that the main number of the organisation asked becomes this colleague's."""
    consultation = lock(reference)
    if consultation.asker_id == person.pk:
        return consultation
    require(person, consultation, As.COLLEAGUE)
    if consultation.asker_id is not None:
        raise NotNow("claimed", _("A colleague has this question already; you can take it over."))
    return _claim(consultation, person)


def _claim(consultation: Consultation, person: Actor) -> Consultation:
    consultation.asker_id = person.pk
    Callback.objects.filter(consultation=consultation, state__in=Callback.OPEN, worker_id__isnull=True).update(
        worker_id=person.pk
    )
    event = _move_on(consultation, _owned_by(consultation, None, person.pk), "claimed", person.pk)
    _ask_outcome(consultation, event, person.pk)
    return consultation


def _move_on(consultation: Consultation, standing: Standing | None, kind: str, person_id: int) -> Event:
    if standing is not None:
        return stand(consultation, standing, kind, actor_id=person_id)
    consultation.save()
    return write(consultation, kind, actor_id=person_id)


def _owned_by(consultation: Consultation, former_id: int | None, owner_id: int) -> Standing | None:
    """The same standing with the step of the former asker, or of the organisation, owed by the new one.

    None for a consultation that has ended: nobody owes a step.
    """
    if not consultation.is_open:
        return None
    now = standing_now(consultation)
    is_theirs = now.owner_role == Role.ORGANISATION or (former_id is not None and now.owner_id == former_id)
    return replace(now, owner_id=owner_id, owner_role=Role.NONE) if is_theirs else now


def _move_call_and_links(consultation: Consultation, former_id: int, person: Actor) -> None:
    waiting = Callback.objects.filter(
        consultation=consultation, worker_id=former_id, state__in=[Callback.State.WAITING, Callback.State.COORDINATOR]
    )
    number = directory.contact(person.pk).number
    moved = list(waiting)
    for callback in moved:
        callback.worker_id = person.pk
        callback.number = number or callback.number
    Callback.objects.bulk_update(moved, ["worker", "number"])
    abouts = [f"consultation:{consultation.pk}", *(f"callback:{callback.pk}" for callback in moved)]
    links.revoke(former_id, abouts)


def _ask_outcome(consultation: Consultation, event: Event, person_id: int) -> None:
    """The link to say whether it helped, for whoever owes that now."""
    if consultation.next_step == Step.CONFIRM and consultation.next_due_at is not None:
        telling.tell(
            "confirm",
            event,
            consultation,
            person_id,
            link=telling.outcome_link(person_id, consultation),
            until=lanes.close_at(consultation.next_due_at, hours_of(consultation)),
        )
