"""The doors of the telephone: signature, form, one service, TwiML. A failure of ours is spoken, never silent."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from hotline.phone import callback_legs, calls, faults, lawyers, legs, listening, proof_calls, replies
from hotline.phone.answers import Answer
from hotline.phone.listening import Form
from integrations.twilio.signature import signed

logger = logging.getLogger("piketlijn.phone")

LEG = re.compile(r"(?P<token>[kpcwt][a-z2-7]{26})-(?P<turn>\d{1,6})")

DOCUMENTS: dict[str, Callable[[str, int, str, Form], Answer]] = {
    legs.CALLER: calls.advance,
    legs.LAWYER: lawyers.advance,
    legs.CALLBACK_LAWYER: callback_legs.advance_lawyer,
    legs.CALLBACK_WORKER: callback_legs.advance_worker,
    legs.PROOF: proof_calls.advance,
}
STATUSES: dict[str, Callable[[str, Form], Answer]] = {
    legs.LAWYER: lawyers.leg_status,
    legs.CALLBACK_LAWYER: callback_legs.lawyer_status,
    legs.CALLBACK_WORKER: callback_legs.worker_status,
    legs.PROOF: proof_calls.leg_status,
}


@signed
def voice(request: HttpRequest, word: str = "") -> HttpResponse:
    """A call comes in, or the status of one that did: the number's status callback points here too."""
    form = listening.read(request.POST.dict())
    try:
        if form.is_status or (form.gone and not word):
            return _spoken(calls.leg_status(form))
        if word == "helped":
            return _spoken(calls.helped(form))
        return _spoken(calls.arrive(form, again=bool(word)))
    except Exception:  # the edge: whatever broke, the caller hears something
        logger.exception("voice failed (%s)", word or "first")
        if form.is_status:
            return HttpResponse(status=503)  # a status is asked again by the vendor, or told by the watchdog
        return _spoken(Answer(faults.entrance_fault(word, form.call_sid, form.to_number)))


@signed
def leg(request: HttpRequest, leg: str, word: str) -> HttpResponse:
    """One document of one leg was asked for or answered."""
    found = LEG.fullmatch(leg)
    form = listening.read(request.POST.dict())
    if found is None or found["token"][0] not in DOCUMENTS:
        return _spoken(Answer(faults.sorry()))
    token, turn = found["token"], int(found["turn"])
    try:
        return _spoken(DOCUMENTS[token[0]](token, turn, word, form))
    except Exception:  # the edge
        logger.exception("leg %s failed at %s", token[0], word)
        if token[0] == legs.CALLER:
            return _spoken(Answer(faults.caller_fault(token, turn, word, form.call_sid, form.to_number)))
        return _spoken(Answer(faults.lawyer_fault(token, turn, word, form.call_sid)))


@signed
def leg_status(request: HttpRequest, token: str) -> HttpResponse:
    """What the vendor tells of a leg that we rang. Never chooses the caller's next step."""
    status = STATUSES.get(token[:1])
    form = listening.read(request.POST.dict())
    if status is None:
        return HttpResponse(status=204)
    try:
        return _spoken(status(token, form))
    except Exception:  # the edge
        logger.exception("status of leg %s failed", token[:1])
        return HttpResponse(status=503)


@signed
def sms(request: HttpRequest) -> HttpResponse:
    """Somebody answers a text message of ours."""
    try:
        replies.receive(request.POST.dict())
    except Exception:  # the edge: the vendor asks again
        logger.exception("sms failed")
        return HttpResponse(status=503)
    return HttpResponse(status=204)


def _spoken(answer: Answer) -> HttpResponse:
    if answer.body is None:
        return HttpResponse(status=204)
    return HttpResponse(answer.body, content_type="text/xml; charset=utf-8")
