"""When somebody can, would rather not and cannot: of a moment, every week, and how many duties he wants in a round.

He says it himself, or whoever keeps his roster says it for him. It never takes a duty away: an absence that hits duties
in force opens a request for a replacement for each, and they stay his until somebody takes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from directory import queries as directory
from integrations import clock
from rosters import sql
from rosters.core import dagdelen, wall
from rosters.core.intervals import Interval, merged, without
from rosters.core.weekly import MAX_DUTY
from rosters.errors import CoverRefused, FormRefused, NotKnown, NotYours
from rosters.models import Absence, BusyTime, CoverRequest, Duty, Level, WeeklyAvailability
from rosters.services import covering
from rosters.services.duties import hold

FARTHEST = timedelta(days=3 * 366)
MOST_STRETCHES = 100


@dataclass(frozen=True, slots=True)
class Said:
    """What was written down. `hit`: ids of duties in force that lie in it; `asked`: of those, the ones for which a
    replacement is sought from now on (of the others one was sought already, or they end at once)."""

    hit: tuple[int, ...]
    asked: tuple[int, ...]


def require_keeper(person_id: int, by: int) -> None:
    """Himself, his assistant or a coordinator of a region of his. Raises NotYours."""
    if not directory.may_act_for(by, person_id):
        raise NotYours("not_yours", _("You do not keep this person's roster."))


# --- Of a moment ------------------------------------------------------------------------------------------------------
@transaction.atomic
def say(*, person_id: int, by: int, stretches: Iterable[Interval], level: str, reason: str = "") -> Said:
    """In these stretches he can, would rather not or cannot, whatever was said of them before.

    'Cannot' opens a request for a replacement for each duty that it hits. Raises NotYours, FormRefused (level, reason,
    when).
    """
    require_keeper(person_id, by)
    wanted = merged(stretches)
    _refuse(wanted, level, reason or Absence.Reason.OTHER)
    duties = _duties_in(person_id, wanted) if level == Level.CANNOT else []
    hold({duty.desk_id for duty in duties}, [person_id])
    _make_room(person_id, wanted)
    Absence.objects.bulk_create(
        Absence(
            person_id=person_id,
            starts_at=one.start,
            ends_at=one.end,
            level=level,
            reason=reason or Absence.Reason.OTHER,
            made_by_id=by,
        )
        for one in _without_needless(person_id, wanted, level)
    )
    if level != Level.CANNOT:
        _stop_looking(person_id, wanted, by)
    return Said(tuple(duty.pk for duty in duties), _look_for_others(duties, by))


@transaction.atomic
def withdraw_absence(*, absence_id: int, by: int) -> None:
    """It was not so after all; a replacement that was sought because of it is sought no more. Twice is once.

    Raises NotKnown, NotYours.
    """
    found = Absence.objects.filter(pk=absence_id).first()
    if found is None:
        raise NotKnown("absence_unknown", _("This is gone. Load the page again."))
    require_keeper(found.person_id, by)
    when = Interval(found.starts_at, found.ends_at)
    hold({duty.desk_id for duty in _duties_in(found.person_id, [when])}, [found.person_id])
    if Absence.objects.filter(pk=absence_id, withdrawn_at__isnull=True).update(withdrawn_at=clock.now()):
        _stop_looking(found.person_id, [when], by)


def _refuse(wanted: Sequence[Interval], level: str, reason: str) -> None:
    now = clock.now()
    if level not in Level.values:
        raise FormRefused("level", _("Choose: can, rather not or cannot."), field="level")
    if reason not in Absence.Reason.values:
        raise FormRefused("reason", _("Choose a reason from the list."), field="reason")
    if not wanted:
        raise FormRefused("when", _("Choose a period that ends after it starts."), field="text")
    if wanted[-1].end <= now:
        raise FormRefused("when", _("This has passed. Choose a period to come."), field="text")
    if wanted[-1].end > now + FARTHEST or len(wanted) > MOST_STRETCHES:
        raise FormRefused(
            "when", _("That is too far ahead or too much at once. Choose a shorter period."), field="text"
        )


def _make_room(person_id: int, wanted: Sequence[Interval]) -> None:
    """What was said of these stretches before holds no more; what lies outside them stays as it was said."""
    now = clock.now()
    before = Absence.objects.filter(
        person_id=person_id, withdrawn_at__isnull=True, starts_at__lt=wanted[-1].end, ends_at__gt=wanted[0].start
    )
    hit = [one for one in before if any(Interval(one.starts_at, one.ends_at).overlaps(when) for when in wanted)]
    Absence.objects.filter(pk__in=[one.pk for one in hit]).update(withdrawn_at=now)
    Absence.objects.bulk_create(
        Absence(
            person_id=person_id,
            starts_at=piece.start,
            ends_at=piece.end,
            level=one.level,
            reason=one.reason,
            made_by_id=one.made_by_id,
            made_at=one.made_at,
        )
        for one in hit
        for piece in without([Interval(one.starts_at, one.ends_at)], wanted)
    )


def _without_needless(person_id: int, wanted: Sequence[Interval], level: str) -> tuple[Interval, ...]:
    """'Can' is written only where a habit or a busy calendar says otherwise: the list of absences stays short."""
    if level != Level.CAN:
        return tuple(wanted)
    habits = WeeklyAvailability.objects.filter(person_id=person_id)
    days = {one.weekday for one in habits}
    return tuple(
        one
        for one in wanted
        if any((wall.day_of(one.start) + timedelta(days=ahead)).weekday() in days for ahead in range(_days_of(one)))
        or _is_busy(person_id, one)
    )


def _days_of(when: Interval) -> int:
    """How many days on the wall it touches, at most a week of them."""
    return min(7, (wall.day_of(when.end - timedelta.resolution) - wall.day_of(when.start)).days + 1)


def _is_busy(person_id: int, when: Interval) -> bool:
    return BusyTime.objects.filter(source__person_id=person_id, starts_at__lt=when.end, ends_at__gt=when.start).exists()


def _duties_in(person_id: int, stretches: Sequence[Interval]) -> list[Duty]:
    """His duties in force, not over, that lie partly or wholly in these stretches, in order."""
    if not stretches:
        return []
    now = clock.now()
    found = Duty.objects.filter(
        person_id=person_id,
        cancelled_at__isnull=True,
        starts_at__gt=stretches[0].start - MAX_DUTY,
        starts_at__lt=stretches[-1].end,
        ends_at__gt=max(now, stretches[0].start),
    ).order_by("starts_at")
    return [duty for duty in found if any(Interval(duty.starts_at, duty.ends_at).overlaps(one) for one in stretches)]


def _look_for_others(duties: Sequence[Duty], by: int) -> tuple[int, ...]:
    """Open a request for each of these duties: for the whole of it, whatever part the absence takes."""
    asked = []
    for duty in duties:
        try:
            covering.open_request(duty_id=duty.pk, kind=CoverRequest.Kind.ABSENCE, by=by)
        except CoverRefused:  # one is open already, or the duty ends within the minute: it stands on the page
            continue
        asked.append(duty.pk)
    return tuple(asked)


def _stop_looking(person_id: int, stretches: Sequence[Interval], by: int) -> None:
    """Withdraw what was opened for an absence that is none any more."""
    duties = _duties_in(person_id, stretches)
    if not duties:
        return
    left = merged(
        Interval(start, end)
        for start, end in Absence.objects.filter(
            person_id=person_id, withdrawn_at__isnull=True, level=Level.CANNOT, ends_at__gt=clock.now()
        ).values_list("starts_at", "ends_at")
    )
    free = [duty.pk for duty in duties if not any(Interval(duty.starts_at, duty.ends_at).overlaps(one) for one in left)]
    sought = CoverRequest.objects.filter(
        duty_id__in=free, kind=CoverRequest.Kind.ABSENCE, state=CoverRequest.State.OPEN, closes_at__gt=clock.now()
    )
    for request_id in sought.order_by("pk").values_list("pk", flat=True):
        covering.withdraw(request_id=request_id, by=by)


# --- Every week -------------------------------------------------------------------------------------------------------
@transaction.atomic
def set_habit(*, person_id: int, by: int, weekdays: Iterable[int], part: str, level: str) -> None:
    """From today on, on these weekdays (0 is Monday), in this dagdeel ('' is the whole day). 'Can' ends the habit.

    Raises NotYours, FormRefused (level, weekday, part).
    """
    require_keeper(person_id, by)
    days = sorted(set(weekdays))
    if level not in Level.values:
        raise FormRefused("level", _("Choose: can, rather not or cannot."), field="level")
    if not days or not set(days) <= set(range(7)):
        raise FormRefused("weekday", _("Choose a day of the week."), field="weekday")
    if part and part not in dagdelen.NAMES:
        raise FormRefused("part", _("Choose a part of the day."), field="part")
    sql.hold_people([person_id])
    today = wall.day_of(clock.now())
    for weekday in days:
        _set_habit(person_id, weekday, part, level, today)


def _set_habit(person_id: int, weekday: int, part: str, level: str, today: date) -> None:
    running = [
        one
        for one in WeeklyAvailability.objects.filter(person_id=person_id, weekday=weekday)
        if one.valid_until is None or one.valid_until > today
    ]
    for one in running:
        if not part or one.dagdeel in {part, ""}:
            _end_habit(one, today)
        if part and one.dagdeel == "":  # the rest of that day stays as it was
            for other in dagdelen.NAMES:
                if other != part and not any(habit.dagdeel == other for habit in running):
                    _begin_habit(person_id, weekday, other, one.level, today)
    if level != Level.CAN:
        _begin_habit(person_id, weekday, part, level, today)


def _begin_habit(person_id: int, weekday: int, part: str, level: str, today: date) -> None:
    WeeklyAvailability.objects.create(person_id=person_id, weekday=weekday, dagdeel=part, level=level, valid_from=today)


def _end_habit(habit: WeeklyAvailability, today: date) -> None:
    if habit.valid_from >= today:
        habit.delete()
    else:
        habit.valid_until = today
        habit.save(update_fields=["valid_until"])


@transaction.atomic
def end_habit(*, habit_id: int, by: int) -> None:
    """From today on no more. Twice is once. Raises NotYours."""
    habit = WeeklyAvailability.objects.filter(pk=habit_id).first()
    if habit is None:
        return
    require_keeper(habit.person_id, by)
    sql.hold_people([habit.person_id])
    _end_habit(habit, wall.day_of(clock.now()))
