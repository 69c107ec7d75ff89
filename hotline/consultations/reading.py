"""One consultation on behalf of a person: authorised while it is fetched, on the record when text is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hotline.consultations import coordinating, files
from hotline.consultations.access import READS_TEXT, Actor, As, seen_as
from hotline.consultations.actions import may
from hotline.consultations.record import accepted_offer, id_of, write
from hotline.consultations.timeline import Entry, timeline
from hotline.errors import NotFound
from hotline.models import Attachment, Consultation, Offer, Share


@dataclass(frozen=True, slots=True)
class MessageView:
    kind: str
    author: str
    author_id: int
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FileView:
    id: int
    name: str
    content_type: str
    size: int
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What one side said last, since the present lawyer accepted."""

    side: str
    value: str
    label: str
    who: str
    at: datetime
    certificate_avoided: bool | None


@dataclass(frozen=True, slots=True)
class FollowUpView:
    id: int
    owner: str
    is_mine: bool
    what: str
    due_on: date
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConsultationView:
    """What one person may see of one consultation. Without `has_text` everything of the case is empty.

    `seen_as` is a value of access.As; `may` names the services this person can call now; `owner` is who owes
    `next_step` ('' when it has ended), `mine` whether that is the reader.
    """

    id: int
    reference: str
    seen_as: str
    has_text: bool
    may: frozenset[str]
    channel: str
    area: str
    area_slug: str
    region: str
    region_code: str
    lane: str
    lane_label: str
    status: str
    status_label: str
    is_open: bool
    round: int
    organisation: str
    asker: str
    lawyer: str
    next_step: str
    next_step_label: str
    owner: str
    mine: bool
    next_due_at: datetime | None
    answer_due_at: datetime | None
    accept_by: datetime | None
    deadline: date | None
    created_at: datetime
    ended_at: datetime | None
    question: str
    background: str
    messages: tuple[MessageView, ...]
    files: tuple[FileView, ...]
    outcomes: tuple[OutcomeView, ...]
    follow_ups: tuple[FollowUpView, ...]
    shared_with: tuple[tuple[int, str], ...]
    timeline: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class FileContent:
    name: str
    content_type: str
    content: bytes


@transaction.atomic
def consultation_for(person: Actor, reference: str, *, with_text: bool = True) -> ConsultationView:
    """What this person may see; an audit row when text is shown. Raises NotFound, also for what is not his.

    `with_text=False` shows the outside only and leaves no row: before a lawyer said that he has no conflict, and for
    a page that asks again and again.
    """
    consultation = _found(reference)
    capacity = seen_as(person, consultation)
    has_text = with_text and capacity in READS_TEXT
    if has_text:
        write(consultation, "read", actor_id=person.pk, seen_as=str(capacity))
    return _view(person, consultation, capacity, has_text)


@transaction.atomic
def open_text_as_coordinator(person: Actor, reference: str, reason: str) -> ConsultationView:
    """The text, once, for a coordinator of the region who says why; logged, and told to both sides.

    Raises NotFound, NotYours, or FormRefused when the reason is missing or too long.
    """
    consultation = coordinating.open_text(person=person, reference=reference, reason=reason)
    return _view(person, consultation, As.COORDINATOR, has_text=True)


@transaction.atomic
def attachment_for(person: Actor, attachment_id: int) -> FileContent:
    """A file with its bytes, for who may read the text; an audit row. Raises NotFound."""
    attachment = Attachment.objects.select_related("consultation").filter(pk=attachment_id).first()
    if attachment is None or seen_as(person, attachment.consultation) not in READS_TEXT:
        raise NotFound
    write(attachment.consultation, "read", actor_id=person.pk, file=attachment.pk)
    return FileContent(attachment.name, attachment.content_type, files.content_of(attachment))


def _found(reference: str) -> Consultation:
    related = ("area", "region", "organisation", "asker", "lawyer", "next_owner")
    consultation = Consultation.objects.select_related(*related).filter(pk=id_of(reference)).first()
    if consultation is None:
        raise NotFound
    return consultation


