"""`manage.py simulate --calls N --seed S --chaos 0..1 [--per-hour R] [--json]`: a day of calls on a copy, judged."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from config.due import SERVICES, WATCHES
from directory import queries as directory
from hotline.simulation import run, world
from integrations import clock

PER_HOUR = 60.0
LEAST_A_PART = 100
SEEDS_APART = 1_000


class Command(BaseCommand):
    help = (
        "Simulate calls with people who hesitate and a vendor that misbehaves, on a throw-away copy; judge every rule."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--calls", type=_count, default=100)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--chaos", type=_share, default=0.0, help="0 (all goes well) to 1")
        parser.add_argument("--per-hour", type=_rate, default=PER_HOUR, help="calls an hour, Poisson")
        parser.add_argument("--json", action="store_true", help="the report as JSON on the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = run.Plan(options["calls"], options["seed"], options["chaos"], options["per_hour"])
        if not directory.people_with_role("worker"):
            raise CommandError("there is nobody to call: run `manage.py load_demo --size small` first")
        began = time.monotonic()
        parts = _parts(plan)
        if len(parts) == 1:
            told = [_simulate(parts[0])]
        else:
            connections.close_all()  # a connection must not be shared with a child
            with multiprocessing.get_context("fork").Pool(len(parts)) as pool:
                told = pool.map(_simulate, parts)
        report = run.report(told, time.monotonic() - began)
        if not options["json"]:
            self.stdout.write(json.dumps(report, indent=2))
        else:
            self.stdout.write(json.dumps(report))
        if report["broken"]:
            sys.exit(1)


def _parts(plan: run.Plan) -> list[run.Plan]:
    """The calls over as many copies of the town as there are processors, each with the asked calls an hour."""
    count = min(os.cpu_count() or 1, max(1, plan.calls // LEAST_A_PART))
    sizes = [plan.calls // count + (n < plan.calls % count) for n in range(count)]
    return [replace(plan, calls=size, seed=plan.seed * SEEDS_APART + n) for n, size in enumerate(sizes)]


def _simulate(plan: run.Plan) -> run.Told:
    now = clock.now()
    length = timedelta(hours=2 * plan.calls / plan.per_hour) + run.SETTLE + timedelta(days=1)
    with world.throw_away(now - timedelta(days=1), now + length):
        return run.simulate(plan, SERVICES, WATCHES, _progress)


def _progress(done: int, of: int) -> None:
    sys.stderr.write(f"\r{done}/{of} ")
    sys.stderr.flush()


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ArgumentTypeError("at least 1")
    return value


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise ArgumentTypeError("between 0 and 1")
    return value


def _rate(text: str) -> float:
    value = float(text)
    if not 0 < value <= 36_000:
        raise ArgumentTypeError("more than 0, at most 36000")
    return value
