"""What somebody stated about when he can, as his page shows it; and who answered a round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from directory import queries as directory
from directory.access import COORDINATOR
from directory.queries import DUTY_ROLES
from integrations import clock
from rosters import agenda, eligibility, snapshot
from rosters.agenda import DutyCard
from rosters.core import dagdelen, wall
from rosters.core.availability import CAN, CANNOT, RATHER_NOT, Stretches
from rosters.core.dagdelen import Part
from rosters.core.intervals import Interval
from rosters.models import Absence, BusySource, BusyTime, Round, Terms, WeeklyAvailability, Wish

WEEKS = 8
AHEAD = timedelta(weeks=26)  # duties that an absence hits are shown so far ahead
MIXED = "mixed"
NEXT = {CAN: RATHER_NOT, RATHER_NOT: CANNOT, CANNOT: CAN, MIXED: CANNOT}


@dataclass(frozen=True, slots=True)
class Cell:
    """A dagdeel of a day. `level`: can, rather_not, cannot or mixed; `next_level` is what a press makes of it."""

    part: str
    level: str
    next_level: str
    has_duty: bool
    is_busy: bool
    is_past: bool


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    cells: tuple[Cell, ...]
    next_level: str  # for the whole day
    is_past: bool


@dataclass(frozen=True, slots=True)
class Week:
    monday: date
    number: int
    days: tuple[Day, ...]
    next_level: str  # for the whole week

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """What was said of a moment to come. `said_by`: who said it, '' for the person himself."""

    id: int
    when: Interval
    level: str
    reason: str
    said_by: str


@dataclass(frozen=True, slots=True)
class AskedRound:
    """A round that asks this person, with his answer if it is in."""

    id: int
    name: str
    starts_on: date
    last_day: date
    deadline: datetime
    min_duties: int | None
    max_duties: int | None
    given_at: datetime | None

    @property
    def is_late(self) -> bool:
        return self.given_at is not None and self.given_at >= self.deadline


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round as its coordinator sees it: who answered, who was late, who not yet; names in order."""

    id: int
    name: str
    region: str
    starts_on: date
    last_day: date
    deadline: datetime
    answered: tuple[tuple[int, str, bool], ...]  # id, name, late
    waiting: tuple[tuple[int, str], ...]

    @property
    def total(self) -> int:
        return len(self.answered) + len(self.waiting)


def parts() -> tuple[Part, ...]:
    """The dagdelen that any active line has, in the order of the day."""
    found: dict[str, Part] = {}
    for line in snapshot.current().lines.values():
        if line.is_active:
            for part in line.parts:
                found.setdefault(part.name, part)
    return tuple(sorted(found.values(), key=lambda part: part.starts)) or dagdelen.DEFAULT


def weekdays() -> tuple[int, ...]:
    """The days of the week on which any line is open; Monday to Friday at least."""
    lines = [line for line in snapshot.current().lines.values() if line.is_active]
    return tuple(day for day in range(7) if day < 5 or any(line.hours.week[day] for line in lines))


def grid(person_id: int, first: date, weeks: int = WEEKS) -> tuple[Week, ...]:
    """From the Monday of `first` on, what holds for each dagdeel, in six statements."""
    monday = first - timedelta(days=first.weekday())
    days = [monday + timedelta(days=ahead) for ahead in range(7 * weeks)]
    window = Interval(wall.moment(monday, 0), wall.moment(days[-1] + wall.A_DAY, 0))
    shown, wanted = parts(), weekdays()
    known = eligibility.availability_of([person_id], window, shown)[person_id]
    duties = [card.when for card in agenda.agenda(person_id, window.start, window.end)]
    busy = [
        Interval(*row)
        for row in BusyTime.objects.filter(
            source__person_id=person_id, starts_at__lt=window.end, ends_at__gt=window.start
        ).values_list("starts_at", "ends_at")
    ]
    now = clock.now()
    found = []
    for start in range(0, len(days), 7):
        week = [
            _day(day, shown, known, duties, busy, now) for day in days[start : start + 7] if day.weekday() in wanted
        ]
        nexts = {day.next_level for day in week if not day.is_past}
        monday = days[start]
        found.append(Week(monday, monday.isocalendar().week, tuple(week), CAN if nexts == {CAN} else CANNOT))
    return tuple(found)


def _day(
    day: date,
    shown: Sequence[Part],
    known: Stretches,
    duties: Sequence[Interval],
    busy: Sequence[Interval],
    now: datetime,
) -> Day:
    cells = []
    for part in shown:
        when = Interval(wall.moment(day, part.starts), wall.moment(day, part.ends))
        level = _level(known, when)
        cells.append(
            Cell(
                part=part.name,
                level=level,
                next_level=NEXT[level],
                has_duty=any(duty.overlaps(when) for duty in duties),
                is_busy=any(one.overlaps(when) for one in busy),
                is_past=when.end <= now,
            )
        )
    left = {cell.level for cell in cells if not cell.is_past}
    return Day(day, tuple(cells), CAN if left == {CANNOT} else CANNOT, not left)


