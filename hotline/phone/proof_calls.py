"""Calls that carry no question: test call, spoken code, confirming a sick report. Placed, led and ended here.

What a leg hears follows from its row alone, so no document is kept: a code lies in the open call only, encrypted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from directory import services as directory_services
from hotline.call import proof
from hotline.call.proof import ProofLeg
from hotline.errors import NotNow
from hotline.models import ProofCall
from hotline.phone import legs, rows, sick_calls, speech
from hotline.phone.answers import NOTHING, SORRY, Answer
from hotline.phone.listening import Form
from integrations import clock, outbox

ABOUT = "proof"  # of its outbox row
PLACED = "proof_placed"
RING_SECONDS = 25
TO_PLACE = timedelta(seconds=60)  # then a call that was not placed is not placed any more
NEWS_WITHIN = timedelta(seconds=120)  # placing, ringing and the first document
NEXT_WITHIN = timedelta(seconds=60)  # a key after a document
AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 5
MOST_AT_ONCE = 50


@transaction.atomic
def place(
    *, kind: str, person_id: int, number: str, asked_by: int | None, code: str = "", about: str = ""
) -> ProofCall:
    """Ring this person on `number` (E.164). A call of this kind to this number that still runs is left as it is.

    Raises NotNow: too_many_calls (five an hour a person; confirming a sick report is never refused).
    """
    now = clock.now()
    mine = ProofCall.objects.select_for_update().filter(person_id=person_id, created_at__gt=now - AN_HOUR)
    running = mine.filter(kind=kind, number=number, ended_at__isnull=True, code="").first()
    if running is not None and not code:
        return running
    if kind != proof.SICK and mine.exclude(kind=proof.SICK).count() >= MOST_AN_HOUR:
        raise NotNow("too_many_calls", _("Five calls in an hour is the most. Wait an hour and try again."))
    call = ProofCall.objects.create(
        kind=kind,
        person_id=person_id,
        number=number,
        token=legs.new_token(legs.PROOF),
        code=code,
        about=about,
        asked_by_id=asked_by,
        created_at=now,
        due_at=now + NEWS_WITHIN,
    )
    outbox.enqueue(
        outbox.place_call(
            number,
            url=legs.address(call.token, 0, "offer"),
            status_url=legs.status_address(call.token),
            caller_id=settings.HOTLINE_NUMBER,
            ring_seconds=RING_SECONDS,
            key=f"{ABOUT}:{call.pk}",
            about=f"{ABOUT}:{call.pk}",
            expires=now + TO_PLACE,
            report=PLACED,
        )
    )
    return call


@transaction.atomic
def placed(key: str) -> None:
    """What the vendor said to the request: a refused number ends the call; no answer is left to the watchdog."""
    result = outbox.result_of(key)
    if result is None or result.state in {"sent", "unknown"}:
        return
    call = ProofCall.objects.select_for_update().filter(pk=int(result.about.rpartition(":")[2])).first()
    if call is not None and call.ended_at is None:
        _end(call, proof.FAILED if result.state == "failed" else proof.LOST, clock.now())


# --- The leg ----------------------------------------------------------------------------------------------------------
def advance(token: str, turn: int, word: str, form: Form) -> Answer:
    """One document was asked for or answered."""
    with transaction.atomic():
        call = ProofCall.objects.select_for_update().filter(token=token).first()
        if call is None or turn > call.turn or (call.call_sid and call.call_sid != form.call_sid):
            return Answer(speech.write_document(SORRY, token, turn))
        if turn == call.turn:
            if form.gone:
                _over(call, form.status)
            else:
                _hear(call, word, form)
        return Answer(speech.write_document(proof.speak(_leg(call)), token, call.turn))


def leg_status(token: str, form: Form) -> Answer:
    """The vendor tells how the leg stands; only its last word changes something."""
    if not form.gone:
        return NOTHING
    with transaction.atomic():
        call = ProofCall.objects.select_for_update().filter(token=token).first()
        if call is not None and (not call.call_sid or call.call_sid == form.call_sid):
            _over(call, form.status)
    return NOTHING


def overdue_proofs() -> int:
    """Calls without news end here. Returns how many."""
    now = clock.now()
    found = list(ProofCall.objects.filter(due_at__lte=now).values_list("pk", flat=True)[:MOST_AT_ONCE])
    for call_id in found:
        with transaction.atomic():
            call = ProofCall.objects.select_for_update().get(pk=call_id)
            if call.due_at is not None and call.due_at <= now:
                _end(call, proof.LOST, now)
    return len(found)


def _leg(call: ProofCall) -> ProofLeg:
    return ProofLeg(call.kind, call.state, call.tries, call.code)


def _hear(call: ProofCall, word: str, form: Form) -> None:
    now, before = clock.now(), _leg(call)
    leg = proof.heard(before, form.digits) if word == "key" else before
    call.state, call.tries, call.turn = leg.state, leg.tries, call.turn + 1
    if call.state == proof.WAITING:
        call.state = proof.ANSWERED
    call.call_sid = call.call_sid or form.call_sid
    call.answered_at = call.answered_at or now
    call.due_at = None if call.ended_at else now + NEXT_WITHIN
    call.save(update_fields=["state", "tries", "turn", "call_sid", "answered_at", "due_at"])
    if before.is_open and not leg.is_open:
        _tell(call, now)


def _over(call: ProofCall, word: str) -> None:
    _end(call, proof.ended(_leg(call), word).state, clock.now())


def _end(call: ProofCall, state: str, now: datetime) -> None:
    """The leg is over. A state that was reached by a key stays."""
    if call.ended_at is not None:
        return
    was_open = call.state in proof.OPEN
    call.state = state if was_open else call.state
    call.ended_at, call.due_at, call.code = now, None, ""
    call.save(update_fields=["state", "ended_at", "due_at", "code"])
    if was_open:
        _tell(call, now)


def _tell(call: ProofCall, now: datetime) -> None:
    """It is known how the call came out: written down, and done what hangs on it."""
    rows.insert_event(
        f"proof|{call.token}", now, "proof", actor_id=call.person_id, data={"proof": call.kind, "state": call.state}
    )
    effect = EFFECTS.get((call.kind, call.state))
    if effect is not None:
        effect(call)


def _tested(call: ProofCall) -> None:
    directory_services.mark_tested(e164=call.number)


def _suspect(call: ProofCall) -> None:
    directory_services.mark_suspect(e164=call.number)


EFFECTS: dict[tuple[str, str], Callable[[ProofCall], Any]] = {
    (proof.TEST, proof.PROVED): _tested,
    (proof.TEST, proof.FAILED): _suspect,
    (proof.SICK, proof.PROVED): sick_calls.confirmed,
    (proof.SICK, proof.DENIED): sick_calls.denied,
}
