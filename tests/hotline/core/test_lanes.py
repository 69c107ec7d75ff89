"""The clocks of the three lanes, in open time of the line. Times are those of Amsterdam."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hotline.core import lanes
from hotline.core.lanes import NOW, TODAY, TWO_DAYS
from rosters.core import quiet
from rosters.core.hours import Hours, week_of

ZONE = ZoneInfo("Europe/Amsterdam")
OFFICE = Hours(week_of((weekday, 540, 1020) for weekday in range(5)))
ALWAYS = Hours(week_of((weekday, 0, 1440) for weekday in range(7)), closed_on_holidays=False)
EVENINGS = Hours(week_of((weekday, 1020, 1260) for weekday in range(5)))


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """In November 2026: the 18th is a Wednesday."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("lane", "asked", "accept", "answer"),
    [
        # lane, asked, accept before, answer before
        (NOW, at(18, 10), at(18, 10, 10), at(18, 10, 20)),
        (NOW, at(18, 16, 55), at(19, 9, 5), at(19, 9, 15)),
        (TODAY, at(18, 10), at(18, 10, 45), at(18, 17)),
        (TODAY, at(18, 15), at(18, 15, 45), at(18, 17)),  # exactly two hours before closing
        (TODAY, at(18, 15, 1), at(18, 15, 46), at(19, 11)),
        (TODAY, at(18, 16, 30), at(19, 9, 15), at(19, 11)),
        (TODAY, at(20, 16, 30), at(23, 9, 15), at(23, 11)),  # Friday afternoon
        (TODAY, at(21, 12), at(23, 9, 45), at(23, 11)),  # Saturday
        (TODAY, at(18, 7), at(18, 9, 45), at(18, 17)),  # before opening
        (TWO_DAYS, at(18, 10), at(18, 14), at(20, 17)),
        (TWO_DAYS, at(18, 16), at(19, 12), at(20, 17)),
        (TWO_DAYS, at(20, 10), at(20, 14), at(24, 17)),  # Friday
        (TWO_DAYS, at(21, 10), at(23, 13), at(24, 17)),  # Saturday
        (TWO_DAYS, at(23, 10, month=12), at(23, 14, month=12), at(28, 17, month=12)),  # Christmas between
    ],
)
def test_office_hours(lane: str, asked: datetime, accept: datetime, answer: datetime) -> None:
    assert lanes.accept_by(lane, asked, OFFICE) == accept
    assert lanes.answer_due(lane, asked, OFFICE) == answer


@pytest.mark.parametrize(
    ("lane", "asked", "accept", "answer"),
    [
        (TODAY, at(18, 3), at(18, 3, 45), at(19, 0)),
        (TODAY, at(18, 22), at(18, 22, 45), at(19, 0)),
        (TODAY, at(18, 22, 1), at(18, 22, 46), at(19, 11)),
        (TWO_DAYS, at(21, 23), at(22, 3), at(25, 0)),
    ],
)
def test_a_line_that_never_closes(lane: str, asked: datetime, accept: datetime, answer: datetime) -> None:
    assert lanes.accept_by(lane, asked, ALWAYS) == accept
    assert lanes.answer_due(lane, asked, ALWAYS) == answer


def test_a_line_that_opens_after_eleven_answers_at_its_opening() -> None:
    assert lanes.answer_due(TODAY, at(18, 20), EVENINGS) == at(19, 17)


@pytest.mark.parametrize(
    ("deadline", "lane"),
    [
        (None, TWO_DAYS),
        (date(2026, 11, 17), TODAY),  # over already
        (date(2026, 11, 18), TODAY),
        (date(2026, 11, 20), TODAY),  # Wednesday: Friday is the second working day
        (date(2026, 11, 21), TWO_DAYS),
    ],
)
def test_a_term_within_two_working_days_makes_it_one_for_today(deadline: date | None, lane: str) -> None:
    assert lanes.default_lane(deadline, at(18, 10), OFFICE) == lane


def test_the_weekend_does_not_count_for_the_lane() -> None:
    assert lanes.default_lane(date(2026, 11, 24), at(20, 10), OFFICE) == TODAY
    assert lanes.default_lane(date(2026, 11, 25), at(20, 10), OFFICE) == TWO_DAYS


