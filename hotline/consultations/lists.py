"""Lists of consultations for one person: the outside of each, never its text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from directory import queries as directory
from hotline.consultations.access import Actor
from hotline.consultations.reading import owner_of
from hotline.consultations.record import ACCEPTED
from hotline.core.lanes import ZONE
from hotline.core.lifecycle import ENDED, Step
from hotline.errors import NotFound
from hotline.models import Consultation, FollowUp, Offer, Outcome
from integrations import clock

LONGEST_LIST = 100
OURS_FOR = timedelta(days=30)  # how long an ended question stays among those of the organisation
RELATED = ("area", "region", "organisation", "asker", "lawyer", "next_owner")


@dataclass(frozen=True, slots=True)
class Row:
    """One consultation in a list. `owner` owes `next_step`, '' when it has ended; `mine`: that is the reader."""

    reference: str
    area: str
    area_slug: str
    region: str
    region_code: str
    lane: str
    lane_label: str
    status: str
    status_label: str
    channel: str
    organisation: str
    asker: str
    lawyer: str
    next_step: str
    next_step_label: str
    owner: str
    mine: bool
    next_due_at: datetime | None
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class MyQuestions:
    """The four tabs. A question is in one of the first three; `ours` are those of colleagues."""

    waiting: tuple[Row, ...]
    running: tuple[Row, ...]
    ended: tuple[Row, ...]
    ours: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class OfferCard:
    """What a lawyer sees of a question before he accepts it, also behind a link: no case text, no asker."""

    offer_id: int
    reference: str
    area: str
    region: str
    lane: str
    lane_label: str
    organisation: str
    asked_at: datetime
    accept_by: datetime | None
    answer_by: datetime | None
    state: str
    can_accept: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """A question that a lawyer accepted, by phone or online. `outcome` is his own, '' while it is open."""

    row: Row
    channel: str
    at: datetime
    minutes: int | None
    outcome: str
    needs_outcome: bool


def my_questions(person: Actor) -> MyQuestions:
    """What this first-line worker asked, and what his organisation did. Four statements."""
    mine = Consultation.objects.filter(asker_id=person.pk)
    today = clock.now().astimezone(ZONE).date()
    to_follow = FollowUp.objects.filter(
        consultation=OuterRef("pk"), owner_id=person.pk, done_at__isnull=True, due_on__lte=today
    )
    is_waiting = Q(next_owner_id=person.pk) | Exists(to_follow)
    still = mine.exclude(status__in=ENDED)
    return MyQuestions(
        waiting=_rows(person, still.filter(is_waiting).order_by("next_due_at", "pk")),
        running=_rows(person, still.exclude(is_waiting).order_by("next_due_at", "pk")),
        ended=_rows(person, mine.filter(status__in=ENDED).order_by("-ended_at", "-pk")),
        ours=_ours(person),
    )


def own_questions(person: Actor, start: int, most: int) -> tuple[int, tuple[Row, ...]]:
    """How many there are, and `most` of them from `start`, newest first. Two statements.

    One's own: asked, accepted and not given back, or asked of this lawyer online now.
    """
    asked = Q(channel=Offer.Channel.ONLINE, state=Offer.State.ASKED)
    has_it = Offer.objects.filter(
        asked | Q(state__in=ACCEPTED, released_at__isnull=True), consultation=OuterRef("pk"), lawyer_id=person.pk
    )
    found = Consultation.objects.filter(Q(asker_id=person.pk) | Exists(has_it))
    page = _outside(found.select_related(*RELATED)).order_by("-pk")[start : start + most]
    return found.count(), tuple(_row(person, one) for one in page)


def asked_of_me(person: Actor) -> tuple[OfferCard, ...]:
    """The online offers that are open for this lawyer, the most pressing first. One statement."""
    offers = Offer.objects.filter(lawyer_id=person.pk, channel=Offer.Channel.ONLINE, state=Offer.State.ASKED)
    return tuple(_card(offer) for offer in _with_consultation(offers).order_by("due_at", "pk"))


def offer_card(offer_id: int, person_id: int) -> OfferCard:
    """One offer for the lawyer it was made to, as a link shows it. Raises NotFound."""
    offers = Offer.objects.filter(pk=offer_id, lawyer_id=person_id, channel=Offer.Channel.ONLINE)
    offer = _with_consultation(offers).first()
    if offer is None:
        raise NotFound
    return _card(offer)


def row_for(person: Actor, consultation_id: int) -> Row:
    """The outside of one consultation for its asker or its lawyer, as a link shows it. Raises NotFound."""
    has_it = Offer.objects.filter(
        consultation=OuterRef("pk"), lawyer_id=person.pk, state__in=ACCEPTED, released_at__isnull=True
    )
    found = Consultation.objects.filter(Q(asker_id=person.pk) | Exists(has_it), pk=consultation_id)
    rows = _rows(person, found)
    if not rows:
        raise NotFound
    return rows[0]


def conversations(person: Actor) -> tuple[Conversation, ...]:
    """What this lawyer accepted and was not released from: open outcomes first, then the newest. One statement."""
    said = Outcome.objects.filter(
        consultation=OuterRef("consultation"),
        round=OuterRef("round"),
        side=Outcome.Side.LAWYER,
        person_id=person.pk,
    )
    offers = Offer.objects.filter(lawyer_id=person.pk, state__in=ACCEPTED, released_at__isnull=True)
    offers = _with_consultation(offers).annotate(said=Subquery(said.order_by("-pk").values("value")[:1]))
    found = [_conversation(person, offer) for offer in offers.order_by("-accepted_at", "-pk")[:LONGEST_LIST]]
    return tuple(sorted(found, key=lambda one: not one.needs_outcome))


def open_outcomes(person: Actor) -> tuple[Conversation, ...]:
    """The talks and answers of this lawyer of which he has not said yet what came."""
    return tuple(one for one in conversations(person) if one.needs_outcome)


def to_coordinate(person: Actor) -> tuple[Row, ...]:
    """What waits for the coordinators of this person's regions, the most pressing first. Two statements."""
    regions = directory.regions_in_scope(person.pk, "coordinator")
    waiting = Consultation.objects.filter(region_id__in=regions, next_step=Step.COORDINATE)
    return _rows(person, waiting.order_by("next_due_at", "pk"))


