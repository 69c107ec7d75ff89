"""The caller's leg: one webhook is one transaction on one locked call.

Lock -> what was heard -> `machine.next_step` -> routing when it asks -> rows -> event -> commit. The document is made
inside, so that it can be stored with the event and given again, word for word, when the vendor asks twice.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from directory import queries as directory
from directory.caller import Caller as KnownCaller
from hotline.call import machine
from hotline.call.machine import Step
from hotline.call.state import END, HELP, RING, Caller, CallState, Signal
from hotline.models import Call
from hotline.phone import effects, legs, rows, seeking, speech
from hotline.phone.answers import NOTHING, SORRY, AlreadyHeard, Answer
from hotline.phone.draft import Draft, open_draft
from hotline.phone.listening import Form
from integrations import clock, outbox
from integrations.twilio.verbs import Hangup, Redirect, Reject
from rosters import queries as rosters
from rosters.queries import LineAt

MOST_CONTESTED = 5
REFUSALS_ALLOWED = 3
REFUSALS_WITHIN = timedelta(hours=1)


# --- The first request of a call ------------------------------------------------------------------------------------


def arrive(form: Form, *, again: bool = False) -> Answer:
    """A call comes in on one of our numbers. Asked twice for one call, the answer is the same.

    `again`: it comes by the fallback address, because some later document failed, and goes on where the call is; the
    first question once more would lead to the stored answers of turns long past, and ring phones of then.
    """
    key = f"voice|{form.call_sid}"
    known = rows.stored_answer(key)
    if known is not None:
        return Answer(known if known and not again else _where_it_is(form))
    line = rosters.line_by_number(form.to_number)
    if line is None or form.gone:
        return Answer(speech.write_document(SORRY if line is None else (Hangup(),), "", 0))
    now = clock.now()
    known_caller = directory.caller_of(form.from_number, now)
    caller = known_caller if known_caller and known_caller.verified and known_caller.may_ask else None
    if caller is None and _is_limited(form.from_number, now):
        return Answer(speech.write_document((Reject(),), "", 0))
    token = legs.new_token(legs.CALLER)
    step = _first_step(line, caller, form.from_number, now)
    body = speech.write_document(step.document or (), token, 1, line.notice_at(now))
    try:
        with transaction.atomic():
            call_id = rows.insert_call(token, form.call_sid, line.id, form.from_number, step.state, step.due_at)
            data = {"start": rows.start_of(step.state)}
            rows.insert_event(key, now, "arrived", call_id=call_id, data=data, answer=body)
    except IntegrityError:
        return Answer(rows.stored_answer(key) or _where_it_is(form))
    return Answer(body)


def _first_step(line: LineAt, caller: KnownCaller | None, number: str, now: datetime) -> Step:
    is_open = rosters.is_open(line, now)
    blank = CallState(
        state="",
        started_at=now,
        menu=tuple(area.id for area in line.areas),
        signposts=frozenset(area.id for area in line.areas if area.signpost),
        country=directory.set_up().country_id,
        cap_seconds=line.cap_seconds,
        has_notice=bool(line.notice_at(now)),
        opening=None if is_open else rosters.next_opening(line, now),
        callback_number=number if _can_be_called(number) else "",
        line_number=line.number,
    )
    is_main = bool(caller and caller.is_main_number)
    return machine.start(as_caller(caller) if caller else None, is_main, blank, is_open, now)


def as_caller(known: KnownCaller) -> Caller:
    """The directory's caller in the words of the call machine."""
    return Caller(
        worker_id=known.person_id,
        organisation_id=known.organisation_id,
        usual_area=known.usual_area_id,
        regions=known.region_ids,
        remembered_region=known.usual_region_id,
        number=known.number,
    )


def _can_be_called(number: str) -> bool:
    return number.startswith("+31")


def _is_limited(number: str, now: datetime) -> bool:
    """A number that had three codes refused within the hour is not asked again."""
    if not number:
        return False
    refused = Call.objects.filter(number=number, end_reason="refused", started_at__gt=now - REFUSALS_WITHIN)
    return refused.count() >= REFUSALS_ALLOWED


