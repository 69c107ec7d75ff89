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
    "cover_asked": _("Piket: who takes over {when}, {desk}? Answer JA {number}, or see: {link} (until {until})"),
    "cover_asked_more": _(
        "Piket: who takes over {when}, {desk}? And {more} more. JA {number}, or see: {link} (until {until})"
    ),
    "cover_on_behalf": _("Piket: {who} looks for somebody for your duty {when}. It stays yours until then."),
    "cover_found": _("Piket: done. {who} takes over your duty {when}. Your calendar is up to date."),
    "cover_taken": _("Piket: you have the duty {when}, {desk}. Not after all? See: {link}"),
    "cover_taken_back": _("Piket: {who} takes the take-over of {when} ({desk}) back. See {page}"),
    "cover_not_found": _("Piket: nobody found yet for {when}. The duty stays yours. Help? Call {number}."),
    "cover_withdrawn": _("Piket: nobody is needed any more for {when} ({desk}). You need not do anything."),
    "swap_offered": _("Piket: {who} wants to swap: your {when} for {other} ({desk}). Yes or no: {link}"),
    "swapped": _("Piket: swapped with {who}. Yours is now {when}, {desk}. Gone: {other}."),
    # --- rosters that were published ---
    # --- to the coordinator ---
    "sick_told": _("Piket: {who} is ill. Empty: {when}, {desk}. The backup covers. Find somebody: {page}"),
    "no_show_told": _("Piket: {who} does not show up. Empty: {when}, {desk}. Find somebody: {page}"),
    "vacant_not_found": _("Piket: nobody found yet for {when}, {desk}. Find somebody: {page}"),
    "cover_filled": _("Piket: {who} takes the duty {when}, {desk}. Nothing more to do."),
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
    "cover_asked": Mail(
        _("Who takes over {when}?"),
        _(
            "Hello {name},\n\nSomebody is looked for: {when}, {desk}.\n\nSee it, take it over or say no, until {until}:"
            "\n{link}\n\nYou need not log in. Or answer our text message with JA {number}.\n\nPiketlijn"
        ),
    ),
    "cover_asked_more": Mail(
        _("Who takes over {when}? And {more} more"),
        _(
            "Hello {name},\n\nSomebody is looked for:\n{duties}\n\nThe first, without logging in:\n{link}\n\n"
            "All of them:\n{page}\n\nPiketlijn"
        ),
    ),
    "cover_on_behalf": Mail(
        _("Somebody is looked for: {when}"),
        _(
            "Hello {name},\n\n{who} looks for somebody for your duty {when}, {desk}. It stays yours until somebody "
            "takes it over.\n\nSee or withdraw it:\n{page}\n\nPiketlijn"
        ),
    ),
    "cover_filled": Mail(
        _("Found: {who}, {when}"),
        _("Hello {name},\n\n{who} takes the duty {when}, {desk}.\n\nHow it went:\n{page}\n\nPiketlijn"),
    ),
    "swap_offered": Mail(
        _("{who} wants to swap"),
        _(
            "Hello {name},\n\n{who} wants to swap: your duty {when} for {other}, {desk}.\n\nYes or no, without "
            "logging in:\n{link}\n\nPiketlijn"
        ),
    ),
    # --- rosters that were published ---
    # --- to the coordinator ---
    "sick_told": Mail(
        _("Ill: {who}, {when}"),
        _(
            "Hello {name},\n\n{who} is ill. Nobody has this duty now: {when}, {desk}. The backup covers until somebody "
            "is found.\n\nWho could take it, and asking them:\n{page}\n\nPiketlijn"
        ),
    ),
    "no_show_told": Mail(
        _("Did not show up: {who}, {when}"),
        _(
            "Hello {name},\n\n{who} did not show up. Nobody has this duty now: {when}, {desk}. The backup covers until "
            "somebody is found.\n\nWho could take it, and asking them:\n{page}\n\nPiketlijn"
        ),
    ),
    "unconfirmed": Mail(
        _("Not confirmed: {who}, {when}"),
        _(
            "Hello {name},\n\n{who} has not confirmed the duty {when} ({desk}), after two reminders.\n\n"
            "Call {phone}, or find somebody else:\n{page}\n\nPiketlijn"
        ),
    ),
    "test": Mail(_("Test message of the Piketlijn"), _("Hello {name},\n\nNothing is asked of you.\n\nPiketlijn")),
}
