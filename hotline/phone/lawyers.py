"""The lawyer's leg of a call: whisper, key, status. The caller's call is locked first, so only one of two can win."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from directory import queries as directory
from hotline.call import lawyer, machine
from hotline.call.lawyer import LegSignal, LegState, LegStep
from hotline.call.promise import IN_TEN_MINUTES, whole_minute
from hotline.call.state import RING, URGENT, Signal
from hotline.call.steps import talk
from hotline.consultations.mismatch import signal_mismatch
from hotline.core import lifecycle
from hotline.models import Exclusion, Offer
from hotline.phone import callbacks, effects, rows, speech, texting, tickets
from hotline.phone.answers import NOTHING, SORRY, AlreadyHeard, Answer
from hotline.phone.draft import Draft, open_draft
from hotline.phone.listening import Form
from integrations import clock, outbox
from integrations.twilio.verbs import Redirect
from rosters import queries as rosters
from rosters import services as roster_services

KINDS = {"whisper": "whisper", "key": "keys", "now": "now", "again1": "now", "again2": "now"}
LOST_RACE = frozenset({"taken", "talked"})
PAUSE_OFF_DUTY = timedelta(hours=1)


def advance(token: str, turn: int, word: str, form: Form) -> Answer:
    """One document of the lawyer's leg was asked or answered."""
    key = f"turn|{token}|{turn}|{word}"
    try:
        with transaction.atomic():
            return _advance(key, token, turn, word, form)
    except AlreadyHeard:
        stored = rows.stored_answer(key)
        return Answer(stored or speech.write_document((Redirect("now"),), token, turn))


def _advance(key: str, token: str, turn: int, word: str, form: Form) -> Answer:
    call = rows.lock_call_of_offer(token)
    if call is None:
        return Answer(speech.write_document(SORRY, token, turn))
    draft = open_draft(call)
    offer = next((one for one in draft.offers if one.token == token), None)
    if offer is None or turn > offer.turn or (offer.call_sid and offer.call_sid != form.call_sid):
        return Answer(speech.write_document(SORRY, token, turn))
    if turn < offer.turn:
        step = lawyer.next_step(_leg(draft, offer, ""), LegSignal("older"), draft.now)
        stored = rows.stored_answer(key)
        return Answer(stored or speech.write_document(step.document or (), token, offer.turn))
    digits = form.digits if word == "key" else ""
    heard = LegSignal(KINDS.get(word, "now"), digits)
    if form.gone:  # the leg is over, whatever its address says
        heard = LegSignal("status", word=form.status)
    step = lawyer.next_step(_leg(draft, offer, digits), heard, draft.now)
    return Answer(_finish(draft, offer, step, key, word, form))


def _leg(draft: Draft, offer: rows.OfferRow, digits: str) -> LegState:
    state, now = draft.state, draft.now
    here = state.state == RING and draft.offer is not None and draft.offer.id == offer.id
    helped = any(other.state in LOST_RACE for other in draft.offers if other.id != offer.id)
    taken = helped or state.state == RING  # somebody else has him, or is being rung for him
    return LegState(
        state=offer.state,
        area_id=state.area_id,
        region_id=state.region_id,
        urgent=state.lane == URGENT,
        caller="here" if here else "taken" if taken else "gone",
        tries=offer.tries,
        cap_at=state.cap_at,
        promise_stands=state.promise_at is not None,
        later_at=whole_minute(now + IN_TEN_MINUTES),
        duty_ends_at=_duty_ends(offer.lawyer_id, now) if digits == "3" else None,
    )


def _duty_ends(person_id: int, now: datetime) -> datetime:
    duty = rosters.on_duty_now(person_id, now)
    return duty.ends_at if duty else now + PAUSE_OFF_DUTY


