"""The two legs of a callback: the lawyer's key 1 rings the worker, and the worker's own key 1 joins them.

Both legs ask for a key, for a switchboard or a voicemail answers too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from directory import queries as directory
from hotline.call import lawyer, promise
from hotline.call.lawyer import LegSignal, LegState
from hotline.call.letters import BRIDGE_PROOF
from hotline.call.state import URGENT
from hotline.call.steps import talk
from hotline.consultations import record
from hotline.consultations.mismatch import signal_mismatch
from hotline.core import lifecycle, outcomes
from hotline.core.outcomes import Side
from hotline.models import Callback, Exclusion, Offer
from hotline.phone import callback_work, legs, rows, speech, texting, tickets
from hotline.phone.answers import NOTHING, SORRY, AlreadyHeard, Answer
from hotline.phone.callback_work import NEWS_WITHIN, Work, offer_of, talk_over
from hotline.phone.listening import Form
from integrations import clock, outbox
from integrations.due import file_due
from integrations.twilio.verbs import Dial, Document, Gather, Hangup, Number, Redirect, Say
from rosters import queries as rosters
from rosters import services as roster_services

LAWYER_OUTCOME = "lawyer_outcome"
WORKER_RING = 25
OPEN = frozenset({Offer.State.RING, Offer.State.WHISPER})


# --- The lawyer's leg -----------------------------------------------------------------------------------------------


def advance_lawyer(token: str, turn: int, word: str, form: Form) -> Answer:
    """One document of the lawyer's leg of a callback."""
    if word == "outcome":
        return lawyer_outcome_key(token, turn, form)
    key = f"turn|{token}|{turn}|{word}"
    try:
        with transaction.atomic():
            return _advance_lawyer(key, token, turn, word, form)
    except (AlreadyHeard, IntegrityError):
        return Answer(rows.stored_answer(key) or speech.write_document((Redirect("now"),), token, turn))


def _advance_lawyer(key: str, token: str, turn: int, word: str, form: Form) -> Answer:
    offer = Offer.objects.filter(token=token).first()
    if offer is None or offer.callback_id is None:
        return Answer(speech.write_document(SORRY, token, turn))
    work = callback_work.lock(offer.callback_id)
    offer.refresh_from_db()
    if turn > offer.turn or (offer.call_sid and offer.call_sid != form.call_sid):
        return Answer(speech.write_document(SORRY, token, turn))
    if turn < offer.turn:
        stored = rows.stored_answer(key)
        return Answer(stored or speech.write_document((Redirect("now"),), token, offer.turn))
    if work is None or work.callback.offer_id != offer.pk:
        document: Document = (Say("callback_over"), Hangup())
    else:
        work.callback.offer = offer
        document = STEPS.get(word, _present)(work, form)
        outbox.enqueue(*work.messages)
    Offer.objects.filter(pk=offer.pk).update(turn=turn + 1, call_sid=offer.call_sid or form.call_sid)
    body = speech.write_document(document, token, turn + 1)
    _remember(key, word, body, offer.consultation_id, offer.callback_id, offer.pk)
    return Answer(body)


def _remember(
    key: str, word: str, body: str, consultation_id: int | None, callback_id: int | None, offer_id: int | None
) -> None:
    """The answer, for whoever asks again. A worker's leg can outlive the lawyer's: then there is no offer."""
    try:
        rows.insert_event(
            key,
            clock.now(),
            word,
            consultation_id=consultation_id,
            callback_id=callback_id,
            offer_id=offer_id,
            data={"leg": "callback"},
            answer=body,
        )
    except IntegrityError as twin:
        raise AlreadyHeard from twin


def _picked_up(work: Work, form: Form) -> Document:
    """She answered: what it is about, and key 1."""
    offer = offer_of(work)
    if offer.state in OPEN:
        Offer.objects.filter(pk=offer.pk).update(state=Offer.State.WHISPER, answered_at=work.now)
        if work.callback.state == Callback.State.PLACING:
            work.callback.state = Callback.State.LAWYER
            work.callback.save(update_fields=["state"])
    return _question(work)


def _question(work: Work) -> Document:
    words = Say("callback", {"area": work.consultation.area_id, "region": work.consultation.region_id})
    return (Gather("key", (words,), 1, 5), Hangup())


