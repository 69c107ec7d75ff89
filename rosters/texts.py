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
    "remind": _("Piket: {when} you have a duty, {desk}. Ready? Answer JA. You can't: {link}"),
    "remind_confirmed": _("Piket: {when} you have a duty, {desk}. You confirmed it. You can't after all: {link}"),
    "nudge": _("Piket: we don't know yet whether you can {when} ({desk}). Answer JA or NEE. Help: call {number}"),
    "start": _("Piket: your duty {desk} begins (until {until} h). Calls come from {number}. Pause? Answer PAUZE 15"),
    # --- cover: give away, swap, sick call ---
    # --- rosters that were published ---
    # --- to the coordinator ---
    "unconfirmed": _("Piket: {who} has not confirmed the duty {when} ({desk}). Call {phone} or find somebody else."),
    "test": _("Piket: this is a test message. Nothing is asked of you."),
}

MAILS: Mapping[str, Mail] = {
    # --- reminders and confirmation ---
    "remind": Mail(
        _("Your duty {when}"),
        _(
            "Hello {name},\n\n{when} you have a duty: {desk}.\n\nReady? Or can you not come? Say it here:\n{link}\n\n"
            "Until we know, a coordinator counts on it that you may not be there.\n\nPiketlijn"
        ),
    ),
    "remind_confirmed": Mail(
        _("Your duty {when}"),
        _(
            "Hello {name},\n\n{when} you have a duty: {desk}. You have confirmed it.\n\n"
            "Can you not come after all? Say it here:\n{link}\n\nPiketlijn"
        ),
    ),
    # --- cover: give away, swap, sick call ---
    # --- rosters that were published ---
    # --- to the coordinator ---
    "unconfirmed": Mail(
        _("Not confirmed: {who}, {when}"),
        _(
            "Hello {name},\n\n{who} has not confirmed the duty {when} ({desk}), after two reminders.\n\n"
            "Call {phone}, or find somebody else:\n{page}\n\nPiketlijn"
        ),
    ),
    "test": Mail(_("Test message of the Piketlijn"), _("Hello {name},\n\nNothing is asked of you.\n\nPiketlijn")),
}