def _finish(draft: Draft, offer: rows.OfferRow, step: LegStep, key: str, word: str, form: Form) -> str:
    accepts = "accept" in step.effects
    ended = step.state.row == lawyer.ENDED
    pressed = form.digits[:1] if word == "key" else ""
    moved = rows.move_offer(
        offer,
        state=step.state.state,
        turn=offer.turn + 1,
        tries=step.state.tries,
        call_sid=offer.call_sid or form.call_sid,
        key=pressed,
        answered_at=draft.now,
        accepted_at=draft.now if accepts else None,
        ended_at=(offer.ended_at or draft.now) if ended else None,
        due_at=None if ended or step.state.state == lawyer.TAKEN else draft.now + lawyer.WHISPER_DUE,
    )
    if not moved:  # a status overtook the key: the leg is over
        raise AlreadyHeard
    offer = replace(offer, state=step.state.state, turn=offer.turn + 1)
    for effect in step.effects:
        EFFECTS[effect](draft, offer, step.state)
    body = speech.write_document(step.document, offer.token, offer.turn) if step.document else ""
    data = {"leg": word, "key": pressed, "cell": step.cell, "offer": step.state.state, **draft.note}
    if draft.heard:
        data["heard"] = draft.heard
    if draft.given:
        data["given"] = draft.given
    data.update(draft.write_standing())
    _insert_event(draft, offer, key, word, data, body)
    outbox.enqueue(*draft.messages)
    if draft.call_changed:
        due = draft.due_at or draft.now + timedelta(seconds=45)
        rows.update_call(draft.call.id, draft.call.turn, draft.state, due, None)
    return body


def _insert_event(draft: Draft, offer: rows.OfferRow, key: str, word: str, data: dict[str, Any], body: str) -> None:
    try:
        rows.insert_event(
            key,
            draft.now,
            word,
            consultation_id=draft.state.consultation_id,
            call_id=draft.call.id,
            offer_id=offer.id,
            actor_id=offer.lawyer_id if data["key"] else None,
            data=data,
            answer=body,
        )
    except IntegrityError as twin:
        raise AlreadyHeard from twin


# --- Status of the lawyer's leg ---------------------------------------------------------------------------------------


def leg_status(token: str, form: Form) -> Answer:
    """Early words need no lock: they only raise the rank. The first final word may end the offer."""
    key = f"status|{token}|{form.call_sid}|{form.status}|{form.sequence}"
    rank = rows.rank_of(form.status)
    now = clock.now()
    if rank < rows.TERMINAL:
        with transaction.atomic():
            if rows.insert_offer_event(key, now, token, {"status": form.status}):
                rows.raise_offer(token, rank, now)
        return NOTHING
    try:
        with transaction.atomic():
            _final_status(key, token, form)
    except AlreadyHeard:
        return NOTHING
    return NOTHING


def _final_status(key: str, token: str, form: Form) -> None:
    call = rows.lock_call_of_offer(token)
    if call is None:
        return
    draft = open_draft(call)
    offer = next((one for one in draft.offers if one.token == token), None)
    if offer is None or offer.rank >= rows.TERMINAL:
        return
    step = lawyer.next_step(_leg(draft, offer, ""), LegSignal("status", word=form.status), draft.now)
    if step.state.state != offer.state:
        rows.close_offer(offer.id, step.state.state, draft.now)
    rows.rank_offer(offer.id, rows.TERMINAL, form.leg_seconds)
    for effect in step.effects:
        EFFECTS[effect](draft, offer, step.state)
    if step.state.state == "missed":
        _text(draft, offer, "missed", at=draft.now, report=effects.MISSED)
    data = {"leg": "status", "key": "", "status": form.status, "cell": step.cell, "offer": step.state.state}
    _insert_event(draft, offer, key, "status", data, "")
    outbox.enqueue(*draft.messages)


# --- What a key or a status sets in motion ---------------------------------------------------------------------------


def _accept(draft: Draft, offer: rows.OfferRow, leg: LegState) -> None:
    step = machine.next_step(draft.state, Signal("accepted"), draft.now)
    draft.state, draft.due_at, draft.call_changed = step.state, step.due_at, True
    draft.heard.append({"kind": "accepted"})
    until = draft.now + timedelta(seconds=talk.LONGEST_TALK)
    draft.stand(lifecycle.standing_when_talking(offer.lawyer_id, until), offer.lawyer_id)


