"""Dial codes lie in the database as a keyed hash only: whoever reads the table cannot dial in with it."""

from __future__ import annotations

from django.utils.crypto import salted_hmac


def hash_code(code: str) -> str:
    """64 hex characters, keyed with SECRET_KEY; changing that key makes all codes void."""
    return salted_hmac("directory.dial_code", code, algorithm="sha256").hexdigest()