def _level(known: Stretches, when: Interval) -> str:
    """What holds for the whole of it; 'mixed' when it differs."""
    for stretches, level in ((known.cannot, CANNOT), (known.rather_not, RATHER_NOT)):
        if any(one.start <= when.start and when.end <= one.end for one in stretches):
            return level
    touched = any(one.overlaps(when) for one in (*known.cannot, *known.rather_not))
    return MIXED if touched else CAN


def absences(person_id: int) -> list[AbsenceRow]:
    """What he said of moments to come, in order."""
    found = Absence.objects.filter(person_id=person_id, withdrawn_at__isnull=True, ends_at__gt=clock.now())
    return [
        AbsenceRow(
            id=one.pk,
            when=Interval(one.starts_at, one.ends_at),
            level=one.level,
            reason="" if one.reason == Absence.Reason.OTHER else one.reason,
            said_by=one.made_by.name if one.made_by is not None and one.made_by_id != person_id else "",
        )
        for one in found.select_related("made_by").order_by("starts_at", "pk")
    ]


def habits(person_id: int) -> list[WeeklyAvailability]:
    """His weekly habits that hold now or later, Monday first."""
    today = wall.day_of(clock.now())
    found = WeeklyAvailability.objects.filter(person_id=person_id).order_by("weekday", "pk")
    return [one for one in found if one.valid_until is None or one.valid_until > today]


def hit_duties(person_id: int) -> list[DutyCard]:
    """His duties to come that lie in a time in which he cannot, as he said or does every week; calendars aside."""
    now = clock.now()
    window = Interval(now, now + AHEAD)
    duties = agenda.agenda(person_id, window.start, window.end)
    if not duties:
        return []
    cannot = eligibility.availability_of([person_id], window, parts(), calendars=False)[person_id].cannot
    return [duty for duty in duties if any(one.overlaps(duty.when) for one in cannot)]


def sources(person_id: int) -> list[BusySource]:
    """His own calendars that are read along, by name."""
    return list(BusySource.objects.filter(person_id=person_id).order_by("name", "pk"))


def terms_of(person_id: int) -> Terms:
    """What was agreed with him; the usual, unsaved, when nothing was."""
    return Terms.objects.filter(person_id=person_id).first() or Terms(person_id=person_id)


def rounds_of(person_id: int) -> list[AskedRound]:
    """The rounds of his regions whose period is not over, the nearest deadline first."""
    today = wall.day_of(clock.now())
    mine = _regions_of(person_id)
    found = []
    rounds = Round.objects.filter(ends_on__gt=today).order_by("deadline", "pk")
    answers = {wish.round_id: wish for wish in Wish.objects.filter(person_id=person_id, round__ends_on__gt=today)}
    for one in rounds:
        if mine is not None and not mine & _asked_in(one.region_id):
            continue
        wish = answers.get(one.pk)
        found.append(
            AskedRound(
                id=one.pk,
                name=one.name,
                starts_on=one.starts_on,
                last_day=one.ends_on - wall.A_DAY,
                deadline=one.deadline,
                min_duties=wish.min_duties if wish else None,
                max_duties=wish.max_duties if wish else None,
                given_at=wish.given_at if wish else None,
            )
        )
    return found


def rounds_for(coordinator_id: int) -> list[RoundRow]:
    """The rounds of his regions that are not over, with who answered; the nearest deadline first."""
    tree = directory.set_up()
    regions = directory.regions_in_scope(coordinator_id, COORDINATOR)
    today = wall.day_of(clock.now())
    lawyers = directory.staff("lawyer")
    rounds = Round.objects.filter(region_id__in=regions, ends_on__gt=today).order_by("deadline", "pk")
    rows = []
    for one in rounds.prefetch_related("wishes__person"):
        asked_in = _asked_in(one.region_id)
        answers = sorted((wish.person_id, wish.person.name, wish.given_at >= one.deadline) for wish in one.wishes.all())
        given = {person_id for person_id, _name, _late in answers}
        waiting = [
            (person.id, person.name)
            for person in lawyers.values()
            if person.id not in given and (person.regions is None or person.regions & asked_in)
        ]
        rows.append(
            RoundRow(
                id=one.pk,
                name=one.name,
                region=tree.region_by_id[one.region_id].name,
                starts_on=one.starts_on,
                last_day=one.ends_on - wall.A_DAY,
                deadline=one.deadline,
                answered=tuple(sorted(answers, key=lambda row: row[1])),
                waiting=tuple(sorted(waiting, key=lambda row: row[1])),
            )
        )
    return rows


def _asked_in(region_id: int) -> frozenset[int]:
    """Where the people of a round come from: the region, what lies in it, and what it lies in."""
    tree = directory.set_up()
    return frozenset(tree.within(region_id)) | frozenset(tree.ancestors(region_id))


def _regions_of(person_id: int) -> frozenset[int] | None:
    """Of all roles in which he does duties; None: everywhere."""
    found: set[int] = set()
    for role in DUTY_ROLES:
        for one in directory.staff(role, person_ids=[person_id]).values():
            if one.regions is None:
                return None
            found |= one.regions
    return frozenset(found)