def my_follow_ups(person: Actor) -> tuple[tuple[int, str, date], ...]:
    """(id, reference, day) of the open follow-ups of this person, soonest first. One statement."""
    rows = FollowUp.objects.filter(owner_id=person.pk, done_at__isnull=True).select_related("consultation")
    return tuple((row.pk, row.consultation.reference, row.due_on) for row in rows.order_by("due_on", "pk"))


def _ours(person: Actor) -> tuple[Row, ...]:
    if person.organisation_id is None or not directory.in_scope(person.pk, "worker"):
        return ()
    ours = Consultation.objects.filter(organisation_id=person.organisation_id).exclude(asker_id=person.pk)
    recent = Q(ended_at__isnull=True) | Q(ended_at__gte=clock.now() - OURS_FOR)
    return _rows(person, ours.filter(recent).order_by("-created_at", "-pk"))


def _rows(person: Actor, found: QuerySet[Consultation]) -> tuple[Row, ...]:
    return tuple(_row(person, one) for one in _outside(found.select_related(*RELATED))[:LONGEST_LIST])


def _outside(found: QuerySet[Consultation]) -> QuerySet[Consultation]:
    """Without the text: it is not even decrypted for a list."""
    return found.defer("question", "background")


def _row(person: Actor, consultation: Consultation) -> Row:
    return Row(
        reference=consultation.reference,
        area=consultation.area.name,
        area_slug=consultation.area.slug,
        region=consultation.region.name,
        region_code=consultation.region.code,
        lane=consultation.lane,
        lane_label=consultation.get_lane_display(),
        status=consultation.status,
        status_label=consultation.get_status_display(),
        channel=consultation.channel,
        organisation=consultation.organisation.name if consultation.organisation else "",
        asker=consultation.asker.name if consultation.asker else "",
        lawyer=consultation.lawyer.name if consultation.lawyer else "",
        next_step=consultation.next_step,
        next_step_label=consultation.get_next_step_display() if consultation.next_step else "",
        owner=owner_of(consultation),
        mine=consultation.next_owner_id == person.pk,
        next_due_at=consultation.next_due_at,
        created_at=consultation.created_at,
        ended_at=consultation.ended_at,
    )


def _with_consultation(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    related = [f"consultation__{name}" for name in RELATED]
    return offers.select_related("consultation", *related).defer("consultation__question", "consultation__background")


def _card(offer: Offer) -> OfferCard:
    consultation = offer.consultation
    open_states = {Offer.State.ASKED, Offer.State.EXPIRED}
    return OfferCard(
        offer_id=offer.pk,
        reference=consultation.reference,
        area=consultation.area.name,
        region=consultation.region.name,
        lane=consultation.lane,
        lane_label=consultation.get_lane_display(),
        organisation=consultation.organisation.name if consultation.organisation else "",
        asked_at=consultation.created_at,
        accept_by=offer.due_at,
        answer_by=consultation.answer_due_at,
        state=offer.state,
        can_accept=offer.state in open_states
        and offer.round == consultation.round
        and consultation.is_open
        and consultation.lawyer_id is None,
    )


def _conversation(person: Actor, offer: Offer) -> Conversation:
    said: str = getattr(offer, "said", None) or ""
    has_ended = offer.state in {Offer.State.TALKED, Offer.State.ANSWERED}
    minutes = None
    if offer.channel == Offer.Channel.PHONE and offer.accepted_at is not None and offer.ended_at is not None:
        minutes = max(1, round((offer.ended_at - offer.accepted_at).total_seconds() / 60))
    return Conversation(
        row=_row(person, offer.consultation),
        channel=offer.channel,
        at=offer.accepted_at or offer.offered_at,
        minutes=minutes,
        outcome="" if said == Outcome.Value.LATER else said,
        needs_outcome=has_ended and said in {"", Outcome.Value.LATER},
    )
