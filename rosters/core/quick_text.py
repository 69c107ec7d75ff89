"""When somebody can or cannot, as he types it: 'elke wo middag', '12-19 aug vakantie', 'vr liever niet'. Pure.

Without 'kan' or 'liever niet' it means that he cannot. A day without a year is the next one that has not passed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rosters.core import wall
from rosters.core.availability import CAN, CANNOT, RATHER_NOT
from rosters.core.dagdelen import AFTERNOON, EVENING, MORNING, Part
from rosters.core.intervals import Interval

LONGEST = timedelta(days=366)
MOST_PARTS = 92  # days of which only a part is meant: each becomes a stretch of its own
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)

NOT_UNDERSTOOD, WRONG_DAY, BACKWARDS, PAST, TOO_LONG, WRONG_WEEKDAY, HABIT_TIMES = (
    "not_understood",
    "wrong_day",
    "backwards",
    "past",
    "too_long",
    "wrong_weekday",
    "habit_times",
)


class NotUnderstood(ValueError):
    """`code` says why."""

    def __init__(self, code: str = NOT_UNDERSTOOD) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class EveryWeek:
    """On these weekdays (0 is Monday), in this dagdeel ('' is the whole day)."""

    weekdays: tuple[int, ...]
    part: str
    level: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to `last`, both included; of each day only `part`, or [times), minutes after midnight, if given."""

    first: date
    last: date
    part: str
    times: tuple[int, int] | None
    level: str
    reason: str = ""


Meaning = EveryWeek | Days

_WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
_PARTS = {part.name: part for part in (MORNING, AFTERNOON, EVENING)}
_LEVELS = (
    (re.compile(r"\b(liever niet|liever geen|bij voorkeur niet)\b"), RATHER_NOT),
    (re.compile(r"\b(kan niet|kan dan niet|niet|afwezig|weg|vrij|verhinderd)\b"), CANNOT),
    (re.compile(r"\b(kan wel|wel|kan|beschikbaar)\b"), CAN),
)
_REASONS = (
    (re.compile(r"\b(vakantie|verlof|op reis)\b"), "holiday"),
    (re.compile(r"\b(zitting|zittingen|rechtbank|hof)\b"), "court"),
    (re.compile(r"\b(ziek|operatie|ziekenhuis)\b"), "ill"),
    (re.compile(r"\b(mantelzorg|zorg|zorgverlof|oppas|kinderen)\b"), "care"),
    (re.compile(r"\b(cursus|opleiding|congres|studiedag|training)\b"), "course"),
    (re.compile(r"\b(anders|overig)\b"), "other"),
)
_FILLERS = re.compile(r"\b(ik|op|in|de|van|vanaf|om|uur|u|dan|er|ben|heb|wegens|voor)\b")
_DAY_NAME = "|".join(f"{name[:2]}(?:{name[2:]}(?:en|s)?|{name[2]})?" for name in _WEEKDAYS)
_MONTH_NAME = "|".join(
    sorted({f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in _MONTHS} | {"mrt", "sept"})
)
_GLUED = re.compile(r"\b(morgen|overmorgen|" + "|".join(_WEEKDAYS) + r")(ochtend|middag|avond)\b")
_TIME = r"(\d{1,2})(?:[:.](\d{2}))?"
_ENDING = re.compile(rf"^(?P<rest>.*?)\s*(?:(?P<part>ochtend|middag|avond)s?|(?<!\d){_TIME}\s*-\s*{_TIME})$")
_DATE = (
    rf"(?:(?P<w{{n}}>{_DAY_NAME})\.?\s+)?(?P<d{{n}}>\d{{{{1,2}}}})"
    rf"(?:\s*(?P<m{{n}}>{_MONTH_NAME})\.?|[-/](?P<k{{n}}>\d{{{{1,2}}}}))"
    rf"(?:[\s/-]+(?P<y{{n}}>\d{{{{4}}}}))?"
)
_ONE_DATE = re.compile(_DATE.format(n=1))
_TWO_DATES = re.compile(rf"{_DATE.format(n=1)}\s*-\s*{_DATE.format(n=2)}")
_DAYS_OF_MONTH = re.compile(
    rf"(?P<d1>\d{{1,2}})\s*-\s*(?P<d2>\d{{1,2}})\s+(?P<m>{_MONTH_NAME})\.?(?:\s+(?P<y>\d{{4}}))?"
)
_EVERY = re.compile(
    rf"(?:elke|iedere|alle)\s+(?P<days>werkdag|dag|(?:{_DAY_NAME})(?:\s*(?:,|en|/)\s*(?:{_DAY_NAME}))*)"
)
_WEEK = re.compile(r"week\s+(\d{1,2})(?:\s+(\d{4}))?")