def _present(work: Work, form: Form) -> Document:
    """Where this leg is now: asked again after a fault of ours, or after a late answer."""
    state = work.callback.state
    if state == Callback.State.WORKER:
        return _dial_worker(work)
    if state == Callback.State.TALK:
        return _ask_outcome()
    return _picked_up(work, form)


def _key(work: Work, form: Form) -> Document:
    """Her key, by the same table as in a call that rings; only what is set in motion differs."""
    offer, consultation, now = offer_of(work), work.consultation, work.now
    leg = LegState(
        state=offer.state,
        area_id=consultation.area_id,
        region_id=consultation.region_id,
        urgent=consultation.lane == URGENT,
        tries=offer.tries,
        later_at=promise.whole_minute(now + promise.IN_TEN_MINUTES),
        duty_ends_at=_duty_ends(offer.lawyer_id, work) if form.digits == "3" else None,
    )
    step = lawyer.next_step(leg, LegSignal("keys", form.digits), now)
    Offer.objects.filter(pk=offer.pk).update(tries=step.state.tries, key=form.digits[:1])
    if "accept" in step.effects:
        return _accept(work)
    if step.state.state == lawyer.WHISPER:
        return step.document or _question(work)
    if step.state.row == lawyer.ENDED and offer.state in OPEN:
        return _declined(work, step.state, step.document or (Hangup(),))
    return step.document or (Hangup(),)


def _accept(work: Work) -> Document:
    offer, callback = offer_of(work), work.callback
    Offer.objects.filter(pk=offer.pk).update(state=Offer.State.TAKEN, accepted_at=work.now)
    callback.state = Callback.State.WORKER
    callback.token, callback.turn, callback.call_sid, callback.rank = legs.new_token(legs.CALLBACK_WORKER), 1, "", 0
    callback.worker_accepted_at = None
    callback.due_at = work.now + NEWS_WITHIN
    callback.save()
    callback_work.event(work, "callback_accepted", lawyer=offer.lawyer_id)
    return (Say("callback_now"), *_dial_worker(work))


def _dial_worker(work: Work) -> Document:
    token = work.callback.token
    party = Number(work.callback.number, url=f"{token}-1/whisper", status=f"{token}/status")
    return (Dial("dialled", party, WORKER_RING, work.line.number),)


def _declined(work: Work, leg: LegState, document: Document) -> Document:
    """Keys 2 to 5, or none: the worker is not rung, and hears by text when it becomes later."""
    offer, callback = offer_of(work), work.callback
    facts = callback_work.facts_of(callback)
    callback_work.end_offer(offer, leg.state, work.now)
    if leg.state == "later":
        then = promise.lawyer_postpones(facts, offer.lawyer_id, work.now)
        callback_work.apply(work, then, "later")
        if then.kind == "wait" and then.at is not None:
            return (Say("key_later", {"at": then.at}), Hangup())
        return (Say("callback_given_back"), Hangup())
    if leg.state == "silent":
        callback_work.apply(work, promise.lawyer_not_there(facts, work.now), "silent")
        return document
    if leg.state == "slot":
        _pause(work, offer)
    if leg.state in {"conflict", "wrong_area"}:
        office = directory.contact(offer.lawyer_id).organisation_id if leg.state == "conflict" else None
        Exclusion.objects.create(
            consultation=work.consultation,
            person_id=offer.lawyer_id,
            organisation_id=office,
            reason=leg.state,
            at=work.now,
        )
    if leg.state == "wrong_area":
        signal_mismatch(work.consultation, offer)
    callback_work.apply(work, promise.lawyer_declines(facts), leg.state)
    return (Say("callback_given_back"), Hangup()) if leg.state == "wrong_area" else document


def _pause(work: Work, offer: Offer) -> None:
    if rosters.on_duty_now(offer.lawyer_id, work.now) is None:
        return
    paused = roster_services.pause(person_id=offer.lawyer_id, source="key")
    work.messages.append(texting.message("paused", offer.number, key=f"paused:{offer.pk}", at=paused.until))
    if paused.last_cover:
        region = work.consultation.region_id
        tickets.last_cover(paused.pause_id, offer.lawyer_id, paused.last_cover, region, work.now)


