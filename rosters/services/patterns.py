"""Patterns: what a person does every week or every n-th week, alone or in turns with others.

A change shows its difference first, never rewrites what began, and leaves what people changed as it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from integrations import clock
from rosters import eligibility, telling
from rosters.core import eligible, wall, weekly
from rosters.core.diff import Change, Stint, changes
from rosters.core.intervals import Interval
from rosters.core.weekly import LONGEST_CYCLE, MAX_DUTY
from rosters.errors import NotKnown, SetUpRefused
from rosters.models import Duty, Hole, Pattern, Terms
from rosters.plan_words import day_words, pattern_words
from rosters.services import filling
from rosters.services.duties import hold, polite_overlap
from rosters.services.filling import fill_duties, fill_soon, fitting, hold_plans, of_patterns, stint_of, weekly_of
from rosters.services.in_force import adopt, take_out
from rosters.services.pattern_checks import NewPattern, part_times, refuse
from rosters.services.roster_news import ROSTER_PATH
from rosters.sources import PATTERNS, sources_for

MOST_WARNINGS = 20
NOT_READY = eligible.NOT_READY


@dataclass(frozen=True, slots=True)
class Warned:
    """What a coordinator must know before: `code` is rest or not_ready, `when` the duty it is about."""

    code: str
    person_id: int
    when: Interval | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change of a pattern does to the duties up to the horizon."""

    removed: tuple[Stint, ...] = ()
    added: tuple[Stint, ...] = ()
    same: int = 0
    kept: tuple[Stint, ...] = ()  # people changed them since: they stay
    holes: tuple[Hole, ...] = ()  # unsaved
    warnings: tuple[Warned, ...] = ()
    rows: tuple[Change, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        return not self.removed and not self.added


@transaction.atomic
def add_pattern(
    *,
    desk_id: int,
    person_id: int,
    weekdays: str,
    starts: int,
    minutes: int,
    valid_from: date,
    valid_until: date | None = None,
    position: int = 1,
    every_weeks: int = 1,
    turn: int = 0,
    on_holidays: str = Pattern.OnHolidays.STAFF.value,
    outside_hours: bool = False,
    by: int | None = None,
) -> Pattern:
    """On `weekdays` (digits, 0 is Monday) from `starts` minutes after midnight, `minutes` long on the wall.

    Duties come of it within seconds, by `keep_filled`. `by`: who made it; the person is told. Raises SetUpRefused
    (weekdays_wrong, pattern_times_wrong, position_wrong, pattern_dates_wrong, turn_wrong, outside_hours,
    pattern_overlaps), NotKnown.
    """
    new = NewPattern(
        desk_id, person_id, weekdays, starts, minutes, valid_from, valid_until, position, every_weeks, turn,
        on_holidays, outside_hours,
    )  # fmt: skip
    hold([desk_id], [person_id])
    refuse(new)
    pattern = new.unsaved()
    pattern.save()
    fill_soon()
    _tell("pattern_new", pattern, pattern.valid_from, by)
    return pattern


@transaction.atomic
def add_rotation(
    *,
    desk_id: int,
    person_ids: Sequence[int],
    weekdays: str,
    valid_from: date,
    valid_until: date | None = None,
    starts: int | None = None,
    minutes: int | None = None,
    dagdeel: str = "",
    positions: Collection[int] = (1,),
    on_holidays: str = Pattern.OnHolidays.STAFF.value,
    outside_hours: bool = False,
    by: int | None = None,
) -> list[Pattern]:
    """These people in turns, a week each, in this order from the week of `valid_from`; a pattern for each.

    In times or in a `dagdeel` of the line. With more positions the next in turn is the backup, and so on. Raises
    SetUpRefused: rotation_too_short, rotation_too_long, dagdeel_unknown, and what `add_pattern` raises.
    """
    hold([desk_id], person_ids)
    if len(person_ids) < max(2, len(positions)):
        raise SetUpRefused("rotation_too_short", _("Choose at least two people, and as many as there are positions."))
    if len(person_ids) > LONGEST_CYCLE:
        raise SetUpRefused("rotation_too_long", _("Choose at most %(most)s people.") % {"most": LONGEST_CYCLE})
    if dagdeel:
        starts, minutes = part_times(desk_id, dagdeel)
    if starts is None or minutes is None:
        raise SetUpRefused("pattern_times_wrong", _("Choose a part of the day, or fill in from and until."))
    weeks, shared = len(person_ids), uuid.uuid4()
    made: list[Pattern] = []
    for place, position in enumerate(positions):
        for turn in range(weeks):
            new = NewPattern(
                desk_id, person_ids[(turn + place) % weeks], weekdays, starts, minutes, valid_from, valid_until,
                position, weeks, turn, on_holidays, outside_hours,
            )  # fmt: skip
            refuse(new)
            pattern = new.unsaved()
            pattern.rotation = shared
            pattern.save()
            made.append(pattern)
    fill_soon()
    for pattern in made:
        _tell("pattern_new", pattern, pattern.valid_from, by)
    return made


@transaction.atomic
def end_pattern(*, pattern_id: int, on: date) -> None:
    """No new duties of it from that day; those in force stay."""
    pattern = hold_pattern(pattern_id)
    pattern.valid_until = on
    pattern.save(update_fields=["valid_until"])


def preview_change(*, pattern_id: int | None, new: NewPattern | None, from_day: date) -> Difference:
    """What `change_pattern` would do, or with `pattern_id` None what a new pattern would. Raises what they raise."""
    old = None if pattern_id is None else _pattern(pattern_id)
    if old is not None:
        _refuse_from(old, from_day)
    if new is not None:
        new = new if old is None else _going_on(new, old, from_day)
        refuse(new, without=() if old is None else (old,))
    return _difference(old, new, from_day)


@polite_overlap()
@transaction.atomic
def change_pattern(
    *, pattern_id: int, new: NewPattern | None, from_day: date, by: int | None = None
) -> tuple[Pattern | None, Difference]:
    """From that day on `new` instead of the pattern (None: nothing). The old one ends and stays as it was.

    Its duties from then on that nobody changed go, unless they are the same; those of the new one come up to the
    horizon. Raises SetUpRefused: from_day_past, pattern_ended, and what `add_pattern` raises; NotKnown.
    """
    old = _pattern(pattern_id)
    desks = {old.desk_id} | ({new.desk_id} if new else set())
    hold_plans(desks, {old.person_id} | ({new.person_id} if new else set()))
    old = hold_pattern(pattern_id)
    _refuse_from(old, from_day)
    made = None
    if new is not None:
        new = _going_on(new, old, from_day)
        refuse(new, without=(old,))
    difference = _difference(old, new, from_day)
    leaving = {duty.pk: duty for duty in _untouched(old, from_day).select_for_update()}
    gone = set(difference.removed)
    take_out([duty for duty in leaving.values() if stint_of(duty) in gone], why=Duty.Ended.PATTERN, by=by)
    old.valid_until = from_day
    old.save(update_fields=["valid_until"])
    if new is not None:
        made = new.unsaved()
        made.replaces, made.rotation = old, old.rotation
        made.save()
        staying = [duty for duty in leaving.values() if stint_of(duty) not in gone]
        adopt(staying, origin=PATTERNS.origin, version_id=None, pattern_id=made.pk)
    fill_duties(until=_horizon(), desk_ids=desks)
    if new is None or new.person_id != old.person_id:
        _tell("pattern_ended", old, from_day, by)
    if made is not None:
        _tell("pattern_new", made, from_day, by)
    return made, difference


def hold_pattern(pattern_id: int) -> Pattern:
    pattern = Pattern.objects.select_for_update().filter(pk=pattern_id).first()
    if pattern is None:
        raise _pattern_gone()
    return pattern


def _pattern(pattern_id: int) -> Pattern:
    pattern = Pattern.objects.filter(pk=pattern_id).first()
    if pattern is None:
        raise _pattern_gone()
    return pattern


def _pattern_gone() -> NotKnown:
    return NotKnown("pattern_unknown", _("This pattern is gone. Load the page again."))


def _going_on(new: NewPattern, old: Pattern, from_day: date) -> NewPattern:
    """It begins on that day; an own `turn` counts from that week already."""
    turn = new.turn
    if turn is None:
        turn = weekly.turn_from(weekly_of(old), from_day) if new.every_weeks == old.every_weeks else 0
    return replace(new, valid_from=from_day, turn=turn)


def _refuse_from(old: Pattern, from_day: date) -> None:
    if from_day < wall.day_of(clock.now()):
        raise SetUpRefused("from_day_past", _("What has been stays as it was. Choose today or later."))
    if old.valid_until is not None and from_day >= old.valid_until:
        raise SetUpRefused(
            "pattern_ended",
            _("This pattern ends on %(day)s already. Choose an earlier day, or make a new pattern.")
            % {"day": day_words(old.valid_until)},
        )


def _untouched(old: Pattern, from_day: date) -> QuerySet[Duty]:
    """The duties of a pattern from that day on that nobody changed and that have not begun."""
    after = max(wall.moment(from_day, 0), clock.now())
    return Duty.objects.filter(
        pattern=old, origin=Duty.Origin.PATTERN, came_from__isnull=True, cancelled_at__isnull=True, starts_at__gte=after
    ).order_by("starts_at")


def _difference(old: Pattern | None, new: NewPattern | None, from_day: date) -> Difference:
    leaving = {} if old is None else {stint_of(duty): duty.pk for duty in _untouched(old, from_day)}
    wanted = []
    since, until = max(from_day, wall.day_of(clock.now())), _horizon()
    if new is not None:
        sources = sources_for([new.desk_id], since, until)
        wanted = [
            one
            for one in of_patterns([new.unsaved()], since, until)
            if one.stint.when.end > clock.now() and sources.at(one.stint.desk_id, one.stint.when.start) == PATTERNS
        ]
    asked = {one.stint for one in wanted}
    staying = asked & set(leaving)
    going = [stint for stint in leaving if stint not in staying]
    desks = {stint.desk_id for stint in asked}
    duties, holes = fitting(wanted, desks, since, until, without=[leaving[stint] for stint in going])
    added = tuple(stint_of(duty) for duty in duties)
    return Difference(
        removed=tuple(going),
        added=added,
        same=len(staying),
        kept=() if old is None else _changed_by_people(old, from_day),
        holes=tuple(holes),
        warnings=() if new is None else warnings({new.person_id: added}, without=[leaving[one] for one in going]),
        rows=changes(going, added),
    )


def _changed_by_people(old: Pattern, from_day: date) -> tuple[Stint, ...]:
    """Duties in force that came of this pattern's by a take-over: they stay whoever's they are."""
    after = max(wall.moment(from_day, 0), clock.now())
    kept: list[Stint] = []
    chain = list(Duty.objects.filter(pattern=old, cancelled_at__isnull=False, starts_at__gte=after))
    seen: set[int] = set()
    while chain:
        seen |= {duty.pk for duty in chain}
        following = list(Duty.objects.filter(came_from__in=chain).exclude(pk__in=seen))
        kept += [stint_of(duty) for duty in following if duty.cancelled_at is None]
        chain = [duty for duty in following if duty.cancelled_at is not None]
    return tuple(sorted(set(kept)))


def warnings(added: Mapping[int, Sequence[Stint]], *, without: Collection[int] = ()) -> tuple[Warned, ...]:
    """Who would lack rest between these duties and those he has, and who cannot be rung yet. Rules for himself only.

    `without`: ids of duties that are about to go.
    """
    stints = [stint for those in added.values() for stint in those]
    if not stints:
        return ()
    near = Duty.objects.filter(
        person_id__in=added,
        cancelled_at__isnull=True,
        starts_at__gt=min(stint.when.start for stint in stints) - 2 * MAX_DUTY,
        starts_at__lt=max(stint.when.end for stint in stints) + MAX_DUTY,
    ).exclude(pk__in=without)
    held = {person_id: [stint.when for stint in those] for person_id, those in added.items()}
    for duty in near:
        held[duty.person_id].append(Interval(duty.starts_at, duty.ends_at))
    rest = dict(Terms.objects.filter(person_id__in=added).values_list("person_id", "rest_hours"))
    found = [Warned(NOT_READY, person_id) for person_id in sorted(eligibility.not_ready(added))]
    for stint in sorted(stints):
        hours = timedelta(hours=rest.get(stint.person_id, Terms().rest_hours))
        near_by = [one for one in held[stint.person_id] if one != stint.when]
        if eligible.lacks_rest(stint.when, near_by, hours):
            found.append(Warned(eligible.REST, stint.person_id, stint.when))
    return tuple(found[:MOST_WARNINGS])


def _horizon() -> date:
    return wall.day_of(clock.now()) + filling.HORIZON


def _tell(text: str, pattern: Pattern, day: date, by: int | None) -> None:
    """The person is told, unless he did it himself or nobody did (an import, the demo)."""
    if by is None or by == pattern.person_id:
        return
    soon = day < wall.day_of(clock.now()) + weekly.WEEK
    with translation.override(settings.LANGUAGE_CODE):
        hours = pattern_words(pattern.weekdays, pattern.starts, pattern.minutes, pattern.every_weeks)
        first = day_words(max(day, pattern.valid_from))
    telling.tell(
        text,
        [pattern.person_id],
        key=f"{pattern.pk}",
        by_sms=soon,
        desk=pattern.desk.name,
        hours=hours,
        day=first,
        page=f"{settings.PUBLIC_URL}{ROSTER_PATH}",
    )
