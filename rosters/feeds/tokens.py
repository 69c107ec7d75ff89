"""The secret part of a feed's address: the number of the feed, and a mac of 160 bits over what it is.

Nothing usable lies at rest, and the same address can be shown again. The number makes finding it one read by primary
key; it is no secret. The key comes of SECRET_KEY, so that FIELD_KEYS can be rotated; raising `revoked` ends an address.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable

from django.utils.crypto import constant_time_compare, salted_hmac

NUMBER_OCTETS, MAC_OCTETS = 5, 20
LENGTH = (NUMBER_OCTETS + MAC_OCTETS) * 8 // 5  # 40 letters of base32, without padding
EARLIER_KNOWN = 50  # so many revoked addresses are told from guesses


def token_of(feed_id: int, kind: str, object_id: int, holder_id: int, revoked: int) -> str:
    mac = _mac(feed_id, kind, object_id, holder_id, revoked)
    return base64.b32encode(feed_id.to_bytes(NUMBER_OCTETS, "big") + mac).decode("ascii").lower()


def feed_in(token: str) -> int | None:
    """The number of the feed that the token says it is for; None for what cannot be a token."""
    octets = _octets(token)
    return None if octets is None else int.from_bytes(octets[:NUMBER_OCTETS], "big")


def fits(token: str, kind: str, object_id: int, holder_id: int, revoked: int) -> bool:
    """Whether it is the token of this feed, not revoked."""
    return _is_any(token, kind, object_id, holder_id, (revoked,))


def was_valid(token: str, kind: str, object_id: int, holder_id: int, revoked: int) -> bool:
    """Whether it was handed out and revoked: no guess, though it opens nothing."""
    return _is_any(token, kind, object_id, holder_id, range(max(0, revoked - EARLIER_KNOWN), revoked))


def _is_any(token: str, kind: str, object_id: int, holder_id: int, counts: Iterable[int]) -> bool:
    octets = _octets(token)
    if octets is None:
        return False
    feed_id = int.from_bytes(octets[:NUMBER_OCTETS], "big")
    macs = (_mac(feed_id, kind, object_id, holder_id, count) for count in counts)
    return any(constant_time_compare(octets[NUMBER_OCTETS:], mac) for mac in macs)


def _octets(token: str) -> bytes | None:
    if len(token) != LENGTH or not token.isascii():
        return None
    try:
        return base64.b32decode(token, casefold=True)
    except binascii.Error:
        return None


def _mac(feed_id: int, kind: str, object_id: int, holder_id: int, revoked: int) -> bytes:
    what = f"{feed_id}:{kind}:{object_id}:{holder_id}:{revoked}"
    return salted_hmac("piketlijn.feed", what, algorithm="sha256").digest()[:MAC_OCTETS]
