"""What leaves this building: rows first, delivered at least once, by any process that comes along.

    outbox.enqueue(outbox.sms(number, _("... {link}"), key=f"offer:{offer.pk}", link=LinkFor(...)))

inside the transaction that causes it. A second message with the same key is ignored. The kinds of message are made in
messages.py and go out by delivery.py.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from json import dumps, loads
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from integrations import clock, delivery, plain_sql, wake
from integrations.due import file_due
from integrations.errors import VendorError
from integrations.links import LinkFor
from integrations.messages import CalendarPart, end_call, mail, place_call, redirect_call, sms
from integrations.models import OutboxMessage
from integrations.outside import refuse_in_transaction

__all__ = [
    "CalendarPart",
    "LinkFor",
    "OutboxMessage",
    "Result",
    "cancel",
    "deliver_due",
    "end_call",
    "enqueue",
    "mail",
    "place_call",
    "redirect_call",
    "result_of",
    "sms",
]

Kind, State = OutboxMessage.Kind, OutboxMessage.State

BACKOFF = (5, 15, 45, 120, 300, 900, 1800, 3600)  # seconds to wait after each failed attempt; the last one repeats
ATTEMPTS = {Kind.CALL: 4, Kind.REDIRECT: 4, Kind.HANGUP: 4, Kind.SMS: 8, Kind.MAIL: 12}
LEASE = timedelta(seconds=60)  # longer than one delivery can take
MAIL_REST = timedelta(seconds=30)  # a mail server that does not answer must not hold up the calls
DELIVERY_FAILED = "delivery_failed"
ALARM = "alarm:"

logger = logging.getLogger("piketlijn.outbox")


@dataclass(frozen=True)
class Result:
    """How a message ended. `state`: sent, failed, unknown or cancelled (too late)."""

    kind: str
    state: str
    to: str
    about: str
    dedupe_key: str
    vendor_id: str
    error: str
    report: str


# --- Writing: constant SQL, for it is part of every step of a call (a third of the time of bulk_create) --------------
_INSERT = (
    'INSERT INTO integrations_outboxmessage (kind, "to", subject, body, payload, about, dedupe_key, report, priority,'
    " not_before, created_at, state, lease_until, attempts, vendor_id, error, ended_at) VALUES "
)
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'waiting', NULL, 0, '', '', NULL)"


def enqueue(*messages: OutboxMessage) -> None:
    """Write the messages in one statement, in the transaction of the caller, and wake the sender when it commits."""
    if not messages:
        return
    values: list[Any] = []
    for row in messages:
        values += (row.kind, row.to, row.subject, row.body, dumps(row.payload), row.about, row.dedupe_key, row.report)
        values += (row.priority, plain_sql.stamp(row.not_before), plain_sql.stamp(row.created_at))
    plain_sql.write(_INSERT + ", ".join([_ROW] * len(messages)) + " ON CONFLICT (dedupe_key) DO NOTHING", values)
    transaction.on_commit(wake.poke)


def cancel(keys: Collection[str]) -> int:
    """Take back what has not gone out yet. Returns how many; one that is on its way now is not among them."""
    now = clock.now()
    waiting = OutboxMessage.objects.filter(_is_free(now), dedupe_key__in=keys, state=State.WAITING)
    return waiting.update(state=State.CANCELLED, ended_at=now, lease_until=None)


def result_of(key: str) -> Result | None:
    """How the message ended that a `report` or `delivery_failed` Due key speaks of."""
    row = OutboxMessage.objects.filter(pk=int(key.rpartition(":")[2])).first()
    if row is None:
        return None
    return Result(row.kind, row.state, row.to, row.about, row.dedupe_key, row.vendor_id, row.error, row.report)


# --- Delivery -----------------------------------------------------------------------------------------------------
def deliver_due(limit: int = 50, *, seconds: float | None = None) -> int:
    """Send what waits, most urgent first, each with its own claim. Returns how many were tried.

    Stops starting new ones after `seconds`, so that a slow vendor does not keep the sweep from its other work.
    """
    refuse_in_transaction()
    started = time.monotonic()
    tried = 0
    while tried < limit and (message := _claim()) is not None:
        _deliver(message)
        tried += 1
        if seconds is not None and time.monotonic() - started > seconds:
            break
    return tried


def _is_free(now: datetime) -> Q:
    return Q(lease_until=None) | Q(lease_until__lte=now)


# --- Claiming: constant SQL too, for it is asked before every single delivery --------------------------------------
_COLUMNS = tuple(field.attname for field in OutboxMessage._meta.concrete_fields)
_WAITING = "state = 'waiting' AND not_before <= %s AND (lease_until IS NULL OR lease_until <= %s)"
_ANY = f"SELECT 1 FROM integrations_outboxmessage WHERE {_WAITING} LIMIT 1"  # noqa: S608 - constants only
_FIRST = f"""SELECT {", ".join(f'"{name}"' for name in _COLUMNS)} FROM integrations_outboxmessage WHERE {_WAITING}
 ORDER BY priority, not_before, id LIMIT 1"""  # noqa: S608
_TAKE = "UPDATE integrations_outboxmessage SET attempts = attempts + 1, lease_until = %s WHERE id = %s"


def _claim() -> OutboxMessage | None:
    """The most urgent message, leased to us; `lease_until` of the value returned is what it was before."""
    now = clock.now()
    moment = [plain_sql.stamp(now)] * 2
    if plain_sql.row(_ANY, moment) is None:  # the idle second takes no write lock
        return None
    with transaction.atomic():  # SQLite: IMMEDIATE, so the two statements are one
        found = plain_sql.row(_FIRST + " FOR UPDATE SKIP LOCKED" * plain_sql.on_postgresql(), moment)
        if found is None:
            return None
        message = _message(found)
        message.attempts += 1
        plain_sql.write(_TAKE, [plain_sql.stamp(now + LEASE), message.pk])
    return message


def _message(found: tuple[Any, ...]) -> OutboxMessage:
    values = dict(zip(_COLUMNS, found, strict=True))
    if isinstance(values["payload"], str):
        values["payload"] = loads(values["payload"])
    for name in ("not_before", "lease_until", "created_at", "ended_at"):
        values[name] = plain_sql.moment(values[name])
    return OutboxMessage(**values)


def _deliver(message: OutboxMessage) -> None:
    expires = message.payload.get("expires")
    if message.kind == Kind.CALL and message.lease_until is not None:
        # Whoever had it before us died on the way: the phone may be ringing.
        _end(message, State.UNKNOWN, error="interrupted")
        return
    if expires and clock.now() >= datetime.fromisoformat(expires):
        _end(message, State.CANCELLED, error="too late")
        return
    try:
        vendor_id = delivery.send(message)
    except VendorError as failure:
        _not_sent(message, failure)
    except Exception as fault:  # the edge of all deliveries: one that breaks must not stop the others
        logger.exception("outbox %d (%s) broke", message.pk, message.kind)
        _not_sent(message, VendorError(type(fault).__name__, unknown=True))
    else:
        _end(message, State.SENT, vendor_id=vendor_id)


def _not_sent(message: OutboxMessage, failure: VendorError) -> None:
    if failure.unknown and message.kind == Kind.CALL:
        _end(message, State.UNKNOWN, error=str(failure))
        return
    if failure.permanent or message.attempts >= ATTEMPTS[Kind(message.kind)]:
        _end(message, State.FAILED, error=str(failure))
        return
    now = clock.now()
    again = now + timedelta(seconds=BACKOFF[min(message.attempts, len(BACKOFF)) - 1])
    _ours(message).update(not_before=again, lease_until=None, error=str(failure)[:200])
    if message.kind == Kind.MAIL:
        others = OutboxMessage.objects.filter(state=State.WAITING, kind=Kind.MAIL, lease_until=None)
        others.filter(not_before__lt=now + MAIL_REST).exclude(pk=message.pk).update(not_before=now + MAIL_REST)
    logger.warning("outbox %d (%s) waits after attempt %d: %s", message.pk, message.kind, message.attempts, failure)


def _ours(message: OutboxMessage) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(pk=message.pk, state=State.WAITING, attempts=message.attempts)


def _end(message: OutboxMessage, state: OutboxMessage.State, *, vendor_id: str = "", error: str = "") -> None:
    now = clock.now()
    with transaction.atomic():
        ended = _ours(message).update(
            state=state, vendor_id=vendor_id, error=error[:200], ended_at=now, lease_until=None
        )
        if not ended:  # our lease ran out and somebody else has it now
            return
        for kind in _to_tell(message, state):
            file_due(kind, f"{kind}:{message.pk}", now)
    if error:
        logger.warning("outbox %d (%s) ended %s: %s", message.pk, message.kind, state, error)


def _to_tell(message: OutboxMessage, state: OutboxMessage.State) -> Iterable[str]:
    """The kinds of Due rows that an ending files. A message that is itself an alarm raises none."""
    if message.report:
        yield message.report
    is_trouble = state == State.FAILED or (state == State.UNKNOWN and not message.report)
    if is_trouble and not message.about.startswith(ALARM):
        yield DELIVERY_FAILED
