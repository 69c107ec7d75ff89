"""Every text message and mail about duties, as plain data. No client, no case: a test reads them all.

`{link}` becomes a one-time link when it is sent; `{page}` is an address behind the login. `{duty}` is 'do 12 nov 9-13 u
Huurrecht Walcheren', `{when}` the time alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    body: str


SMS: Mapping[str, str] = {
    # --- reminders and confirmation ---
    # --- cover: give away, swap, sick call ---
    # --- rosters that were published ---
    # --- to the coordinator ---
    "test": _("Piket: this is a test message. Nothing is asked of you."),
}

MAILS: Mapping[str, Mail] = {
    # --- reminders and confirmation ---
    # --- cover: give away, swap, sick call ---
    # --- rosters that were published ---
    # --- to the coordinator ---
    "test": Mail(_("Test message of the Piketlijn"), _("Hello {name},\n\nNothing is asked of you.\n\nPiketlijn")),
}
