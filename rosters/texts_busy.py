"""What is wrong with somebody's calendar, in words that say what to do."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from integrations.calendars import faults

WORDS: Mapping[str, str] = {
    faults.NOT_A_CALENDAR: _("This is not a calendar. Choose a file or address that ends in .ics."),
    faults.HTML: _("This is a web page, not a calendar. Look for 'secret address in iCal format' in your calendar."),
    faults.PACKED: _("This file is packed (zip). Unpack it first and choose the .ics file in it."),
    faults.EMPTY: _("This file is empty. Export your calendar again."),
    faults.TOO_BIG: _("This calendar is larger than 5 MB. Share a calendar with less history in it."),
    faults.TOO_MANY_PARTS: _("This calendar has more than 20,000 appointments. Share one with less history in it."),
    faults.TOO_MANY_TIMES: _("This calendar repeats too often to be read. Look for an appointment that never ends."),
    faults.TOO_HEAVY: _("Reading this calendar takes too long. Share one with fewer repeating appointments."),
    faults.UNREADABLE: _("This calendar is damaged. Export it again, or share it again."),
    faults.SOME_SKIPPED: _("Some appointments could not be read; the others are taken over."),
    faults.ADDRESS_WRONG: _("This is not an address that we can ask. It starts with https:// or webcal://."),
    faults.ADDRESS_REFUSED: _("This address is not on the open internet. Use the address that your calendar shares."),
    faults.NOT_FOUND: _("This calendar is no longer there. Share it again and paste the new address."),
    faults.LOGIN_NEEDED: _("This address asks for a login. Use the secret address that your calendar shares."),
    faults.REDIRECTS: _("This address leads on and on. Paste the address where the calendar itself is."),
    faults.CERTIFICATE: _("The certificate of this address is not right. Ask who keeps that server."),
    faults.TOO_SLOW: _("The server of this calendar takes too long to answer. We try again by ourselves."),
    faults.UNREACHABLE: _(
        "The server of this calendar cannot be reached. Check the address; we try again by ourselves."
    ),
    faults.SERVER_FAULT: _("The server of this calendar has a fault. We try again by ourselves."),
}


def words_of_fault(code: str) -> str:
    """What is wrong and what to do, in the language of the reader; '' for no fault."""
    return gettext(WORDS.get(code, WORDS[faults.UNREADABLE])) if code else ""
