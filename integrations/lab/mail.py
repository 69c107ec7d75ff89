"""Mail that goes to the phone lab in place of a mail server."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import Message
from typing import Any

import requests
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

TIME_LIMIT_S = 5


class LabBackend(BaseEmailBackend):
    """Posts each mail as JSON to TWILIO_API_BASE/mail. Raises OSError when that fails, unless `fail_silently`."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = 0
        for message in email_messages:
            try:
                self._post(message)
            except OSError:  # requests.RequestException is one
                if not self.fail_silently:
                    raise
            else:
                sent += 1
        return sent

    def _post(self, message: EmailMessage) -> None:
        response = requests.post(
            f"{settings.TWILIO_API_BASE}/mail",
            json=as_json(message),
            auth=(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN[0]),
            timeout=TIME_LIMIT_S,
        )
        response.raise_for_status()


def as_json(message: EmailMessage) -> dict[str, Any]:
    """from, to (every recipient), subject, text, html, files (names only)."""
    alternatives = getattr(message, "alternatives", None) or []
    return {
        "from": message.from_email,
        "to": message.recipients(),
        "subject": str(message.subject),
        "text": str(message.body),
        "html": next((str(content) for content, kind in alternatives if kind == "text/html"), ""),
        "files": [_name(attachment) for attachment in message.attachments],
    }


def _name(attachment: Any) -> str:
    if isinstance(attachment, Message):
        return attachment.get_filename() or ""
    return str(attachment[0] or "")
