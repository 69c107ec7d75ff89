"""The phone lab as a program: a telephone vendor of our own with a page of phones, in real time."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.lab.realtime import Lab
from integrations.lab.server import Server
from integrations.lab.webhooks import Doors


class Command(BaseCommand):
    help = "Runs the phone lab (a telephone vendor with a page of phones) until it is stopped."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", nargs="?", default="127.0.0.1:8010", metavar="HOST:PORT")
        parser.add_argument("--chaos", type=float, default=0.0, help="chance of misbehaviour, 0 to 1")
        parser.add_argument("--seed", type=int, default=None, help="repeat the same chance and call ids")
        parser.add_argument("--fallback-url", default="", help="where the vendor turns when the product fails")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.REAL_VENDOR:
            raise CommandError("A real telephone vendor is set (TELEPHONY=twilio): the lab would only confuse.")
        if not 0 <= options["chaos"] <= 1:
            raise CommandError("--chaos: give a number from 0 to 1.")
        host, _, port = options["address"].rpartition(":")
        if not host or not port.isdecimal():
            raise CommandError("Give an address as HOST:PORT, for instance 127.0.0.1:8010.")
        voice = f"{settings.PUBLIC_URL}/twilio/voice"
        lab = Lab(
            account=settings.TWILIO_ACCOUNT_SID,
            tokens=list(settings.TWILIO_AUTH_TOKEN),
            doors=Doors(voice, voice, f"{settings.PUBLIC_URL}/twilio/sms", options["fallback_url"]),
            people_file=settings.VAR_DIR / "lab.json",
            chaos=options["chaos"],
            seed=options["seed"],
        )
        try:
            server = Server((host.strip("[]"), int(port)), lab)
        except (OSError, OverflowError) as error:
            raise CommandError(f"{options['address']} cannot be used: {error}") from error
        lab.start()
        self.stderr.write(f"The phone lab is at http://{host}:{server.server_port}/lab/ and calls {voice}")
        try:
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            pass
        finally:
            server.server_close()
            lab.stop()
