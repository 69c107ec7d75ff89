"""Requests of the vendor made by hand: signed as it signs, for what the lab's own good order never sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from integrations.lab import wire
from integrations.lab.calls import Leg
from tests.network import Person
from tests.stories.conftest import CountingClient

Params = dict[str, str]
FORM = "application/x-www-form-urlencoded"


def post(
    url: str, params: Mapping[str, str], *, token: str | None = None, client: Client | None = None
) -> HttpResponse:
    """POST to an address (or a path of ours), signed with `token` (the account's own; '' for no signature)."""
    url = url if url.startswith("http") else settings.PUBLIC_URL + url
    signed_with = settings.TWILIO_AUTH_TOKEN[0] if token is None else token
    headers = {"X-Twilio-Signature": wire.signature(signed_with, url, params)} if signed_with else {}
    parts = urlsplit(url)
    found: Any = (client or CountingClient()).post(
        parts.path,
        data=urlencode(params),
        content_type=FORM,
        headers=headers,
        SERVER_NAME=parts.hostname or "",
        SERVER_PORT=str(parts.port or 80),
    )
    return found


def text(response: HttpResponse) -> str:
    return response.content.decode()


def leg_of(person: Person) -> Leg:
    leg = person.phone.leg or person.phone.ringing
    assert leg is not None, person.network.transcript()
    return leg


def key(person: Person, digits: str) -> tuple[str, Params]:
    """The request that the vendor would make if this person pressed `digits` now."""
    leg = leg_of(person)
    assert leg.script is not None
    assert leg.script.gather is not None, person.network.transcript()
    return leg.script.gather.get("action"), wire.voice(leg) | {"Digits": digits}


def dialled(person: Person, word: str, *, bridged: bool | None, seconds: int | None = None) -> tuple[str, Params]:
    """The request that the vendor would make if this caller's Dial were over now."""
    leg = leg_of(person)
    assert leg.dialling is not None, person.network.transcript()
    child = leg.dialling.children[-1]
    return leg.dialling.action, wire.voice(leg) | wire.dialled(child, word, bridged=bridged, seconds=seconds)


def status(leg: Leg, word: str, sequence: int) -> tuple[str, Params]:
    """A status callback of this leg."""
    return leg.status_url, wire.status(leg, word, sequence, leg.network.now)


def posting(request: tuple[str, Params]) -> Callable[[], str]:
    """To do at one moment with others; gives the text of the answer."""
    return lambda: text(post(*request))
