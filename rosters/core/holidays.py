"""Dutch public holidays, computed. Algemene termijnenwet art. 3: 5 May counts every year, Good Friday is equal to them.

Days that a royal decree makes equal for one year (often the Friday after Ascension) are entered as a closure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

SUNDAY = 6


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leaps, century_rest = divmod(century, 4)
    shift = (century + 8) // 25
    epact = (19 * golden + century - leaps - (century - shift + 1) // 3 + 15) % 30
    years, year_rest = divmod(rest, 4)
    weekday = (32 + 2 * century_rest + 2 * years - epact - year_rest) % 7
    correction = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def holidays(year: int) -> Mapping[date, str]:
    """Day to English name (a message id for the edge). Easter Sunday and Whit Sunday are Sundays, not in the law."""
    sunday = easter(year)
    birthday = date(year, 4, 27)
    kings_day = birthday - timedelta(days=1) if birthday.weekday() == SUNDAY else birthday
    named = {
        date(year, 1, 1): "New Year's Day",
        sunday - timedelta(days=2): "Good Friday",
        sunday + timedelta(days=1): "Easter Monday",
        kings_day: "King's Day",
        date(year, 5, 5): "Liberation Day",
        sunday + timedelta(days=39): "Ascension Day",
        sunday + timedelta(days=50): "Whit Monday",
        date(year, 12, 25): "Christmas Day",
        date(year, 12, 26): "Boxing Day",
    }
    return dict(sorted(named.items()))


def is_holiday(day: date) -> bool:
    return day in holidays(day.year)


def is_working_day(day: date) -> bool:
    """Monday to Friday, no holiday."""
    return day.weekday() < 5 and not is_holiday(day)


def working_day(day: date, number: int) -> date:
    """The `number`-th working day after `day` (1 is the next one); with 0 `day` itself or the first one after it."""
    if number == 0:
        return day if is_working_day(day) else working_day(day, 1)
    for _ in range(number):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day
