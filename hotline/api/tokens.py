"""Access to the API: a token of one person, shown once and kept as a hash. Sessions of the pages are not used here."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import transaction
from django.db.models import Q
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from hotline.consultations.access import Actor
from hotline.models import ApiToken
from integrations import clock

SCHEME = "Bearer"
MARK = "piketlijn_"  # so that a token that leaked is recognised by whoever scans for secrets
RANDOM_BYTES = 32
LONGEST_NAME = 60
USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class TokenAt:
    """What is known of a token afterwards: never the token."""

    name: str
    created_at: datetime
    last_used_at: datetime | None


@transaction.atomic
def create_token(*, person_id: int, name: str) -> str:
    """A new token for this person, who must be active when it is used. It cannot be shown again.

    `name`, of at most LONGEST_NAME characters, says what it is for.
    """
    token = MARK + secrets.token_urlsafe(RANDOM_BYTES)
    ApiToken.objects.create(person_id=person_id, name=name, token_hash=hash_of(token), created_at=clock.now())
    return token


@transaction.atomic
def revoke_tokens(*, person_id: int, name: str) -> int:
    """The person's tokens of this name work no more. Returns how many there were."""
    return ApiToken.objects.filter(person_id=person_id, name=name, revoked_at=None).update(revoked_at=clock.now())


def tokens_of(person_id: int) -> tuple[TokenAt, ...]:
    """The person's tokens that work, oldest first."""
    rows = ApiToken.objects.filter(person_id=person_id, revoked_at=None).order_by("pk")
    return tuple(TokenAt(*row) for row in rows.values_list("name", "created_at", "last_used_at"))


def valid_token(token: str) -> ApiToken | None:
    """The token's row with its (active) person; None for a token that is unknown or revoked. One statement.

    That it was used is written at most once a minute.
    """
    found = ApiToken.objects.select_related("person").filter(
        token_hash=hash_of(token), revoked_at=None, person__is_active=True
    )
    row = found.first()
    if row is not None:
        _used(row, clock.now())
    return row


def hash_of(token: str) -> str:
    """256 random bits need neither salt nor a slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _used(row: ApiToken, now: datetime) -> None:
    before = now - USED_EVERY
    if row.last_used_at is None or row.last_used_at <= before:
        ApiToken.objects.filter(Q(last_used_at=None) | Q(last_used_at__lte=before), pk=row.pk).update(last_used_at=now)


def person_of(request: Request) -> Actor:
    """Whose token this request came with. Only behind IsAuthenticated."""
    return cast(Actor, request.user)


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer <token>`. The request's user is the person, its auth the token's row."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        scheme, _space, token = get_authorization_header(request).partition(b" ")
        if scheme.lower() != SCHEME.lower().encode():
            return None
        row = valid_token(token.strip().decode(errors="replace"))
        if row is None:
            raise AuthenticationFailed
        return row.person, row

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="Piketlijn"'
