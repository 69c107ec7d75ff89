"""Minute by minute on the nights on which the clocks change, at the ends of years and on a leap day: who is on duty is
whom the clock on the wall says, and always exactly one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from integrations import clock
from rosters import queries, services
from rosters.core import wall
from tests import builders

pytestmark = pytest.mark.django_db
A_MINUTE = timedelta(minutes=1)
NIGHTS = [
    date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31),
    date(2027, 1, 1), date(2028, 1, 1), date(2028, 2, 29), date(2028, 3, 1),
]  # fmt: skip


def filled(night: date, parts: dict[str, tuple[int, int]]) -> int:
    """A desk that is served day and night by one person for each of these (starts, minutes); its id."""
    desk = builders.a_desk(builders.an_all_hours_line())
    for name, (starts, minutes) in parts.items():
        services.add_pattern(
            desk_id=desk.pk, person_id=builders.a_lawyer(name).pk, weekdays="0123456", starts=starts, minutes=minutes,
            valid_from=night - timedelta(days=10),
        )  # fmt: skip
    filled = services.fill_duties(since=night - timedelta(days=3), until=night + timedelta(days=4))
    assert filled.holes == ()
    return desk.pk


def walk(desk_id: int, night: date, hours: int = 30) -> list[tuple[datetime, list[str]]]:
    """Every minute from 20:00 on the evening before, with who is on duty."""
    start = wall.moment(night - timedelta(days=1), 20 * 60)
    minutes = [start + place * A_MINUTE for place in range(hours * 60)]
    return [(minute, [one.name for one in queries.on_duty([desk_id], minute)]) for minute in minutes]


@pytest.mark.parametrize("night", NIGHTS)
def test_night_day_and_evening_follow_the_clock_on_the_wall(night: date) -> None:
    with clock.at(datetime(night.year, night.month, night.day, tzinfo=UTC) - timedelta(days=5)):
        desk_id = filled(night, {"Nacht": (22 * 60, 8 * 60), "Dag": (6 * 60, 8 * 60), "Avond": (14 * 60, 8 * 60)})
        for minute, names in walk(desk_id, night):
            local = minute.astimezone(wall.AMSTERDAM).time()
            expected = "Dag" if time(6) <= local < time(14) else "Avond" if time(14) <= local < time(22) else "Nacht"
            assert names == [expected], minute


@pytest.mark.parametrize("night", NIGHTS[:4])
@pytest.mark.parametrize("change", [2 * 60, 2 * 60 + 30, 3 * 60])
def test_a_change_in_the_hour_that_is_skipped_or_comes_twice_happens_once(night: date, change: int) -> None:
    """The next one begins when the clock first shows that time, or passes it."""
    with clock.at(datetime(night.year, night.month, night.day, tzinfo=UTC) - timedelta(days=5)):
        desk_id = filled(night, {"Vroeg": (20 * 60, change + 4 * 60), "Laat": (change, 20 * 60 - change)})
        passed = False
        for minute, names in walk(desk_id, night, hours=20):
            local = minute.astimezone(wall.AMSTERDAM)
            passed = passed or (local.date() == night and local.hour * 60 + local.minute >= change)
            assert names == ["Laat" if passed else "Vroeg"], minute


def test_a_duty_begins_on_its_first_minute_and_is_over_on_its_last() -> None:
    night = date(2026, 11, 18)
    with clock.at(datetime(2026, 11, 12, tzinfo=UTC)):
        desk_id = filled(night, {"Dag": (9 * 60, 8 * 60)})
        moment = wall.moment(night, 9 * 60)
        names = [
            [one.name for one in queries.on_duty([desk_id], at)]
            for at in (moment - timedelta.resolution, moment, moment + timedelta(hours=8) - timedelta.resolution,
                       moment + timedelta(hours=8))
        ]  # fmt: skip
    assert names == [[], ["Dag"], ["Dag"], []]


def test_turns_go_on_over_the_ends_of_years() -> None:
    """2026 has 53 weeks: an even and odd count of week numbers would give one person two weeks running."""
    with clock.at(datetime(2026, 12, 10, tzinfo=UTC)):
        line = builders.a_line()
        desk = builders.a_desk(line)
        people = [builders.a_lawyer(name).pk for name in ("Ada", "Bos")]
        services.add_rotation(
            desk_id=desk.pk, person_ids=people, weekdays="0", dagdeel="ochtend", valid_from=date(2026, 12, 14)
        )
        services.fill_duties(until=date(2027, 2, 1))
        mondays = [date(2026, 12, 14) + timedelta(weeks=week) for week in range(7)]
        holders = [queries.on_duty([desk.pk], wall.moment(day, 600))[0].name for day in mondays]
    assert holders == ["Ada", "Bos", "Ada", "Bos", "Ada", "Bos", "Ada"]
