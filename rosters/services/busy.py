"""Calendars of somebody's own: read for when he is busy, again every quarter of an hour. Nothing else of them is kept.

Fetching happens outside any transaction and beside the sweep, which has calls to watch over. A calendar that cannot be
read keeps its last good state, says why, and is asked less and less often, once a day at least.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from directory import queries as directory
from integrations import clock
from integrations.calendars import guard
from integrations.calendars.apart import read_apart
from integrations.calendars.decode import Read
from integrations.calendars.faults import SOME_SKIPPED, CalendarFault
from integrations.calendars.fetch import Fetched, fetch
from integrations.outside import refuse_in_transaction
from rosters import sql
from rosters.errors import FormRefused, NotKnown
from rosters.models import BusySource, BusyTime
from rosters.services.availability import require_keeper
from rosters.texts_busy import words_of_fault

EVERY = timedelta(minutes=15)
AT_LEAST = timedelta(days=1)  # also what is read anew when nothing changed: the window moves on
SPREAD = 180  # seconds over which the sources of a round are spread
MOST_SOURCES = 5
AT_ONCE = 4
OWN_MARK = "sha256:"  # an ETag of our own, for servers that give none

logger = logging.getLogger("piketlijn.busy")
_places = threading.BoundedSemaphore(AT_ONCE)

Fetcher = Callable[..., Fetched]


@transaction.atomic
def add_address(*, person_id: int, by: int, name: str, url: str) -> BusySource:
    """Read this calendar from now on; the first time at once. Raises NotYours, FormRefused (url, name, too_many)."""
    require_keeper(person_id, by)
    try:
        guard.address(url)
    except CalendarFault as fault:
        raise FormRefused(fault.code, words_of_fault(fault.code), field="url") from fault
    sql.hold_people([person_id])
    name = _free_name(person_id, name)
    return BusySource.objects.create(
        person_id=person_id, kind=BusySource.Kind.URL, name=name, url=url.strip(), next_fetch_at=clock.now()
    )


def add_file(*, person_id: int, by: int, name: str, data: bytes) -> BusySource:
    """Take the busy times of this file over once; a file of the same name replaces it. Raises NotYours, FormRefused."""
    require_keeper(person_id, by)
    refuse_in_transaction()
    now = clock.now()
    try:
        found = read_apart(data, now)
    except CalendarFault as fault:
        raise FormRefused(fault.code, words_of_fault(fault.code), field="file") from fault
    with transaction.atomic():
        sql.hold_people([person_id])
        files = BusySource.objects.filter(person_id=person_id, kind=BusySource.Kind.FILE, name=name.strip()[:60])
        source = files.first() or BusySource(
            person_id=person_id, kind=BusySource.Kind.FILE, name=_free_name(person_id, name)
        )
        source.fetched_at = source.read_at = now
        source.error = SOME_SKIPPED if found.skipped else ""
        source.save()
        _write(source, found)
    return source


@transaction.atomic
def remove_source(*, source_id: int, by: int) -> None:
    """Forget the calendar and all that was read of it. Raises NotKnown, NotYours."""
    source = BusySource.objects.select_for_update().filter(pk=source_id).first()
    if source is None:
        raise NotKnown("calendar_unknown", _("This calendar is gone. Load the page again."))
    require_keeper(source.person_id, by)
    source.delete()


def refresh(source_id: int, *, fetcher: Fetcher = fetch) -> str:
    """Fetch and read one calendar now. Returns '' or the code of what is wrong; a calendar that left is nothing."""
    refuse_in_transaction()
    source = BusySource.objects.filter(pk=source_id, kind=BusySource.Kind.URL).first()
    if source is None:
        return ""
    if not directory.contacts([source.person_id]):  # no longer active: looked at again tomorrow, not fetched
        BusySource.objects.filter(pk=source_id).update(next_fetch_at=clock.now() + AT_LEAST)
        return ""
    now = clock.now()
    fresh = source.read_at is not None and now - source.read_at < AT_LEAST
    known = source.etag if fresh else ""
    try:
        fetched = fetcher(source.url, etag="" if known.startswith(OWN_MARK) else known)
        mark = _mark(fetched)
        found = None if fetched.body is None or mark == known else read_apart(fetched.body, now)
    except CalendarFault as fault:
        return _failed(source, fault.code, now)
    return _succeeded(source, found, mark, now)


def refresh_due() -> int:
    """Start fetching what is due, in threads of its own; under a clock that is moved by hand at once. How many."""
    started = 0
    while _places.acquire(blocking=False):
        source_id = _claim()
        if source_id is None:
            _places.release()
            return started
        started += 1
        if clock.is_fixed():
            _refresh_here(source_id)
        else:
            threading.Thread(target=_refresh_aside, args=(source_id,), daemon=True, name="busy").start()
    return started


def _refresh_here(source_id: int) -> None:
    try:
        refresh(source_id)
    finally:
        _places.release()


def _refresh_aside(source_id: int) -> None:
    try:
        refresh(source_id)
    except Exception:  # the edge of the thread; the address is in no exception of ours
        logger.exception("reading calendar %d failed", source_id)
    finally:
        connection.close()
        _places.release()


def _claim() -> int | None:
    """One source that is due, with its next moment moved on: who dies leaves it to the next round."""
    now = clock.now()
    due = BusySource.objects.filter(next_fetch_at__lte=now).order_by("next_fetch_at", "pk")
    for source_id, moment in due.values_list("pk", "next_fetch_at")[: AT_ONCE * 2]:
        if BusySource.objects.filter(pk=source_id, next_fetch_at=moment).update(next_fetch_at=_next(source_id, now, 0)):
            return source_id
    return None


def _next(source_id: int, now: datetime, failures: int) -> datetime:
    """A quarter of an hour on, twice as long after each failure; each source at seconds of its own."""
    wait: timedelta = min(EVERY * (1 << min(failures, 10)), AT_LEAST)
    return now + wait + timedelta(seconds=source_id * 37 % SPREAD)


def _mark(fetched: Fetched) -> str:
    if fetched.etag or fetched.body is None:
        return fetched.etag
    return OWN_MARK + hashlib.sha256(fetched.body).hexdigest()


def _failed(source: BusySource, code: str, now: datetime) -> str:
    with transaction.atomic():
        held = BusySource.objects.select_for_update().filter(pk=source.pk).first()
        if held is not None:
            held.fetched_at, held.error, held.failures = now, code, min(held.failures + 1, 1000)
            held.next_fetch_at = _next(held.pk, now, held.failures)
            held.save(update_fields=["fetched_at", "error", "failures", "next_fetch_at"])
    return code


@transaction.atomic
def _succeeded(source: BusySource, found: Read | None, mark: str, now: datetime) -> str:
    held = BusySource.objects.select_for_update().filter(pk=source.pk).first()
    if held is None:  # removed while it was fetched
        return ""
    if found is not None:
        held.read_at, held.error = now, SOME_SKIPPED if found.skipped else ""
        _write(held, found)
    elif held.error != SOME_SKIPPED:
        held.error = ""
    held.fetched_at, held.etag, held.failures = now, mark, 0
    held.next_fetch_at = _next(held.pk, now, 0)
    held.save(update_fields=["fetched_at", "read_at", "etag", "error", "failures", "next_fetch_at"])
    return held.error


def _write(source: BusySource, found: Read) -> None:
    """What was read takes the place of what was there; the same times again are not written again."""
    before = list(source.times.order_by("starts_at").values_list("starts_at", "ends_at"))
    if before != list(found.busy):
        source.times.all().delete()
        BusyTime.objects.bulk_create(_rows(source, found.busy), batch_size=1000)


def _rows(source: BusySource, busy: Iterable[tuple[datetime, datetime]]) -> Iterable[BusyTime]:
    return (BusyTime(source=source, starts_at=start, ends_at=end) for start, end in busy)


def _free_name(person_id: int, name: str) -> str:
    name = name.strip()[:60]
    if not name:
        raise FormRefused("name", _("Give the calendar a name, so that you know which one it is."), field="name")
    if BusySource.objects.filter(person_id=person_id).count() >= MOST_SOURCES:
        raise FormRefused("too_many", _("You have five calendars already. Remove one first."), field="name")
    return name
