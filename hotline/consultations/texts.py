"""Every text message and mail about a consultation, as plain data. No client, no case: a test reads them all.

`{link}` becomes a one-time link when it is sent; `{page}` is the address of the consultation behind the login.
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
    "offered": _("Piket: question {reference}, {area}, {region}, {lane}. Accept before {until}: {link}"),
    "answer_overdue": _("Piket: the answer to {reference} was due at {until}. Answer it, or give it back: {page}"),
    "for_coordinator": _("Piket: {reference} {area}, {region}, {lane}: arrange a lawyer before {until}: {page}"),
}

MAILS: Mapping[str, Mail] = {
    # --- to a lawyer ---
    "offered": Mail(
        _("{reference} is waiting for you: {area}, {region}"),
        _(
            "Hello {name},\n\n"
            "A first-line worker has a question for you.\n\n"
            "Area: {area}\nRegion: {region}\nHow soon: {lane}\nFrom: {organisation}\n"
            "Accept before: {until}\nAnswer before: {answer_by}\n\n"
            "Accept it, or pass it on, here:\n{link}\n\n"
            "If you do nothing, the question goes to the next lawyer after {until}.\n\nPiketlijn"
        ),
    ),
    "offer_over": Mail(
        _("{reference} no longer needs you"),
        _(
            "Hello {name},\n\nYou were asked about {reference} ({area}, {region}). That "
            "is no longer needed: somebody else has it, or it was withdrawn. You need not do anything.\n\nPiketlijn"
        ),
    ),
    "reply": Mail(
        _("{reference}: the asker has written to you"),
        _(
            "Hello {name},\n\nThere is new information about {reference} ({area}, {region}).\n"
            "Your answer is expected before {until}.\n\nRead it here:\n{page}\n\nPiketlijn"
        ),
    ),
    "answer_overdue": Mail(
        _("{reference}: your answer was due"),
        _(
            "Hello {name},\n\nYour answer to {reference} ({area}, {region}) was due at {until}.\n"
            "Answer it, ask for more, or give it back. The coordinator has been told.\n\n{page}\n\nPiketlijn"
        ),
    ),
    "withdrawn": Mail(
        _("{reference} was withdrawn"),
        _(
            "Hello {name},\n\nThe asker has withdrawn {reference} ({area}, {region}). "
            "You need not do anything.\n\nPiketlijn"
        ),
    ),
    "taken_from_you": Mail(
        _("{reference} is now with somebody else"),
        _(
            "Hello {name},\n\nThe coordinator has passed on {reference} ({area}, {region}). "
            "You need not do anything.\n\nPiketlijn"
        ),
    ),
    "outcome_open": Mail(
        _("{reference}: what came of it?"),
        _(
            "Hello {name},\n\nWe do not know yet what came of {reference} ({area}, {region}).\n"
            "One tap is enough:\n{link}\n\nPiketlijn"
        ),
    ),
    # --- to the asker ---
    "accepted": Mail(
        _("{reference}: a lawyer has your question"),
        _(
            "Hello {name},\n\n{who} has accepted {reference} ({area}).\n"
            "You have the answer before {until}.\n\nFollow it here:\n{page}\n\nPiketlijn"
        ),
    ),
    "more_info": Mail(
        _("{reference}: the lawyer asks for more information"),
        _(
            "Hello {name},\n\n{who} needs more information to answer {reference} ({area}).\n"
            "The clock stands still until you have replied.\n\nReply here:\n{page}\n\nPiketlijn"
        ),
    ),
    "more_info_again": Mail(
        _("{reference}: the lawyer is still waiting for you"),
        _(
            "Hello {name},\n\nThe lawyer asked you for more information about {reference} ({area}).\n"
            "Without a reply the question closes on {until}.\n\nReply here:\n{page}\n\nPiketlijn"
        ),
    ),
    "answered": Mail(
        _("{reference} is answered"),
        _(
            "Hello {name},\n\n{who} has answered {reference} ({area}).\n\nRead the answer here:\n{page}\n\n"
            "Then say in one tap whether it helped:\n{link}\n\n"
            "The answer is advice to you. You decide what you do with it.\n\nPiketlijn"
        ),
    ),
    "released": Mail(
        _("{reference}: we are looking for another lawyer"),
        _(
            "Hello {name},\n\n{who} cannot finish {reference} ({area}). "
            "We are asking somebody else; you need not do anything.\n\n{page}\n\nPiketlijn"
        ),
    ),
    "searching": Mail(
        _("{reference}: the coordinator is looking for a lawyer"),
        _(
            "Hello {name},\n\nNobody has accepted {reference} ({area}) yet. "
            "A coordinator arranges it before {until}.\n"
            "Can it not wait? Then call the line.\n\n{page}\n\nPiketlijn"
        ),
    ),
    "confirm": Mail(
        _("{reference}: did it help?"),
        _(
            "Hello {name},\n\nDid the advice about {reference} ({area}) help you? One tap is enough:\n{link}\n\n"
            "If we hear nothing, the question closes on {until}.\n\nPiketlijn"
        ),
    ),
    "choose": Mail(
        _("{reference}: what shall we do next?"),
        _(
            "Hello {name},\n\nYou told us that {reference} ({area}) is not solved yet.\n"
            "Choose what we do: ask a lawyer again, or have the coordinator help.\n{page}\n\n"
            "If you do not choose before {until}, the coordinator will help.\n\nPiketlijn"
        ),
    ),
    # --- to colleagues ---
    "shared": Mail(
        _("{who} shares {reference} with you"),
        _("Hello {name},\n\n{who} lets you read along with {reference} ({area}).\n\n{page}\n\nPiketlijn"),
    ),
    "you_took_over": Mail(
        _("{reference} is now yours"),
        _(
            "Hello {name},\n\nYou have taken over {reference} ({area}) from {who}, with its follow-ups. "
            "Whatever we send about it now comes to you.\n\n{page}\n\nPiketlijn"
        ),
    ),
    "was_taken_over": Mail(
        _("{who} has taken over {reference}"),
        _(
            "Hello {name},\n\n{who} has taken over {reference} ({area}) from you, with its follow-ups. "
            "You can still read it.\n\n{page}\n\nPiketlijn"
        ),
    ),
    "follow_up": Mail(
        _("{reference}: your follow-up is for {until}"),
        _(
            "Hello {name},\n\nYou planned a follow-up of {reference} ({area}) for {until}.\n"
            "Do it, and tick it off here:\n{page}\n\nPiketlijn"
        ),
    ),
    # --- to the coordinator, and about what he did ---
    "for_coordinator": Mail(
        _("{reference} needs you: {area}, {region}"),
        _(
            "Hello {name},\n\n{reference} needs a coordinator.\n\n"
            "Area: {area}\nRegion: {region}\nHow soon: {lane}\nFrom: {organisation}\nWhy: {why}\n"
            "Arrange it before: {until}\n\n{page}\n\nPiketlijn"
        ),
    ),
    "text_opened": Mail(
        _("{reference}: the coordinator has read the text"),
        _(
            "Hello {name},\n\nCoordinator {who} has opened the text of {reference} ({area}).\n"
            "Reason: {why}\n\nThis is on the timeline:\n{page}\n\nPiketlijn"
        ),
    ),
}

WHY: Mapping[str, str] = {
    "not_accepted": _("nobody accepted it in time"),
    "nobody": _("nobody on duty can be asked"),
    "answer_overdue": _("the answer is overdue"),
    "not_helped": _("the asker was not helped"),
    "asked_for": _("the asker wants a coordinator"),
    "hand_over": _("the lawyer says that it has to be handed over"),
    "follow_up_overdue": _("a follow-up was not done"),
    "no_number": _("the asker has no telephone number that we can call"),
    "stuck": _("the telephone lost track of it"),
    "still": _("it is still waiting for you"),
}
