"""Who did how much: read from the duty table for a person, for the people beside him, or for a whole region at once.

What a period is, what counts as done and what is unpopular stands in `core.ledger`. Closed quarters come from Balance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from directory import queries as directory
from integrations import clock
from rosters import snapshot
from rosters.core import ledger, wall
from rosters.core.intervals import Interval
from rosters.core.ledger import ENOUGH, Done, Figures, Measure, Period, Row, month, quarter
from rosters.core.weekly import MAX_DUTY
from rosters.models import Balance, Desk, Duty, Terms

__all__ = ["Beside", "Done", "Figures", "Measure", "Period", "month", "quarter"]

CARRIED = 4  # closed quarters that count beside the running one
FIELDS = ("id", "desk_id", "person_id", "position", "starts_at", "ends_at", "cancelled_at", "cancelled_why")


@dataclass(frozen=True, slots=True)
class Beside:
    """A person beside everybody of the same desks, over the quarters in which he took part.

    `weights`: agreed shares of them all. Without `is_enough` there are less than four weeks to look at.
    """

    person_id: int
    window: Interval  # over which the calls are to be counted as well
    people: tuple[int, ...]  # of the same desks, with himself
    weights: Mapping[int, float]
    duties: Measure
    unpopular: Measure
    is_enough: bool

    def measure(self, values: Mapping[int, int]) -> Measure:
        """Another figure of the same people; whoever has none is left out of `values` or has 0."""
        everybody = {one: values.get(one, 0) for one in self.people}
        return ledger.measure(self.person_id, everybody, self.weights)


# --- What was done --------------------------------------------------------------------------------------------------
def done_by(person_ids: Iterable[int], since: datetime, until: datetime) -> dict[int, list[Done]]:
    """What these people did of duties that start in [since, until), in order; in two statements at most."""
    ids = set(person_ids)
    found: dict[int, list[Done]] = defaultdict(list)
    for one in _done(Duty.objects.filter(person_id__in=ids), since, until):
        if one.person_id in ids:
            found[one.person_id].append(one)
    return dict(found)


def done_on(desk_ids: Iterable[int], since: datetime, until: datetime) -> list[Done]:
    """What was done on these desks of duties that start in [since, until), in order; in two statements at most."""
    return _done(Duty.objects.filter(desk_id__in=set(desk_ids)), since, until)


def desk_names(desk_ids: Iterable[int]) -> dict[int, str]:
    """Names of desks, also of those out of use; in one statement."""
    return dict(Desk.objects.filter(pk__in=set(desk_ids)).values_list("pk", "name"))


def figures_of_region(region_id: int, period: Period) -> dict[int, Figures]:
    """Per person what he did in a period on the desks of a region and of all that lies in it."""
    within = directory.set_up().within(region_id)
    desk_ids = [desk.id for desk in snapshot.current().desks if within.intersection(desk.regions)]
    return ledger.figures(done_on(desk_ids, *period.window))


def figures_in(period: Period) -> dict[int, Figures]:
    """Per person what he did in a period, everywhere."""
    return ledger.figures(_done(Duty.objects.all(), *period.window))


# --- Beside the others ----------------------------------------------------------------------------------------------
def beside(person_id: int, at: datetime | None = None) -> Beside:
    """Own figures beside everybody who did duties on the same desks: the running quarter with what was carried over.

    Counted over the quarters in which the person took part, so that who came later is not held to what was before.
    """
    now = at or clock.now()
    running = quarter(wall.day_of(now))
    oldest = quarter(running.starts_on, CARRIED)
    people = _same_desks(person_id, Interval(oldest.window.start, now))
    carried = _carried(people, oldest.starts_on, running.starts_on)
    recent = done_by(people, running.window.start, now)
    present = {one: ledger.figures(rows).get(one, Figures()) for one, rows in recent.items()}
    mine = set(carried.get(person_id, {}))
    totals = {
        one: sum((carried.get(one, {}).get(day, Figures()) for day in mine), present.get(one, Figures()))
        for one in people
    }
    weights = {
        one: float(weight)
        for one, weight in Terms.objects.filter(person_id__in=people).values_list("person_id", "weight")
    }
    first = min((one.starts_at for one in recent.get(person_id, [])), default=now)
    return Beside(
        person_id=person_id,
        window=Interval(min((wall.moment(day, 0) for day in mine), default=running.window.start), now),
        people=tuple(sorted(people)),
        weights=weights,
        duties=ledger.measure(person_id, {one: total.duties for one, total in totals.items()}, weights),
        unpopular=ledger.measure(person_id, {one: total.unpopular for one, total in totals.items()}, weights),
        is_enough=bool(mine) or now - first >= ENOUGH,
    )


def _same_desks(person_id: int, window: Interval) -> set[int]:
    """Who had duties on the desks on which this person had them, with himself; in one statement."""
    started = Q(starts_at__gte=window.start, starts_at__lt=window.end) & (
        Q(cancelled_at__isnull=True) | Q(cancelled_at__gt=F("starts_at"))
    )
    desks = Duty.objects.filter(started, person_id=person_id).values("desk_id")
    others = Duty.objects.filter(started, desk_id__in=desks, person__is_active=True)
    return {person_id, *others.values_list("person_id", flat=True).distinct()}


def _carried(person_ids: Iterable[int], since: date, until: date) -> dict[int, dict[date, Figures]]:
    """Closed quarters per person, those in which he did anything."""
    found: dict[int, dict[date, Figures]] = defaultdict(dict)
    rows = Balance.objects.filter(
        person_id__in=set(person_ids), starts_on__gte=since, starts_on__lt=until, duties__gt=0
    ).values_list("person_id", "starts_on", "duties", "minutes", "unpopular", "holidays")
    for person_id, starts_on, *figures in rows:
        found[person_id][starts_on] = Figures(*figures)
    return found


# --- Reading --------------------------------------------------------------------------------------------------------
def _done(asked: QuerySet[Duty], since: datetime, until: datetime) -> list[Done]:
    """Done of these duties; what went out of force after its start is held to who came in its place."""
    now = clock.now()
    rows = _rows(asked.filter(starts_at__gte=since, starts_at__lt=min(until, now)))
    ended = [row for row in rows if row.cancelled_at]
    known = {row.id for row in rows}
    if ended:
        instead = Duty.objects.filter(
            Q(desk_id__in={row.desk_id for row in ended}) | Q(person_id__in={row.person_id for row in ended}),
            starts_at__gt=min(row.starts_at for row in ended) - MAX_DUTY,
            starts_at__lt=max(row.ends_at for row in ended),
        )
        rows += [row for row in _rows(instead) if row.id not in known]
    return [one for one in ledger.done(rows, now) if one.duty_id in known]


def _rows(asked: QuerySet[Duty]) -> list[Row]:
    was_in_force = Q(cancelled_at__isnull=True) | Q(cancelled_at__gt=F("starts_at"))
    return [Row(*row) for row in asked.filter(was_in_force).order_by().values_list(*FIELDS)]
