"""One round of the background work. Any number of processes may try: a lease lets one look, rows are claimed singly."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations import clock, lease, outbox, plain_sql
from integrations.due import Services, run_due

LEASE_NAME = "sweep"
LEASE_SECONDS = 10
DELIVERY_SECONDS = 2.0  # then the watches have their turn again, however slow the vendor is
DUE_MOMENT = "SELECT MIN(due_at) FROM integrations_due WHERE done_at IS NULL"
OUTBOX_MOMENT = "SELECT MIN(not_before) FROM integrations_outboxmessage WHERE state = 'waiting'"

logger = logging.getLogger("piketlijn.sweep")


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody who looks for what is overdue by a moment of its own, and says how much there was.

    `soonest` is a constant SELECT of the earliest such moment: before it nobody need look, and a quiet second costs one
    statement for all watches together. Without it the watch looks `every` so often in each process.
    """

    run: Callable[[], int]
    soonest: str = ""
    every: timedelta = timedelta(0)


Watches = Sequence[Watch]
_looked: dict[Watch, datetime] = {}


def tick(services: Services, watches: Watches) -> int:
    """Look at what is overdue, do what is due, send what waits. Returns how much there was; 0 means nothing to do."""
    done = 0
    with lease.held(LEASE_NAME, seconds=LEASE_SECONDS) as mine:
        if mine:
            done += look(services, watches)
    return done + send()


def look(services: Services, watches: Watches) -> int:
    """The part of a round that one process at a time does."""
    return sum(_run(watch) for watch in _waiting(watches)) + run_due(services)


def send() -> int:
    """Only send what waits: what a poke asks for, between two rounds."""
    return outbox.deliver_due(seconds=DELIVERY_SECONDS)


def last_tick() -> datetime | None:
    """When the last round ended, in whatever process; up to LEASE_SECONDS ahead while one runs. None: never."""
    return lease.free_since(LEASE_NAME)


def next_moment(watches: Watches) -> datetime | None:
    """When there is something to do next, as far as the database tells; None: nothing in sight."""
    texts = [DUE_MOMENT, OUTBOX_MOMENT, *(watch.soonest for watch in watches if watch.soonest)]
    return min((moment for moment in _moments(texts) if moment is not None), default=None)


def _waiting(watches: Watches) -> list[Watch]:
    """Those whose moment has come, in their own order."""
    now = clock.now()
    timed = [watch for watch in watches if watch.soonest]
    moments = _moments([watch.soonest for watch in timed])
    due = {watch for watch, moment in zip(timed, moments, strict=True) if moment is not None and moment <= now}
    for watch in watches:
        looked = _looked.get(watch)
        rests = looked is not None and looked <= now < looked + watch.every  # a clock set back is no rest
        if not watch.soonest and not rests:
            due.add(watch)
            _looked[watch] = now
    return [watch for watch in watches if watch in due]


def _moments(texts: Sequence[str]) -> list[datetime | None]:
    """The answers of several SELECTs of one moment, in one statement."""
    if not texts:
        return []
    columns = ", ".join(f"({text})" for text in texts)
    found = plain_sql.row(f"SELECT {columns}")
    return [plain_sql.moment(value) for value in found or ()]


def _run(watch: Watch) -> int:
    try:
        return watch.run()
    except Exception:  # the edge of all watches: one that breaks must not stop the others
        logger.exception("watch %s failed", getattr(watch.run, "__qualname__", watch.run))
        return 0
