"""How often a rule of recurrence can happen, counted before anything is expanded."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from integrations.calendars.faults import TOO_MANY_TIMES, CalendarFault

SECONDS = {
    "YEARLY": 365 * 86400,
    "MONTHLY": 28 * 86400,
    "WEEKLY": 7 * 86400,
    "DAILY": 86400,
    "HOURLY": 3600,
    "MINUTELY": 60,
    "SECONDLY": 1,
}
MOST_VALUES = 400  # in one list of a rule
LONGEST_INTERVAL = 100_000
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBERS = re.compile(r"[+-]?\d{1,3}(,[+-]?\d{1,3})*")
_UNTIL = re.compile(r"\d{8}(T\d{6}Z?)?")
_LISTS = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS")


@dataclass(frozen=True, slots=True)
class Rule:
    """An RRULE in parts. `until`: aware, or None; `whole_days`: what repeats has a date and no time."""

    freq: str
    interval: int
    count: int | None
    until: datetime | None
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    week_start: str
    whole_days: bool

    def text(self) -> str:
        parts = [f"FREQ={self.freq}", f"INTERVAL={self.interval}"]
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until:{'%Y%m%d' if self.whole_days else '%Y%m%dT%H%M%SZ'}}")
        parts += [f"{name}={','.join(values)}" for name, values in self.lists]
        return ";".join([*parts, f"WKST={self.week_start}"])

    def most_in(self, length: timedelta) -> int:
        """No more occurrences than this in a stretch so long; also about what it costs to look."""
        if length <= timedelta(0):
            return 1
        periods = int(length.total_seconds()) // (SECONDS[self.freq] * self.interval) + 1
        return periods * max(1, self._in_period())

    def _in_period(self) -> int:
        """No more occurrences than this in one period of its frequency."""
        given = dict(self.lists)
        coarser = ["SECONDLY", "MINUTELY", "HOURLY"].index(self.freq) if self.freq in list(SECONDS)[4:] else 3
        times = 1
        for name in ("BYSECOND", "BYMINUTE", "BYHOUR")[:coarser]:
            times *= len(set(given.get(name, ("",))))
        return times * self._days_in_period(given)

    def _days_in_period(self, given: dict[str, tuple[str, ...]]) -> int:
        days, months = given.get("BYDAY", ()), len(given.get("BYMONTH", ()))
        numbered = sum(not day.isalpha() for day in days)
        match self.freq:
            case "YEARLY" if "BYYEARDAY" in given:
                return len(given["BYYEARDAY"])
            case "YEARLY" if "BYWEEKNO" in given:
                return len(given["BYWEEKNO"]) * 7
            case "YEARLY" if "BYMONTHDAY" in given:
                return len(given["BYMONTHDAY"]) * (months or 12)
            case "YEARLY" if days:
                return numbered * (months or 1) + (len(days) - numbered) * 5 * (months or 12)
            case "YEARLY":
                return months or 1
            case "MONTHLY" if "BYMONTHDAY" in given:
                return len(given["BYMONTHDAY"])
            case "MONTHLY" if days:
                return numbered + (len(days) - numbered) * 5
            case "WEEKLY":
                return len(days) or 1
        return 1


def read(text: str, *, whole_days: bool) -> Rule:
    """Raises ValueError for a rule that is none; CalendarFault for one with endless lists."""
    given: dict[str, str] = {}
    for part in text.upper().replace(" ", "").strip(";").split(";"):
        name, _, value = part.partition("=")
        if name in given or not value:
            raise ValueError(name)
        given[name] = value
    freq = given.get("FREQ", "")
    if freq not in SECONDS:
        raise ValueError("FREQ")
    lists = []
    for name in (*_LISTS, "BYDAY"):
        if name not in given:
            continue
        values = tuple(given[name].split(","))
        if len(values) > MOST_VALUES:
            raise CalendarFault(TOO_MANY_TIMES)
        if name == "BYDAY":
            if not all(_DAY.fullmatch(value) for value in values):
                raise ValueError(name)
        elif not _NUMBERS.fullmatch(given[name]):
            raise ValueError(name)
        lists.append((name, values))
    week_start = given.get("WKST", "MO")
    if not _DAY.fullmatch(week_start) or not week_start.isalpha():
        raise ValueError("WKST")
    count = int(given["COUNT"]) if "COUNT" in given else None
    interval = int(given.get("INTERVAL", "1"))
    if not 1 <= interval <= LONGEST_INTERVAL or (count is not None and count < 1):
        raise ValueError("INTERVAL or COUNT")
    until = _until(given["UNTIL"]) if "UNTIL" in given else None
    return Rule(freq, interval, count, until, tuple(lists), week_start, whole_days)


def _until(text: str) -> datetime:
    """A date is the end of that day."""
    if not _UNTIL.fullmatch(text):
        raise ValueError("UNTIL")
    if "T" not in text:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC) + timedelta(hours=23, minutes=59, seconds=59)
    return datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def ending(rule: Rule, first: datetime, last: datetime) -> Rule:
    """The same rule from `first`, asked for nothing after `last` (aware). One that ends by its number keeps it.

    A rule that never happens (30 February) is sought until the year 9999 by whoever expands it: `apart` stops that.
    """
    if rule.count is not None and rule.count <= rule.most_in(last - first):
        return rule
    return replace(rule, count=None, until=last if rule.until is None else min(rule.until, last))
