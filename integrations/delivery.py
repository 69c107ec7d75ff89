"""How each kind of message goes out: one function per kind, in the literal table below."""

from __future__ import annotations

import hashlib
import logging
import smtplib
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from integrations import clock, gsm7, links
from integrations.errors import VendorError
from integrations.models import OutboxMessage
from integrations.outside import refuse_in_transaction
from integrations.twilio import rest

logger = logging.getLogger("piketlijn.outbox")


def send(message: OutboxMessage) -> str:
    """Send it and return the vendor's id, if there is one. Raises VendorError."""
    return SENDERS[OutboxMessage.Kind(message.kind)](message)


def _sms(message: OutboxMessage) -> str:
    text = _filled_in(message)
    if gsm7.length(text) > gsm7.ONE_MESSAGE:
        logger.warning("outbox %d: a text of %d places, one message has 160", message.pk, gsm7.length(text))
    return rest.send_sms(message.to, text)


def _mail(message: OutboxMessage) -> str:
    refuse_in_transaction()
    # The same message, sent twice because an answer got lost, has the same id: mail programs show it once.
    host = urlsplit(settings.PUBLIC_URL).hostname
    message_id = f"<{hashlib.sha256(message.dedupe_key.encode()).hexdigest()[:32]}@{host}>"
    calendar = message.payload.get("calendar") or {}
    email = EmailMultiAlternatives(
        message.subject,
        _filled_in(message),
        to=[message.to],
        reply_to=[calendar["reply_to"]] if calendar.get("reply_to") else None,
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
        connection=get_connection(timeout=settings.EMAIL_TIMEOUT),
    )
    if calendar:
        email.attach_alternative(calendar["text"], f"text/calendar; method={calendar['method']}")
    try:
        email.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise VendorError(f"mail refused, code {codes[0]}", permanent=all(code >= 500 for code in codes)) from error
    except smtplib.SMTPAuthenticationError as error:
        raise VendorError(f"mail server refused us, code {error.smtp_code}") from error
    except smtplib.SMTPResponseException as error:
        raise VendorError(f"mail refused, code {error.smtp_code}", permanent=error.smtp_code >= 500) from error
    except (smtplib.SMTPException, OSError) as error:
        raise VendorError(f"mail server not reached: {type(error).__name__}") from error
    except ValueError as error:  # a line break in a subject or an address that is none
        raise VendorError(f"mail not well formed: {type(error).__name__}", permanent=True) from error
    return message_id


def _call(message: OutboxMessage) -> str:
    fields = message.payload
    return rest.place_call(
        message.to,
        url=fields["url"],
        status_url=fields["status_url"],
        caller_id=fields["caller_id"],
        ring_seconds=fields["ring_seconds"],
    )


def _redirect(message: OutboxMessage) -> str:
    rest.redirect_call(message.to, url=message.payload["url"])
    return message.to


def _hangup(message: OutboxMessage) -> str:
    rest.end_call(message.to)
    return message.to


def _filled_in(message: OutboxMessage) -> str:
    """The text with a fresh one-time link, made and stored now."""
    link = message.payload.get("link")
    if link is None:
        return message.body
    return message.body.replace("{link}", links.mint(links.LinkFor(**link), clock.now()))


SENDERS: dict[OutboxMessage.Kind, Callable[[OutboxMessage], str]] = {
    OutboxMessage.Kind.SMS: _sms,
    OutboxMessage.Kind.MAIL: _mail,
    OutboxMessage.Kind.CALL: _call,
    OutboxMessage.Kind.REDIRECT: _redirect,
    OutboxMessage.Kind.HANGUP: _hangup,
}
