"""Opening hours as people type them, such as 'ma-vr 09:00-17:00' and 'za 10:00-12:00, 13:00-14:30', and back."""

from __future__ import annotations

import re
from collections.abc import Iterable

DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
_LINE = re.compile(r"(?P<first>[a-z]{2})(?:\s*-\s*(?P<last>[a-z]{2}))?\s+(?P<parts>\S.*)")
_PART = re.compile(r"(\d{1,2})[:.](\d{2})\s*-\s*(\d{1,2})[:.](\d{2})")

Part = tuple[int, int, int]  # weekday (0 is Monday), opens and closes in minutes after midnight


class NotUnderstood(ValueError):
    """Its text is the line that is not understood."""


def read(text: str) -> tuple[Part, ...]:
    """The parts of the week, in order. Raises NotUnderstood."""
    return tuple(sorted(part for line in text.splitlines() if line.strip() for part in _read_line(line.strip())))


def write(parts: Iterable[Part]) -> str:
    """One line for each run of days with the same hours."""
    hours: dict[int, list[str]] = {}
    for weekday, opens, closes in sorted(parts):
        hours.setdefault(weekday, []).append(f"{_clock(opens)}-{_clock(closes)}")
    lines: list[tuple[int, int, str]] = []
    for weekday, stretches in hours.items():
        same = ", ".join(stretches)
        if lines and lines[-1][1:] == (weekday - 1, same):
            lines[-1] = (lines[-1][0], weekday, same)
        else:
            lines.append((weekday, weekday, same))
    return "\n".join(
        f"{DAYS[first]} {same}" if first == last else f"{DAYS[first]}-{DAYS[last]} {same}"
        for first, last, same in lines
    )


def _read_line(line: str) -> Iterable[Part]:
    found = _LINE.fullmatch(line.lower())
    if found is None or not {found["first"], found["last"] or found["first"]} <= set(DAYS):
        raise NotUnderstood(line)
    first, last = DAYS.index(found["first"]), DAYS.index(found["last"] or found["first"])
    if last < first:
        raise NotUnderstood(line)
    parts = [_PART.fullmatch(part.strip()) for part in found["parts"].split(",")]
    for weekday in range(first, last + 1):
        for part in parts:
            if part is None:
                raise NotUnderstood(line)
            hour, minute, until_hour, until_minute = (int(number) for number in part.groups())
            if minute > 59 or until_minute > 59:
                raise NotUnderstood(line)
            yield weekday, hour * 60 + minute, until_hour * 60 + until_minute


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
