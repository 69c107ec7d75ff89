"""Writes what a step of the call asked for: one small function per effect, all in the transaction of the webhook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from directory.services import people
from hotline.call import effects as do
from hotline.call.effects import Effect
from hotline.consultations import record
from hotline.core import lanes, lifecycle
from hotline.models import Callback, Consultation
from hotline.phone import callbacks, legs, rows, texting, tickets
from hotline.phone.draft import Draft
from integrations import outbox
from integrations.due import file_due
from integrations.links import LinkFor

OUTCOME_ASKED_AFTER = timedelta(minutes=2)
WORKER_OUTCOME = "worker_outcome"
REDIRECT_DONE = "redirect_done"
MISSED = "missed"  # whether a coordinator must know is found out once the text has gone: a webhook has no time


def write(draft: Draft, effects: Iterable[Effect]) -> None:
    for effect in effects:
        if type(effect) is not do.Seek:  # routing is asked by calls.take_step
            WRITERS[type(effect)](draft, effect)


def _choose_area(draft: Draft, effect: do.ChooseArea) -> None:
    state = draft.state
    if state.consultation_id is not None:
        Consultation.objects.filter(pk=state.consultation_id).update(area_id=state.area_id)
        return
    assert state.area_id is not None
    assert state.region_id is not None
    assert state.cap_at is not None
    standing = lifecycle.standing_when_ringing(state.cap_at)
    consultation_id = rows.insert_consultation(
        channel="phone",
        line_id=draft.line.id,
        area_id=state.area_id,
        region_id=state.region_id,
        lane=state.lane,
        organisation_id=state.organisation_id,
        asker_id=state.worker_id,
        status=standing.status.value,
        step=standing.next_step.value,
        role=standing.owner_role.value,
        due_at=state.cap_at,
        at=draft.now,
    )
    draft.give(consultation_id=consultation_id)
    draft.note.update(record.told("", standing))


def _remember_region(draft: Draft, effect: do.RememberRegion) -> None:
    if draft.state.worker_id is not None:
        people.remember_region(person_id=draft.state.worker_id, region_id=effect.region_id)


def _close_offer(draft: Draft, effect: do.CloseOffer) -> None:
    offer = draft.offer
    if offer is None or not rows.close_offer(offer.id, effect.state, draft.now, offer.bridged, offer.seconds):
        return
    draft.offers[-1] = replace(offer, state=effect.state, ended_at=draft.now)
    if effect.tell_lawyer:
        draft.messages.append(_to_lawyer(draft, offer, "lost"))
    tell_of_ending(draft, offer, effect.state)


def tell_of_ending(draft: Draft, offer: rows.OfferRow, state: str) -> None:
    """Whom it concerns that a leg ended so: the coordinator of a bad number, the lawyer of a missed call."""
    if state == "bad_number":
        tickets.bad_number(offer.lawyer_id, offer.number, draft.state.region_id, draft.now)
    elif state == "missed":
        draft.messages.append(_to_lawyer(draft, offer, "missed", at=draft.now, report=MISSED))


def _promise(draft: Draft, effect: do.Promise) -> None:
    state = draft.state
    if effect.why == "stranger" and (earlier := callbacks.stranger_of_today(state.callback_number, draft.now)):
        draft.give(promise_id=earlier)
        return
    promised = callbacks.write_promise(
        call_id=draft.call.id,
        consultation_id=state.consultation_id,
        line_id=draft.line.id,
        region_id=state.region_id,
        area_id=state.area_id or state.usual_area,
        worker_id=state.worker_id,
        organisation_id=state.organisation_id,
        number=state.callback_number,
        lawyer_id=effect.first,
        due_at=effect.at,
        why=effect.why,
        coordinator=effect.coordinator or not state.callback_number,
    )
    draft.give(promise_id=promised.pk)
    if promised.state == Callback.State.COORDINATOR:
        draft.stand(lifecycle.standing_with_coordinator(effect.at))
    else:
        draft.stand(lifecycle.standing_call_back(effect.at))


def _move_promise(draft: Draft, effect: do.MovePromise) -> None:
    Callback.objects.filter(pk=draft.state.promise_id or 0).update(due_at=effect.at)
    draft.stand(lifecycle.standing_call_back(effect.at))


def _withdraw_promise(draft: Draft, effect: do.WithdrawPromise) -> None:
    open_ones = Callback.objects.filter(pk=draft.state.promise_id or 0, state__in=Callback.OPEN)
    open_ones.update(state=Callback.State.WITHDRAWN, ended_at=draft.now, end_reason=effect.reason)
    if effect.reason == "by_fallback":
        draft.stand(lifecycle.standing_closed())


def _confirm_promise(draft: Draft, effect: do.ConfirmPromise) -> None:
    """The text to the worker, when we can text: with a link for a person we know, plain for a main number."""
    state = draft.state
    if not state.gets_texts or state.promise_id is None:
        return
    name, link = "call_back_plain", None
    if state.worker_id is not None:
        name = "call_back" if state.consultation_id else "call_back_open"
        link = callbacks.appointment_link(state.worker_id, state.promise_id)
    draft.messages.append(
        texting.message(
            name,
            state.callback_number,
            key=f"promised:{state.promise_id}:{draft.call.id}",
            consultation_id=state.consultation_id,
            area_id=state.area_id,
            at=state.promise_at,
            link=link,
        )
    )


def _talk_ended(draft: Draft, effect: do.TalkEnded) -> None:
    offer, state = draft.offer, draft.state
    if offer is None or state.consultation_id is None:
        return
    bridged = True if offer.bridged is None else offer.bridged
    rows.close_offer(offer.id, "talked", draft.now, bridged, offer.seconds)
    draft.offers[-1] = replace(offer, state="talked", ended_at=draft.now)
    until = lanes.remind_at(draft.now, draft.line.hours)
    draft.stand(
        lifecycle.standing_after_talk(offer.lawyer_id, until, state.worker_id, state.organisation_id is not None)
    )
    link = LinkFor(offer.lawyer_id, "outcome", f"consultation:{state.consultation_id}", "u")
    asked = _to_lawyer(draft, offer, "lawyer_outcome", link=link, not_before=draft.now + OUTCOME_ASKED_AFTER)
    draft.messages.append(asked)
    if state.promise_id is not None and state.promise_lawyer is not None:
        callbacks.not_needed(draft, offer.lawyer_id)


def _worker_outcome(draft: Draft, effect: do.WorkerOutcome) -> None:
    """A key is written down by the sweep a moment later: what it sets in motion is not for a webhook's lock."""
    state = draft.state
    if state.consultation_id is None:
        return
    if effect.value:
        file_due(WORKER_OUTCOME, f"{WORKER_OUTCOME}:{draft.call.id}:{effect.value}", draft.now)
    elif state.worker_id is not None and state.gets_texts:
        link = LinkFor(state.worker_id, "outcome", f"consultation:{state.consultation_id}", "u")
        draft.messages.append(
            texting.message(
                "worker_outcome",
                state.callback_number,
                key=f"worker_outcome:{draft.call.id}",
                consultation_id=state.consultation_id,
                area_id=state.area_id,
                link=link,
            )
        )


