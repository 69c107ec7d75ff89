"""manage.py doctor: is everything in place? One line per part, with the cure; exit 1 when something is wrong."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from config import doctor, environment


class Command(BaseCommand):
    help = "Check settings, database, broker, vendor, signature, clock, mail and more. Exit 1 when one has a fault."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
        parser.add_argument(
            "--new-field-key", action="store_true", help="print a new key for FIELD_KEYS; checks nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new_field_key"]:
            self.stdout.write(environment.new_field_key())
            return
        found = doctor.findings()
        is_well = all(finding.level is not doctor.Level.FAULT for _name, finding in found)
        if options["json"]:
            checks = [
                {"name": name, "level": finding.level.name.lower(), "text": finding.text, "cure": finding.cure}
                for name, finding in found
            ]
            self.stdout.write(json.dumps({"ok": is_well, "checks": checks}, ensure_ascii=False))
        else:
            for name, finding in found:
                cure = f" → {finding.cure}" if finding.cure else ""
                self.stdout.write(f"{_(finding.level):<7}{_(name)}: {finding.text}{cure}")
        if not is_well:
            sys.exit(1)
