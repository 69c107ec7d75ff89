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
    "cover_asked": _("Piket: who takes over {when}, {desk}? JA {number}, or see: {link} (until {until})"),
    "cover_asked_more": _("Piket: who takes over {when}, {desk}? And {more} more. See: {link} (until {until})"),
    "cover_on_behalf": _("Piket: {who} looks for somebody for your duty {when}. It stays yours until then."),
    "cover_found": _("Piket: done. {who} takes over your duty {when}. Your calendar is up to date."),
    "cover_taken": _("Piket: you have the duty {when}, {desk}. Not after all? See: {link}"),
    "cover_taken_back": _("Piket: {who} takes the take-over of {when} ({desk}) back. See {page}"),
    "cover_not_found": _("Piket: nobody found yet for {when}. The duty stays yours. Help? Call {number}."),
    "cover_withdrawn": _("Piket: nobody is needed any more for {when} ({desk}). You need not do anything."),
    "sick_on_behalf": _("Piket: {who} reported you ill, your duty {when} is free. Wrong? See {page}"),
    "swap_offered": _("Piket: {who} wants to swap: your {when} for {other}. Yes or no: {link}"),
    "swap_declined": _("Piket: your swap for {when} ({desk}) was declined. Your own duty stays yours."),
    "swapped": _("Piket: swapped with {who}. Yours is now {when}, {desk}. Gone: {other}."),
    # --- rosters that were published ---
    "roster_published": _("Piket: roster {roster}: you have {count}. Something not right? Swap or call. See {page}"),
    "roster_taken_back": _("Piket: roster {roster} is taken back. What you had holds again: {count}. See {page}"),
    "pattern_new": _("Piket: from {day} you have duties {desk}: {hours}. Something not right? Call your coordinator."),
    "pattern_ended": _("Piket: from {day} your fixed duties {desk} ({hours}) end. Questions? Call your coordinator."),
    "duty_given": _("Piket: you have one more duty: {when}, {desk}. Something not right? See {page}"),
    "duty_ended": _("Piket: your duty {when}, {desk}, is cancelled. You need not do anything."),
    # --- to the coordinator ---
    "sick_told": _("Piket: {who} is ill: {when}, {desk}. The backup covers. See {page}"),
    "no_show_told": _("Piket: {who} does not show up: {when}, {desk}. The backup covers. See {page}"),
    "vacant_not_found": _("Piket: nobody found yet for {when}, {desk}. Find somebody: {page}"),
    "well_again": _("Piket: {who} is not ill after all and has the duty {when}, {desk} again."),
    "cover_filled": _("Piket: {who} takes the duty {when}, {desk}. Nothing more to do."),
    "unconfirmed": _("Piket: {who} has not confirmed the duty {when} ({desk}). Call {phone} or find somebody else."),
    "gap_soon": _("Piket: nobody yet for {when}, {desk}. Solve it: {page}"),
    "gap_soon_many": _("Piket: {count} duties have nobody yet, first {when}, {desk}. Solve it: {page}"),
    "gap_now": _("Piket: URGENT, still nobody for {when}, {desk}. Solve it now: {page}"),
    "gap_now_many": _("Piket: URGENT, {count} duties have nobody, first {when}, {desk}. Solve it now: {page}"),
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
    "invitation": Mail(
        _("Duty {when}, {desk}"),
        _(
            "Hello {name},\n\nYou have a duty: {when}, {desk}.\n\nThis mail puts it in your calendar. What holds now "
            "stands in your roster:\n{page}\n\nPiketlijn"
        ),
    ),
    "invitation_cancelled": Mail(
        _("Cancelled: duty {when}, {desk}"),
        _(
            "Hello {name},\n\nYour duty {when}, {desk}, is cancelled.\n\nThis mail strikes it out in your calendar. "
            "What holds now stands in your roster:\n{page}\n\nPiketlijn"
        ),
    ),
    # --- rosters that were published ---
    "roster_published": Mail(
        _("Roster {roster}: you have {count}"),
        _(
            "Hello {name},\n\nRoster {roster} is published. You have {count}:\n{duties}\n\n"
            "Something not right? Swap, give away or call.\n\nYour own roster, always as it is now:\n{page}\n\n"
            "Piketlijn"
        ),
    ),
    "roster_taken_back": Mail(
        _("Roster {roster} is taken back"),
        _(
            "Hello {name},\n\nRoster {roster} is taken back. What you had before holds again. "
            "In that time you have {count}:\n{duties}\n\nYour own roster, always as it is now:\n{page}\n\nPiketlijn"
        ),
    ),
    "pattern_new": Mail(
        _("Fixed duties from {day}"),
        _(
            "Hello {name},\n\nFrom {day} you have fixed duties: {desk}, {hours}.\n\n"
            "They stand in your own roster:\n{page}\n\nSomething not right? Call your coordinator.\n\nPiketlijn"
        ),
    ),
    "pattern_ended": Mail(
        _("Fixed duties end on {day}"),
        _(
            "Hello {name},\n\nFrom {day} these fixed duties end: {desk}, {hours}.\n\n"
            "What you still have stands in your own roster:\n{page}\n\nPiketlijn"
        ),
    ),
    "duty_given": Mail(
        _("One more duty: {when}"),
        _(
            "Hello {name},\n\nA coordinator gave you a duty: {when}, {desk}.\n\nSomething not right? Swap, give away "
            "or call.\n\nYour own roster:\n{page}\n\nPiketlijn"
        ),
    ),
    "duty_ended": Mail(
        _("Cancelled: {when}"),
        _("Hello {name},\n\nYour duty {when}, {desk}, is cancelled.\n\nYour own roster:\n{page}\n\nPiketlijn"),
    ),
    # --- to the coordinator ---
    "sick_told": Mail(
        _("Ill: {who}, {when}"),
        _(
            "Hello {name},\n\n{who} is ill. Nobody has this duty now: {when}, {desk}. The backup covers until somebody "
            "is found.\n\nWho could take it, and asking them:\n{page}\n\nPiketlijn"
        ),
    ),
    "well_again": Mail(
        _("Not ill after all: {who}, {when}"),
        _("Hello {name},\n\n{who} is not ill after all and has the duty {when}, {desk} again.\n\nPiketlijn"),
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
    "gaps_ahead": Mail(
        _("{count} until {until}"),
        _("Hello {name},\n\nPeople are lacking in the next two weeks:\n\n{list}\n\nSolve it:\n{page}\n\nPiketlijn"),
    ),
}
