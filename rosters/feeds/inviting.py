"""Duties by mail as invitations (iTIP): asked to come when one comes in force, told when it leaves; by choice only.

The event has the UID of the feed, so that a calendar shows it once. Answers go to MAIL_REPLIES with a tag that only
this invitation has: UID and organizer are what every program sends back. Without that address no answer is asked.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db.models import F
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac

from directory import queries as directory
from directory.queries import Contact
from integrations import clock, outbox
from integrations.calendars.encode import CANCEL, REQUEST, Invited, encode_invitation
from integrations.outbox import CalendarPart, OutboxMessage
from rosters import telling
from rosters.core.intervals import Interval
from rosters.feeds import writing
from rosters.models import Duty, Feed

TAG_OCTETS = 10  # 80 bits, 16 letters
HELD = timedelta(minutes=10)  # as long as a roster can be taken back
AT_ONCE = timedelta(hours=24)  # a duty that starts within it is mailed at once


def invite(duties: Sequence[Duty]) -> None:
    """Mail these new duties to those holders who chose so; in the caller's transaction."""
    now = clock.now()
    since = _wanted()
    mine = [duty for duty in duties if duty.person_id in since and duty.ends_at > now]
    _send(mine, REQUEST)


def cancel(duties: Sequence[Duty]) -> None:
    """Mail that these duties are off, to whom they were mailed; an invitation that has not gone out stays home."""
    now = clock.now()
    since = _wanted()
    mine = [
        duty
        for duty in duties
        if duty.person_id in since and duty.created_at >= since[duty.person_id] and duty.ends_at > now
    ]
    _send([duty for duty in mine if not outbox.cancel([_key(duty.pk, REQUEST)])], CANCEL)


def tag_of(duty_id: int, person_id: int) -> str:
    mac = salted_hmac("piketlijn.invitation", f"{duty_id}:{person_id}", algorithm="sha256").digest()
    return base64.b32encode(mac[:TAG_OCTETS]).decode("ascii").lower()


def is_tagged(addresses: Iterable[str], duty_id: int, person_id: int) -> bool:
    """Whether one of these addresses is the one that this invitation asked to answer to."""
    wanted = _answers_to(duty_id, person_id).lower()
    return bool(wanted) and any(constant_time_compare(address, wanted) for address in addresses)


def _wanted() -> dict[int, datetime]:
    """Since when each person is mailed, of those who are."""
    own = Feed.objects.filter(kind=Feed.Kind.PERSON, holder_id=F("object_id"), invites_since__isnull=False)
    return {person_id: since for person_id, since in own.values_list("holder_id", "invites_since") if since}


def _answers_to(duty_id: int, person_id: int) -> str:
    """'piket+abcdefghijklmnop@example.nl'; '' when answers are not read."""
    box, _at, host = settings.MAIL_REPLIES.rpartition("@")
    return f"{box}+{tag_of(duty_id, person_id)}@{host}" if box else ""


def _send(duties: Sequence[Duty], method: str) -> None:
    if not duties:
        return
    contacts = directory.contacts(duty.person_id for duty in duties)
    holders = {duty.pk: contacts.get(duty.person_id) for duty in duties}
    with translation.override(settings.LANGUAGE_CODE):
        mails = [_mail(told, holder, method) for told in writing.told(holders) if (holder := holders[told.id])]
    outbox.enqueue(*mails)


def _mail(told: writing.Told, holder: Contact, method: str) -> OutboxMessage:
    now = clock.now()
    answers_to = _answers_to(told.id, holder.id)
    name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    invited = Invited(answers_to or sender, name, holder.email, holder.name, asks_answer=bool(answers_to))
    calendar = encode_invitation(method, writing.entry_of(told), invited).decode()
    subject, text = telling.mail_text(
        "invitation" if method == REQUEST else "invitation_cancelled",
        {
            "name": holder.name,
            "when": telling.time_words(Interval(told.starts_at, told.ends_at)),
            "desk": told.desk,
            "page": f"{settings.PUBLIC_URL}/rooster/",
        },
    )
    waits = method == REQUEST and told.starts_at - now > AT_ONCE
    return outbox.mail(
        holder.email,
        subject,
        text,
        key=_key(told.id, method),
        about=f"duty:{told.id}",
        calendar=CalendarPart(calendar, method, answers_to),
        not_before=now + HELD if waits else None,
        expires=told.ends_at,
    )


def _key(duty_id: int, method: str) -> str:
    return f"invitation:{method.lower()}:{duty_id}"
