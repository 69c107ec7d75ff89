"""The way back in the demo: a line with a contact point per site, where first-line workers take turns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from directory.queries import SetUp
from hotline.demo.plan import BACK_LINE_NAME, BACK_LINE_NUMBER, CONTACT_POINTS, Plan
from hotline.demo.rosters import CLOSES, HORIZON, NOON, OPENS, WORKING_DAYS
from hotline.demo.turns import AMSTERDAM
from rosters import queries, services

DAYS = "01234"


def keep(known: SetUp, plan: Plan, people: Mapping[str, int], now: datetime) -> int:
    """Make the line, its desks and patterns when they are not there, and fill duties as far as the other lines' go.

    Returns the duties added. Raises KeyError for a worker who is no longer active.
    """
    line = queries.line_by_number(BACK_LINE_NUMBER)
    if line is None:
        _make(known, plan, people, now)
        line = queries.line_by_number(BACK_LINE_NUMBER)
    if line is None:
        raise KeyError(BACK_LINE_NUMBER)
    desk_ids = [desk.id for desk in queries.desks() if desk.line_id == line.id]
    since = (now - HORIZON).astimezone(AMSTERDAM).date()
    until = (now + HORIZON).astimezone(AMSTERDAM).date() + timedelta(days=1)
    return services.fill_duties(since=since, until=until, desk_ids=desk_ids).made


def _make(known: SetUp, plan: Plan, people: Mapping[str, int], now: datetime) -> None:
    """Mornings by one worker, afternoons by the other."""
    line = services.create_line(number=BACK_LINE_NUMBER, name=BACK_LINE_NAME, direction="back")
    services.set_hours(line_id=line.pk, parts=[(day, OPENS, CLOSES) for day in WORKING_DAYS])
    start = (now - HORIZON).astimezone(AMSTERDAM).date()
    for planned in CONTACT_POINTS:
        desk = services.create_desk(
            line_id=line.pk,
            name=planned.name,
            area_ids=[known.area_by_slug[slug].id for slug in planned.areas],
            region_ids=[known.region_by_code[planned.region].id],
        )
        services.set_norm(desk_id=desk.pk, depth=planned.depth)
        for worker, starts in zip(plan.contact_pool(planned.region), (OPENS, NOON), strict=True):
            services.add_pattern(
                desk_id=desk.pk,
                person_id=people[worker.email],
                weekdays=DAYS,
                starts=starts,
                minutes=NOON - OPENS,
                valid_from=start,
            )
