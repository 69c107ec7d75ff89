"""Every test of the lab runs while time stands still; only a test or the engine moves it."""

from __future__ import annotations

from datetime import datetime

import pytest


@pytest.fixture(autouse=True)
def _standing_clock(at_ten_thirty: datetime) -> None:
    """Wednesday, 10:30 in Amsterdam."""
