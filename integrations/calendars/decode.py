"""Reads somebody's calendar and keeps only when he is busy. No framework, no clock: `now` is a parameter.

Everything is counted before it is expanded, so that no calendar, however made, takes long or much memory. Free,
cancelled and transparent events are not busy; a whole day is a day in Amsterdam; a time without a zone is Amsterdam's.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import recurring_ical_events
from icalendar import Calendar

from integrations.calendars import rules
from integrations.calendars.faults import TOO_MANY_TIMES, UNREADABLE, CalendarFault
from integrations.calendars.parts import Line, Part, parts_of, text_of
from integrations.calendars.zones import AMSTERDAM, zone, zone_named

BACK, AHEAD = timedelta(days=1), timedelta(days=400)
MOST_TIMES = 5_000  # occurrences in the window
MOST_STEPS = 250_000  # of all rules together, from their first day on: what expanding costs
MOST_DATES = 10_000  # in RDATE and EXDATE together
FIRST_YEAR = 1900
A_DAY = timedelta(days=1)
LONGEST = timedelta(days=3660)

_TIME = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
_DURATION = re.compile(r"([+-]?)P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?")
_FREE = {"FREE", "WORKINGELSEWHERE"}

Stretch = tuple[datetime, datetime]


class Read(NamedTuple):
    """Busy stretches in UTC, half-open, in order, joined; and how many events made no sense and were left out."""

    busy: tuple[Stretch, ...]
    skipped: int


class _Moment(NamedTuple):
    """As a calendar writes it: a day, or a time in a zone ('' is UTC)."""

    local: datetime
    zone: str
    whole_day: bool

    def utc(self) -> datetime:
        return self.local.replace(tzinfo=zone(self.zone) if self.zone else UTC).astimezone(UTC)

    def text(self, name: str) -> str:
        if self.whole_day:
            return f"{name};VALUE=DATE:{self.local:%Y%m%d}"
        if self.zone:
            return f"{name};TZID={self.zone}:{self.local:%Y%m%dT%H%M%S}"
        return f"{name}:{self.local:%Y%m%dT%H%M%SZ}"


def read(data: bytes, now: datetime) -> Read:
    """When the owner of this calendar is busy, from a day before `now` (aware) to 400 days after.

    Raises CalendarFault: too_big, empty, packed, html, not_a_calendar, too_many_parts, too_many_times, unreadable.
    """
    window = (now - BACK, now + AHEAD)
    found = list(parts_of(text_of(data)))
    zones = _own_zones(found)
    busy: list[Stretch] = []
    kept: list[str] = []
    skipped = 0
    budget = _Budget(window)
    numbers: dict[str, int] = {}
    for part in found:
        try:
            if part.kind == "VFREEBUSY":
                busy += _free_busy(part)
            elif part.kind == "VEVENT":
                number = numbers.setdefault(part.value("UID") or f" {len(numbers)}", len(numbers))
                once, several = _event(part, number, zones, budget)
                busy += once
                kept += several
        except (ValueError, OverflowError):
            skipped += 1
    if kept:
        busy += _expanded(kept, window)
    if len(busy) > MOST_TIMES:
        raise CalendarFault(TOO_MANY_TIMES)
    events = sum(part.kind in {"VEVENT", "VFREEBUSY"} for part in found)
    if skipped and skipped == events:
        raise CalendarFault(UNREADABLE)
    return Read(tuple(_joined(_inside(busy, window))), skipped)


class _Budget:
    """What may still be expanded. Raises CalendarFault: too_many_times."""

    def __init__(self, window: Stretch) -> None:
        self.window = window
        self.steps = MOST_STEPS
        self.dates = MOST_DATES
        self.times = 2 * MOST_TIMES  # what is counted before expanding is a ceiling

    def spend_rule(self, rule: rules.Rule, first: datetime) -> None:
        last = self.window[1] if rule.until is None else min(rule.until, self.window[1])
        most = rule.most_in(last - first)
        self.steps -= most if rule.count is None else min(most, rule.count)
        seen = rule.most_in(min(last - first, self.window[1] - self.window[0])) if last >= self.window[0] else 0
        self.times -= seen if rule.count is None else min(seen, rule.count)
        self._check()

    def spend_dates(self, number: int) -> None:
        self.dates -= number
        self._check()

    def _check(self) -> None:
        if min(self.steps, self.dates, self.times) < 0:
            raise CalendarFault(TOO_MANY_TIMES)


def _event(part: Part, number: int, zones: Mapping[str, str], budget: _Budget) -> tuple[tuple[Stretch, ...], list[str]]:
    """An event that happens once as its stretch; one that repeats with nothing but its times, written anew.

    Nothing of it when it is not in the window or not busy. Raises ValueError for an event that makes no sense.
    """
    start_line = part.first("DTSTART")
    if start_line is None:
        raise ValueError("DTSTART")
    start = _moment(start_line, zones)
    end = _end(part, start, zones)
    repeats = "RRULE" in part.lines or "RDATE" in part.lines
    moved = part.first("RECURRENCE-ID")
    state = "free" if _is_free(part) else "busy"
    if not repeats and moved is None:
        inside = start.utc() < budget.window[1] and end.utc() > budget.window[0] and start.utc() < end.utc()
        return (((start.utc(), end.utc()),) if inside and state == "busy" else ()), []
    lines = ["BEGIN:VEVENT", f"UID:{number}", f"SUMMARY:{state}", start.text("DTSTART"), end.text("DTEND")]
    if moved is not None:
        lines.append(_moment(moved, zones).text("RECURRENCE-ID"))
    else:
        for line in part.lines.get("RRULE", []):
            if rule := _rule(line, start, budget):
                lines.append(f"RRULE:{rule}")
        for name in ("RDATE", "EXDATE"):
            for line in part.lines.get(name, []):
                lines += [one.text(name) for one in _dates(line, zones, budget)]
    return (), [*lines, "END:VEVENT"]


def _rule(line: Line, start: _Moment, budget: _Budget) -> str:
    """The rule, bounded; '' when it ended before the window."""
    rule = rules.read(line.value, whole_days=start.whole_day)
    first = start.utc()
    if rule.until is not None and rule.until < budget.window[0] - LONGEST:
        return ""
    budget.spend_rule(rule, first)
    last = max(budget.window[1], first)
    return rules.ending(rule, first, last).text()


def _dates(line: Line, zones: Mapping[str, str], budget: _Budget) -> Iterator[_Moment]:
    values = line.value.split(",")
    budget.spend_dates(len(values))
    for value in values:
        if value.strip():
            yield _moment(Line(line.name, line.parameters, value.partition("/")[0]), zones)


def _end(part: Part, start: _Moment, zones: Mapping[str, str]) -> _Moment:
    """A day without an end is one day, a time without an end has no length."""
    if line := part.first("DTEND"):
        end = _moment(line, zones)
        if end.whole_day != start.whole_day:
            end = end._replace(whole_day=start.whole_day, zone=start.zone)
    elif part.first("DURATION"):
        end = _moved(start, _duration(part.value("DURATION")))
    else:
        end = _moved(start, A_DAY if start.whole_day else timedelta(0))
    if start.whole_day and end.local <= start.local:
        end = _moved(start, A_DAY)
    if end.utc() - start.utc() > LONGEST:
        raise ValueError("DTEND")
    return end


def _moved(start: _Moment, length: timedelta) -> _Moment:
    """Weeks and days go by the wall, hours by the clock."""
    if start.whole_day or length % A_DAY == timedelta(0):
        return start._replace(local=start.local + length)
    return _Moment((start.utc() + length).replace(tzinfo=None), "", False)


def _moment(line: Line, zones: Mapping[str, str]) -> _Moment:
    found = _TIME.fullmatch(line.value.strip().upper())
    if found is None or int(found[1][:4]) < FIRST_YEAR:
        raise ValueError(line.name)
    text = found[1]
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    if found[2] is None:
        return _Moment(datetime(year, month, day), AMSTERDAM, True)  # noqa: DTZ001 - a day has no zone
    hour, minute, second = int(found[2][:2]), int(found[2][2:4]), min(int(found[2][4:]), 59)  # a leap second
    local = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - its zone stands beside it
    if found[3]:
        return _Moment(local, "", False)
    name = line.parameters.get("TZID", "")
    return _Moment(local, zones.get(name) or (zone_named(name) if name else AMSTERDAM), False)


def _duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text.strip().upper())
    if found is None or not any(found.groups()[1:]):
        raise ValueError("DURATION")
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in found.groups()[1:])
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if found[1] == "-" else length


def _is_free(part: Part) -> bool:
    return (
        part.value("TRANSP").upper() == "TRANSPARENT"
        or part.value("STATUS").upper() == "CANCELLED"
        or part.value("X-MICROSOFT-CDO-BUSYSTATUS").upper() in _FREE
    )


def _free_busy(part: Part) -> Iterator[Stretch]:
    for line in part.lines.get("FREEBUSY", []):
        if line.parameters.get("FBTYPE", "BUSY").upper() == "FREE":
            continue
        for period in line.value.split(","):
            first, _, last = period.partition("/")
            start = _moment(Line("FREEBUSY", {}, first), {})
            ends = last.strip().upper()
            end = _moved(start, _duration(ends)) if "P" in ends else _moment(Line("FREEBUSY", {}, ends), {})
            if start.utc() < end.utc() <= start.utc() + LONGEST:
                yield start.utc(), end.utc()


def _own_zones(parts: Iterable[Part]) -> dict[str, str]:
    """What the zones that this calendar describes itself are called elsewhere."""
    winter: dict[str, int] = {}
    summer: set[str] = set()
    for part in parts:
        name = part.value("TZID")
        if part.kind == "DAYLIGHT":
            summer.add(name)
        elif part.kind == "STANDARD" and (offset := re.fullmatch(r"([+-])(\d{2})(\d{2})\d*", part.value("TZOFFSETTO"))):
            winter[name] = (int(offset[2]) * 60 + int(offset[3])) * (1 if offset[1] == "+" else -1)
    return {name: zone_named(name, offset, name in summer) for name, offset in winter.items()}


def _expanded(lines: Iterable[str], window: Stretch) -> list[Stretch]:
    text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Piketlijn//NL", *lines, "END:VCALENDAR", ""])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = recurring_ical_events.of(Calendar.from_ical(text), skip_bad_series=True).between(*window)
    except Exception as error:  # a stranger's file: what it makes a reader raise is not ours to list
        raise CalendarFault(UNREADABLE) from error
    if len(found) > MOST_TIMES:
        raise CalendarFault(TOO_MANY_TIMES)
    return [_stretch(event) for event in found if str(event.get("SUMMARY")) == "busy"]


def _stretch(event: Any) -> Stretch:
    start, end = event["DTSTART"].dt, event["DTEND"].dt
    return _in_utc(start), _in_utc(end)


def _in_utc(value: date | datetime) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime(value.year, value.month, value.day, tzinfo=zone(AMSTERDAM)).astimezone(UTC)


def _inside(stretches: Iterable[Stretch], window: Stretch) -> Iterator[Stretch]:
    for start, end in stretches:
        first, last = max(start, window[0]), min(end, window[1])
        if first < last:
            yield first, last


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
