"""Work for a later moment. `kind` names the service in config/due.py; what must happen at once is due now."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from integrations import clock, plain_sql, wake
from integrations.models import Due

Services = Mapping[str, Callable[[str], Any]]

BACKOFF = (5, 15, 45, 120, 300, 900, 1800, 3600)  # seconds to wait after each failed attempt
LEASE = timedelta(seconds=30)
WORK_FAILED = "work_failed"
ALARMS = {WORK_FAILED, "delivery_failed"}  # an alarm that fails raises no alarm

logger = logging.getLogger("piketlijn.due")

_FILE = (
    "INSERT INTO integrations_due (kind, key, due_at, lease_until, attempts, error, done_at)"
    " VALUES (%s, %s, %s, NULL, 0, '', NULL)"
    " ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, due_at = excluded.due_at,"
    " lease_until = NULL, attempts = 0, error = '', done_at = NULL"
)


@dataclass(frozen=True)
class FailedWork:
    kind: str
    key: str
    attempts: int
    error: str


def file_due(kind: str, key: str, due_at: datetime) -> None:
    """Do `kind` for `key` at `due_at`. A key that exists moves to the new moment, also when it was done already."""
    plain_sql.write(_FILE, [kind, key, plain_sql.stamp(due_at)])
    if due_at <= clock.now():
        transaction.on_commit(wake.poke)


def settle(key: str) -> None:
    """It need not be done any more. Does nothing for a key that is done or unknown."""
    Due.objects.filter(key=key, done_at=None).update(done_at=clock.now(), lease_until=None)


def failed_work(key: str) -> FailedWork | None:
    """What a `work_failed` key is about."""
    row = Due.objects.filter(pk=int(key.rpartition(":")[2])).first()
    return FailedWork(row.kind, row.key, row.attempts, row.error) if row else None


def run_due(services: Services, limit: int = 50) -> int:
    """Do what is due, each by its own service, which opens its own transaction. Returns how many were tried.

    A row is marked done after its service came back, so a service may be asked twice and must not mind.
    """
    tried = 0
    while tried < limit and (row := _claim()) is not None:
        _run(row, services)
        tried += 1
    return tried


def _open(now: datetime) -> QuerySet[Due]:
    return Due.objects.filter(Q(lease_until=None) | Q(lease_until__lte=now), done_at=None, due_at__lte=now)


def _claim() -> Due | None:
    now = clock.now()
    waiting = _open(now).order_by("due_at", "pk")
    if not waiting.exists():  # the idle second takes no write lock
        return None
    with transaction.atomic():  # SQLite: IMMEDIATE, so the two statements are one
        row = waiting.select_for_update(skip_locked=True).first()
        if row is None:
            return None
        row.attempts += 1
        row.lease_until = now + LEASE
        row.save(update_fields=["attempts", "lease_until"])
    return row


def _run(row: Due, services: Services) -> None:
    try:
        services[row.kind](row.key)
    except Exception as error:  # the edge of all services: whatever one does, the others must go on
        logger.exception("due %s %s failed, attempt %d", row.kind, row.key, row.attempts)
        _failed(row, type(error).__name__)
        return
    _held(row).update(done_at=clock.now(), lease_until=None, error="")


def _held(row: Due) -> QuerySet[Due]:
    """The row if it is still ours: a service may file its own key again, which starts it afresh."""
    return Due.objects.filter(
        pk=row.pk, attempts=row.attempts, lease_until=row.lease_until, due_at=row.due_at, done_at=None
    )


def _failed(row: Due, error: str) -> None:
    now = clock.now()
    if row.attempts < len(BACKOFF):
        wait = timedelta(seconds=BACKOFF[row.attempts - 1])
        _held(row).update(lease_until=now + wait, error=error[:200])
        return
    with transaction.atomic():
        if _held(row).update(done_at=now, lease_until=None, error=error[:200]) and row.kind not in ALARMS:
            file_due(WORK_FAILED, f"{WORK_FAILED}:{row.pk}", now)
    logger.error("due %s %s given up after %d attempts", row.kind, row.key, row.attempts)
