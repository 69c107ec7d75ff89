"""What people text back. One word, one deed, one answer; a message that comes twice is done once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from directory import queries as directory
from directory.numbers import dialled_from
from hotline import pausing
from hotline.phone import rows, texting
from integrations import clock, outbox
from rosters import services as rosters
from rosters.errors import RosterError

PAUSE = re.compile(r"pauze\s*(\d{1,3})?", re.IGNORECASE)


def receive(post: Mapping[str, str]) -> None:
    """One incoming text message. Unknown senders get no answer: we do not talk to strangers by SMS."""
    key = f"sms|{post.get('MessageSid', '')[:80]}"
    number = dialled_from(post.get("From", ""))
    sender = directory.caller_of(number, clock.now())
    if sender is None or sender.person_id is None or not sender.verified:
        return
    now = clock.now()
    try:
        with transaction.atomic():
            name, at = _do(sender.person_id, post.get("Body", "").strip(), now)
            rows.insert_event(key, now, "sms", actor_id=sender.person_id, data={"answer": name})
            text = texting.message(name, number, key=key, at=at, number=settings.HOTLINE_NUMBER)
            outbox.enqueue(text)
    except IntegrityError:
        return


def _do(person_id: int, body: str, now: datetime) -> tuple[str, datetime | None]:
    """The name of the answer and the moment in it."""
    word = body.upper().rstrip("!. ")
    if word == "VERDER":
        return ("resumed" if rosters.resume(person_id=person_id) else "not_paused"), None
    if word == "HULP":
        return "help", None
    wanted = PAUSE.fullmatch(body.rstrip("!. "))
    if wanted is None:
        return "words", None
    try:
        minutes = int(wanted[1]) if wanted[1] else None
        return "pause_set", pausing.pause(person_id=person_id, source="sms", minutes=minutes)
    except RosterError as refused:
        return ("not_on_duty" if refused.code == "not_on_duty" else "words"), None
