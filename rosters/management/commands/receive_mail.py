"""manage.py receive_mail: one mail on stdin, as mail servers pipe it; answers to invitations are acted upon.

Postfix, in master.cf or an alias of the box in MAIL_REPLIES: `|/path/.venv/bin/python /path/manage.py receive_mail`.
Ends with 0 for whatever a mail says, so that nobody gets a bounce of it, and with 75 (try again) when our database does
not answer.
"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from integrations.calendars.replies import MOST_BYTES
from rosters.services.invitations import receive

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the mail


class Command(BaseCommand):
    help = "Read one mail from stdin; an answer to an invitation confirms a duty or looks for somebody else."

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read(MOST_BYTES + 1)
        try:
            received = receive(raw)
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {type(error).__name__}", returncode=TRY_AGAIN) from error
        about = f" dienst {received.duty_id}" if received.duty_id else ""
        self.stdout.write(f"{received.outcome}{about}{f' ({received.why})' if received.why else ''}")
