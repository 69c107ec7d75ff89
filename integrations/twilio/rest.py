"""What we ask of the telephone vendor: the official client, at an address of our choice, never inside a transaction.

The library is imported at the first use (it takes half a second). Failures become
`integrations.errors.VendorError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import ModuleType
from typing import TYPE_CHECKING

from django.conf import settings

from integrations.outside import refuse_in_transaction

if TYPE_CHECKING:
    from twilio.http import HttpClient
    from twilio.rest import Client

LONGEST_CALL = 3700  # seconds; the Dial inside ends at 3600
STATUS_EVENTS = ["initiated", "ringing", "answered", "completed"]

_replacement: HttpClient | None = None


@dataclass(frozen=True)
class FoundCall:
    """A call as the vendor knows it. `status` is the vendor's word, such as in-progress."""

    sid: str
    status: str
    started_at: datetime | None


@contextmanager
def use_http_client(http_client: HttpClient) -> Iterator[None]:
    """Send every request of this process through `http_client`: the one place where a fake vendor sits."""
    global _replacement
    before, _replacement = _replacement, http_client
    try:
        yield
    finally:
        _replacement = before


def client() -> Client:
    """The vendor's client. Raises RuntimeError inside a transaction."""
    refuse_in_transaction()
    wire = _wire()
    return wire.connect(
        settings.TWILIO_ACCOUNT_SID,
        next(iter(settings.TWILIO_AUTH_TOKEN), ""),
        settings.TWILIO_REGION,
        _replacement or wire.wire(settings.TWILIO_API_BASE, settings.VENDOR_TIMEOUT),
    )


def place_call(to: str, *, url: str, status_url: str, caller_id: str, ring_seconds: int) -> str:
    """Ring `to`; whoever picks up gets the document at `url`. Returns the vendor's call id."""
    with _wire().named_failures():
        call = client().calls.create(
            to=to,
            from_=caller_id,
            url=url,
            method="POST",
            timeout=ring_seconds,
            time_limit=LONGEST_CALL,
            record=False,
            status_callback=status_url,
            status_callback_event=STATUS_EVENTS,
            status_callback_method="POST",
        )
    return str(call.sid)


def redirect_call(call_sid: str, *, url: str) -> None:
    """Let the leg ask for the document at `url` now."""
    with _wire().named_failures():
        client().calls(call_sid).update(url=url, method="POST")


def end_call(call_sid: str) -> None:
    """Hang up the leg, also while it rings."""
    with _wire().named_failures():
        client().calls(call_sid).update(status="completed")


def send_sms(to: str, text: str) -> str:
    """Hand a text to the vendor. Returns its message id."""
    with _wire().named_failures():
        return str(client().messages.create(to=to, from_=settings.HOTLINE_NUMBER, body=text).sid)


def fetch_call_status(call_sid: str) -> str:
    """The vendor's word for the state of a leg now, such as in-progress or completed."""
    with _wire().named_failures():
        return str(client().calls(call_sid).fetch().status)


def find_calls(to: str, since: datetime) -> list[FoundCall]:
    """At most 20 calls to `to` that started at `since` or later: was a call placed whose answer we never got?"""
    with _wire().named_failures():
        found = client().calls.list(to=to, start_time_after=since.astimezone(UTC), limit=20)
    return [FoundCall(str(call.sid), str(call.status), call.start_time) for call in found]


def vendor_clock() -> datetime | None:
    """Ask for our own account: the vendor is there and knows us. Returns what its clock says, if it tells."""
    with _wire().named_failures():
        vendor = client()
        vendor.api.accounts(settings.TWILIO_ACCOUNT_SID).fetch()
    told = getattr(vendor.http_client, "last_date", "")
    return parsedate_to_datetime(told) if told else None


def warm_up() -> None:
    """Load the library now, so that the first message of a call does not wait for it."""
    _wire()


def _wire() -> ModuleType:
    """The library with our wire, loaded at its first use: half a second that no page or webhook has to pay."""
    from integrations.twilio import wire  # noqa: PLC0415

    return wire
