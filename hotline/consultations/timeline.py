"""The story of a consultation, as both sides see it: who did what and when. No numbers, no case text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hotline.models import Consultation, Event, Offer

# Events that are worth a line, in words. `{who}` is who did it.
WORDS: Mapping[str, str] = {
    "asked": gettext_noop("{who} asked the question"),
    "waiting": gettext_noop("Waiting until somebody can be asked"),
    "offered": gettext_noop("{lawyer} was asked"),
    "assigned": gettext_noop("Coordinator {who} asked {lawyer}"),
    "searched_again": gettext_noop("Coordinator {who} started the search again"),
    "accepted": gettext_noop("{who} accepted it"),
    "declined": gettext_noop("{who} passed it on"),
    "released": gettext_noop("{who} gave it back"),
    "expired": gettext_noop("Not accepted in time"),
    "to_coordinator": gettext_noop("The coordinator arranges it"),
    "settled": gettext_noop("Coordinator {who} arranged it"),
    "more_asked": gettext_noop("{who} asked for more information"),
    "replied": gettext_noop("{who} replied"),
    "answered": gettext_noop("{who} answered"),
    "call_asker": gettext_noop("{who} has the line call the asker"),
    "call_me": gettext_noop("{who} asked to be called"),
    "callback_moved": gettext_noop("{who} moved the call back"),
    "callback_withdrawn": gettext_noop("{who} does not need the call back any more"),
    "again": gettext_noop("{who} asked again"),
    "outcome": gettext_noop("{who} said what came of it"),
    "not_helped": gettext_noop("{who} was not helped yet"),
    "follow_up": gettext_noop("{who} planned a follow-up"),
    "followed_up": gettext_noop("{who} did the follow-up"),
    "corrected": gettext_noop("{who} corrected the area or the region"),
    "shared": gettext_noop("{who} shared it with a colleague"),
    "unshared": gettext_noop("{who} ended the sharing with a colleague"),
    "taken_over": gettext_noop("{who} took it over"),
    "claimed": gettext_noop("{who} claimed it for the organisation"),
    "text_opened": gettext_noop("Coordinator {who} opened the text: {reason}"),
    "reminded": gettext_noop("A reminder was sent"),
    "withdrawn": gettext_noop("{who} withdrew it"),
    "closed": gettext_noop("Closed"),
    "closed_silent": gettext_noop("Closed, because nobody said anything for ten working days"),
}
REPEATING = frozenset({"waiting", "reminded"})  # one line for a row of them

# How an attempt by telephone ended, in words; an attempt that is still out says that it rings.
RANG: Mapping[str, str] = {
    Offer.State.RING: gettext_noop("{lawyer} is being rung"),
    Offer.State.WHISPER: gettext_noop("{lawyer} is being rung"),
    Offer.State.TAKEN: gettext_noop("{lawyer} picked up"),
    Offer.State.TALKED: gettext_noop("{lawyer} picked up"),
    Offer.State.ANSWERED: gettext_noop("{lawyer} picked up"),
    Offer.State.LATER: gettext_noop("{lawyer} calls back later"),
    Offer.State.SLOT: gettext_noop("{lawyer} cannot now"),
    Offer.State.CONFLICT: gettext_noop("{lawyer} may not take this"),
    Offer.State.WRONG_AREA: gettext_noop("{lawyer}: another area"),
    Offer.State.BUSY: gettext_noop("{lawyer} was busy"),
    Offer.State.BAD_NUMBER: gettext_noop("{lawyer} could not be reached"),
    Offer.State.STOPPED: gettext_noop("{lawyer} was rung; no longer needed"),
    Offer.State.UNBRIDGED: gettext_noop("{lawyer} picked up; the connection failed"),
}
NO_ANSWER = gettext_noop("{lawyer} did not answer")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `kind` for the mark beside it, `text` in the reader's language, `who` '' for the line itself."""

    at: datetime
    kind: str
    who: str
    text: str


def timeline(consultation: Consultation) -> tuple[Entry, ...]:
    """Everything worth telling, oldest first. Whoever asks has authorised the reader. Four statements."""
    found = [*_events(consultation), *_calls(consultation), *_rings(consultation), *_callbacks(consultation)]
    return tuple(sorted(found, key=lambda entry: entry.at))


def _events(consultation: Consultation) -> Iterator[Entry]:
    rows = Event.objects.filter(consultation=consultation, kind__in=list(WORDS)).select_related(
        "actor", "offer__lawyer"
    )
    previous = ""
    for event in rows.order_by("id"):
        if event.kind in REPEATING and event.kind == previous:
            continue
        previous = event.kind
        who = event.actor.name if event.actor else _("The line")
        lawyer = event.offer.lawyer.name if event.offer else ""
        text = _(WORDS[event.kind]).format(who=who, lawyer=lawyer, reason=event.data.get("reason", ""))
        yield Entry(event.at, event.kind, who if event.actor else "", text)


def _calls(consultation: Consultation) -> Iterator[Entry]:
    for call in consultation.calls.select_related("worker", "organisation").order_by("pk"):
        who = call.worker or call.organisation
        name = who.name if who is not None else _("An unknown caller")
        yield Entry(call.started_at, "called", name, _("{who} called").format(who=name))


def _rings(consultation: Consultation) -> Iterator[Entry]:
    rung = consultation.offers.filter(channel=Offer.Channel.PHONE).select_related("lawyer").order_by("pk")
    for offer in rung:
        text = _(RANG.get(offer.state, NO_ANSWER)).format(lawyer=offer.lawyer.name)
        yield Entry(offer.offered_at, "rang", offer.lawyer.name, text)
        if offer.state == Offer.State.TALKED and offer.ended_at is not None:
            minutes = _minutes(offer)
            text = _("Talked for {minutes} min").format(minutes=minutes)
            yield Entry(offer.ended_at, "talked", offer.lawyer.name, text)


def _minutes(offer: Offer) -> int:
    if offer.accepted_at is None or offer.ended_at is None:
        return 0
    return max(1, round((offer.ended_at - offer.accepted_at).total_seconds() / 60))


def _callbacks(consultation: Consultation) -> Iterator[Entry]:
    for callback in consultation.callbacks.order_by("pk"):
        yield Entry(callback.created_at, "call_promised", "", _("A call back was agreed"))
