"""Loading the demo by its command, and asking who would be rung for its first worker."""

from __future__ import annotations

import json
from datetime import datetime
from io import StringIO
from typing import Any

from django.core.management import call_command

from hotline import queries as hotline


def load_demo(size: str = "small") -> dict[str, Any]:
    """What the command says in its last line."""
    said = StringIO()
    call_command("load_demo", "--size", size, "--json", stdout=said, stderr=StringIO())
    last: dict[str, Any] = json.loads(said.getvalue().splitlines()[-1])
    return last


def reachable(at: datetime, people: dict[str, Any]) -> list[str]:
    worker = people["workers"][0]
    would = hotline.who_would_ring(worker["area"], worker["region"], at)
    assert would.is_open, at
    return [one.name for one in would.ring]
