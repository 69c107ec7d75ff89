from __future__ import annotations

from datetime import date

import pytest

from rosters.core.holidays import easter, holidays, is_working_day, working_day


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2019, date(2019, 4, 21)),
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2027, date(2027, 3, 28)),
        (2038, date(2038, 4, 25)),
        (2285, date(2285, 3, 22)),
    ],
)
def test_easter_falls_where_the_almanac_has_it(year: int, day: date) -> None:
    assert easter(year) == day


def test_the_holidays_of_2026_are_those_of_the_law() -> None:
    assert list(holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 4, 27),
        date(2026, 5, 5),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ]


@pytest.mark.parametrize("year", range(2020, 2040))
def test_the_fifth_of_may_is_a_holiday_every_year(year: int) -> None:
    assert date(year, 5, 5) in holidays(year)


@pytest.mark.parametrize(
    ("year", "day"), [(2025, date(2025, 4, 26)), (2026, date(2026, 4, 27)), (2031, date(2031, 4, 26))]
)
def test_kings_day_moves_to_saturday_when_it_is_a_sunday(year: int, day: date) -> None:
    assert {found for found, name in holidays(year).items() if name == "King's Day"} == {day}


@pytest.mark.parametrize(
    ("day", "number", "expected"),
    [
        (date(2026, 11, 18), 1, date(2026, 11, 19)),
        (date(2026, 11, 18), 2, date(2026, 11, 20)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # over Good Friday and Easter Monday
        (date(2026, 5, 4), 1, date(2026, 5, 6)),
        (date(2026, 12, 24), 2, date(2026, 12, 29)),
        (date(2026, 11, 18), 0, date(2026, 11, 18)),
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
    ],
)
def test_working_days_are_counted_over_weekends_and_holidays(day: date, number: int, expected: date) -> None:
    assert working_day(day, number) == expected
    assert is_working_day(expected)
