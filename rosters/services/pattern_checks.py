"""What a pattern must be before it stands: a desk, somebody, days, times, and nothing of another pattern's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from directory import queries as directory
from directory.errors import NotKnown as PersonNotKnown
from rosters import eligibility, snapshot
from rosters.core import weekly
from rosters.core.wall import DAY_MINUTES
from rosters.core.weekly import LONGEST_CYCLE, MAX_DUTY, Weekly
from rosters.errors import NotKnown, SetUpRefused
from rosters.models import Pattern
from rosters.plan_words import day_words, pattern_words, weekday_words
from rosters.services.duties import POSITIONS
from rosters.services.filling import weekly_of

PATTERN_MINUTES = range(1, 7 * DAY_MINUTES + 1)


@dataclass(frozen=True, slots=True)
class NewPattern:
    """A pattern to be: `weekdays` are digits, 0 is Monday; `starts` minutes after midnight, `minutes` on the wall.

    `turn`: the week of the cycle, 0 is that of valid_from; None goes on in the weeks of the pattern it replaces.
    `outside_hours`: somebody wants it so, outside opening hours.
    """

    desk_id: int
    person_id: int
    weekdays: str
    starts: int
    minutes: int
    valid_from: date
    valid_until: date | None = None
    position: int = 1
    every_weeks: int = 1
    turn: int | None = 0
    on_holidays: str = Pattern.OnHolidays.STAFF.value
    outside_hours: bool = False

    @property
    def weekly(self) -> Weekly:
        return weekly_of(self.unsaved())

    def unsaved(self) -> Pattern:
        return Pattern(
            desk_id=self.desk_id, person_id=self.person_id, position=self.position,
            weekdays="".join(sorted(self.weekdays)), starts=self.starts, minutes=self.minutes,
            every_weeks=self.every_weeks, turn=self.turn or 0, on_holidays=self.on_holidays,
            valid_from=self.valid_from, valid_until=self.valid_until,
        )  # fmt: skip


def refuse(new: NewPattern, *, without: Iterable[Pattern] = ()) -> None:
    """Raises SetUpRefused or NotKnown for a pattern that cannot be; `without` are patterns that make place for it."""
    desk = next((desk for desk in snapshot.current().desks if desk.id == new.desk_id), None)
    if desk is None:
        raise NotKnown("desk_unknown", _("This desk is gone. Load the page again."))
    try:
        directory.contact(new.person_id)
    except PersonNotKnown as gone:
        raise NotKnown("person_unknown", _("This person no longer takes part. Choose somebody else.")) from gone
    days = new.weekdays
    if not days or len(set(days)) != len(days) or not set(days) <= set("0123456"):
        raise SetUpRefused("weekdays_wrong", _("Choose at least one day of the week, each once."))
    if new.starts not in range(DAY_MINUTES) or new.minutes not in PATTERN_MINUTES:
        raise SetUpRefused("pattern_times_wrong", _("A duty starts within the day and is at most seven days long."))
    if new.position not in POSITIONS:
        raise SetUpRefused("position_wrong", _("A position is 1 to 9."))
    if new.valid_until is not None and new.valid_until <= new.valid_from:
        raise SetUpRefused("pattern_dates_wrong", _("A pattern ends after it starts. Correct the dates."))
    if new.every_weeks not in range(1, LONGEST_CYCLE + 1) or (new.turn or 0) not in range(new.every_weeks):
        raise SetUpRefused(
            "turn_wrong", _("A cycle is 1 to %(most)s weeks, and the turn one of them.") % {"most": LONGEST_CYCLE}
        )
    if new.on_holidays not in Pattern.OnHolidays.values:
        raise SetUpRefused("holidays_wrong", _("Choose whether holidays are skipped or staffed."))
    if weekly.overlaps_itself(new.weekly):
        raise SetUpRefused("pattern_times_wrong", _("A duty lasts until after the next one starts. Make it shorter."))
    outside = weekly.hours_outside(new.weekly, snapshot.current().lines[desk.line_id].hours.week)
    if outside and not new.outside_hours:
        raise SetUpRefused(
            "outside_hours",
            _("The line is not open for all of it on: %(days)s. Correct the times, or tick that it must be so.")
            % {"days": weekday_words(outside)},
        )
    _refuse_overlap(new, without)


def part_times(desk_id: int, dagdeel: str) -> tuple[int, int]:
    """(starts, minutes) of a dagdeel of the desk's line. Raises SetUpRefused, NotKnown."""
    desk = next((desk for desk in snapshot.current().desks if desk.id == desk_id), None)
    if desk is None:
        raise NotKnown("desk_unknown", _("This desk is gone. Load the page again."))
    for part in eligibility.parts_of(desk.line_id):
        if part.name == dagdeel:
            return part.starts, part.ends - part.starts
    raise SetUpRefused("dagdeel_unknown", _("This line does not have that part of the day. Fill in from and until."))


def _refuse_overlap(new: NewPattern, ending: Iterable[Pattern]) -> None:
    others = (
        Pattern.objects.filter(Q(desk_id=new.desk_id, position=new.position) | Q(person_id=new.person_id))
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gt=new.valid_from - MAX_DUTY))
        .exclude(pk__in=[pattern.pk for pattern in ending])
        .select_related("desk", "person")
        .order_by("pk")
    )
    if new.valid_until is not None:
        others = others.filter(valid_from__lt=new.valid_until + MAX_DUTY)
    for other in others:
        day = weekly.first_clash(new.weekly, weekly_of(other))
        if day is None:
            continue
        values = {
            "person": other.person.name,
            "desk": other.desk.name,
            "hours": pattern_words(other.weekdays, other.starts, other.minutes, other.every_weeks),
            "day": day_words(day),
        }
        if other.person_id == new.person_id:
            text = _("%(person)s has a pattern already: %(desk)s, %(hours)s. They overlap on %(day)s.") % values
        else:
            text = _("%(person)s has this position already: %(desk)s, %(hours)s. They overlap on %(day)s.") % values
        raise SetUpRefused("pattern_overlaps", text + " " + _("Choose other times, or end that pattern first."))
