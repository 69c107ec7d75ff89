"""A lease row: whoever holds it may do the named work, any number of processes may try."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from integrations import clock
from integrations.models import Lease


@contextmanager
def held(name: str, *, seconds: float, rest: timedelta = timedelta(0)) -> Iterator[bool]:
    """Yield whether this is the one that may do `name` now; given back at the end, or after `seconds` when we die.

    `rest`: nobody does it again within this time. Looking costs one read; only the taker writes.
    """
    now = clock.now()
    until = free_since(name)
    if until is None:
        Lease.objects.bulk_create([Lease(name=name, holder="", until=now)], ignore_conflicts=True)
        until = free_since(name)
    if until is None or until > now:
        yield False
        return
    holder = f"{socket.gethostname()[:50]}:{os.getpid()}:{secrets.token_hex(4)}"
    mine = Lease.objects.filter(name=name, until=until)
    if mine.update(holder=holder, until=now + timedelta(seconds=seconds)) != 1:
        yield False
        return
    try:
        yield True
    finally:
        Lease.objects.filter(name=name, holder=holder).update(until=clock.now() + rest)


def free_since(name: str) -> datetime | None:
    """When the named work was last given back (a moment to come: held or resting until then); None: never done."""
    return Lease.objects.filter(name=name).values_list("until", flat=True).first()
