"""Words and marks of the hotline for templates: status tags, lanes, callbacks, telephone numbers."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import template
from django.utils.translation import gettext_lazy as _

from directory import numbers
from hotline.models import Consultation, Lane, ProofCall

register = template.Library()
STATUS = Consultation.Status


class Mark(NamedTuple):
    """An icon, a word and a tone: '', active, good, ask or fault. Never a colour alone."""

    icon: str
    words: Any
    tone: str = ""


STATUS_MARKS = {
    STATUS.SUBMITTED: Mark("send", _("Submitted")),
    STATUS.WITH_LAWYER: Mark("person", _("With a lawyer"), "active"),
    STATUS.IN_CONVERSATION: Mark("phone", _("In conversation"), "active"),
    STATUS.MORE_INFO: Mark("question", _("Question back"), "ask"),
    STATUS.ANSWERED: Mark("answer", _("Answered"), "good"),
    STATUS.HANDED_OVER: Mark("next", _("Handed over"), "active"),
    STATUS.CLOSED: Mark("done", _("Closed"), "good"),
    STATUS.WITHDRAWN: Mark("cross", _("Withdrawn")),
}
PRESENCE_MARKS = {
    "free": Mark("check", _("free"), "good"),
    "rings": Mark("phone", _("rings"), "active"),
    "talks": Mark("chat", _("in conversation"), "active"),
    "wraps_up": Mark("clock", _("wraps up")),
    "paused": Mark("pause", _("pause"), "ask"),
}
LANE_WORDS = {
    Lane.NOW: _("Now"),
    Lane.TODAY: _("Today"),
    Lane.TWO_DAYS: _("Within 2 working days"),
}
CALLBACK_WORDS = {
    "waiting": _("planned"),
    "placing": _("is being called"),
    "lawyer": _("we ring the lawyer"),
    "worker": _("we ring the worker"),
    "talk": _("in conversation"),
    "coordinator": _("with the coordinator"),
}
STAGE_WORDS = {
    "own": _("own region"),
    "neighbour": _("neighbouring region"),
    "country": _("national desk"),
    "continuity": _("knows this question"),
    "promise": _("promised to call"),
}

TICKET_WORDS = {
    "fault": _("A call met a fault of ours. Call the worker if you know who it was."),
    "fallback": _("A call went to the fallback number. Check that the caller was helped."),
    "vendor_refused": _("The telephone vendor refused a request. Check that the caller was helped."),
    "no_bridge_key": _("A lawyer and a caller were joined without a key. Check that both are well."),
    "bad_number": _("A lawyer's number does not work. Have it put right in the set-up."),
    "mismatch": _("Twice 'not my area' on one desk. Check which areas the desk answers."),
    "last_cover": _("The last lawyer on duty is paused. Find somebody or call."),
    "delivery": _("A message could not be delivered. Reach the person in another way."),
    "unconfirmed": _("Somebody did not confirm a duty after two reminders. Call, or find somebody else."),
    "no_show": _("Somebody on duty did not confirm and missed a call. The backup is rung first now. Call, or replace."),
    "unknown_text": _("Somebody texted something that we do not understand. Call and ask what is meant."),
    "texts_stopped": _("Somebody stopped our text messages. Call: reminders do not arrive any more."),
    "sick_unconfirmed": _(
        "Somebody reported ill by text and did not confirm by phone. Call, or ask others to take over."
    ),
    "callback": _("A callback did not succeed. Call the worker."),
}


@register.inclusion_tag("web/parts/status.html")
def status_tag(status: str) -> dict[str, Mark]:
    """Where a consultation stands."""
    return {"mark": STATUS_MARKS[STATUS(status)]}


@register.inclusion_tag("web/parts/status.html")
def presence_tag(state: str) -> dict[str, Mark]:
    """What somebody on duty is doing."""
    return {"mark": PRESENCE_MARKS[state]}


@register.inclusion_tag("web/parts/status.html")
def tag(icon: str, words: str, tone: str = "") -> dict[str, Mark]:
    """Any other icon with a word."""
    return {"mark": Mark(icon, words, tone)}


@register.filter
def lane_words(lane: str) -> Any:
    return LANE_WORDS[Lane(lane)]


@register.filter
def callback_words(state: str) -> Any:
    return CALLBACK_WORDS.get(state, state)


@register.filter
def ticket_words(kind: str) -> Any:
    return TICKET_WORDS.get(kind, kind)


@register.filter
def proof_words(state: str) -> Any:
    """How the last test call came out."""
    return ProofCall.State(state).label


@register.filter
def stage_words(stage: str) -> Any:
    return STAGE_WORDS.get(stage, stage)


@register.filter
def phone(e164: str) -> str:
    """As people write it: 085 000 0000."""
    return numbers.shown(e164)


@register.filter
def position_words(position: int) -> Any:
    """1 is on duty, everything after it backup."""
    return _("on duty") if position == 1 else _("backup")