def _duty_ends(person_id: int, work: Work) -> datetime:
    duty = rosters.on_duty_now(person_id, work.now)
    return duty.ends_at if duty else work.now + timedelta(hours=1)


def _dialled(work: Work, form: Form) -> Document:
    """The worker's leg is over, or never was."""
    callback = work.callback
    if callback.state == Callback.State.TALK:
        talked = form.bridged if form.bridged is not None else _lasted(work)
        if talked:
            talk_over(work, bridged=form.bridged)
            return (Hangup(),) if form.gone else _ask_outcome()
    if form.gone:  # she left while the worker rang, or in the worker's accept window
        callback_work.end_offer(offer_of(work), "unbridged", work.now, released="lawyer_left")
        callback_work.apply(work, promise.lawyer_not_there(callback_work.facts_of(callback), work.now), "lawyer_left")
        return (Hangup(),)
    offer = offer_of(work)
    then = promise.worker_not_there(callback_work.facts_of(callback), offer.lawyer_id, False, work.now)
    callback_work.end_offer(offer, "unbridged", work.now, released="worker_absent")
    callback_work.apply(work, then, "worker_absent")
    callback.offer = offer  # she is still on the line and may give it back
    callback.save(update_fields=["offer"])
    if then.kind == "coordinator":
        return (Say("callback_over"), Hangup())
    return (Gather("retry", (Say("callback_retry", {"at": then.at}),), 1, 5), Hangup())


def _lasted(work: Work) -> bool:
    accepted = work.callback.worker_accepted_at
    return accepted is not None and work.now - accepted >= BRIDGE_PROOF


def _retry(work: Work, form: Form) -> Document:
    """The new moment stands already; 2 gives it back to the list at that moment."""
    callback = work.callback
    if callback.state != Callback.State.WAITING:
        return (Say("callback_over"), Hangup())
    if form.digits == "2":
        callback.lawyer_id = None
        callback.save(update_fields=["lawyer"])
        callback_work.event(work, "callback_given_back", lawyer=offer_of(work).lawyer_id)
        return (Say("callback_given_back"), Hangup())
    return (Say("callback_retried", {"at": callback.due_at}), Hangup())


def _ask_outcome() -> Document:
    return (Gather("outcome", (Say("lawyer_outcome"),), 1, 6), Hangup())


STEPS: dict[str, Callable[[Work, Form], Document]] = {
    "offer": _picked_up,
    "key": _key,
    "dialled": _dialled,
    "retry": _retry,
}


def lawyer_status(token: str, form: Form) -> Answer:
    """The lawyer's leg of a callback: a final word without her key means she was not there."""
    key = f"status|{token}|{form.call_sid}|{form.status}|{form.sequence}"
    rank, now = rows.rank_of(form.status), clock.now()
    with transaction.atomic():
        found = Offer.objects.filter(token=token).values_list("callback_id", "rank").first()
        if found is None or found[0] is None:
            return NOTHING
        work = callback_work.lock(found[0]) if rank >= rows.TERMINAL else None
        if not rows.insert_offer_event(key, now, token, {"status": form.status}):
            return NOTHING
        rows.raise_offer(token, rank, now)
        Offer.objects.filter(token=token, call_sid="").update(call_sid=form.call_sid)
        if work is not None and work.callback.offer is not None and work.callback.offer.token == token:
            _lawyer_leg_over(work, form.status)
            outbox.enqueue(*work.messages)
    return NOTHING


ENDED_AS = {"busy": "busy", "no-answer": "missed", "failed": "bad_number", "canceled": "missed"}


def _lawyer_leg_over(work: Work, word: str) -> None:
    offer, state = offer_of(work), work.callback.state
    if state in {Callback.State.PLACING, Callback.State.LAWYER} and offer.state in OPEN:
        callback_work.lawyer_gone(
            work, "silent" if offer.state == Offer.State.WHISPER else ENDED_AS.get(word, "silent")
        )
    elif state in {Callback.State.WORKER, Callback.State.TALK}:
        work.callback.due_at = work.now + timedelta(seconds=20)  # the Dial tells the rest, or the watch looks
        work.callback.save(update_fields=["due_at"])


# --- The worker's leg -------------------------------------------------------------------------------------------------


