"""Patterns and planned duties in words, for messages, refusals and pages alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import formats
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rosters.core.wall import DAY_MINUTES

WORKING_DAYS, EVERY_DAY = "01234", "0123456"


def pattern_words(weekdays: str, starts: int, minutes: int, every_weeks: int = 1) -> str:
    """'ma-vr 9:00-13:00', 'za 22:00-6:00 (volgende dag), om de 3 weken'."""
    hours = f"{clock_words(starts)}-{clock_words(starts + minutes)}"
    ends = (starts + minutes - 1) // DAY_MINUTES
    if ends:
        hours += " " + ngettext("(next day)", "(%(days)s days later)", ends) % {"days": ends}
    turn = "" if every_weeks == 1 else _(", every %(weeks)s weeks") % {"weeks": every_weeks}
    return f"{days_words(weekdays)} {hours}{turn}"


def days_words(weekdays: str) -> str:
    if weekdays == WORKING_DAYS:
        return f"{WEEKDAYS_ABBR[0]}-{WEEKDAYS_ABBR[4]}"
    if weekdays == EVERY_DAY:
        return _("every day")
    return ", ".join(str(WEEKDAYS_ABBR[int(digit)]) for digit in weekdays)


def weekday_words(days: Iterable[int]) -> str:
    return ", ".join(str(WEEKDAYS_ABBR[day]) for day in days)


def clock_words(minutes: int) -> str:
    """540 is '9:00'; the end of the day is '24:00'."""
    within = minutes % DAY_MINUTES
    if not within and minutes:
        return "24:00"
    return f"{within // 60}:{within % 60:02d}"


def day_words(day: date) -> str:
    """'18 nov 2026'."""
    return formats.date_format(day, "j b Y")
