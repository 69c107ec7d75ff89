"""Keeps promises: at the moment of a callback the line rings a lawyer, and her key 1 rings the worker.

Every rule of 'and if she is not there?' stands in hotline/call/promise.py; here they become rows and calls. The legs
themselves answer in callback_legs.py. Locks: the consultation, then the callback.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from directory import queries as directory
from hotline import facts
from hotline.call import promise
from hotline.models import Callback, Consultation, Offer
from hotline.phone import legs, rows
from hotline.phone.callback_work import (
    NEWS_WITHIN,
    Work,
    apply,
    event,
    facts_of,
    lawyer_gone,
    lock,
    talk_over,
)
from hotline.phone.listening import GONE
from integrations import clock, outbox
from integrations.errors import VendorError
from integrations.outbox import OutboxMessage
from integrations.twilio import rest
from rosters import queries as rosters
from routing import services as routing
from routing.core.decide import Ring, decide
from routing.core.facts import Person

logger = logging.getLogger("piketlijn.phone")

RING_SECONDS = 25
ASKED_SECONDS = RING_SECONDS - 5
"""The vendor lets a phone ring five seconds longer than it is asked to."""
UNKNOWN_FOR = timedelta(seconds=60)
MOST_CONTESTED = 5
PLACED = "callback_placed"
RUNNING = (Callback.State.PLACING, Callback.State.LAWYER, Callback.State.WORKER, Callback.State.TALK)


def overdue_callbacks() -> int:
    """Keep what is promised for now, and look after what runs without news. Returns how many."""
    found = rows.overdue("callback", clock.now(), 50)
    for callback_id in found:
        keep(callback_id)
    return len(found)


def keep(callback_id: int) -> None:
    """One callback whose moment has come. A lawyer who was just rung by somebody else is passed over."""
    poll = _leg_to_ask(callback_id)
    just_rung: frozenset[int] = frozenset()
    for _ in range(MOST_CONTESTED):
        try:
            with transaction.atomic():
                work = lock(callback_id)
                if work is None or work.callback.due_at is None or work.callback.due_at > work.now:
                    return
                if work.callback.state == Callback.State.WAITING:
                    _ring_somebody(work, just_rung)
                else:
                    _no_news(work, poll)
                outbox.enqueue(*work.messages)
            return
        except _JustRung as lost:
            just_rung |= {lost.person_id}


class _JustRung(Exception):
    def __init__(self, person_id: int) -> None:
        super().__init__(person_id)
        self.person_id = person_id


# --- Whom to ring -----------------------------------------------------------------------------------------------------


def _ring_somebody(work: Work, just_rung: frozenset[int]) -> None:
    callback = work.callback
    person, decision_id = _promised(work), None
    if person is None:
        if not work.line.hours.is_open(work.now):
            opening = work.line.hours.next_opening(work.now) or work.now + timedelta(days=1)
            apply(work, promise.line_is_closed(facts_of(callback), opening), "closed")
            return
        person, decision_id = _from_the_list(work, just_rung)
    if person is None or person.number is None:
        apply(work, promise.list_is_empty(facts_of(callback), work.now), "nobody")
        return
    _place(work, person, decision_id)


def _promised(work: Work) -> Person | None:
    """The lawyer who promised, while her duty lasts or a quarter of an hour after; not in a conversation."""
    callback = work.callback
    if callback.lawyer_id is None:
        return None
    lately = rosters.duties_of(callback.lawyer_id, work.now - promise.PROMISE_OUTLIVES_DUTY, work.now)
    duty = lately[-1] if lately else None
    contact = directory.contacts([callback.lawyer_id]).get(callback.lawyer_id)
    paused = rosters.pause_of(callback.lawyer_id, work.now)
    busy = Offer.objects.filter(
        lawyer_id=callback.lawyer_id, channel=Offer.Channel.PHONE, state__in=Offer.PHONE_OPEN
    ).exists()
    online = callback.why == "online" and duty is None  # she asked for this call herself, on duty or not
    if contact is None or not contact.number or busy or paused or (duty is None and not online):
        return None
    return Person(
        person_id=contact.id,
        name=contact.name,
        office_id=contact.organisation_id,
        number=contact.number,
        desk_id=duty.desk_id if duty else 0,
        desk=duty.desk if duty else "",
        stage="promise",
        neighbour_rank=0,
        distance=0,
        area_count=0,
        region_count=0,
        position=duty.position if duty else 1,
        duty_id=duty.id if duty else 0,
        duty_ends_at=duty.ends_at if duty else work.now,
    )


def _from_the_list(work: Work, just_rung: frozenset[int]) -> tuple[Person | None, int]:
    callback, consultation = work.callback, work.consultation
    known = facts.gather(
        line=work.line,
        area_id=consultation.area_id,
        region_id=consultation.region_id,
        lane=consultation.lane,
        at=work.now,
        consultation_id=consultation.pk,
        round=_round(work),
        cap_at=None,
        just_rung=just_rung,
        tried_since=callback.placed_at,
    )
    policy = facts.policy_of(work.line)
    outcome = decide(known, policy, work.now)
    decision_id = routing.record(
        about=f"callback:{callback.pk}", at=work.now, facts=known, outcome=outcome, policy=policy
    )
    return (outcome.person if isinstance(outcome, Ring) else None), decision_id


def _round(work: Work) -> int:
    """Each new hunt is a new round: the first ring of this callback, and each after an accepted offer."""
    callback, consultation = work.callback, work.consultation
    latest = callback.offers.order_by("-pk").first()
    if latest is None or latest.accepted_at is not None or latest.round != consultation.round:
        consultation.round += 1
        Consultation.objects.filter(pk=consultation.pk).update(round=consultation.round)
        callback.round = consultation.round
    return consultation.round


def _place(work: Work, person: Person, decision_id: int | None) -> None:
    """The offer, then the request to ring: row before effect."""
    callback = work.callback
    token = legs.new_token(legs.CALLBACK_LAWYER)
    try:
        offer_id = rows.insert_offer(
            consultation_id=work.consultation.pk,
            round_=_round(work),
            call_id=None,
            callback_id=callback.pk,
            lawyer_id=person.person_id,
            desk_id=person.desk_id or None,
            duty_id=person.duty_id or None,
            position=person.position,
            stage=person.stage,
            number=person.number or "",
            seconds=RING_SECONDS,
            decision_id=decision_id,
            token=token,
            at=work.now,
            due_at=work.now + NEWS_WITHIN,
        )
    except IntegrityError as refused:
        raise _JustRung(person.person_id) from refused
    callback.state, callback.offer_id = Callback.State.PLACING, offer_id
    callback.placed_at = callback.placed_at or work.now
    callback.due_at = work.now + NEWS_WITHIN
    callback.save(update_fields=["state", "offer", "placed_at", "due_at", "round"])
    work.messages.append(
        outbox.place_call(
            person.number or "",
            url=legs.address(token, 1, "offer"),
            status_url=legs.status_address(token),
            caller_id=work.line.number,
            ring_seconds=ASKED_SECONDS,
            key=f"callback:{callback.pk}:{offer_id}",
            about=f"offer:{offer_id}",
            expires=work.now + UNKNOWN_FOR,
            report=PLACED,
        )
    )
    event(work, "callback_rings", lawyer=person.person_id, offer=offer_id, decision=decision_id)


# --- News from the vendor ---------------------------------------------------------------------------------------------


def placed(key: str) -> None:
    """How the request to ring ended. Refused: the number is suspect, the next lawyer. Unknown: wait for news."""
    result = outbox.result_of(key)
    if result is None:
        return
    offer_id = int(result.about.rpartition(":")[2])
    callback_id = Offer.objects.get(pk=offer_id).callback_id
    with transaction.atomic():
        work = lock(callback_id) if callback_id is not None else None
        if work is None or work.callback.offer_id != offer_id or work.callback.state != Callback.State.PLACING:
            return
        if result.state == OutboxMessage.State.SENT:
            Offer.objects.filter(pk=offer_id, call_sid="").update(call_sid=result.vendor_id)
            work.callback.state = Callback.State.LAWYER
            work.callback.save(update_fields=["state"])
        elif result.state == OutboxMessage.State.UNKNOWN:
            work.callback.due_at = work.now + UNKNOWN_FOR
            work.callback.save(update_fields=["due_at"])
        else:
            lawyer_gone(work, "lapsed" if _ours_to_mend(result) else "bad_number")
        outbox.enqueue(*work.messages)


def _ours_to_mend(result: outbox.Result) -> bool:
    """Not the number's fault: our credentials, a vendor that keeps failing, or a request that came too late."""
    return result.state != OutboxMessage.State.FAILED or not result.error.startswith(("HTTP 400", "HTTP 404"))