def advance_worker(token: str, turn: int, word: str, form: Form) -> Answer:
    """One document of the worker's leg: 'the lawyer is on the line', and the key that joins them."""
    key = f"turn|{token}|{turn}|{word}"
    try:
        with transaction.atomic():
            return _advance_worker(key, token, turn, word, form)
    except AlreadyHeard:
        return Answer(rows.stored_answer(key) or speech.write_document((Redirect("now"),), token, turn))


def _advance_worker(key: str, token: str, turn: int, word: str, form: Form) -> Answer:
    callback_id = Callback.objects.filter(token=token).values_list("pk", flat=True).first()
    if callback_id is None:
        return Answer(speech.write_document(SORRY, token, turn))
    work = callback_work.lock(callback_id)
    if work is None or work.callback.token != token:
        return Answer(speech.write_document((Say("callback_worker_lost"), Hangup()), token, turn))
    callback = work.callback
    if turn > callback.turn or (callback.call_sid and callback.call_sid != form.call_sid):
        return Answer(speech.write_document(SORRY, token, turn))
    if turn < callback.turn:
        stored = rows.stored_answer(key)
        return Answer(stored or speech.write_document((Redirect("now"),), token, callback.turn))
    document = _worker_document(work, word, form)
    callback.turn = turn + 1
    callback.call_sid = callback.call_sid or form.call_sid
    callback.save()
    body = speech.write_document(document, token, turn + 1)
    _remember(key, word, body, callback.consultation_id, callback.pk, callback.offer_id)
    return Answer(body)


def _worker_document(work: Work, word: str, form: Form) -> Document:
    callback = work.callback
    if callback.state not in {Callback.State.WORKER, Callback.State.TALK} or form.gone:
        return (Say("callback_worker_lost"), Hangup())
    if word != "key":
        return (Gather("key", (Say("callback_worker"),), 1, 6), Hangup())
    if form.digits != "1":
        return (Hangup(),)
    offer = offer_of(work)
    callback.state, callback.worker_accepted_at = Callback.State.TALK, work.now
    until = work.now + timedelta(seconds=talk.LONGEST_TALK)
    callback.due_at = until + timedelta(seconds=60)
    earlier = Offer.objects.filter(consultation=work.consultation, accepted_at__isnull=False, released_at__isnull=True)
    earlier.exclude(pk=offer.pk).update(released_at=work.now, release_reason="callback")
    work.consultation.lawyer_id = offer.lawyer_id
    standing = lifecycle.standing_when_talking(offer.lawyer_id, until)
    record.stand(work.consultation, standing, "callback_talk", offer=offer, callback=callback.pk)
    return (Say("connected"),)


def worker_status(token: str, form: Form) -> Answer:
    """The worker's leg is evidence only: the Dial on the lawyer's leg says what comes next."""
    rank = rows.rank_of(form.status)
    with transaction.atomic():
        Callback.objects.filter(token=token, rank__lt=rank).update(rank=rank)
    return NOTHING


# --- Her outcome by key -----------------------------------------------------------------------------------------------


def lawyer_outcome_key(token: str, turn: int, form: Form) -> Answer:
    """After the talk the callback is over, so this answer stands apart: the key is written down by the sweep."""
    key = f"turn|{token}|{turn}|outcome"
    with transaction.atomic():
        offer = Offer.objects.select_for_update(no_key=True).filter(token=token).first()
        if offer is None or (offer.call_sid and offer.call_sid != form.call_sid) or turn > offer.turn:
            return Answer(speech.write_document(SORRY, token, turn))
        stored = rows.stored_answer(key)
        if stored is not None:
            return Answer(stored or speech.write_document((Hangup(),), token, turn))
        value = None if form.gone else outcomes.by_key(Side.LAWYER, form.digits)
        if value is not None:
            file_due(LAWYER_OUTCOME, f"{LAWYER_OUTCOME}:{offer.pk}:{value}", clock.now())
        Offer.objects.filter(pk=offer.pk).update(turn=turn + 1)
        body = speech.write_document((Say("thanks"), Hangup()), token, turn + 1)
        _remember(key, "outcome", body, offer.consultation_id, offer.callback_id, offer.pk)
    return Answer(body)