@pytest.mark.parametrize("lane", lanes.LANES)
def test_the_coordinator_gets_it_after_two_lawyers(lane: str) -> None:
    assert not lanes.is_for_coordinator(lane, 1)
    assert lanes.is_for_coordinator(lane, 2)


def test_the_clock_stands_still_while_the_asker_owes_an_answer() -> None:
    due = at(18, 17)
    assert lanes.resumed(due, at(18, 11), at(19, 9), OFFICE) == at(19, 15)  # six open hours were left
    assert lanes.resumed(due, at(18, 11), at(21, 12), OFFICE) == at(23, 15)  # replied on Saturday


def test_a_lawyer_whose_clock_was_over_gets_an_open_hour() -> None:
    assert lanes.resumed(at(18, 17), at(18, 16, 50), at(19, 9), OFFICE) == at(19, 10)
    assert lanes.resumed(at(18, 9), at(18, 11), at(18, 12), OFFICE) == at(18, 13)
    assert lanes.still_due(at(18, 11), at(18, 16, 30), OFFICE) == at(19, 9, 30)
    assert lanes.still_due(at(18, 17), at(18, 11), OFFICE) == at(18, 17)


def test_looks_again_five_times_as_long_as_a_lawyer_gets() -> None:
    assert lanes.look_again(TODAY, at(18, 10), None, OFFICE) == at(18, 10, 9)
    assert lanes.look_again(TWO_DAYS, at(18, 10), None, OFFICE) == at(18, 10, 48)
    assert lanes.look_again(TODAY, at(18, 10), at(18, 10, 3), OFFICE) == at(18, 10, 3)
    assert lanes.look_again(TODAY, at(18, 10), at(18, 10, 30), OFFICE) == at(18, 10, 9)
    assert lanes.look_again(TODAY, at(21, 10), at(21, 11), OFFICE) == at(23, 9)


def test_a_silent_asker_is_reminded_after_five_working_days_and_the_question_closes_after_ten() -> None:
    reminded = lanes.remind_at(at(18, 10), OFFICE)
    assert reminded == at(25, 17)
    assert lanes.close_at(reminded, OFFICE) == at(2, 17, month=12)


def test_the_coordinator_gets_an_hour_or_until_the_next_morning() -> None:
    assert lanes.coordinate_by(TODAY, at(18, 10), OFFICE) == at(18, 11)
    assert lanes.coordinate_by(TWO_DAYS, at(18, 10), OFFICE) == at(19, 11)
    assert lanes.choose_by(at(20, 10), OFFICE) == at(23, 17)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (at(18, 7, 29), at(18, 7, 30)),
        (at(18, 7, 30), at(18, 7, 30)),
        (at(18, 19, 59), at(18, 19, 59)),
        (at(18, 20), at(19, 7, 30)),
        (at(20, 23), at(23, 7, 30)),  # Friday night
        (at(21, 12), at(23, 7, 30)),
        (at(22, 3), at(23, 7, 30)),
    ],
)
def test_what_is_not_urgent_keeps_the_quiet_hours(now: datetime, then: datetime) -> None:
    assert quiet.in_day_time(now) == then


def test_a_follow_up_is_told_at_the_opening_of_its_day() -> None:
    assert lanes.at_opening_of(date(2026, 11, 19), OFFICE) == at(19, 9)
    assert lanes.at_opening_of(date(2026, 11, 21), OFFICE) == at(23, 9)
    assert lanes.end_of(date(2026, 11, 19), OFFICE) == at(19, 17)
    assert lanes.end_of(date(2026, 11, 21), OFFICE) == at(21, 17)


@given(
    lane=some.sampled_from(sorted(lanes.LANES)),
    asked=some.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: at(1, 0, month=1) + timedelta(minutes=minutes)),
    hours=some.sampled_from([OFFICE, ALWAYS, EVENINGS]),
)
def test_every_moment_lies_ahead_and_in_open_time(lane: str, asked: datetime, hours: Hours) -> None:
    accept, answer = lanes.accept_by(lane, asked, hours), lanes.answer_due(lane, asked, hours)
    assert asked < accept <= answer or lane == TODAY
    assert answer > asked
    assert hours.open_minutes_between(asked, accept) == lanes.LANES[lane].accept_minutes
    assert lanes.resumed(answer, asked, asked, hours) >= min(answer, asked + timedelta(minutes=lanes.LEAST_MINUTES))