def _leg_to_ask(callback_id: int) -> tuple[str, str]:
    """The state in which a running callback was, and what the vendor says of the lawyer's leg. No lock is held."""
    found = (
        Callback.objects.filter(pk=callback_id, state__in=RUNNING)
        .values_list("state", "offer__call_sid", "offer__number", "offer__offered_at")
        .first()
    )
    if found is None:
        return "", ""
    state, call_sid, number, since = found
    try:
        if call_sid:
            return state, "gone" if rest.fetch_call_status(call_sid) in GONE else "alive"
        same = [one for one in rest.find_calls(number, since) if one.status not in GONE] if number else []
        return state, "alive" if same else "gone"
    except VendorError as failure:
        logger.warning("the vendor did not tell of a callback's leg: %s", failure)
        return state, "refused"


def _no_news(work: Work, poll: tuple[str, str]) -> None:
    """The moment of a running callback passed: alive gets more time, once or while they talk; gone is no answer."""
    callback, (state, leg) = work.callback, poll
    if state != callback.state:
        return
    if leg == "alive" and (callback.state == Callback.State.TALK or work.now < _patience(callback)):
        callback.due_at = work.now + NEWS_WITHIN
        callback.save(update_fields=["due_at"])
        return
    offer = callback.offer
    if leg == "alive" and offer is not None and offer.call_sid:
        work.messages.append(outbox.end_call(offer.call_sid, key=f"end:{offer.pk}"))
    if callback.state == Callback.State.TALK:
        talk_over(work, bridged=None)
        return
    lawyer_gone(work, "lapsed")


def _patience(callback: Callback) -> datetime:
    offered = callback.offer.offered_at if callback.offer else callback.created_at
    return offered + 2 * NEWS_WITHIN
