"""Lines, desks and duties of the demo: around the clock on the first line, in office hours on the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from directory.queries import SetUp
from hotline.demo.plan import (
    FIRST_LINE_NAME,
    OFFICE_HOURS,
    ROUND_THE_CLOCK,
    SECOND_LINE_NAME,
    SECOND_LINE_NUMBER,
    Plan,
    PlannedDesk,
)
from hotline.demo.turns import AMSTERDAM, changing_hour, turns
from rosters import queries, services
from rosters.services import NewDuty

HORIZON = timedelta(weeks=13)
MIDNIGHT = 24 * 60
OPENS, NOON, CLOSES = 9 * 60, 13 * 60, 17 * 60
WORKING_DAYS = range(5)
ALL_DAYS = range(7)
NOT_ON_WEDNESDAY = "0134"  # the gap ahead of every week


@dataclass(frozen=True, slots=True)
class Desks:
    """Ids by name."""

    line_id: int
    second_line_id: int
    ids: Mapping[str, int]


def make_lines(known: SetUp, fallback_number: str) -> Desks:
    """Both lines with their hours and desks."""
    line = services.create_line(
        number=settings.HOTLINE_NUMBER,
        name=FIRST_LINE_NAME,
        fallback_number=fallback_number,
        closed_on_holidays=False,
    )
    services.set_hours(line_id=line.pk, parts=[(day, 0, MIDNIGHT) for day in ALL_DAYS])
    second = services.create_line(number=SECOND_LINE_NUMBER, name=SECOND_LINE_NAME, fallback_number=fallback_number)
    services.set_hours(line_id=second.pk, parts=[(day, OPENS, CLOSES) for day in WORKING_DAYS])
    ids = {desk.name: _make_desk(known, line.pk, desk) for desk in ROUND_THE_CLOCK}
    ids |= {desk.name: _make_desk(known, second.pk, desk) for desk in OFFICE_HOURS}
    return Desks(line.pk, second.pk, ids)


def find_desks() -> Desks:
    """What `make_lines` made before. Raises KeyError when somebody took a desk or line out of use."""
    ids = {desk.name: desk.id for desk in queries.desks()}
    line, second = (queries.line_by_number(number) for number in (settings.HOTLINE_NUMBER, SECOND_LINE_NUMBER))
    if line is None or second is None:
        raise KeyError(settings.HOTLINE_NUMBER if line is None else SECOND_LINE_NUMBER)
    return Desks(line.id, second.id, ids)


def fill_round_the_clock(desks: Desks, plan: Plan, people: Mapping[str, int], now: datetime) -> int:
    """First and second on every desk of the first line, from the past into the future. Returns the duties added."""
    today = now.astimezone(AMSTERDAM).date()
    since = today - max(HORIZON, timedelta(days=plan.size.days_back)) - timedelta(days=1)
    until = today + HORIZON + timedelta(days=2)
    duties: list[NewDuty] = []
    for desk in ROUND_THE_CLOCK:
        desk_id, pool = desks.ids[desk.name], [people[lawyer.email] for lawyer in plan.pool(desk.name)]
        duties += [
            NewDuty(desk_id, pool[turn.person], turn.position, turn.starts_at, turn.ends_at)
            for turn in turns(len(pool), since, until, _hour_of(desk_id, now))
        ]
    # Everybody has said yes: a fresh demo starts with quiet phones, not with a reminder for each duty of the next days.
    return services.add_duties(duties=duties, confirmed="coordinator")


def make_patterns(desks: Desks, plan: Plan, people: Mapping[str, int], now: datetime) -> None:
    """Mornings and afternoons of the second line; one desk leaves every Wednesday open."""
    start = (now - HORIZON).astimezone(AMSTERDAM).date()
    for desk in OFFICE_HOURS:
        pool = [people[lawyer.email] for lawyer in plan.pool(desk.name)]
        weekdays = NOT_ON_WEDNESDAY if desk is OFFICE_HOURS[1] else "01234"
        for place, digit in enumerate(weekdays):
            for half, starts in enumerate((OPENS, NOON)):
                for position in range(1, desk.depth + 1):
                    services.add_pattern(
                        desk_id=desks.ids[desk.name],
                        person_id=pool[(place + half + position) % len(pool)],
                        weekdays=digit,
                        starts=starts,
                        minutes=NOON - OPENS,
                        valid_from=start,
                        position=position,
                    )


def fill_patterns(desks: Desks, now: datetime) -> int:
    """The duties of the second line, as far as the first line's. Returns those added."""
    ids = [desks.ids[desk.name] for desk in OFFICE_HOURS]
    since = (now - HORIZON).astimezone(AMSTERDAM).date()
    until = (now + HORIZON).astimezone(AMSTERDAM).date() + timedelta(days=1)
    return services.fill_duties(since=since, until=until, desk_ids=ids).made


def first_on_duty(desk_ids: Sequence[int], at: datetime) -> int:
    """Who holds the first position of the nearest of these desks."""
    on_duty = {(one.desk_id, one.position): one.person_id for one in queries.on_duty(desk_ids, at)}
    return on_duty[desk_ids[0], 1]


def _make_desk(known: SetUp, line_id: int, desk: PlannedDesk) -> int:
    made = services.create_desk(
        line_id=line_id,
        name=desk.name,
        area_ids=[known.area_by_slug[slug].id for slug in desk.areas],
        region_ids=[known.region_by_code[desk.region.lower()].id],
    )
    services.set_norm(desk_id=made.pk, depth=desk.depth)
    return made.pk


def _hour_of(desk_id: int, now: datetime) -> int:
    """The hour at which this desk changes already, so that loading again goes on where it ended."""
    present = queries.on_duty([desk_id], now)
    return present[0].starts_at.astimezone(AMSTERDAM).hour if present else changing_hour(now)