def understand(text: str, today: date) -> Meaning:
    """What these words mean, said on `today`. Raises NotUnderstood."""
    words = _plain(text)
    level, words = _taken(words, _LEVELS, CANNOT)
    reason, words = _taken(words, _REASONS, "")
    words = " ".join(_FILLERS.sub(" ", words).split()).strip(" ,.:;")
    if not words:
        raise NotUnderstood
    if found := _EVERY.match(words):
        rest = words[found.end() :].strip()
        if rest and rest.rstrip("s") not in _PARTS:
            raise NotUnderstood(HABIT_TIMES if re.fullmatch(rf"{_TIME}\s*-\s*{_TIME}", rest) else NOT_UNDERSTOOD)
        return EveryWeek(_weekdays(found["days"]), rest.rstrip("s"), level, reason)
    if days := _days(words, today):
        return _checked(Days(*days, "", None, level, reason), today)
    ending = _ENDING.match(words)
    if ending is None or not ending["rest"] or not (days := _days(ending["rest"].strip(), today)):
        raise NotUnderstood
    times = None if ending["part"] else _times(ending.groups()[2:])
    return _checked(Days(*days, ending["part"] or "", times, level, reason), today)


def stretches(meaning: Days, parts: Iterable[Part] = ()) -> tuple[Interval, ...]:
    """The moments that are meant: one stretch for whole days, else one for each day. `parts`: dagdelen of the line."""
    times = meaning.times
    if meaning.part:
        part = {one.name: one for one in parts}.get(meaning.part) or _PARTS[meaning.part]
        times = (part.starts, part.ends)
    if times is None:
        return (Interval(wall.moment(meaning.first, 0), wall.moment(meaning.last, wall.DAY_MINUTES)),)
    number = (meaning.last - meaning.first).days + 1
    days: Sequence[date] = [meaning.first + A_DAY * ahead for ahead in range(number)]
    found = [Interval(wall.moment(day, times[0]), wall.moment(day, times[1])) for day in days]
    return tuple(one for one in found if one.start < one.end)


def _plain(text: str) -> str:
    """Lower case, one kind of dash, one space, and 'woensdagmiddag' in two words."""
    words = re.sub(r"[‐-―−]", "-", text.lower())
    words = re.sub(r"\s*\b(t/m|tot en met|tot|tm)\b\s*", " - ", words)
    words = _GLUED.sub(r"\1 \2", words)
    return " ".join(words.split())


def _taken(words: str, among: Iterable[tuple[re.Pattern[str], str]], otherwise: str) -> tuple[str, str]:
    """What the first pattern that is found stands for, and the words without it."""
    for pattern, meaning in among:
        if pattern.search(words):
            return meaning, pattern.sub(" ", words, count=1)
    return otherwise, words


def _weekdays(words: str) -> tuple[int, ...]:
    if words == "dag":
        return tuple(range(7))
    if words == "werkdag":
        return tuple(range(5))
    return tuple(sorted({_weekday(name) for name in re.split(r"\s*(?:,|/|\ben\b)\s*", words)}))


def _weekday(name: str) -> int:
    return next(number for number, full in enumerate(_WEEKDAYS) if full.startswith(name[:2]))


def _month(name: str) -> int:
    if name == "mrt":
        return 3
    return next(number for number, full in enumerate(_MONTHS, 1) if full.startswith(name[:3]))


