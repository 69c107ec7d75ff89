"""Compares docs/openapi.yaml with what the program says of itself; `--write` brings the file up to date."""

from __future__ import annotations

import difflib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMITTED = ROOT / "docs" / "openapi.yaml"


def main(arguments: list[str]) -> int:
    command = [sys.executable, "manage.py", "spectacular", "--validate", "--fail-on-warn"]
    made = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if made.returncode:
        return made.returncode
    if arguments == ["--write"]:
        COMMITTED.write_text(made.stdout, encoding="utf-8")
        return 0
    committed = COMMITTED.read_text(encoding="utf-8") if COMMITTED.exists() else ""
    difference = difflib.unified_diff(
        committed.splitlines(), made.stdout.splitlines(), "docs/openapi.yaml", "the program", lineterm=""
    )
    lines = list(difference)
    sys.stdout.write("\n".join([*lines, "Run .venv/bin/python -m deploy.openapi --write", ""]) if lines else "")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
