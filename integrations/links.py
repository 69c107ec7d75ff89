"""Links that open without login: 50 bits, stored hashed, for one person, object and action, used once, 72 h at most.

Opening one (GET) changes nothing, for robots open links too. Guesses, replays and late comers are counted per source;
a source with too many of them gets nothing for a while.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from integrations import clock, models

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"  # base32 (RFC 4648), small letters
LENGTH = 10
LONGEST_HOURS = 72
MISSES_ALLOWED = 20
MISSES_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class LinkFor:
    """A link to make: who may do what about which object. `prefix` is the first part of the path: c, u, a or p."""

    person_id: int
    action: str
    about: str
    prefix: str
    hours: int = LONGEST_HOURS

    def as_payload(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Link:
    """A link that was opened: whom it was made for, and what it may do."""

    person_id: int
    action: str
    about: str
    expires_at: datetime


def mint(link_for: LinkFor, now: datetime) -> str:
    """Make the link and return its address. The token lies in no row, so it can never be shown again."""
    token = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    models.Link.objects.create(
        token_hash=_hash("link", token),
        whom=link_for.person_id,
        action=link_for.action,
        about=link_for.about,
        created_at=now,
        expires_at=now + timedelta(hours=min(link_for.hours, LONGEST_HOURS)),
    )
    return f"{settings.SHORT_URL}/{link_for.prefix}/{token}"


def look(token: str, source: str) -> Link | None:
    """What the link is for, or None: unknown, used, too old, or too many misses from `source` (an address)."""
    if is_slowed(source):
        return None
    row = _valid(token, clock.now()).first()
    if row is None:
        count_miss(source)
        return None
    return Link(row.whom, row.action, row.about, row.expires_at)


def use(token: str, source: str) -> Link | None:
    """As `look`, and the link is used up. Of two at one moment one gets it."""
    link = look(token, source)
    now = clock.now()
    if link is not None and _valid(token, now).update(used_at=now) != 1:
        return None
    return link


def revoke(person_id: int, abouts: Iterable[str]) -> int:
    """The links of a person about these objects work no more: they are somebody else's now. Returns how many."""
    unused = models.Link.objects.filter(whom=person_id, about__in=list(abouts), used_at=None)
    return unused.update(expires_at=clock.now())


def is_slowed(source: str) -> bool:
    """Whether this source missed so often of late that it gets nothing for a while. For other secret addresses too."""
    missed = models.LinkMiss.objects.filter(source_hash=_hash("source", source), at__gt=clock.now() - MISSES_WITHIN)
    return missed.count() >= MISSES_ALLOWED


def count_miss(source: str) -> None:
    """This source asked for a secret address that does not exist."""
    models.LinkMiss.objects.create(source_hash=_hash("source", source), at=clock.now())


def forget_old(now: datetime) -> int:
    """Remove links and misses that nobody can use or count any more."""
    links, _ = models.Link.objects.filter(expires_at__lt=now - timedelta(days=30)).delete()
    misses, _ = models.LinkMiss.objects.filter(at__lt=now - timedelta(days=7)).delete()
    return links + misses


def _valid(token: str, now: datetime) -> QuerySet[models.Link]:
    return models.Link.objects.filter(token_hash=_hash("link", token.lower()), used_at=None, expires_at__gt=now)


def _hash(purpose: str, value: str) -> str:
    return salted_hmac(f"piketlijn.{purpose}", value, algorithm="sha256").hexdigest()
