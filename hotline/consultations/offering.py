"""Handing a question asked online to a lawyer on duty: the next one, wait, or the coordinator."""

from __future__ import annotations

from datetime import datetime

from hotline import facts as hotline_facts
from hotline.consultations import telling
from hotline.consultations.lines import line_of
from hotline.consultations.record import accepted_offer, stand
from hotline.core import lanes, lifecycle
from hotline.models import Consultation, Event, Offer
from integrations import clock
from routing import services as routing
from routing.core.decide import GiveUp, Reason, Ring, Wait, decide

# Reasons that pass by themselves: somebody with one of these can be asked a little later.
PASSING = frozenset(
    {Reason.IN_CONVERSATION, Reason.RINGING, Reason.JUST_RUNG, Reason.PROMISE, Reason.PAUSED, Reason.OFF_DUTY}
)
WAITING = "waiting"


def start_round(consultation: Consultation, now: datetime) -> None:
    """A new hunt for a lawyer on a locked row: next round, fresh clocks; an earlier accepted offer keeps its history.

    The caller goes on with `offer_next`.
    """
    consultation.round += 1
    consultation.offers_tried = 0
    consultation.lawyer_id = None
    consultation.answer_due_at = lanes.answer_due(consultation.lane, now, line_of(consultation).hours)


def offer_next(consultation: Consultation) -> Event:
    """Ask the next lawyer about a locked consultation without an open offer. One decision row whenever one is made."""
    now = clock.now()
    line = line_of(consultation)
    if lanes.is_for_coordinator(consultation.lane, consultation.offers_tried):
        return to_coordinator(consultation, "not_accepted")
    if not line.hours.is_open(now):
        return _wait(consultation, lanes.look_again(consultation.lane, now, None, line.hours))
    facts = hotline_facts.gather(
        line=line,
        area_id=consultation.area_id,
        region_id=consultation.region_id,
        lane=consultation.lane,
        at=now,
        consultation_id=consultation.pk,
        round=consultation.round,
        cap_at=None,
    )
    policy = hotline_facts.policy_of(line)
    outcome = decide(facts, policy, now)
    decision_id = routing.record(about=f"vraag:{consultation.pk}", at=now, facts=facts, outcome=outcome, policy=policy)
    match outcome:
        case Ring():
            return _ask(consultation, outcome, decision_id)
        case Wait(until=until):
            return _wait_a_while(consultation, until)
        case GiveUp(skipped=skipped):
            passing = any(skip.reason_code in PASSING for skip in skipped)
            if passing or not skipped:
                return _wait_a_while(consultation, None)
            return to_coordinator(consultation, "nobody")


def ask_lawyer(
    consultation: Consultation,
    offer: Offer,
    kind: str = "offered",
    *,
    actor_id: int | None = None,
) -> Event:
    """Put one unsaved online offer to its lawyer: accept-by, event, SMS and mail with a one-time link."""
    now = clock.now()
    offer.consultation, offer.round = consultation, consultation.round
    offer.channel, offer.state = Offer.Channel.ONLINE, Offer.State.ASKED
    offer.offered_at = now
    offer.due_at = until = lanes.accept_by(consultation.lane, now, line_of(consultation).hours)
    offer.save()
    event = stand(
        consultation,
        lifecycle.standing_when_offered(until),
        kind,
        actor_id=actor_id,
        offer=offer,
        lawyer=offer.lawyer_id,
        round=consultation.round,
    )
    telling.tell("offered", event, consultation, offer.lawyer_id, link=telling.accept_link(offer), until=until)
    return event


def to_coordinator(
    consultation: Consultation,
    why: str,
    *,
    status: lifecycle.Status = lifecycle.Status.SUBMITTED,
    actor_id: int | None = None,
) -> Event:
    """The coordinators of the region arrange it from here; they and the asker are told."""
    now = clock.now()
    until = lanes.coordinate_by(consultation.lane, now, line_of(consultation).hours)
    event = stand(
        consultation,
        lifecycle.standing_with_coordinator(until, status),
        "to_coordinator",
        actor_id=actor_id,
        why=why,
    )
    telling.tell_coordinators("for_coordinator", event, consultation, until=until, why=why)
    if status == lifecycle.Status.SUBMITTED:
        telling.tell("searching", event, consultation, consultation.asker_id, until=until)
    return event


def stop_open_offers(consultation: Consultation, state: str = Offer.State.STOPPED) -> list[int]:
    """End the online offers that are still open; returns the lawyers who had them."""
    asked = Offer.objects.filter(consultation=consultation, channel=Offer.Channel.ONLINE, state=Offer.State.ASKED)
    open_offers = list(asked)
    now = clock.now()
    for offer in open_offers:
        offer.state, offer.ended_at, offer.due_at = state, now, None
    Offer.objects.bulk_update(open_offers, ["state", "ended_at", "due_at"])
    return [offer.lawyer_id for offer in open_offers]


def release_accepted(consultation: Consultation, reason: str) -> Offer | None:
    """The lawyer who has it gives it up or loses it: he reads no more. Returns his offer, None when nobody had it."""
    offer = accepted_offer(consultation)
    if offer is not None:
        offer.released_at, offer.release_reason = clock.now(), reason
        offer.ended_at = offer.ended_at or clock.now()
        offer.due_at = None
        offer.save()
    return offer


def _ask(consultation: Consultation, ring: Ring, decision_id: int) -> Event:
    person = ring.person
    return ask_lawyer(
        consultation,
        Offer(
            lawyer_id=person.person_id,
            desk_id=person.desk_id,
            duty_id=person.duty_id,
            position=person.position,
            stage=ring.stage,
            decision_id=decision_id,
        ),
    )


def _wait_a_while(consultation: Consultation, until: datetime | None) -> Event:
    """Nobody can be asked this minute: look again, but no longer than one lawyer would get to accept."""
    now = clock.now()
    hours = line_of(consultation).hours
    patience = lanes.accept_by(consultation.lane, _waiting_since(consultation) or now, hours)
    if now >= patience:
        return to_coordinator(consultation, "nobody")
    return _wait(consultation, min(patience, lanes.look_again(consultation.lane, now, until, hours)))


def _wait(consultation: Consultation, until: datetime) -> Event:
    return stand(consultation, lifecycle.standing_when_waiting(until), WAITING, round=consultation.round)


def _waiting_since(consultation: Consultation) -> datetime | None:
    """Since when this round has been waiting for somebody who can be asked."""
    for event in Event.objects.filter(consultation=consultation, kind=WAITING).order_by("id"):
        if event.data.get("round") == consultation.round:
            return event.at
    return None
