"""What can be wrong with somebody's calendar."""

from __future__ import annotations


class CalendarFault(Exception):
    """A calendar that cannot be read or fetched. `code` is stable; nothing of its address or content is in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


NOT_A_CALENDAR, HTML, PACKED, EMPTY = "not_a_calendar", "html", "packed", "empty"
TOO_BIG, TOO_MANY_PARTS, TOO_MANY_TIMES, TOO_HEAVY = "too_big", "too_many_parts", "too_many_times", "too_heavy"
UNREADABLE, SOME_SKIPPED = "unreadable", "some_skipped"
ADDRESS_WRONG, ADDRESS_REFUSED, NOT_FOUND, LOGIN_NEEDED = (
    "address_wrong",
    "address_refused",
    "not_found",
    "login_needed",
)
REDIRECTS, CERTIFICATE, TOO_SLOW, UNREACHABLE = "redirects", "certificate", "too_slow", "unreachable"
SERVER_FAULT = "server_fault"
