"""Opening hours on the wall, walked minute by minute over both nights on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosters.core import wall
from rosters.core.holidays import is_holiday
from rosters.core.hours import ALWAYS, Hours, week_of
from rosters.core.intervals import Interval
from rosters.core.wall import AMSTERDAM

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
OFFICE = Hours(week_of((day, 9 * 60, 17 * 60) for day in range(5)))
MINUTE = timedelta(minutes=1)
EVERY_DAY = range(7)


def at(text: str) -> datetime:
    """A moment on the wall in Amsterdam."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("2026-11-18 08:59", False),
        ("2026-11-18 09:00", True),
        ("2026-11-18 16:59", True),
        ("2026-11-18 17:00", False),
        ("2026-11-21 12:00", False),
        ("2026-05-05 12:00", False),
        ("2026-12-25 12:00", False),
        ("2026-12-24 12:00", True),
    ],
)
def test_the_line_is_open_in_its_hours_and_not_on_holidays(text: str, is_open: bool) -> None:
    assert OFFICE.is_open(at(text)) is is_open


def test_a_line_may_stay_open_on_holidays() -> None:
    assert Hours(OFFICE.week, closed_on_holidays=False).is_open(at("2026-05-05 12:00"))


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("2026-11-18 12:00", "2026-11-18 12:00"),
        ("2026-11-18 17:00", "2026-11-19 09:00"),
        ("2026-11-20 18:00", "2026-11-23 09:00"),
        ("2026-04-02 18:00", "2026-04-07 09:00"),  # Good Friday, weekend, Easter Monday
        ("2026-12-24 17:00", "2026-12-28 09:00"),
    ],
)
def test_the_next_opening_is_found_over_holidays_and_weekends(text: str, opening: str) -> None:
    assert OFFICE.next_opening(at(text)) == at(opening)


def test_a_line_without_hours_never_opens() -> None:
    never = Hours()

    assert never.next_opening(at("2026-11-18 12:00")) is None
    assert never.next_closing(at("2026-11-18 12:00")) is None
    assert never.add_open_minutes(at("2026-11-18 12:00"), 1) is None
    assert never.closing(date(2026, 11, 18)) is None
    assert never.open_day(date(2026, 11, 18)) is None


def test_the_closing_is_the_end_of_the_stretch() -> None:
    assert OFFICE.next_closing(at("2026-11-18 12:00")) == at("2026-11-18 17:00")
    assert OFFICE.next_closing(at("2026-11-20 18:00")) == at("2026-11-23 17:00")
    assert OFFICE.closing(date(2026, 11, 18)) == at("2026-11-18 17:00")
    assert OFFICE.closing(date(2026, 11, 21)) is None


def test_parts_that_touch_over_midnight_are_one_stretch() -> None:
    night = Hours(week_of([(4, 20 * 60, 1440), (5, 0, 3 * 60)]))

    assert night.next_closing(at("2026-11-20 21:00")) == at("2026-11-21 03:00")
    assert night.closing(date(2026, 11, 20)) == at("2026-11-21 00:00")


def test_a_line_that_never_closes_has_no_closing() -> None:
    always = Hours(ALWAYS, closed_on_holidays=False)

    assert always.is_open(at("2026-12-25 03:00"))
    assert always.next_closing(at("2026-11-18 12:00")) is None
    assert always.closing(date(2026, 11, 18)) == at("2026-11-19 00:00")
    assert always.add_open_minutes(at("2026-11-18 12:00"), 3 * 1440) == at("2026-11-21 12:00")


def test_a_closure_takes_its_time_out() -> None:
    closed = Interval(at("2026-11-18 10:00"), at("2026-11-18 14:00"))
    hours = Hours(OFFICE.week, closures=(closed,))

    assert not hours.is_open(at("2026-11-18 10:00"))
    assert hours.is_open(at("2026-11-18 14:00"))
    assert hours.next_opening(at("2026-11-18 11:00")) == at("2026-11-18 14:00")
    assert hours.next_closing(at("2026-11-18 09:30")) == at("2026-11-18 10:00")
    assert hours.open_minutes_between(at("2026-11-18 09:00"), at("2026-11-18 17:00")) == 4 * 60