def _view(person: Actor, consultation: Consultation, capacity: As, has_text: bool) -> ConsultationView:
    asked = Offer.objects.filter(consultation=consultation, state=Offer.State.ASKED).order_by("-pk").first()
    owner = owner_of(consultation)
    return ConsultationView(
        id=consultation.pk,
        reference=consultation.reference,
        seen_as=capacity.value,
        has_text=has_text,
        may=may(person, consultation, capacity),
        channel=consultation.channel,
        area=consultation.area.name,
        area_slug=consultation.area.slug,
        region=consultation.region.name,
        region_code=consultation.region.code,
        lane=consultation.lane,
        lane_label=consultation.get_lane_display(),
        status=consultation.status,
        status_label=consultation.get_status_display(),
        is_open=consultation.is_open,
        round=consultation.round,
        organisation=consultation.organisation.name if consultation.organisation else "",
        asker=consultation.asker.name if consultation.asker else "",
        lawyer=consultation.lawyer.name if consultation.lawyer else "",
        next_step=consultation.next_step,
        next_step_label=consultation.get_next_step_display() if consultation.next_step else "",
        owner=owner,
        mine=consultation.next_owner_id == person.pk,
        next_due_at=consultation.next_due_at,
        answer_due_at=consultation.answer_due_at,
        accept_by=asked.due_at if asked is not None else None,
        deadline=consultation.deadline,
        created_at=consultation.created_at,
        ended_at=consultation.ended_at,
        question=consultation.question if has_text else "",
        background=consultation.background if has_text else "",
        messages=_messages(consultation) if has_text else (),
        files=_files(consultation) if has_text else (),
        outcomes=_outcomes(consultation),
        follow_ups=_follow_ups(person, consultation, has_text),
        shared_with=_shared_with(consultation) if capacity == As.ASKER else (),
        timeline=timeline(consultation),
    )


def owner_of(consultation: Consultation) -> str:
    """Who owes the next step, by name; a role in words; '' when it has ended."""
    if consultation.next_owner is not None:
        return consultation.next_owner.name
    return consultation.get_next_owner_role_display() if consultation.next_owner_role else ""


def _messages(consultation: Consultation) -> tuple[MessageView, ...]:
    rows = consultation.messages.select_related("author").order_by("pk")
    return tuple(MessageView(row.kind, row.author.name, row.author_id, row.body, row.created_at) for row in rows)


def _files(consultation: Consultation) -> tuple[FileView, ...]:
    rows = consultation.attachments.select_related("author").order_by("pk")
    return tuple(
        FileView(row.pk, row.name, row.content_type, row.size, row.author.name, row.created_at) for row in rows
    )


def _outcomes(consultation: Consultation) -> tuple[OutcomeView, ...]:
    holder = accepted_offer(consultation)
    since = holder.round if holder is not None else consultation.round
    latest: dict[str, OutcomeView] = {}
    for row in consultation.outcomes.filter(round__gte=since).select_related("person").order_by("pk"):
        who = row.person.name if row.person else _("The organisation")
        latest[row.side] = OutcomeView(
            row.side, row.value, row.get_value_display(), who, row.at, row.certificate_avoided
        )
    return tuple(latest.values())


def _follow_ups(person: Actor, consultation: Consultation, has_text: bool) -> tuple[FollowUpView, ...]:
    rows = consultation.follow_ups.select_related("owner").order_by("due_on", "pk")
    return tuple(
        FollowUpView(
            row.pk, row.owner.name, row.owner_id == person.pk, row.what if has_text else "", row.due_on, row.done_at
        )
        for row in rows
    )


def _shared_with(consultation: Consultation) -> tuple[tuple[int, str], ...]:
    rows = Share.objects.filter(consultation=consultation).select_related("person").order_by("person__name")
    return tuple((row.person_id, row.person.name) for row in rows)
