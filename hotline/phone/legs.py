"""Tokens and addresses of legs. The first letter tells whose leg it is, so that one address shape serves all five."""

from __future__ import annotations

import base64
import secrets

from django.conf import settings

CALLER, LAWYER, CALLBACK_LAWYER, CALLBACK_WORKER, PROOF = "k", "p", "c", "w", "t"


def new_token(kind: str) -> str:
    """128 random bits in base32 behind the letter of the leg; made before the vendor gives the leg an id."""
    return kind + base64.b32encode(secrets.token_bytes(16)).decode("ascii").rstrip("=").lower()


def address(token: str, turn: int, step: str) -> str:
    return f"{settings.PUBLIC_URL}/twilio/l/{token}-{turn}/{step}"


def status_address(token: str) -> str:
    return f"{settings.PUBLIC_URL}/twilio/l/{token}/status"
