"""What people text back. One word, one deed, one answer; a message that comes twice is done once."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.db import IntegrityError, transaction

from directory import queries as directory
from directory import services as directory_services
from directory.numbers import dialled_from
from hotline.phone import rows, texting, words
from hotline.phone.words.reply import Sender
from integrations import clock, outbox


def receive(post: Mapping[str, str]) -> None:
    """One incoming text message. Unknown senders get no answer: we do not talk to strangers by SMS."""
    key = f"sms|{post.get('MessageSid', '')[:80]}"
    number, now = dialled_from(post.get("From", "")), clock.now()
    sender = directory.caller_of(number, now)
    if sender is None or sender.person_id is None or not sender.verified:
        return
    try:
        with transaction.atomic():
            did = _answer(Sender(sender.person_id, number, now), post.get("Body", ""), key)
            rows.insert_event(key, now, "sms", actor_id=sender.person_id, data={"answer": did})
    except IntegrityError:  # its twin was first, and all of this one is rolled back
        if not rows.was_heard(key):
            raise


def _answer(sender: Sender, body: str, key: str) -> str:
    """Do it, answer, and say what was done: a code, never what was written."""
    directory_services.mark_texted(e164=sender.number)
    reply = words.answer(sender, body)
    if reply.name:
        text = texting.message(
            reply.name,
            sender.number,
            key=key,
            at=reply.at,
            when=reply.when,
            request=reply.request,
            number=settings.HOTLINE_NUMBER,
            link=reply.link,
        )
        outbox.enqueue(text)
    return reply.name or reply.did
