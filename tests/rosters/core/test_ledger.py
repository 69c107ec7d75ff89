"""What was done of a duty, which time is unpopular, and how somebody stands beside the others."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosters.core import ledger, wall
from rosters.core.intervals import Interval
from rosters.core.ledger import Done, Figures, Row

A, B = 1, 2
MONDAY = date(2026, 11, 16)
LONG_AFTER = datetime(2030, 1, 1, tzinfo=UTC)


def at(hour: float, day: date = MONDAY) -> datetime:
    return wall.moment(day, int(hour * 60))


def row(number: int, starts: float, ends: float, *, person: int = A, day: date = MONDAY, **fields: object) -> Row:
    return Row(number, 7, person, 1, at(starts, day), at(ends, day), **fields)  # type: ignore[arg-type]


def hours(rows: list[Row], now: datetime = LONG_AFTER) -> dict[int, float]:
    """Hours done by row."""
    return {one.duty_id: one.minutes / 60 for one in ledger.done(rows, now)}


def one_duty(day: date, starts: float, ends: float) -> Done:
    return ledger.done([row(1, starts, ends, day=day)], LONG_AFTER)[0]


def test_only_what_has_begun_counts_and_only_up_to_now() -> None:
    rows = [row(1, 9, 13), row(2, 13, 17)]
    assert hours(rows, at(9)) == {}
    assert hours(rows, at(11.5)) == {1: 2.5}
    assert hours(rows, at(14)) == {1: 4, 2: 1}
    assert hours(rows) == {1: 4, 2: 4}
    assert [one.is_running for one in ledger.done(rows, at(14))] == [False, True]


def test_what_was_cancelled_before_its_start_never_was() -> None:
    assert hours([row(1, 9, 13, cancelled_at=at(8), cancelled_why="given")]) == {}
    assert hours([row(1, 9, 13, cancelled_at=at(9), cancelled_why="sick")]) == {}


def test_after_a_sick_call_the_hours_until_then_count() -> None:
    rows = [row(1, 9, 17, cancelled_at=at(11), cancelled_why="sick"), row(2, 11.5, 17, person=B)]
    assert hours(rows) == {1: 2, 2: 5.5}
    assert [one.is_cut_short for one in ledger.done(rows, LONG_AFTER)] == [True, False]


def test_a_part_that_was_split_off_is_counted_once() -> None:
    split = row(1, 9, 17, cancelled_at=at(11), cancelled_why="split")
    rest, part = row(2, 9, 13), row(3, 13, 17, person=B)
    assert hours([split, rest, part]) == {2: 4, 3: 4}
    rest_sick = row(2, 9, 13, cancelled_at=at(12), cancelled_why="sick")
    assert hours([split, rest_sick, part]) == {2: 3, 3: 4}


def test_who_did_not_show_up_did_nothing_and_who_is_named_afterwards_did() -> None:
    assert hours([row(1, 9, 17, cancelled_at=at(10), cancelled_why="no_show")]) == {}
    afterwards = [row(1, 9, 17, cancelled_at=at(12), cancelled_why="coordinator"), row(2, 9, 17, person=B)]
    assert hours(afterwards) == {2: 8}


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(1, 8), st.integers(-2, 10), st.sampled_from([A, B]), st.booleans()),
        max_size=8,
    )
)
def test_no_minute_of_a_person_or_a_position_is_counted_twice(drawn: list[tuple[int, int, int, int, bool]]) -> None:
    """Rows in force never overlap (the table refuses it); cancelled ones may lie anywhere."""
    rows: list[Row] = []
    for number, (start, length, after, person, is_cancelled) in enumerate(drawn):
        cancelled_at = at(start + after) if is_cancelled else None
        made = row(number, start, start + length, person=person, cancelled_at=cancelled_at)
        in_force = [Interval(other.starts_at, other.ends_at) for other in rows if other.cancelled_at is None]
        if is_cancelled or not any(other.overlaps(Interval(made.starts_at, made.ends_at)) for other in in_force):
            rows.append(made)
    found = ledger.done(rows, LONG_AFTER)
    assert {one.id for one in rows if one.cancelled_at is None} <= {one.duty_id for one in found}
    stretches = sorted(stretch for one in found for stretch in one.stretches)
    assert all(first.end <= second.start for first, second in pairwise(stretches))


@pytest.mark.parametrize(
    ("day", "starts", "ends", "unpopular"),
    [
        (date(2026, 11, 18), 9, 17, False),  # an ordinary Wednesday
        (date(2026, 11, 20), 9, 13, False),  # Friday morning
        (date(2026, 11, 20), 9, 14, True),  # an hour of Friday afternoon
        (date(2026, 11, 20), 9, 13.5, False),  # half an hour is too little
        (date(2026, 11, 20), 13, 13.5, True),  # but the whole of a short one counts
        (date(2026, 11, 18), 13, 18.5, False),
        (date(2026, 11, 18), 17, 21, True),  # evening
        (date(2026, 11, 18), 22, 32, True),  # night
        (date(2026, 11, 18), 7, 13, False),
        (date(2026, 11, 18), 6, 13, True),
        (date(2026, 11, 21), 9, 13, True),  # Saturday
        (date(2026, 11, 22), 9, 13, True),  # Sunday
        (date(2027, 4, 27), 9, 13, True),  # King's Day, a Tuesday
        (date(2027, 4, 26), 9, 13, True),  # the Monday between the weekend and it
        (date(2027, 5, 7), 9, 12, True),  # the Friday after Ascension
        (date(2026, 12, 24), 9, 13, True),
        (date(2026, 12, 31), 9, 13, True),
        (date(2026, 12, 23), 9, 13, False),
    ],
)
def test_which_duties_are_unpopular(day: date, starts: float, ends: float, unpopular: bool) -> None:
    assert one_duty(day, starts, ends).is_unpopular is unpopular


def test_a_duty_on_a_holiday_is_told_apart() -> None:
    assert one_duty(date(2026, 12, 25), 9, 17).is_on_holiday
    assert one_duty(date(2026, 12, 24), 20, 32).is_on_holiday
    assert not one_duty(date(2026, 12, 24), 9, 17).is_on_holiday


@pytest.mark.parametrize(("day", "minutes"), [(date(2026, 10, 25), 660), (date(2027, 3, 28), 540)])
def test_both_nights_of_the_clock_count_real_minutes(day: date, minutes: int) -> None:
    night = one_duty(day - timedelta(days=1), 22, 32)
    assert night.minutes == minutes
    assert night.is_unpopular


def test_figures_add_up_per_person() -> None:
    duties = ledger.done([row(1, 9, 13), row(2, 13, 17, person=B), row(3, 17, 21)], LONG_AFTER)
    assert ledger.figures(duties) == {A: Figures(2, 480, 1, 0), B: Figures(1, 240, 0, 0)}


@pytest.mark.parametrize(
    ("day", "back", "first", "after"),
    [
        (date(2026, 11, 18), 0, date(2026, 10, 1), date(2027, 1, 1)),
        (date(2026, 1, 1), 1, date(2025, 10, 1), date(2026, 1, 1)),
        (date(2026, 3, 31), 4, date(2025, 1, 1), date(2025, 4, 1)),
    ],
)
def test_quarters(day: date, back: int, first: date, after: date) -> None:
    assert ledger.quarter(day, back) == ledger.Period(first, after)


def test_months_know_december_and_leap_years() -> None:
    assert ledger.month(date(2026, 12, 31)) == ledger.Period(date(2026, 12, 1), date(2027, 1, 1))
    assert ledger.month(date(2028, 2, 29)) == ledger.Period(date(2028, 2, 1), date(2028, 3, 1))


def test_the_average_and_the_band_are_told_at_ones_own_share() -> None:
    values = {1: 2, 2: 4, 3: 4, 4: 6}
    full = ledger.measure(1, values, {})
    assert (full.own, full.average, full.difference, full.people) == (2, 4.0, -2, 4)
    assert (round(full.low, 2), round(full.high, 2)) == (2.6, 5.4)
    half = ledger.measure(1, values, {1: 0.5})
    assert (half.own, half.average, half.difference) == (2, 2.25, 0)
    assert ledger.measure(9, {}, {}).average == 0.0


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
def test_the_band_lies_within_what_people_have(values: list[int]) -> None:
    found = ledger.measure(0, dict(enumerate(values)), {})
    assert min(values) <= found.low <= found.high <= max(values)
    assert min(values) - 1e-9 <= found.average <= max(values) + 1e-9
