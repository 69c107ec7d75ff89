"""Who may take a duty, and in which order to ask: the one answer for swaps, repair and the planner. Pure.

A person breaks a rule or does not. The rules in BREAKABLE protect himself, so he may break them knowingly; the others
protect the client and cannot be broken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from rosters.core import wall
from rosters.core.intervals import Interval

NOT_QUALIFIED, EXPIRED, OTHER_REGION = "not_qualified", "expired", "other_region"
ON_DUTY, ABSENT, REST, WEEK_FULL, MONTH_FULL = "on_duty", "absent", "rest", "week_full", "month_full"
BREAKABLE = frozenset({ABSENT, REST, WEEK_FULL, MONTH_FULL})
"""By the person himself, with a tick that names the rule; nobody is asked for a duty that breaks one."""

FREE, KNOWS_DESK, RATHER_NOT, NOT_READY = "free", "knows_desk", "rather_not", "not_ready"
BELOW_AVERAGE, ABOVE_AVERAGE = "below_average", "above_average"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A stretch of a desk that needs somebody. Without areas (contact points, coordinators) no registration counts."""

    when: Interval
    desk_id: int
    areas: frozenset[int]
    regions: frozenset[int]  # where somebody may come from: the desk's regions, what lies in them and above them


@dataclass(frozen=True, slots=True)
class Held:
    """A duty that a person has."""

    when: Interval
    desk_id: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """All that may count about a person, around the stretch that is wanted."""

    id: int
    name: str
    generalist: bool = False
    areas: Mapping[int, date | None] = field(default_factory=dict)  # area to the last day on which it holds
    regions: frozenset[int] | None = frozenset()  # of his role; None: everywhere
    cannot: tuple[Interval, ...] = ()
    rather_not: tuple[Interval, ...] = ()
    held: tuple[Held, ...] = ()  # of the calendar month before to the month after
    max_per_week: int = 5
    max_per_month: int | None = None
    rest: timedelta = timedelta(hours=11)
    load: float = 0.0  # duties of the last quarter by agreed share
    ready: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody fits. `broken` are codes of rules, in order; `reasons` say why he is ranked where he is."""

    id: int
    name: str
    broken: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    difference: int = 0  # duties below (negative) or above the average of those who fit

    @property
    def fits(self) -> bool:
        return not self.broken

    @property
    def may_take(self) -> bool:
        """By his own deed, knowing which rules it breaks."""
        return set(self.broken) <= BREAKABLE


def broken_rules(wanted: Wanted, one: Candidate) -> tuple[str, ...]:
    """The codes of all rules that this person would break by taking it."""
    found = []
    day = wall.day_of(wanted.when.start)
    if lack := registration_lacks(wanted.areas, one.generalist, one.areas, day):
        found.append(lack)
    if one.regions is not None and not one.regions & wanted.regions:
        found.append(OTHER_REGION)
    if any(duty.when.overlaps(wanted.when) for duty in one.held):
        found.append(ON_DUTY)
    if any(stretch.overlaps(wanted.when) for stretch in one.cannot):
        found.append(ABSENT)
    if lacks_rest(wanted.when, [duty.when for duty in one.held], one.rest):
        found.append(REST)
    if _in_week(one, day) >= one.max_per_week:
        found.append(WEEK_FULL)
    if one.max_per_month is not None and _in_month(one, day) >= one.max_per_month:
        found.append(MONTH_FULL)
    return tuple(found)


def registration_lacks(
    wanted: frozenset[int], generalist: bool, registered: Mapping[int, date | None], day: date
) -> str:
    """NOT_QUALIFIED, EXPIRED, or '' for who is registered for all these areas on that day."""
    if generalist or not wanted:
        return ""
    if not wanted <= set(registered):
        return NOT_QUALIFIED
    ended = any((until := registered[area]) is not None and until < day for area in wanted)
    return EXPIRED if ended else ""


def lacks_rest(wanted: Interval, held: Iterable[Interval], rest: timedelta) -> bool:
    """Whether less than `rest` lies between it and a duty of another day. Duties that touch are one stretch of work."""
    for duty in held:
        if duty.overlaps(wanted) or duty.end == wanted.start or wanted.end == duty.start:
            continue
        first, second = sorted((duty, wanted))
        apart = wall.day_of(first.start) != wall.day_of(second.start)
        if apart and second.start - first.end < rest:
            return True
    return False


def ranked(wanted: Wanted, candidates: Iterable[Candidate]) -> tuple[Verdict, ...]:
    """Everybody, those who fit first: who can before who would rather not, ready, least load, then by name."""
    everybody = [(one, broken_rules(wanted, one)) for one in candidates]
    fitting = [one.load for one, broken in everybody if not broken]
    average = sum(fitting) / len(fitting) if fitting else 0.0
    verdicts = []
    for one, broken in everybody:
        unwilling = any(stretch.overlaps(wanted.when) for stretch in one.rather_not)
        difference = round(one.load - average)
        verdict = Verdict(one.id, one.name, broken, _reasons(wanted, one, broken, unwilling, difference), difference)
        verdicts.append(((bool(broken), unwilling, not one.ready, one.load, one.name, one.id), verdict))
    return tuple(verdict for _place, verdict in sorted(verdicts, key=lambda pair: pair[0]))


def _reasons(
    wanted: Wanted, one: Candidate, broken: tuple[str, ...], unwilling: bool, difference: int
) -> tuple[str, ...]:
    if broken:
        return broken
    found = [FREE]
    if any(duty.desk_id == wanted.desk_id for duty in one.held):
        found.append(KNOWS_DESK)
    if difference:
        found.append(BELOW_AVERAGE if difference < 0 else ABOVE_AVERAGE)
    if unwilling:
        found.append(RATHER_NOT)
    if not one.ready:
        found.append(NOT_READY)
    return tuple(found)


def _in_week(one: Candidate, day: date) -> int:
    monday = day - timedelta(days=day.weekday())
    return sum(monday <= wall.day_of(duty.when.start) < monday + timedelta(days=7) for duty in one.held)


def _in_month(one: Candidate, day: date) -> int:
    return sum(
        (other := wall.day_of(duty.when.start)).year == day.year and other.month == day.month for duty in one.held
    )