def _where_it_is(form: Form) -> str:
    """A redirect to the present question of a call whose first answer is no longer stored."""
    found = Call.objects.filter(call_sid=form.call_sid).values_list("token", "turn").first()
    if found is None:
        return speech.write_document(SORRY, "", 0)
    return speech.write_document((Redirect("now"),), found[0], found[1])


def helped(form: Form) -> Answer:
    """Back from the fallback number of a call that failed before it had a token."""
    return Answer(speech.write_document((Hangup(),), "", 0))


# --- Every later request --------------------------------------------------------------------------------------------

KINDS = {"dialled": "dialled", "now": "now", "again1": "again", "again2": "again", "helped": "helped"}
"""Words in the address that are not a question; every other word brings keys."""


def advance(token: str, turn: int, word: str, form: Form) -> Answer:
    """One document of the caller's leg was answered. Runs again without a lawyer whom somebody else just rang."""
    key = f"turn|{token}|{turn}|{word}"
    just_rung: frozenset[int] = frozenset()
    for contested in range(MOST_CONTESTED + 1):
        try:
            with transaction.atomic():
                return _advance(key, token, turn, word, form, just_rung, contested)
        except seeking.Contested as lost:
            just_rung |= {lost.person_id}
        except AlreadyHeard:
            break
    return Answer(rows.stored_answer(key) or speech.write_document((Redirect("now"),), token, turn))


def _advance(
    key: str, token: str, turn: int, word: str, form: Form, just_rung: frozenset[int], contested: int
) -> Answer:
    call = rows.lock_call(token)
    if call is None or call.call_sid != form.call_sid or turn > call.turn:
        return Answer(speech.write_document(SORRY, token, turn))
    if turn < call.turn:
        return _late(key, call, word, form)
    ended = _end_ringing(call, form) if word == "dialled" else None
    draft = open_draft(call, ended)
    draft.just_rung = just_rung
    if ended is not None:
        effects.tell_of_ending(draft, ended, ended.state)
    elif word == "dialled":
        _keep_evidence(draft, form)
    heard = _heard(draft, word, form)
    step = take_step(draft, heard, contested)
    return Answer(finish(draft, step, key, word))


def _end_ringing(call: rows.CallRow, form: Form) -> rows.OfferRow | None:
    """The Dial is over and nobody pressed 1: the leg ends by what the vendor says of it, whatever comes next."""
    if call.state.state != RING or form.gone or form.bridged:
        return None
    return rows.end_ringing(call.id, machine.ended_as("ring", form.dial_status), clock.now(), form.dial_seconds)


def _late(key: str, call: rows.CallRow, word: str, form: Form) -> Answer:
    """An older turn: the stored answer, or the present question. What it tells of the bridge is kept as evidence."""
    known = rows.stored_answer(key)
    if known:
        return Answer(known)
    if word == "dialled" and form.bridged is not None:
        for offer in rows.offers_of_call(call.id):
            if offer.call_sid and offer.call_sid == form.dial_sid:
                rows.keep_evidence(offer.id, form.bridged, form.dial_seconds)
    if call.state.state == END:
        return Answer(speech.write_document((Hangup(),), call.token, call.turn))
    return Answer(speech.write_document((Redirect("now"),), call.token, call.turn))


def _keep_evidence(draft: Draft, form: Form) -> None:
    """What the Dial tells of the bridge; the vendor's word for the leg alone proves nothing."""
    offer = draft.offer
    if offer is not None and offer.ended_at is None:
        draft.offers[-1] = replace(offer, bridged=form.bridged, seconds=form.dial_seconds)