def _days(words: str, today: date) -> tuple[date, date] | None:
    """The first and last day that these words name; None when they name none."""
    monday = today - A_DAY * today.weekday()
    named = {
        "vandaag": (today, today),
        "morgen": (today + A_DAY, today + A_DAY),
        "overmorgen": (today + 2 * A_DAY, today + 2 * A_DAY),
        "deze week": (today, monday + 6 * A_DAY),
        "volgende week": (monday + A_WEEK, monday + A_WEEK + 6 * A_DAY),
        "komende week": (monday + A_WEEK, monday + A_WEEK + 6 * A_DAY),
    }
    if words in named:
        return named[words]
    if re.fullmatch(rf"(?:(?:aanstaande|komende)\s+)?(?:{_DAY_NAME})", words):
        day = today + A_DAY * ((_weekday(words.split()[-1]) - today.weekday() - 1) % 7 + 1)
        return day, day
    if found := _WEEK.fullmatch(words):
        return _week(int(found[1]), int(found[2]) if found[2] else None, today)
    if found := _DAYS_OF_MONTH.fullmatch(words):
        month, year = _month(found["m"]), found["y"]
        if int(found["d2"]) < int(found["d1"]):
            raise NotUnderstood(BACKWARDS)
        last = _day(int(found["d2"]), month, year, today)
        return _day(int(found["d1"]), month, str(last.year), today), last
    if found := _TWO_DATES.fullmatch(words):
        return _between(found, today)
    if found := _ONE_DATE.fullmatch(words):
        day = _dated(found, 1, today, found["y1"])
        return day, day
    return None


def _between(found: re.Match[str], today: date) -> tuple[date, date]:
    """'28 dec - 3 jan' ends in the year after; what has passed as a whole is of the next year."""
    if found["y1"] or found["y2"]:
        first = _dated(found, 1, today, found["y1"] or found["y2"])
        last = _dated(found, 2, today, found["y2"] or found["y1"])
        if last < first and not found["y2"]:
            last = _dated(found, 2, today, str(first.year + 1))
        if last < first:
            raise NotUnderstood(BACKWARDS)
        return first, last
    for year in (today.year - 1, today.year, today.year + 1):
        first = _dated(found, 1, today, str(year))
        last = _dated(found, 2, today, str(year))
        if last < first:
            last = _dated(found, 2, today, str(year + 1))
        if last >= today:
            return first, last
    raise NotUnderstood(PAST)


def _dated(found: re.Match[str], number: int, today: date, year: str | None) -> date:
    name = found[f"m{number}"]
    month = _month(name) if name else int(found[f"k{number}"])
    day = _day(int(found[f"d{number}"]), month, year, today)
    weekday = found[f"w{number}"]
    if weekday and _weekday(weekday) != day.weekday():
        raise NotUnderstood(WRONG_WEEKDAY)
    return day


def _day(day: int, month: int, year: str | None, today: date) -> date:
    """That day of the year; without a year the first one from today on (29 February waits for a leap year)."""
    for candidate in (int(year),) if year else range(today.year, today.year + 9):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or found >= today:
            return found
    raise NotUnderstood(WRONG_DAY)


def _week(number: int, year: int | None, today: date) -> tuple[date, date]:
    for candidate in (year,) if year else (today.year, today.year + 1):
        try:
            monday = date.fromisocalendar(candidate, number, 1)
        except ValueError:
            raise NotUnderstood(WRONG_DAY) from None
        if year or monday + 6 * A_DAY >= today:
            return monday, monday + 6 * A_DAY
    raise NotUnderstood(PAST)


def _times(groups: Sequence[str | None]) -> tuple[int, int]:
    hour, minute, until_hour, until_minute = (int(number or 0) for number in groups)
    start, end = hour * 60 + minute, until_hour * 60 + until_minute
    if minute > 59 or until_minute > 59 or end > wall.DAY_MINUTES:
        raise NotUnderstood(WRONG_DAY)
    if end <= start:
        raise NotUnderstood(BACKWARDS)
    return start, end


def _checked(meaning: Days, today: date) -> Days:
    if meaning.last < today:
        raise NotUnderstood(PAST)
    if meaning.last - meaning.first > LONGEST:
        raise NotUnderstood(TOO_LONG)
    if (meaning.part or meaning.times) and (meaning.last - meaning.first).days >= MOST_PARTS:
        raise NotUnderstood(TOO_LONG)
    return meaning
