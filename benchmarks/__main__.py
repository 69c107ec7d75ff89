"""`python -m benchmarks [GROUP]`: run benchmarks, print each figure with its goal, keep them in build/bench.json."""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULT = Path(__file__).resolve().parent.parent / "build" / "bench.json"
VERSIONS = ("Django", "psycopg", "gunicorn", "twilio", "highspy", "numpy")
Figure = tuple[str, float, str, str, bool]


def calls() -> list[Figure]:
    """Webhooks of an answered call against a bare view, and one decision."""
    from benchmarks import calls as webhooks
    from benchmarks import deciding

    return [*webhooks.figures(), *deciding.figures()]


def rosters() -> list[Figure]:
    """Who is on duty, gaps, coverage and feeds, on a throw-away SQLite database."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/rosters.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from benchmarks import rosters as group

        return group.figures()


def planner() -> list[Figure]:
    """Proposals against proven optima, bounds, the rules of others and the clock."""
    from benchmarks import planner as planning

    return planning.figures()


GROUPS: dict[str, Callable[[], list[Figure]]] = {"calls": calls, "rosters": rosters, "planner": planner}


def main(asked: list[str]) -> int:
    unknown = [name for name in asked if name not in GROUPS]
    if unknown:
        print(f"no group {', '.join(unknown)}; there is: {', '.join(GROUPS)}", file=sys.stderr)
        return 2
    for group in asked or list(GROUPS):
        figures = GROUPS[group]()
        _keep(group, figures)
        for name, value, unit, goal, met in figures:
            print(f"{'ok  ' if met else 'MISS'} {name}: {value} {unit} (goal {goal})")
    return 0


def _keep(group: str, figures: list[Figure]) -> None:
    """A group replaces its own figures; the others stay."""
    kept: dict[str, Any] = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    kept["machine"] = {"cpus": os.cpu_count(), "platform": platform.platform(), "python": platform.python_version()}
    kept["versions"] = {name: version(name) for name in VERSIONS}
    others = [figure for figure in kept.get("figures", []) if figure.get("group") != group]
    names = ("name", "value", "unit", "goal", "met")
    kept["figures"] = others + [{"group": group, **dict(zip(names, figure, strict=True))} for figure in figures]
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(kept, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main([name for name in sys.argv[1:] if name]))
