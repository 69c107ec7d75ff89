"""Reads a calendar from stdin with libical, the engine of GNOME and KDE, and tells its events and faults as JSON.

Run by the python of Debian (python3-gi, gir1.2-ical-3.0), not by ours.
"""

import json
import sys
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # type: ignore[import-not-found]  # noqa: E402 - the version is chosen first


def seconds(time: Any) -> int:
    return int(time.as_timet_with_zone(time.get_timezone()))


def main() -> None:
    calendar = ICalGLib.Component.new_from_string(sys.stdin.read())
    calendar.check_restrictions()  # leaves its complaints in the calendar, as errors
    events, warnings = [], []
    if not calendar.is_valid() or calendar.count_errors():
        warnings.append(calendar.as_ical_string())
    part = calendar.get_first_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
    while part is not None:
        status = part.get_first_property(ICalGLib.PropertyKind.STATUS_PROPERTY)
        events.append(
            {
                "uid": part.get_uid(),
                "starts": seconds(part.get_dtstart()),
                "ends": seconds(part.get_dtend()),
                "title": part.get_summary(),
                "status": status.get_value_as_string(),
                "sequence": part.get_sequence(),
                "recurring": part.count_properties(ICalGLib.PropertyKind.RRULE_PROPERTY) > 0,
            }
        )
        part = calendar.get_next_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
    json.dump({"events": events, "warnings": warnings}, sys.stdout)


main()
