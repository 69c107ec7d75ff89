"""What others may know of lines, desks and duties. Set-up comes from memory, who is on duty from the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from integrations import clock
from rosters import snapshot, sql
from rosters.core import steps, wall
from rosters.core.weekly import MAX_DUTY
from rosters.errors import NotKnown
from rosters.models import Duty, Pattern, Pause
from rosters.snapshot import DeskAt, DeskRow, LineAt

__all__ = ["DeskAt", "DeskRow", "LineAt"]

AHEAD = timedelta(days=14)  # a reminder comes on the last working day before: never earlier than this
STILL_A_HOLDER = timedelta(days=90)


class OnDuty(NamedTuple):
    """Somebody on duty at one desk, with the office and the number that the router needs."""

    duty_id: int
    desk_id: int
    position: int
    starts_at: datetime
    ends_at: datetime
    person_id: int
    name: str
    office_id: int | None
    number: str | None  # verified: the one that the duty names, else the primary; None: cannot be rung
    is_confirmed: bool  # the holder said that he would be there


class OnDesk(NamedTuple):
    """A duty in force as it stands on its desk."""

    duty_id: int
    position: int
    starts_at: datetime
    ends_at: datetime
    person_id: int
    name: str
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DutyAt:
    """A duty in force as its holder sees it."""

    id: int
    desk_id: int
    desk: str
    position: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PauseAt:
    id: int
    starts_at: datetime
    ends_at: datetime
    source: str
    reason: str


# --- Lines and desks ------------------------------------------------------------------------------------------------
def lines() -> tuple[LineAt, ...]:
    """The active lines, oldest first."""
    return tuple(line for line in snapshot.current().lines.values() if line.is_active)


def line_by_number(number: str) -> LineAt | None:
    """The active line with this number (E.164)."""
    return snapshot.current().by_number.get(number)


def line(line_id: int) -> LineAt:
    """Also one that is no longer active. Raises NotKnown."""
    found = snapshot.current().lines.get(line_id)
    if found is None:
        raise NotKnown("line_unknown", str(line_id))
    return found


def is_open(line: LineAt, at: datetime) -> bool:
    return line.hours.is_open(at)


def next_opening(line: LineAt, at: datetime) -> datetime | None:
    """The first open moment at or after `at`; None when the line does not open again."""
    return line.hours.next_opening(at)


def desks_for(line_id: int, area_id: int | None, region_id: int) -> tuple[DeskAt, ...]:
    """The desks of a line that serve the area in the region, in the order in which they are rung.

    Without an area ('weet ik niet') the desks that serve every area. Raises KeyError for an unknown region.
    """
    return snapshot.desks_for(line_id, area_id, region_id)


def desks() -> tuple[DeskRow, ...]:
    """The active desks with the areas and regions they serve, oldest first."""
    return snapshot.current().desks


# --- Duties and pauses ----------------------------------------------------------------------------------------------
def on_duty(desk_ids: Iterable[int], at: datetime) -> list[OnDuty]:
    """Who holds a duty in force on these desks at that moment, by desk and position, in one statement.

    Who is no longer active is left out; a pause is not looked at.
    """
    return [OnDuty(*row) for row in sql.on_duty_rows(desk_ids, at)]


def duties_on(desk_id: int, since: datetime, until: datetime) -> list[OnDesk]:
    """The duties in force on a desk that touch [since, until), by start and position; of active people only."""
    found = Duty.objects.filter(
        desk_id=desk_id,
        cancelled_at__isnull=True,
        person__is_active=True,
        starts_at__gt=since - MAX_DUTY,
        starts_at__lt=until,
        ends_at__gt=since,
    )
    rows = found.order_by("starts_at", "position", "pk").values_list(
        "id", "position", "starts_at", "ends_at", "person_id", "person__name", "confirmed_at"
    )
    return [OnDesk(*row) for row in rows]


def duties_of(person_id: int, since: datetime, until: datetime) -> list[DutyAt]:
    """The duties in force of a person that touch [since, until), in order."""
    found = Duty.objects.filter(
        person_id=person_id,
        cancelled_at__isnull=True,
        starts_at__gt=since - MAX_DUTY,
        starts_at__lt=until,
        ends_at__gt=since,
    )
    rows = found.order_by("starts_at").values_list("id", "desk_id", "desk__name", "position", "starts_at", "ends_at")
    return [DutyAt(*row) for row in rows]


def does_duties(person_id: int, at: datetime | None = None) -> bool:
    """Whether a person is rostered: any duty or pattern that ends later than 90 days ago; in one statement."""
    since = (at or clock.now()) - STILL_A_HOLDER
    ends_later = Q(valid_until__isnull=True) | Q(valid_until__gt=wall.day_of(since))
    duties = Duty.objects.filter(person_id=person_id, ends_at__gt=since).order_by().values("pk")
    patterns = Pattern.objects.filter(ends_later, person_id=person_id).order_by().values("pk")
    return duties.union(patterns, all=True).exists()


def on_duty_now(person_id: int, at: datetime | None = None) -> DutyAt | None:
    """The duty a person is in at that moment (default now)."""
    at = at or clock.now()
    return next(iter(duties_of(person_id, at, at + timedelta.resolution)), None)


def pause_of(person_id: int, at: datetime | None = None) -> PauseAt | None:
    """The pause a person is in at that moment (default now); the longest when there are several."""
    at = at or clock.now()
    found = Pause.objects.filter(person_id=person_id, starts_at__lte=at, ends_at__gt=at).order_by("-ends_at")
    row = found.values_list("id", "starts_at", "ends_at", "source", "reason").first()
    return PauseAt(*row) if row else None


def pauses_of(person_ids: Iterable[int], at: datetime) -> dict[int, datetime]:
    """Until when each of these people who pauses at that moment does so; the others are left out."""
    found = Pause.objects.filter(person_id__in=set(person_ids), starts_at__lte=at, ends_at__gt=at)
    return dict(found.order_by("ends_at").values_list("person_id", "ends_at"))


def last_cover_of(person_id: int, at: datetime | None = None) -> tuple[str, ...]:
    """Names of the desks that would have nobody to ring if this person paused at that moment (default now)."""
    at = at or clock.now()
    duty = on_duty_now(person_id, at)
    if duty is None:
        return ()
    others = {other.person_id for other in on_duty([duty.desk_id], at) if other.number} - {person_id}
    return () if others - set(pauses_of(others, at)) else (duty.desk,)


def to_confirm(person_id: int, at: datetime | None = None) -> list[DutyAt]:
    """The duties of the first day for which this person was reminded and has not confirmed yet; [] when none waits."""
    at = at or clock.now()
    found = Duty.objects.filter(
        person_id=person_id, cancelled_at__isnull=True, confirmed_at__isnull=True, ends_at__gt=at
    ).exclude(next_step=steps.REMIND)
    rows = found.filter(starts_at__gt=at - MAX_DUTY, starts_at__lt=at + AHEAD).order_by("starts_at")
    waiting = [
        DutyAt(*row) for row in rows.values_list("id", "desk_id", "desk__name", "position", "starts_at", "ends_at")
    ]
    return [duty for duty in waiting if wall.day_of(duty.starts_at) == wall.day_of(waiting[0].starts_at)]


def duties_with(duty_ids: Iterable[int], person_id: int, at: datetime | None = None) -> list[DutyAt]:
    """Those of these duties that are this person's, in force and not over, in order."""
    found = Duty.objects.filter(
        pk__in=set(duty_ids), person_id=person_id, cancelled_at__isnull=True, ends_at__gt=at or clock.now()
    )
    rows = found.order_by("starts_at").values_list("id", "desk_id", "desk__name", "position", "starts_at", "ends_at")
    return [DutyAt(*row) for row in rows]