def _later(draft: Draft, offer: rows.OfferRow, leg: LegState) -> None:
    """Key 2: the promise is a row before it is spoken; she is busy for others from a minute before it."""
    state = draft.state
    assert leg.later_at is not None
    promised = callbacks.write_promise(
        call_id=draft.call.id,
        consultation_id=state.consultation_id,
        line_id=draft.line.id,
        region_id=state.region_id,
        area_id=state.area_id,
        worker_id=state.worker_id,
        organisation_id=state.organisation_id,
        number=state.callback_number,
        lawyer_id=offer.lawyer_id,
        due_at=leg.later_at,
        why="promised",
        postponed=1,
        coordinator=not state.callback_number,
    )
    draft.give(promise_id=promised.pk, promise_at=leg.later_at, promise_lawyer=offer.lawyer_id)
    draft.stand(lifecycle.standing_call_back(leg.later_at))
    draft.call_changed, draft.due_at = True, state.cap_at
    _text(draft, offer, "promised", at=leg.later_at)


def _slot(draft: Draft, offer: rows.OfferRow, leg: LegState) -> None:
    """Key 3: paused until the end of this duty; the coordinator hears of it when she was the last."""
    assert leg.duty_ends_at is not None
    person, until = offer.lawyer_id, leg.duty_ends_at
    if rosters.on_duty_now(person, draft.now) is None:
        paused = roster_services.pause(person_id=person, source="key", until=until)
    else:
        paused = roster_services.pause(person_id=person, source="key")
    _text(draft, offer, "paused", at=paused.until)
    if paused.last_cover:
        tickets.last_cover(paused.pause_id, person, paused.last_cover, draft.state.region_id, draft.now)


def _conflict(draft: Draft, offer: rows.OfferRow, leg: LegState) -> None:
    """Key 4: she and her whole office; no names, no reason."""
    _exclude(draft, offer, "conflict", office=True)


def _wrong_area(draft: Draft, offer: rows.OfferRow, leg: LegState) -> None:
    """Key 5: she is not asked again for this one, and two such signals on a desk are a task for the coordinator."""
    _exclude(draft, offer, "wrong_area", office=False)
    rung = Offer.objects.select_related("consultation").get(pk=offer.id)
    signal_mismatch(rung.consultation, rung)


def _exclude(draft: Draft, offer: rows.OfferRow, reason: str, *, office: bool) -> None:
    who = directory.contact(offer.lawyer_id)
    Exclusion.objects.create(
        consultation_id=draft.state.consultation_id or 0,
        person_id=offer.lawyer_id,
        organisation_id=who.organisation_id if office else None,
        reason=reason,
        at=draft.now,
    )


def _tell_gone(draft: Draft, offer: rows.OfferRow, leg: LegState) -> None:
    _text(draft, offer, "lost")


def _suspect(draft: Draft, offer: rows.OfferRow, leg: LegState) -> None:
    tickets.bad_number(offer.lawyer_id, offer.number, draft.state.region_id, draft.now)


def _leg_over(draft: Draft, offer: rows.OfferRow, leg: LegState) -> None:
    """Her leg of a conversation is over: if the Dial does not tell so within 20 s, the watchdog looks."""
    rows.hasten_call(draft.call.id, draft.now + machine.GRACE)


def _nothing(draft: Draft, offer: rows.OfferRow, leg: LegState) -> None:
    """`answered`: the rank and the moment are in the row already."""


def _text(draft: Draft, offer: rows.OfferRow, name: str, at: datetime | None = None, report: str = "") -> None:
    state = draft.state
    draft.messages.append(
        texting.message(
            name,
            offer.number,
            key=f"{name}:{offer.id}",
            consultation_id=state.consultation_id,
            area_id=state.area_id,
            region_id=state.region_id,
            lane=state.lane,
            at=at,
            report=report,
        )
    )


EFFECTS: dict[str, Callable[[Draft, rows.OfferRow, LegState], None]] = {
    "accept": _accept,
    "later": _later,
    "slot": _slot,
    "conflict": _conflict,
    "wrong_area": _wrong_area,
    "tell_gone": _tell_gone,
    "suspect": _suspect,
    "leg_over": _leg_over,
    "answered": _nothing,
}
