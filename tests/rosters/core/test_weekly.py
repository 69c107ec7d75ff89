from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosters.core import wall
from rosters.core.intervals import Interval, merged, within, without
from rosters.core.wall import AMSTERDAM
from rosters.core.weekly import Weekly, expand

EVERY_DAY = "0123456"


def local(interval: Interval) -> tuple[str, str]:
    return tuple(moment.astimezone(AMSTERDAM).strftime("%d %H:%M") for moment in interval)  # type: ignore[return-value]


def test_working_days_become_duties_at_the_same_time_on_the_wall() -> None:
    pattern = Weekly("01234", 9 * 60, 4 * 60, date(2026, 1, 1))
    found = list(expand(pattern, date(2026, 3, 27), date(2026, 4, 1)))

    assert [local(duty) for duty in found] == [
        ("27 09:00", "27 13:00"),
        ("30 09:00", "30 13:00"),
        ("31 09:00", "31 13:00"),
    ]
    assert found[0].start == datetime(2026, 3, 27, 8, tzinfo=UTC)
    assert found[1].start == datetime(2026, 3, 30, 7, tzinfo=UTC)


@pytest.mark.parametrize(("night", "hours"), [(date(2026, 3, 28), 7), (date(2026, 10, 24), 9), (date(2026, 11, 18), 8)])
def test_a_night_duty_keeps_its_wall_times_when_the_clocks_change(night: date, hours: int) -> None:
    pattern = Weekly(EVERY_DAY, 22 * 60, 8 * 60, date(2026, 1, 1))
    (duty,) = expand(pattern, night, night + timedelta(days=1))

    assert duty.end - duty.start == timedelta(hours=hours)
    assert local(duty)[0].endswith("22:00")
    assert local(duty)[1].endswith("06:00")


def test_a_pattern_holds_from_its_first_day_until_the_first_day_without_it() -> None:
    pattern = Weekly(EVERY_DAY, 0, 60, date(2026, 11, 18), date(2026, 11, 20))

    assert [duty.start.astimezone(AMSTERDAM).day for duty in expand(pattern, date(2026, 11, 1), date(2026, 12, 1))] == [
        18,
        19,
    ]


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
@pytest.mark.parametrize("cut", range(60, 241, 15))
def test_duties_that_touch_on_the_wall_touch_on_the_nights_of_the_clocks(night: date, cut: int) -> None:
    evening = list(expand(Weekly(EVERY_DAY, 22 * 60, 120 + cut, date(2026, 1, 1)), night - timedelta(days=1), night))
    morning = list(expand(Weekly(EVERY_DAY, cut, 600 - cut, date(2026, 1, 1)), night, night + timedelta(days=1)))

    assert len(merged([*evening, *morning])) == 1
    assert not any(one.overlaps(other) for one in evening for other in morning)


def test_a_whole_week_of_day_and_night_has_no_gap() -> None:
    parts = [Weekly(EVERY_DAY, start, 8 * 60, date(2026, 1, 1)) for start in (6 * 60, 14 * 60, 22 * 60)]
    since, until = date(2026, 10, 20), date(2026, 11, 1)
    found = [duty for part in parts for duty in expand(part, since, until)]

    assert merged(found) == (Interval(wall.moment(since, 6 * 60), wall.moment(until, 6 * 60)),)


@given(st.integers(0, 1439), st.integers(1, 2880), st.sampled_from([date(2026, 3, 29), date(2026, 10, 25)]))
def test_wall_times_never_run_backward(minutes: int, length: int, night: date) -> None:
    assert wall.moment(night, minutes) <= wall.moment(night, minutes + length)


moments = st.integers(0, 40).map(lambda hour: datetime(2026, 10, 24, tzinfo=UTC) + timedelta(hours=hour))
lists = st.lists(st.tuples(moments, moments).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Interval(*pair)))
probes = [datetime(2026, 10, 24, tzinfo=UTC) + timedelta(minutes=30 * step) for step in range(90)]


@given(lists, lists)
def test_stretches_without_holes_hold_exactly_the_moments_left(one: list[Interval], holes: list[Interval]) -> None:
    left = without(one, holes)

    for probe in probes:
        expected = any(probe in piece for piece in one) and not any(probe in hole for hole in holes)
        assert any(probe in piece for piece in left) == expected
    assert left == merged(left)


@given(lists)
def test_a_window_keeps_what_lies_in_it(one: list[Interval]) -> None:
    window = Interval(probes[10], probes[40])

    for probe in probes:
        assert any(probe in piece for piece in within(one, window)) == (
            probe in window and any(probe in piece for piece in one)
        )
