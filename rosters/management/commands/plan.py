"""manage.py plan --load problem.json --out proposal.json [--seconds N] [--seed S]: a roster for anybody's problem.

Needs no database. Progress goes to stderr; the last line on stdout is a summary in JSON.
"""

from __future__ import annotations

import json
import math
import os
import signal
import sys
import threading
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rosters.core.planner import engine, read
from rosters.core.planner.grid import grid
from rosters.core.planner.values import Problem, ProblemError, Proposal

WIDTH = 24  # of the bar


class Command(BaseCommand):
    help = "Proposes a roster for a problem in JSON, with a proof of how good it is and a reason for every gap."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--load", required=True, metavar="PROBLEM", help="JSON file with the problem")
        parser.add_argument("--out", required=True, metavar="PROPOSAL", help="JSON file for the proposal")
        parser.add_argument("--seconds", type=_seconds, default=60.0, metavar="N", help="at most so long (60)")
        parser.add_argument(
            "--seed", type=_seed, default=1, metavar="S", help="breaks ties; the same gives the same (1)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        problem = _loaded(options["load"])
        target = Path(options["out"])
        if not target.absolute().parent.is_dir() or target.is_dir():
            raise CommandError(f"{target} cannot be written: choose a file in a folder that is there.", returncode=2)
        seconds = options["seconds"]

        def tell(progress: engine.Progress) -> None:
            done = min(WIDTH, round(WIDTH * progress.seconds / seconds))
            bar = "#" * done + "." * (WIDTH - done)
            self.stderr.write(
                f"[{bar}] {progress.seconds:4.0f}s {progress.step}: "
                f"{progress.uncovered} empty, cost {progress.cost:,.0f}"
            )

        try:
            with _interrupted() as stop:
                proposal = engine.plan(problem, seconds=seconds, seed=options["seed"], tell=tell, stop=stop)
            refused = grid(problem).refused
        except ProblemError as error:
            raise CommandError(f"{options['load']}: {error}", returncode=2) from None
        for pair in refused:
            self.stderr.write(
                f"the lock of {pair.person} on {pair.slot} cannot stand: not qualified, elsewhere, or the slot is full"
            )
        try:
            _write(target, json.dumps(read.proposal_as_json(proposal), indent=1) + "\n")
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.", returncode=2) from None
        self.stdout.write(json.dumps(_summary(problem, proposal, len(refused), str(target))))


@contextmanager
def _interrupted() -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C ends the computing and keeps the best; the second one is Python's own."""
    stopped = Event()

    def stop(_number: int, _frame: object) -> None:
        stopped.set()
        signal.signal(signal.SIGINT, before)

    if threading.current_thread() is not threading.main_thread():
        yield stopped.is_set
        return
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stopped.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _loaded(path: str) -> Problem:
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
        return read.problem(json.loads(text))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=2) from None
    except UnicodeDecodeError:
        raise CommandError(f"{path} is not UTF-8 text.", returncode=2) from None
    except json.JSONDecodeError as error:
        raise CommandError(f"{path} is not JSON: {error}.", returncode=2) from None
    except RecursionError:
        raise CommandError(f"{path} is nested too deeply.", returncode=2) from None
    except ProblemError as error:
        raise CommandError(f"{path}: {error}", returncode=2) from None


def _write(target: Path, text: str) -> None:
    """Whole or not at all: whoever reads it never finds half a proposal."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _summary(problem: Problem, proposal: Proposal, refused: int, out: str) -> dict[str, Any]:
    return {
        "out": out,
        "slots": len(problem.slots),
        "people": len(problem.people),
        "assigned": len(proposal.assigned),
        "uncovered_total": proposal.uncovered_total,
        "uncovered_bound": proposal.uncovered_bound,
        "proven_minimal": proposal.proven_minimal,
        "cost": proposal.cost.total,
        "cost_bound": proposal.cost_bound,
        "locks_refused": refused,
        "seconds": proposal.seconds,
        "first_answer_seconds": proposal.first_answer_seconds,
        "seed": proposal.seed,
    }


def _seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 < found < math.inf:
        raise ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return found


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**31:
        raise ArgumentTypeError(f"{text!r} is not a whole number from 0 to {2**31 - 1}")
    return int(text)
