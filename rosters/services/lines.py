"""Lines: number, hours, closures, notice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext as _

from directory import numbers
from rosters import snapshot
from rosters.core.wall import DAY_MINUTES
from rosters.errors import NotKnown, SetUpRefused
from rosters.models import Closure, Line, OpeningHours

STAGES = ("own", "neighbour", "country")
CAP_SECONDS = range(30, 301)
RING_SECONDS = range(10, 61)


@transaction.atomic
def create_line(
    *,
    number: str,
    name: str,
    direction: str = Line.Direction.UP,
    fallback_number: str = "",
    cap_seconds: int = 90,
    ring_seconds: int = 20,
    stages: Iterable[str] = STAGES,
    closed_on_holidays: bool = True,
    is_active: bool = True,
) -> Line:
    """Add a line, closed until it gets hours. Raises SetUpRefused, NumberRefused."""
    line = Line(direction=direction)
    return _save_line(
        line, number, name, fallback_number, cap_seconds, ring_seconds, stages, closed_on_holidays, is_active
    )


@transaction.atomic
def update_line(
    *,
    line_id: int,
    number: str,
    name: str,
    direction: str = Line.Direction.UP,
    fallback_number: str = "",
    cap_seconds: int = 90,
    ring_seconds: int = 20,
    stages: Iterable[str] = STAGES,
    closed_on_holidays: bool = True,
    is_active: bool = True,
) -> Line:
    line = hold_line(line_id)
    line.direction = direction
    return _save_line(
        line, number, name, fallback_number, cap_seconds, ring_seconds, stages, closed_on_holidays, is_active
    )


@transaction.atomic
def set_hours(*, line_id: int, parts: Iterable[tuple[int, int, int]]) -> None:
    """Replace the hours by (weekday, opens, closes) rows: 0 is Monday; minutes after midnight, 1440 is the end."""
    line, rows = hold_line(line_id), sorted(parts)
    for weekday, opens, closes in rows:
        if weekday not in range(7) or not 0 <= opens < closes <= DAY_MINUTES:
            raise SetUpRefused("hours_wrong", _("A part of the day starts before it ends. Correct the hours."))
    for one, other in pairwise(rows):
        if one[0] == other[0] and other[1] < one[2]:
            raise SetUpRefused("hours_overlap", _("Two parts of one day overlap. Make one of them."))
    line.hours.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(line=line, weekday=weekday, opens=opens, closes=closes) for weekday, opens, closes in rows
    )
    snapshot.forget()


@transaction.atomic
def close_line(
    *, line_id: int, starts_at: datetime, ends_at: datetime, reason: str, by_id: int | None = None
) -> Closure:
    """The line is dicht in [starts_at, ends_at), whatever its hours."""
    line = hold_line(line_id)
    refuse_naive(starts_at, ends_at)
    if starts_at >= ends_at:
        raise SetUpRefused("closure_wrong", _("A closure ends after it starts. Correct the times."))
    closure = Closure.objects.create(
        line=line, starts_at=starts_at, ends_at=ends_at, reason=reason.strip(), closed_by_id=by_id
    )
    snapshot.forget()
    return closure


@transaction.atomic
def reopen_line(*, closure_id: int) -> None:
    """Take a closure back."""
    Closure.objects.filter(pk=closure_id).delete()
    snapshot.forget()


@transaction.atomic
def set_notice(*, line_id: int, text: str, until: datetime | None = None) -> None:
    """What is spoken after the greeting's first word, until a moment; an empty text ends it."""
    line = hold_line(line_id)
    if until is not None:
        refuse_naive(until)
    line.notice, line.notice_until = text.strip(), until if text.strip() else None
    line.save(update_fields=["notice", "notice_until"])
    snapshot.forget()


def hold_line(line_id: int) -> Line:
    """The row, locked. Raises NotKnown."""
    line = Line.objects.select_for_update().filter(pk=line_id).first()
    if line is None:
        raise NotKnown("line_unknown", _("This line is gone. Load the page again."))
    return line


def refuse_naive(*moments: datetime) -> None:
    """Raises SetUpRefused for a moment of which nobody knows when it is."""
    if any(moment.tzinfo is None for moment in moments):
        raise SetUpRefused("naive_time", _("A time needs its time zone."))


def _save_line(
    line: Line,
    number: str,
    name: str,
    fallback_number: str,
    cap_seconds: int,
    ring_seconds: int,
    stages: Iterable[str],
    closed_on_holidays: bool,
    is_active: bool,
) -> Line:
    line.number, line.name = numbers.main_number(number), name.strip()
    line.fallback_number = numbers.main_number(fallback_number) if fallback_number else ""
    stages = tuple(stages)
    if not line.name:
        raise SetUpRefused("name_empty", _("Fill in a name."))
    if Line.objects.filter(number=line.number).exclude(pk=line.pk).exists():
        raise SetUpRefused("number_taken", _("There is a line with this number already. Choose another number."))
    if not stages or len(set(stages)) != len(stages) or not set(stages) <= set(STAGES):
        raise SetUpRefused("stages_wrong", _("Choose at least one of own, neighbour and country, each once."))
    if cap_seconds not in CAP_SECONDS or ring_seconds not in RING_SECONDS:
        raise SetUpRefused("seconds_wrong", _("A caller waits 30 to 300 seconds, a phone rings 10 to 60."))
    line.cap_seconds, line.ring_seconds, line.stages = cap_seconds, ring_seconds, ",".join(stages)
    line.closed_on_holidays, line.is_active = closed_on_holidays, is_active
    line.save()
    snapshot.forget()
    return line
