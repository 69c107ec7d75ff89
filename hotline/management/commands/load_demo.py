"""manage.py load_demo: fictional people, duties and questions to try everything with."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hotline.demo import told
from hotline.demo.load import Refused, load
from hotline.demo.plan import PASSWORD, SIZES


class Command(BaseCommand):
    help = "Loads the demo into an empty database, or brings a loaded one up to date. Progress goes to stderr."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=list(SIZES), default="small", help="small: the scenes; pilot: 175 people")
        parser.add_argument("--json", action="store_true", help="the last line says who can log in and call")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load(options["size"], self.stderr.write)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        path = told.write_lab_file(loaded)
        self.stderr.write(f"Who has which phone stands in {path}.")
        people = told.summary(loaded)
        if options["json"]:
            self.stdout.write(json.dumps(people, ensure_ascii=False))
            return
        self.stdout.write(f"{people['line']['name']}: {people['line']['number']}")
        for role in ("workers", "lawyers", "coordinators"):
            first = people[role][0]
            self.stdout.write(f"{role}: {len(people[role])}, the first is {first['name']}, {first['login']}")
        administrator = loaded.plan.administrators[0]
        self.stdout.write(f"administrator: {administrator.name}, {administrator.email}")
        self.stdout.write(f"password of all of them: {PASSWORD}")
