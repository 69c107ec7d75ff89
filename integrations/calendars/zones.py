"""Time zones as calendars name them, and the zone that is meant. What nobody knows is taken for Amsterdam.

The rules that a calendar brings itself (VTIMEZONE) are never run: they can be made to run for ever, and Outlook's are
often wrong. They only help to recognise a name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

AMSTERDAM = "Europe/Amsterdam"
_PATH = re.compile(r"(?:[A-Za-z_+-]+/)*[A-Za-z_+-]+/[A-Za-z_+-]+$")
_OFFSET = re.compile(r"(?:UTC|GMT)\s*([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_WITH_SUMMER_TIME = {0: "Europe/London", 60: AMSTERDAM, 120: "Europe/Athens"}


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def zone_named(name: str, offset: int | None = None, summer_time: bool = True) -> str:
    """The IANA name that is meant. `offset`: minutes ahead of UTC in winter, as the calendar itself says."""
    name = name.strip().strip('"')
    if known := _known(name):
        return known
    if offset is None and (said := _OFFSET.search(name)):
        offset = (int(said[2]) * 60 + int(said[3] or 0)) * (1 if said[1] == "+" else -1)
    if offset is None:
        return AMSTERDAM
    if summer_time and offset in _WITH_SUMMER_TIME:
        return _WITH_SUMMER_TIME[offset]
    hours, rest = divmod(offset, 60)
    fixed = f"Etc/GMT{-hours:+d}" if hours else "UTC"  # their sign is turned round
    return _names().get(fixed.lower(), AMSTERDAM) if rest == 0 else AMSTERDAM


def _known(name: str) -> str:
    """By its own name, by what stands at the end of a path, or by the name that Windows gives it; '' for none."""
    if found := _names().get(name.lower()):
        return found
    tail = _PATH.search(name)
    while tail:  # '/mozilla.org/20050126_1/Europe/Amsterdam'
        if found := _names().get(tail[0].lower()):
            return found
        tail = _PATH.search(tail[0].partition("/")[2])
    return WINDOWS_TO_OLSON.get(name, "")


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
