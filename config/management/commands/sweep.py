"""manage.py sweep: due work and outgoing messages, in the foreground, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from config import background, boot


class Command(BaseCommand):
    help = "Do due work and send what waits, in the foreground, until SIGTERM or Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            boot.check()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        stopping: list[int] = []

        def ask_to_stop(signum: int, frame: FrameType | None) -> None:
            stopping.append(signum)  # and nothing that could wait for a lock: we are in the midst of anything

        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, ask_to_stop)
        self.stderr.write("sweeping; stop with Ctrl-C")
        background.run(lambda: bool(stopping), publishes=False)
        self.stderr.write("stopped")
