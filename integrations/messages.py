"""The five kinds of message, unsaved: `outbox.enqueue` writes them. All moments aware; `key` makes a message once.

`not_before` and `expires` bound the time in which it may go out; `report` is the kind of Due row that tells the end.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from integrations import clock
from integrations.links import LinkFor
from integrations.models import OutboxMessage

Kind = OutboxMessage.Kind


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """What makes a mail an invitation (iTIP): the calendar and its method. Answers go to `reply_to`, '' for nowhere."""

    text: str
    method: str
    reply_to: str = ""


def sms(
    to: str,
    text: str,
    *,
    key: str,
    about: str = "",
    priority: int = 1,
    link: LinkFor | None = None,
    not_before: datetime | None = None,
    expires: datetime | None = None,
    report: str = "",
) -> OutboxMessage:
    """A text. `{link}` in it becomes a one-time link when it goes out, so no usable link lies in the database."""
    return _message(Kind.SMS, to, key, about, priority, not_before, expires, report, {"link": link}, body=text)


def mail(
    to: str,
    subject: str,
    text: str,
    *,
    key: str,
    about: str = "",
    priority: int = 5,
    link: LinkFor | None = None,
    calendar: CalendarPart | None = None,
    not_before: datetime | None = None,
    expires: datetime | None = None,
    report: str = "",
) -> OutboxMessage:
    """A mail in plain text; `{link}` as in a text message. With `calendar` it is an invitation too."""
    fields: dict[str, Any] = {"link": link}
    if calendar is not None:
        fields["calendar"] = asdict(calendar)
    return _message(
        Kind.MAIL, to, key, about, priority, not_before, expires, report, fields, subject=subject, body=text
    )


def place_call(
    to: str,
    *,
    url: str,
    status_url: str,
    caller_id: str,
    ring_seconds: int,
    key: str,
    about: str = "",
    priority: int = 0,
    not_before: datetime | None = None,
    expires: datetime | None = None,
    report: str = "",
) -> OutboxMessage:
    """Ring `to`. When no answer came to the request it ends as unknown: it is never asked a second time by itself."""
    fields = {"url": url, "status_url": status_url, "caller_id": caller_id, "ring_seconds": ring_seconds}
    return _message(Kind.CALL, to, key, about, priority, not_before, expires, report, fields)


def redirect_call(
    call_sid: str,
    *,
    url: str,
    key: str,
    about: str = "",
    priority: int = 0,
    not_before: datetime | None = None,
    expires: datetime | None = None,
    report: str = "",
) -> OutboxMessage:
    """Let a leg ask for the document at `url`."""
    return _message(Kind.REDIRECT, call_sid, key, about, priority, not_before, expires, report, {"url": url})


def end_call(
    call_sid: str,
    *,
    key: str,
    about: str = "",
    priority: int = 0,
    not_before: datetime | None = None,
    expires: datetime | None = None,
    report: str = "",
) -> OutboxMessage:
    """Hang up a leg."""
    return _message(Kind.HANGUP, call_sid, key, about, priority, not_before, expires, report, {})


def _message(
    kind: str,
    to: str,
    key: str,
    about: str,
    priority: int,
    not_before: datetime | None,
    expires: datetime | None,
    report: str,
    fields: dict[str, Any],
    subject: str = "",
    body: str = "",
) -> OutboxMessage:
    now = clock.now()
    link = fields.pop("link", None)
    if link is not None:
        fields["link"] = link.as_payload()
    if expires is not None:
        fields["expires"] = expires.isoformat()
    return OutboxMessage(
        kind=kind,
        to=to,
        subject=subject,
        body=body,
        payload=fields,
        about=about,
        dedupe_key=key,
        report=report,
        priority=priority,
        not_before=not_before or now,
        created_at=now,
    )
