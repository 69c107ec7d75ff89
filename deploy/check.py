"""`make check`: everything that has to hold before a change lands, one step after another.

A tool or server that this machine lacks is a step skipped, with its reason. With CI=true a skip fails, because there
the tools are installed first; only PostgreSQL and Redis may be missing everywhere.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
IN_CI = os.environ.get("CI", "") in {"1", "true"}
MAY_BE_MISSING = re.compile(r"PostgreSQL|Redis|broker", re.IGNORECASE)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

PYTHON = sys.executable
BIN = Path(PYTHON).parent
STEPS: dict[str, list[str]] = {
    "format": [f"{BIN}/ruff", "format", "--check", "--quiet", "."],
    "lint": [f"{BIN}/ruff", "check", "--quiet", "."],
    "types": [f"{BIN}/mypy", "--no-error-summary", "."],
    "import contracts": [f"{BIN}/lint-imports"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "catalogues": [PYTHON, "manage.py", "catalogue", "--check"],
    "OpenAPI": [PYTHON, "-m", "deploy.openapi"],
}


@dataclass
class Report:
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def skip(self, reason: str) -> None:
        say(f"    skipped: {reason}")
        self.skipped.append(reason)

    @property
    def forbidden_skips(self) -> list[str]:
        """Skips that do not count as green where everything should be installed."""
        return [reason for reason in self.skipped if IN_CI and not MAY_BE_MISSING.search(reason)]


def main() -> int:
    report = Report()
    for name, command in STEPS.items():
        step(report, name, command)
    pytest(report, "tests", "not slow and not browser and not processes", "-n", "2")
    slow = "slow or browser or processes"
    if not any(shutil.which(name) for name in CHROMIUM):
        report.skip("browser tests: no Chromium (Debian: apt-get install chromium)")
        slow = "(slow or processes) and not browser"
    pytest(report, "slow tests", slow)
    return conclude(report)


def step(report: Report, name: str, command: list[str]) -> None:
    """Run one command; its output is shown when it fails."""
    started = time.monotonic()
    if not Path(command[0]).exists():
        report.skip(f"{name}: {Path(command[0]).name} is not installed (make test installs it)")
        return
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    say(f"{'FAIL' if done.returncode else 'ok':<4} {name} ({time.monotonic() - started:.0f} s)")
    if done.returncode:
        say(done.stdout)
        report.failed.append(name)


def pytest(report: Report, name: str, marked: str, *options: str) -> None:
    """Run the tests so marked, under the eyes of whoever waits, and take over what they skipped.

    The slow ones run one by one: they start servers on ports of their own and measure time.
    """
    say(f"     {name} ...")
    BUILD.mkdir(exist_ok=True)
    results = BUILD / f"{name.replace(' ', '-')}.xml"
    command = [f"{BIN}/pytest", "-m", marked, f"--junitxml={results}", *options]
    if subprocess.run(command, cwd=ROOT).returncode:
        report.failed.append(name)
    if results.exists():
        for reason in sorted({skip.get("message", "") for skip in ElementTree.parse(results).iter("skipped")}):  # noqa: S314
            report.skip(f"some {name}: {reason}")


def conclude(report: Report) -> int:
    if report.forbidden_skips:
        say("With CI=true nothing of this may be skipped:")
        say("\n".join(f"  {reason}" for reason in report.forbidden_skips))
    if report.failed:
        say(f"make check: {', '.join(report.failed)} failed")
    elif not report.forbidden_skips:
        say(f"make check: all is well, {len(report.skipped)} skipped")
    return 1 if report.failed or report.forbidden_skips else 0


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - this program talks to a terminal


if __name__ == "__main__":
    sys.exit(main())
