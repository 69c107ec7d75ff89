"""Forgets what need not be kept: texts of messages after a day, done work, old links and misses. Once an hour."""

from __future__ import annotations

from datetime import timedelta

from integrations import clock, lease, links
from integrations.models import Due, OutboxMessage

EVERY = timedelta(hours=1)
KEEP_TEXT = timedelta(hours=24)
KEEP_DONE = timedelta(days=30)


def tidy() -> int:
    """Do it if the last time is an hour ago. Returns how many rows were touched."""
    with lease.held("tidy", seconds=300, rest=EVERY) as mine:
        return _tidy() if mine else 0


def _tidy() -> int:
    now = clock.now()
    old = OutboxMessage.objects.filter(ended_at__lt=now - KEEP_TEXT)
    blanked = old.exclude(body="", subject="").update(body="", subject="")
    blanked += old.filter(kind=OutboxMessage.Kind.MAIL, payload__has_key="calendar").update(payload={})
    done, _ = Due.objects.filter(done_at__lt=now - KEEP_DONE).delete()
    return blanked + done + links.forget_old(now)