def _withdraw_consultation(draft: Draft, effect: do.WithdrawConsultation) -> None:
    if draft.state.consultation_id is not None:
        draft.stand(lifecycle.standing_withdrawn())
        draft.note["why"] = effect.reason


def _redirect_to_now(draft: Draft, effect: do.RedirectToNow) -> None:
    """The leg is fetched back under a new turn, so that the answer of the Dial it breaks off is an older one."""
    offer, call = draft.offer, draft.call
    if offer is not None and offer.state in {"ring", "whisper"} and rows.close_offer(offer.id, "lapsed", draft.now):
        draft.offers[-1] = replace(offer, state="lapsed", ended_at=draft.now)
    turn = call.turn + 1
    url = legs.address(call.token, turn, "now")
    draft.messages.append(
        outbox.redirect_call(call.call_sid, url=url, key=f"redirect:{call.token}:{turn}", report=REDIRECT_DONE)
    )


def _alarm(draft: Draft, effect: do.Alarm) -> None:
    tickets.raise_alarm(effect.kind, draft.call.id, draft.state.consultation_id, draft.state.region_id, draft.now)


def _to_lawyer(draft: Draft, offer: rows.OfferRow, name: str, **more: Any) -> Any:
    return texting.message(
        name,
        offer.number,
        key=f"{name}:{offer.id}",
        consultation_id=draft.state.consultation_id,
        area_id=draft.state.area_id,
        lane=draft.state.lane,
        **more,
    )


WRITERS: dict[type, Callable[[Draft, Any], None]] = {
    do.ChooseArea: _choose_area,
    do.RememberRegion: _remember_region,
    do.CloseOffer: _close_offer,
    do.Promise: _promise,
    do.MovePromise: _move_promise,
    do.WithdrawPromise: _withdraw_promise,
    do.ConfirmPromise: _confirm_promise,
    do.TalkEnded: _talk_ended,
    do.WorkerOutcome: _worker_outcome,
    do.WithdrawConsultation: _withdraw_consultation,
    do.RedirectToNow: _redirect_to_now,
    do.Alarm: _alarm,
}
