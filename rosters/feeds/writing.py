"""The text of a feed: one entry per duty row, also per cancelled one, so that programs strike it out.

A row never changes person, desk or times, so its entry has one UID for ever; a take-over is another row.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from integrations.calendars.encode import Entry, encode
from rosters.core.weekly import MAX_DUTY
from rosters.feeds.reading import Found
from rosters.models import Desk, Duty, Feed

KEPT_CANCELLED = timedelta(days=90)
BACKUP_FROM = 2  # position of the first backup


class Told(NamedTuple):
    """What of a duty a calendar shows. No client, no case: there is none in a duty."""

    id: int
    desk: str
    desk_kind: str
    person: str
    position: int
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    sequence: int
    cancelled_at: datetime | None


FIELDS = (
    "id", "desk__name", "desk__kind", "person__name", "position", "starts_at", "ends_at", "changed_at", "sequence",
    "cancelled_at",
)  # fmt: skip


def text_of(found: Found, name: str) -> bytes:
    """The calendar called `name`; in two statements."""
    with_person = found.kind != Feed.Kind.PERSON
    with translation.override(settings.LANGUAGE_CODE):
        entries = [entry_of(duty, found.alarm_minutes, with_person=with_person) for duty in _duties(found)]
        return encode(name, entries)


def entry_of(duty: Told, alarm_minutes: int | None = None, *, with_person: bool = False) -> Entry:
    """One duty as an entry, in the language that is on."""
    return Entry(
        uid=uid_of(duty.id),
        starts_at=duty.starts_at,
        ends_at=duty.ends_at,
        summary=title_of(duty, with_person=with_person),
        changed_at=duty.changed_at,
        sequence=duty.sequence,
        cancelled=duty.cancelled_at is not None,
        alarm_minutes=alarm_minutes,
    )


def uid_of(duty_id: int) -> str:
    return f"dienst-{duty_id}@{urlsplit(settings.PUBLIC_URL).hostname}"


def title_of(duty: Told, *, with_person: bool) -> str:
    """'Piket Huurrecht Walcheren (achterwacht)', with the name of who has it, and 'Vervallen:' before what is over."""
    named = duty.desk_kind == Desk.Kind.COORDINATION or duty.desk.lower().startswith("piket")
    title = duty.desk if named else _("Duty %(desk)s") % {"desk": duty.desk}
    if duty.position >= BACKUP_FROM:
        title = _("%(title)s (backup)") % {"title": title}
    if with_person:
        title = f"{title}: {duty.person}"
    return _("Cancelled: %(title)s") % {"title": title} if duty.cancelled_at else title


def told(duty_ids: Iterable[int]) -> list[Told]:
    return [Told(*row) for row in Duty.objects.filter(pk__in=list(duty_ids)).order_by("pk").values_list(*FIELDS)]


def _duties(found: Found) -> list[Told]:
    """In force and cancelled apart: each is found by an index of its own."""
    whose = Q(person_id=found.object_id) if found.kind == Feed.Kind.PERSON else Q(desk_id__in=found.desk_ids)
    in_window = Duty.objects.filter(whose, starts_at__gt=found.since - MAX_DUTY, ends_at__gt=found.since)
    in_force = in_window.filter(cancelled_at__isnull=True, person__is_active=True)
    since = found.since + timedelta(weeks=13) - KEPT_CANCELLED
    cancelled = in_window.filter(cancelled_at__gt=since)
    rows = [Told(*row) for part in (in_force, cancelled) for row in part.values_list(*FIELDS)]
    return sorted(rows, key=lambda duty: (duty.starts_at, duty.id))
