"""Answers to invitations that come in by mail: no opens a request for cover, yes confirms the duty.

The mail is believed when it comes from the holder's address, answers for him, and knows the address that only his
invitation asked to answer to. A sender's address alone can be forged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from directory import queries as directory
from integrations import clock
from integrations.calendars.faults import CalendarFault
from integrations.calendars.replies import Reply, read_reply
from rosters.errors import CoverRefused
from rosters.feeds.inviting import is_tagged
from rosters.models import CoverRequest, Duty
from rosters.services import covering, steps

ACCEPTED, DECLINED, IGNORED = "accepted", "declined", "ignored"
_UID = re.compile(r"dienst-([0-9]{1,18})@(.{1,255})")


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a mail. `why` it was ignored: a code of CalendarFault, or unknown, stranger, over, undecided."""

    outcome: str
    duty_id: int | None = None
    why: str = ""


@transaction.atomic
def receive(raw_message: bytes) -> Received:
    """Act on one mail as a mail server hands it over, of at most 1 MB. The same mail twice does it once."""
    try:
        reply = read_reply(raw_message)
    except CalendarFault as fault:
        return Received(IGNORED, why=fault.code)
    duty = _duty_of(reply)
    if duty is None:
        return Received(IGNORED, why="unknown")
    if not _is_from_holder(reply, duty):
        return Received(IGNORED, duty.pk, "stranger")
    if duty.cancelled_at is not None or duty.ends_at <= clock.now():
        return Received(IGNORED, duty.pk, "over")
    if reply.status == DECLINED.upper():
        return _declined(duty)
    if reply.status == ACCEPTED.upper():
        steps.confirm(duty_ids=[duty.pk], how="mail", by=duty.person_id)
        return Received(ACCEPTED, duty.pk)
    return Received(IGNORED, duty.pk, "undecided")


def _declined(duty: Duty) -> Received:
    try:
        covering.open_request(duty_id=duty.pk, kind=CoverRequest.Kind.GIVE, by=duty.person_id)
    except CoverRefused as refused:
        if refused.code != "request_open":
            return Received(IGNORED, duty.pk, refused.code)
    return Received(DECLINED, duty.pk)


def _duty_of(reply: Reply) -> Duty | None:
    found = _UID.fullmatch(reply.uid)
    if found is None or found[2] != urlsplit(settings.PUBLIC_URL).hostname:
        return None
    return Duty.objects.filter(pk=int(found[1])).first()


def _is_from_holder(reply: Reply, duty: Duty) -> bool:
    holder = directory.contacts([duty.person_id]).get(duty.person_id)
    if holder is None:
        return False
    address = holder.email.lower()
    return reply.sender == reply.attendee == address and is_tagged(reply.sent_to, duty.pk, duty.person_id)
