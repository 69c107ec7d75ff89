"""Six faults that were reproduced in another roster program, each as a test that passes here."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from directory.models import Person
from hotline.queries import who_would_ring
from rosters import coverage, queries, services
from rosters.core import wall
from rosters.core.intervals import Interval
from rosters.errors import RosterError
from rosters.models import Duty
from rosters.services import busy, covering, taking
from tests import builders
from tests.builders import a_desk, a_duty, a_lawyer, a_line, an_all_hours_line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten_thirty")]
NEXT_WEEK = Interval(wall.moment(date(2026, 11, 23), 0), wall.moment(date(2026, 11, 30), 0))
ALL_DAY = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//agenda//nl\r
BEGIN:VEVENT\r
UID:hele-dag\r
DTSTAMP:20261101T000000Z\r
DTSTART;VALUE=DATE:20261124\r
DTEND;VALUE=DATE:20261125\r
SUMMARY:Vrij\r
END:VEVENT\r
END:VCALENDAR\r
"""


def states(window: Interval = NEXT_WEEK) -> list[str]:
    found = coverage.coverage([builders.area_id()], [builders.region_id()], window)
    return [cell.state for cell in found.rows[0].cells if cell.state != "gesloten"]


def test_1_an_empty_roster_has_nothing_but_gaps() -> None:
    """There: no shifts, no gaps."""
    a_desk(a_line())
    assert states() == ["gat"] * 10


def test_2_an_event_of_a_whole_day_switches_no_gap_off() -> None:
    """There: one all-day event in a calendar, and no gap was seen in thirty days."""
    desk, bos = a_desk(a_line()), a_lawyer("Bos")
    busy.add_file(person_id=bos.pk, by=bos.pk, name="Agenda", data=ALL_DAY)
    services.add_duty(
        desk_id=desk.pk,
        person_id=bos.pk,
        starts_at=wall.moment(date(2026, 11, 25), 0),
        ends_at=wall.moment(date(2026, 11, 26), 0),
    )
    assert states() == ["gat"] * 4 + ["onder_norm"] * 2 + ["gat"] * 4


@pytest.mark.parametrize("monday", [date(2026, 10, 19), date(2026, 10, 26), date(2027, 3, 22), date(2027, 3, 29)])
def test_3_a_weekly_duty_keeps_its_time_on_the_wall_over_the_nights_that_the_clock_changes(monday: date) -> None:
    """There: Monday 09:00 became 08:00 after the last Sunday of October."""
    desk, bos = a_desk(a_line()), a_lawyer("Bos")
    services.add_pattern(
        desk_id=desk.pk, person_id=bos.pk, weekdays="0", starts=540, minutes=240, valid_from=date(2026, 10, 5)
    )
    services.fill_duties(since=date(2026, 10, 5), until=date(2027, 4, 12))
    local = datetime(monday.year, monday.month, monday.day, 9, tzinfo=wall.AMSTERDAM)
    on_duty = [bool(queries.on_duty([desk.pk], local + timedelta(minutes=n))) for n in (-1, 0, 239, 240)]
    assert on_duty == [False, True, True, False]


def test_4_days_that_only_somebody_who_left_holds_are_gaps() -> None:
    """There: ten such days scored a hundred."""
    desk, ghost = a_desk(a_line()), a_lawyer("Spook")
    services.add_duties(
        duties=[
            services.NewDuty(desk.pk, ghost.pk, 1, wall.moment(day, 540), wall.moment(day, 1020))
            for day in (NEXT_WEEK.start.date() + timedelta(days=n) for n in range(1, 6))
        ]
    )
    Person.objects.filter(pk=ghost.pk).update(is_active=False)
    assert set(states()) == {"gat"}


def test_5_whoever_is_on_duty_then_cannot_take_it_over_too() -> None:
    """There: both slots held the same person, and two takers could both succeed."""
    line = an_all_hours_line()
    first, second = a_desk(line, "Een"), a_desk(line, "Twee")
    anna, bos = a_lawyer("Anna"), a_lawyer("Bos")
    hers, his = a_duty(first, anna, starts=24), a_duty(second, bos, starts=26)
    request = covering.open_request(duty_id=hers.pk, kind="give", by=anna.pk)
    with pytest.raises(RosterError) as refused:
        taking.take(request_id=request.pk, person_id=bos.pk, by=bos.pk, breaking=("on_duty", "rest"))
    assert refused.value.code == "rules_broken"
    assert _in_force() == {(hers.pk, anna.pk), (his.pk, bos.pk)}


def test_6_whoever_is_deactivated_is_off_duty_at_once() -> None:
    """There: rung until a memory of a hundred seconds faded."""
    desk = a_desk(an_all_hours_line(), "Huur")
    anna, bos = a_lawyer("Anna"), a_lawyer("Bos")
    a_duty(desk, anna)
    a_duty(desk, bos, 2)
    Person.objects.filter(pk=anna.pk).update(is_active=False)
    run = who_would_ring("huur", "walcheren")
    assert [one.name for one in run.ring] + [one.name for one in run.skipped] == ["Bos"]


def _in_force() -> set[tuple[Any, Any]]:
    return set(Duty.objects.filter(cancelled_at__isnull=True).values_list("pk", "person_id"))
