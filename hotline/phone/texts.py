"""Every text message about a call or a callback, as plain data. No client, no case: a test reads them all.

`{link}` becomes a one-time link when it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_noop as _

SMS: Mapping[str, str] = {
    # --- to a lawyer ---
    "ringing": _("Piket: your phone rings for {reference}, {area}, {region}, {lane}. See: {link}"),
    "missed": _("Piket: missed call {at}, {reference}, {area}, {lane}. We are ringing the next lawyer."),
    "lost": _("Piket: the caller of {reference} ({area}) was gone already. We will call you if you are still needed."),
    "lawyer_outcome": _("Piket: {reference}, {area}. What came of it? One tap: {link}"),
    "promised": _("Piket: agreed. At {at} we call you, and then the asker of {reference} ({area})."),
    "not_needed": _("Piket: {reference} ({area}) no longer needs you. Another lawyer has it, or it was withdrawn."),
    "paused": _("Piket: you are paused until {at}. Back sooner? Answer VERDER."),
    "fault": _("Piket: we could not put {reference} ({area}) through to you. Sorry. We are calling on."),
    # --- to prove a number ---
    "code": _("Piket: your code is {code}. Type it on the page within 10 minutes. We never ask for it by phone."),
    "test_text": _("Piket: this is a test. Answer HULP, then we know that our texts reach you."),
    # --- to the first-line worker ---
    "call_back": _("Piket: we call you at {at} about {reference}, {area}. Move or withdraw: {link}"),
    "call_back_plain": _("Piket: we call you back at {at}."),
    "call_back_open": _("Piket: we call you back at {at}. Move or withdraw: {link}"),
    "call_back_soon": _(
        "Piket: the call about {reference} ({area}) becomes a little later. We call as soon as we can."
    ),
    "call_back_later": _("Piket: calling you about {reference} becomes {at}. Move or withdraw: {link}"),
    "call_back_coordinator": _("Piket: we could not reach a lawyer for {reference} ({area}). A coordinator calls you."),
    "worker_outcome": _("Piket: {reference}, {area}. Were you helped? One tap: {link}"),
    # --- to the coordinator ---
    "last_cover": _("Piket: nobody can be rung now for {desk} ({region}): the last one is paused. See: {page}"),
    "sick_unconfirmed": _("Piket: {who} reported ill by text and did not confirm by phone. You decide: {page}"),
    "no_show": _("Piket: {who} did not confirm the duty and missed a call. The backup is rung first now. See: {page}"),
    # --- answers to a text message ---
    "confirmed": _("Piket: thank you, you will be there {when}. Not after all? {link}"),
    "not_coming": _("Piket: you have not confirmed your duty {when}. Find a replacement or report ill: {link}"),
    "nothing_waits": _("Piket: nothing waits for a JA or NEE of you now. Nothing was changed."),
    "which": _("Piket: which one? JA DIENST is your duty {when}. JA {request} is taking over. NEE works the same way."),
    "which_cover": _("Piket: you were asked about more than one duty. Answer with the number, such as JA {request}."),
    "cover_over": _("Piket: number {request} is taken or no longer needed. You need not do anything."),
    "cover_look": _("Piket: number {request} breaks a rule or is a swap. See what you can do: {link}"),
    "cover_declined": _("Piket: noted, you do not take over number {request}. You will after all? {link}"),
    "sick": _("Piket: you are reported ill and will not be rung. We call you now: press 1 to confirm. Mistake? {link}"),
    "sick_already": _("Piket: you are reported ill already, until {at}. Not ill after all? {link}"),
    "sick_no_duty": _("Piket: you are reported ill. You have no duty until {at}. Mistake? {link}"),
    "resumed": _("Piket: your pause is over. Calls come to you again. Pause after all? {link}"),
    "pause_set": _("Piket: you are paused until {at}. Back sooner? Answer VERDER, or {link}"),
    "pause_minutes": _("Piket: you can pause 15, 30 or 60 minutes: PAUZE 15. PAUZE alone is the rest of your duty."),
    "not_on_duty": _("Piket: you are not on duty now, so nothing was changed."),
    "not_paused": _("Piket: you were not paused. Nothing was changed."),
    "words": _("Piket: I don't know that word. You can answer JA, NEE, ZIEK, PAUZE 15, VERDER or HULP."),
    "help": _("Piket: JA or NEE for a duty, ZIEK if you are ill, PAUZE 15, VERDER ends it. Help: call {number}."),
}

CUT = ("area", "region", "desk", "who")