@pytest.mark.parametrize(
    ("text", "minutes", "expected"),
    [
        ("2026-11-18 12:00", 30, "2026-11-18 12:30"),
        ("2026-11-18 16:45", 30, "2026-11-19 09:15"),
        ("2026-11-20 16:30", 30, "2026-11-20 17:00"),
        ("2026-11-20 20:00", 0, "2026-11-23 09:00"),
        ("2026-11-20 16:00", 4 * 60, "2026-11-23 12:00"),
        ("2026-04-30 16:00", 60 * 9, "2026-05-01 17:00"),
    ],
)
def test_open_minutes_are_counted_from_opening_to_closing(text: str, minutes: int, expected: str) -> None:
    assert OFFICE.add_open_minutes(at(text), minutes) == at(expected)


def test_the_next_open_day_is_one_of_this_line() -> None:
    saturdays = Hours(week_of([(5, 600, 720)]))

    assert saturdays.open_day(date(2026, 11, 18)) == date(2026, 11, 21)
    assert saturdays.open_day(date(2026, 11, 18), 2) == date(2026, 11, 28)
    assert OFFICE.working_day(date(2026, 11, 20), 1) == date(2026, 11, 23)


@pytest.mark.parametrize("night", [SPRING, AUTUMN])
@pytest.mark.parametrize(("opens", "closes"), [(0, 1440), (60, 120), (120, 180), (130, 150), (90, 200), (0, 60)])
def test_over_a_night_of_the_clocks_it_is_open_exactly_when_the_wall_says_so(
    night: date, opens: int, closes: int
) -> None:
    hours = Hours(week_of((day, opens, closes) for day in EVERY_DAY))
    moment = wall.moment(night - timedelta(days=1), 0)

    for _ in range(3 * 1440):
        local = moment.astimezone(AMSTERDAM)
        assert hours.is_open(moment) == (opens <= local.hour * 60 + local.minute < closes), local
        moment += MINUTE


@pytest.mark.parametrize(("night", "minutes"), [(SPRING, 23 * 60), (AUTUMN, 25 * 60)])
def test_a_day_of_the_clocks_has_its_own_length(night: date, minutes: int) -> None:
    always = Hours(ALWAYS, closed_on_holidays=False)
    start, end = wall.moment(night, 0), wall.moment(night + timedelta(days=1), 0)

    assert always.open_minutes_between(start, end) == minutes
    assert always.add_open_minutes(start, minutes) == end


parts = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 1300), st.integers(120, 600)).map(
        lambda part: (part[0], part[1], min(1440, part[1] + part[2]))
    ),
    min_size=1,
    max_size=8,
)
around_nights = st.sampled_from([SPRING, AUTUMN, date(2026, 5, 4), date(2026, 12, 24)]).flatmap(
    lambda day: st.integers(-3000, 3000).map(lambda minutes: wall.moment(day, 0) + minutes * MINUTE)
)


@given(parts, around_nights, st.integers(0, 4000))
def test_adding_open_minutes_and_counting_them_agree(
    week: list[tuple[int, int, int]], start: datetime, minutes: int
) -> None:
    hours = Hours(week_of(week))
    end = hours.add_open_minutes(start, minutes)

    assert end is not None
    assert hours.open_minutes_between(start, end) == minutes


@given(parts, around_nights)
def test_the_next_opening_is_the_first_open_minute(week: list[tuple[int, int, int]], start: datetime) -> None:
    hours = Hours(week_of(week))
    opening = hours.next_opening(start)

    assert opening is not None
    assert hours.is_open(opening)
    assert not any(hours.is_open(start + step * MINUTE) for step in range(min(1500, (opening - start) // MINUTE)))
    assert not is_holiday(wall.day_of(opening))
