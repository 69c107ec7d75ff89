"""Looks after calls whose next word never came: asks the vendor, then moves the leg or ends the call.

The vendor is asked outside every transaction. What is found is a signal like any other, and the table says what to do.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction

from hotline.call.state import END, RING, Signal
from hotline.models import Call, Offer
from hotline.phone import calls, rows
from hotline.phone.answers import AlreadyHeard
from hotline.phone.draft import open_draft
from hotline.phone.listening import GONE
from hotline.phone.seeking import Contested
from integrations import clock, outbox
from integrations.errors import VendorError
from integrations.twilio import rest

logger = logging.getLogger("piketlijn.phone")

MOST_AT_ONCE = 50
SHARE_OF_TIME = 3.0  # seconds of one round
LOOKING = timedelta(seconds=10)
"""How long one process may take over a look, before another tries."""


def overdue_calls() -> int:
    """Look at the calls whose moment has passed. Returns how many."""
    now, began, looked = clock.now(), time.monotonic(), 0
    for call_id in rows.overdue("call", now, MOST_AT_ONCE):
        call_sid = _claim(call_id, now)
        if call_sid:
            look(call_id, _leg_of(call_sid))
        looked += 1
        if time.monotonic() - began > SHARE_OF_TIME:  # a slow vendor must not keep the others waiting
            break
    return looked


def _claim(call_id: int, now: datetime) -> str:
    """Move the moment on, so that only one process looks; '' when another was first."""
    with transaction.atomic():
        claimed = Call.objects.filter(pk=call_id, due_at__lte=now, ended_at__isnull=True).update(due_at=now + LOOKING)
    return Call.objects.values_list("call_sid", flat=True).get(pk=call_id) if claimed else ""


def _leg_of(call_sid: str) -> str:
    """alive, gone or refused."""
    try:
        return "gone" if rest.fetch_call_status(call_sid) in GONE else "alive"
    except VendorError as failure:
        logger.warning("the vendor did not tell of a leg: %s", failure)
        return "refused"


def look(call_id: int, leg: str) -> None:
    """One look at one call, as C16-C19 of the table have it."""
    for _ in range(calls.MOST_CONTESTED + 1):
        try:
            with transaction.atomic():
                _look(call_id, leg)
            return
        except (AlreadyHeard, Contested):
            continue


def _look(call_id: int, leg: str) -> None:
    call = rows.lock_call_by_id(call_id)
    if call is None or call.state.state == END:
        return
    draft = open_draft(call)
    state = draft.state
    at_cap = state.state == RING and state.cap_at is not None and draft.now >= state.cap_at and leg == "alive"
    kind = "cap" if at_cap else "due"
    step = calls.take_step(draft, Signal(kind, leg=leg, offer=draft.seen(), slots=draft.moments))
    key = f"look|{call.token}|{call.turn}|{draft.now.isoformat()}"
    redirects = step.cell == "REST"
    calls.finish(draft, step, key, "look", new_turn=redirects)


def redirect_done(key: str) -> None:
    """The vendor answered a redirect: refused is C19, a time-out is told by what comes or does not come next."""
    result = outbox.result_of(key)
    if result is None or result.state != "failed":
        return
    call_id = Call.objects.filter(call_sid=result.to, ended_at__isnull=True).values_list("pk", flat=True).first()
    if call_id is not None:
        look(call_id, "refused")


def overdue_offers() -> int:
    """Lawyers' legs without news: the call's own watchdog moves the caller; here only the leg lapses."""
    now = clock.now()
    found = rows.overdue("offer", now, MOST_AT_ONCE)
    for offer_id in found:
        with transaction.atomic():
            token = Offer.objects.values_list("token", flat=True).get(pk=offer_id)
            call = rows.lock_call_of_offer(token or "")
            offer = Offer.objects.select_for_update().get(pk=offer_id)
            if offer.ended_at is not None or offer.due_at is None or offer.due_at > now:
                continue
            if call is not None and call.state.state == RING and call.state.offer_id == offer_id:
                # The caller still waits on this ring: its own look comes first.
                Offer.objects.filter(pk=offer_id).update(due_at=now + LOOKING)
                continue
            rows.close_offer(offer_id, "lapsed", now)
    return len(found)