def _heard(draft: Draft, word: str, form: Form) -> Signal:
    kind = KINDS.get(word, "keys")
    digits = form.digits if kind == "keys" else ""
    caller = None
    if kind == "keys" and digits and draft.state.state in {"ident", "main"}:
        known = directory.person_by_code(digits, draft.now)
        caller = as_caller(known) if known and known.may_ask else None
        digits = "#"  # what was keyed in is a secret; only that something was
    if kind == "dialled" and draft.state.state == HELP:
        kind = "helped"
    return Signal(
        kind=kind,
        digits=digits,
        caller=caller,
        gone=form.gone,
        word=form.dial_status,
        bridged=form.bridged,
        seconds=form.dial_seconds,
        offer=draft.seen(),
        slots=draft.moments,
    )


def take_step(draft: Draft, heard: Signal, contested: int = 0) -> Step:
    """The machine's step with its effects written, through routing's answer where it asks for one."""
    step = _one_step(draft, heard)
    if step.seeks:
        if contested >= MOST_CONTESTED:
            found = Signal("contested", nth=contested, slots=heard.slots)
        else:
            found = seeking.next_lawyer(draft)
        step = _one_step(draft, found)
        if found.ring is not None:
            seeking.place(draft, step, found.ring)
    return step


def _one_step(draft: Draft, heard: Signal) -> Step:
    step = machine.next_step(draft.state, heard, draft.now)
    draft.state = step.state
    draft.heard.append(as_data(heard))
    effects.write(draft, step.effects)
    return step


def finish(draft: Draft, step: Step, key: str, word: str, *, new_turn: bool = True) -> str:
    """Write what every step writes, and return the document. A status has no document, so it keeps the turn."""
    call, turn = draft.call, draft.call.turn + new_turn
    body = (
        speech.write_document(step.document, call.token, turn, draft.line.notice_at(draft.now)) if step.document else ""
    )
    data: dict[str, Any] = {"heard": draft.heard, "row": step.row, "cell": step.cell, **draft.note}
    if draft.given:
        data["given"] = draft.given
    data.update(draft.write_standing())
    try:
        rows.insert_event(
            key,
            draft.now,
            word,
            consultation_id=draft.state.consultation_id,
            call_id=call.id,
            offer_id=draft.offer.id if draft.offer else None,
            data=data,
            answer=body,
        )
    except IntegrityError as twin:
        raise AlreadyHeard from twin
    outbox.enqueue(*draft.messages)
    ended_at = draft.now if draft.state.state == END else None
    due_at = None if ended_at else (step.due_at or draft.now + timedelta(seconds=45))
    rows.update_call(call.id, turn, draft.state, due_at, ended_at)
    return body


def as_data(heard: Signal) -> dict[str, Any]:
    """A signal as it lies in the event, so that a replay hears the same. No code, no number of anybody."""

    def plain(items: list[tuple[str, Any]]) -> dict[str, Any]:
        kept = {name: value for name, value in items if value not in (None, "", 0, False, ()) or name == "bridged"}
        kept.pop("number", None)
        return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in kept.items()}

    return asdict(heard, dict_factory=plain)


# --- The status of the caller's own leg -----------------------------------------------------------------------------


def leg_status(form: Form) -> Answer:
    """The number's status callback: only the final word moves the call, and it says that the caller is gone."""
    found = Call.objects.filter(call_sid=form.call_sid).values_list("token", flat=True).first()
    if found is None or not form.gone:
        return NOTHING
    key = f"status|{found}|{form.call_sid}|{form.status}|{form.sequence}"
    try:
        with transaction.atomic():
            call = rows.lock_call(found)
            if call is not None and call.rank < rows.TERMINAL:
                _caller_gone(call, key)
    except AlreadyHeard:
        return NOTHING
    return NOTHING


def _caller_gone(call: rows.CallRow, key: str) -> None:
    if call.state.state == END:
        rows.raise_call(call.id, rows.TERMINAL)
        return
    draft = open_draft(call)
    step = take_step(draft, Signal("gone", gone=True, offer=draft.seen(), slots=draft.moments))
    finish(draft, step, key, "gone", new_turn=False)
    rows.raise_call(call.id, rows.TERMINAL)
