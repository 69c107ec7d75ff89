"""When somebody cannot: habits, what he said, and his calendar, minute by minute and over the nights that change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from rosters.core import wall
from rosters.core.availability import CAN, CANNOT, RATHER_NOT, Habit, Said, stretches
from rosters.core.dagdelen import AFTERNOON, EVENING, MORNING
from rosters.core.intervals import Interval

PARTS = (MORNING, AFTERNOON, EVENING)
LEVELS = st.sampled_from([CAN, RATHER_NOT, CANNOT])
MONDAYS = (date(2026, 3, 23), date(2026, 10, 19), date(2027, 3, 22), date(2027, 10, 25), date(2026, 12, 28))


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[Habit], list[Said], list[Interval], Interval]:
    monday = draw(st.sampled_from(MONDAYS))  # weeks with a night that changes, and the end of a year
    window = Interval(wall.moment(monday, 0), wall.moment(monday + timedelta(days=9), 0))

    def some() -> Interval:
        start = window.start + timedelta(minutes=15 * draw(st.integers(-96, 96 * 9)))
        return Interval(start, start + timedelta(minutes=15 * draw(st.integers(1, 300))))

    habits = [
        Habit(
            draw(st.integers(0, 6)),
            draw(st.sampled_from(["", "ochtend", "middag", "avond", "nacht"])),
            draw(LEVELS),
            monday + timedelta(days=draw(st.integers(-9, 9))),
            draw(st.none() | st.integers(-5, 12).map(lambda days: monday + timedelta(days=days))),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]
    said = [Said(some(), draw(LEVELS)) for _ in range(draw(st.integers(0, 4)))]
    busy = [some() for _ in range(draw(st.integers(0, 3)))]
    return habits, said, busy, window


def level_at(moment: datetime, habits: list[Habit], said: list[Said], busy: list[Interval]) -> str:
    """The same, thought out for one moment: the last word, else the calendar and the habits, the strictest first."""
    for one in reversed(said):
        if moment in one.when:
            return one.level
    day = wall.day_of(moment)
    local = moment.astimezone(wall.AMSTERDAM)
    minute = local.hour * 60 + local.minute
    times = {part.name: range(part.starts, part.ends) for part in PARTS} | {"": range(wall.DAY_MINUTES)}
    usual = {
        one.level
        for one in habits
        if one.weekday == day.weekday()
        and one.valid_from <= day
        and (one.valid_until is None or day < one.valid_until)
        and minute in times.get(one.dagdeel, ())
    }
    if CANNOT in usual or any(moment in one for one in busy):
        return CANNOT
    return RATHER_NOT if RATHER_NOT in usual else CAN


@settings(max_examples=150, deadline=None)
@given(situations())
def test_every_quarter_of_an_hour_is_what_was_said_last_else_the_calendar_and_the_habit(
    situation: tuple[list[Habit], list[Said], list[Interval], Interval],
) -> None:
    habits, said, busy, window = situation
    found = stretches(habits, said, busy, window, PARTS)
    moment = window.start
    while moment < window.end:
        expected = level_at(moment, habits, said, busy)
        level = (
            CANNOT
            if any(moment in one for one in found.cannot)
            else RATHER_NOT
            if any(moment in one for one in found.rather_not)
            else CAN
        )
        assert level == expected, moment
        moment += timedelta(minutes=15)


@settings(max_examples=150, deadline=None)
@given(situations())
def test_stretches_are_in_order_joined_and_inside_the_window(
    situation: tuple[list[Habit], list[Said], list[Interval], Interval],
) -> None:
    habits, said, busy, window = situation
    found = stretches(habits, said, busy, window, PARTS)
    for some in found:
        assert all(window.start <= one.start < one.end <= window.end for one in some)
        assert all(one.end < other.start for one, other in pairwise(some))
    assert not any(one.overlaps(other) for one in found.cannot for other in found.rather_not)


def test_a_whole_day_every_week_has_twenty_three_hours_in_the_spring_night_and_twenty_five_in_autumn() -> None:
    sunday = [Habit(6, "", CANNOT, date(2026, 1, 1))]
    lengths = {
        (one.end - one.start) / timedelta(hours=1)
        for day in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 8))
        for one in stretches(
            sunday, [], [], Interval(wall.moment(day, 0), wall.moment(day + wall.A_DAY, 0)), PARTS
        ).cannot
    }
    assert lengths == {23, 24, 25}


def test_can_goes_before_a_habit_and_before_a_busy_calendar() -> None:
    window = Interval(datetime(2026, 11, 17, 23, tzinfo=UTC), datetime(2026, 11, 18, 23, tzinfo=UTC))
    habit, busy = [Habit(2, "ochtend", CANNOT, date(2026, 1, 1))], [window]
    said = [Said(Interval(window.start, window.start + timedelta(hours=12)), CAN)]
    assert stretches(habit, said, busy, window, PARTS).cannot == (
        Interval(window.start + timedelta(hours=12), window.end),
    )
