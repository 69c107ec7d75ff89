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
    # --- answers to a text message ---
    "resumed": _("Piket: your pause is over. Calls come to you again."),
    "pause_set": _("Piket: you are paused until {at}. Back sooner? Answer VERDER."),
    "not_on_duty": _("Piket: you are not on duty now, so nothing was changed."),
    "not_paused": _("Piket: you were not paused. Nothing was changed."),
    "words": _("Piket: I don't know that word. You can answer PAUZE 15, VERDER or HULP."),
    "help": _("Piket: PAUZE 15 pauses you for 15 minutes, VERDER ends it. Help: call {number}."),
}

CUT = ("area", "region", "desk")
